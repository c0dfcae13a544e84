"""What a duty officer counts, in a tiny town whose columns are set by hand."""

import numpy as np
import pytest

from sim.engine import play_parts
from sim.population.briefing import Tally, frail_of
from sim.population.needs import Needs
from sim.world.tables import HouseholdKind
from tests.population.test_needs import HOUR_S, Columns, Water, played, told, town


def numbers(*changes, **columns):
    """The numbers of a played town."""
    return played(town(**columns), *changes).numbers


def frail(**columns):
    """A town of one household of two whose first member is chronically ill."""
    world = town(**columns)
    world.people.chronic = np.array([True, False])
    return world


def test_who_went_in_before_the_water_was_moved():
    found = numbers(*told(2, 3, left_s=3, sheltered_s=4))
    assert [found[f"briefing.{name}"] for name in ("to_move", "moved", "moved_in_time", "no_place")] == [2, 2, 2, 0]
    assert (found["briefing.last_in_s"], found["zones.z001.last_in_s"]) == (4 * HOUR_S, 4 * HOUR_S)


def test_who_stayed_was_not():
    found = numbers(*told(2, willing=0))
    assert (found["briefing.to_move"], found["briefing.moved"]) == (2, 0)
    assert np.isnan(found["briefing.last_in_s"])


def test_a_dry_floor_need_not_be_moved():
    assert numbers(*told(2, 3, left_s=3, sheltered_s=4), ground_floor=[0])["briefing.to_move"] == 0


def test_after_the_wind_rose_is_too_late():
    world = town()
    play_parts(world, [Water(gale_ticks_n=12), Columns(changes=told(2, 3, left_s=3, sheltered_s=4)), Needs()])
    found = world.recorder.finish().numbers
    assert found["briefing.deadline_s"] == 0.0
    assert (found["briefing.moved"], found["briefing.moved_in_time"]) == (2, 0)


def test_without_a_gale_there_is_no_deadline():
    assert np.isnan(numbers()["briefing.deadline_s"])


def test_who_found_every_place_full_is_counted_once():
    found = numbers(*told(8, 9), (0, "sites.inside_n", 10))
    assert found["briefing.no_place"] == found["zones.z001.no_place"] == 2


@pytest.mark.parametrize(("warned_h", "unreached"), [(8, 0), (np.inf, 1)])
def test_the_frail_whom_nobody_told(warned_h, unreached):
    world = frail()
    play_parts(world, [Water(), Columns(changes=((0, "households.warned_s", warned_h * HOUR_S),)), Needs()])
    found = world.recorder.numbers
    assert (found["briefing.dependent"], found["briefing.dependent_unreached"]) == (1, unreached)


def test_guests_are_not_counted_among_the_frail():
    households, persons = frail_of(frail(kind=[HouseholdKind.VISITOR], old_alone=[1]))
    assert [rows.size for rows in households] == [0, 0]
    assert [n.sum() for n in persons] == [0, 0]


def test_dark_homes_and_pumps_at_the_worst_moment():
    world = frail(old_alone=[1])
    changes = ((5 * HOUR_S, "areas.on", False), (7 * HOUR_S, "areas.on", True), (6 * HOUR_S, "catchments.working", False))
    play_parts(world, [Columns(changes=changes), Needs()])
    found = world.recorder.numbers
    assert [found[f"briefing.{name}"] for name in ("dependent_dark", "dependent_dark_peak", "alone_dark")] == [1, 1, 2]
    assert [found[f"briefing.pumps{name}"] for name in ("", "_unpowered_peak", "_stopped_peak")] == [1, 1, 1]


def test_the_span_of_a_power_cut_is_that_of_its_looks():
    world = frail()
    tally = Tally(world)
    tally.look(world, 600.0)
    assert not np.isfinite(tally.dark_from_s).any()
    world.areas.on[:] = False
    tally.look(world, 600.0)
    assert (tally.dark_from_s[0], tally.dark_to_s[0]) == (0.0, 600.0)


def test_the_committees_add_up_to_the_whole():
    found = numbers(*told(2, 3, left_s=3, sheltered_s=4))
    for name in ("to_move", "moved", "moved_in_time", "sheltered", "no_place", "dependent", "alone"):
        assert found[f"briefing.{name}"] == found[f"zones.z001.{name}"]
