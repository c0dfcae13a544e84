"""Shelters: they open late, hold the least of three, fill, flood, and send people home."""

import numpy as np
import pytest
from pydantic import ValidationError

from sim.engine import play_parts
from sim.population.travel import Travel
from sim.services.shelters import Shelters
from sim.world.clock import Rank
from sim.world.letters import SignalIssued
from sim.world.tables import Place, Signal, SiteKind
from tests.streets import Orders, town

LINE = [(0, 1, 100.0, 2.0), (1, 2, 100.0, 2.0), (2, 3, 100.0, 2.0)]
SURE = {"spread": 0.0, "call_out": "30 min", "prepare_100m2": "1 h"}
CENTRE, GYM, PARK = SiteKind.COMMUNITY_CENTRE, SiteKind.GYM, SiteKind.PARK


def signal(level):
    """An act: this signal is in force."""

    def act(world):
        world.town.signal[0] = level
        world.post(Rank.SHELTERS, SignalIssued(level, world.now_s))

    return act


def wind(speed_mps):
    """An act: it blows like this."""

    def act(world):
        world.town.wind_mps[0] = speed_mps

    return act


def played(groups, leave_s, acts, sites=((3, 40.0),), columns=None, storm_s=172800.0, **shelters):
    """A world of centres (3, 40 m2) with ten staff, after `acts`."""
    kinds = {"kind": [CENTRE] * len(sites), "staff_n": [10] * len(sites)} | (columns or {})
    world = town(LINE, list(sites), groups, storm_s=storm_s, sites=kinds)
    play_parts(world, [Travel(), Shelters(**(SURE | shelters)), Orders(leave=tuple(leave_s), acts=tuple(acts))])
    return world


ONE = [(0, 4, 1.0)]


def test_opening_takes_call_out_and_work_by_staff():
    world = played(ONE, [np.inf], [(1000.0, signal(Signal.ORANGE))], sites=[(3, 500.0)])
    assert world.sites.open_s[0] == 1000.0 + 1800.0 + 5 * 3600.0 / 10
    assert world.sites.room_n[0] == 250


@pytest.mark.parametrize(("area_m2", "toilets_n", "staff_n", "room_n"), [(101.0, 9, 9, 50), (900.0, 2, 9, 100), (900.0, 9, 3, 75)])
def test_room_is_the_least_of_area_toilets_and_staff(area_m2, toilets_n, staff_n, room_n):
    columns = {"toilets_n": [toilets_n], "staff_n": [staff_n]}
    world = played(ONE, [np.inf], [(0.0, signal(Signal.RED))], sites=[(3, area_m2)], columns=columns)
    assert world.sites.room_n[0] == room_n


def test_a_low_signal_opens_nothing():
    world = played(ONE, [10.0], [(0.0, signal(Signal.YELLOW))])
    assert np.isinf(world.sites.open_s[0])
    assert Place(world.households.place[0]) == Place.HOME


def test_who_is_ready_before_it_opens_goes_when_it_does():
    world = played(ONE, [10.0], [(0.0, signal(Signal.ORANGE))])
    assert world.households.left_s[0] == world.sites.open_s[0]


def test_a_refusal_calls_the_nearest_reserve():
    sites = [(1, 8.0), (2, 100.0), (3, 100.0)]
    columns = {"kind": [CENTRE, GYM, GYM]}
    world = played([(0, 4, 1.0)] * 2, [9000.0] * 2, [(0.0, signal(Signal.ORANGE))], sites=sites, columns=columns)
    assert np.isfinite(world.sites.open_s).tolist() == [True, True, False]
    assert (world.households.returned_s > world.households.sheltered_s).all()
    events = world.recorder.finish().events
    assert events[events.kind == "shelter_full"].entity.tolist() == [0]
    assert world.sites.peak_n.tolist() == [4, 4, 0]


def test_red_opens_the_reserve_and_never_an_open_park():
    sites = [(1, 100.0), (2, 100.0)]
    columns = {"kind": [GYM, PARK], "indoor": [True, False]}
    world = played(ONE, [np.inf], [(0.0, signal(Signal.RED))], sites=sites, columns=columns)
    assert np.isfinite(world.sites.open_s).tolist() == [True, False]


def test_a_flooded_shelter_closes_and_its_people_go_on():
    def flood(world):
        world.sites.depth_m[0] = 0.5

    sites = [(1, 100.0), (3, 100.0)]
    world = played(ONE, [5000.0], [(0.0, signal(Signal.RED)), (20000.0, flood)], sites=sites)
    assert world.households.sheltered_s[0] == 5100.0
    assert world.sites.peak_n.tolist() == [4, 4]
    events = world.recorder.finish().events
    assert events[events.kind == "shelter_flooded"][["time_s", "entity"]].to_numpy().tolist() == [[20400.0, 0]]


def test_a_site_that_floods_before_it_opens_stays_shut():
    def flood(world):
        world.sites.depth_m[0] = 0.5

    world = played(ONE, [5000.0], [(0.0, signal(Signal.RED)), (60.0, flood)])
    assert np.isinf(world.sites.open_s[0])


STORM = [(0.0, signal(Signal.ORANGE)), (30000.0, wind(20.0)), (60000.0, wind(3.0))]


def test_all_clear_when_calm_long_enough_and_the_signal_is_lowered():
    world = played(ONE, [5000.0], [*STORM, (70000.0, signal(Signal.NONE))], all_clear_after="4 h")
    last_rough_s = 60000.0 - 600.0  # the wind falls at a tick, before the shelters look
    assert world.households.returned_s[0] == pytest.approx(last_rough_s + 14400.0 + 300.0, abs=600.0)
    assert not world.sites.open.any()


def test_calm_before_the_storm_sends_nobody_home():
    world = played(ONE, [5000.0], [(0.0, signal(Signal.ORANGE)), (100.0, signal(Signal.NONE))], storm_s=60000.0)
    assert world.households.returned_s[0] == 60300.0  # only when the forcing has ended


def test_a_signal_in_force_holds_people_until_the_storm_has_been_played():
    world = played(ONE, [5000.0], STORM)
    assert world.households.returned_s[0] == 172800.0 + 300.0


def test_numbers_count_peak_and_nights():
    world = played([(0, 4, 1.0), (0, 3, 1.0)], [5000.0, np.inf], [(0.0, signal(Signal.ORANGE))], storm_s=172800.0)
    numbers = world.recorder.numbers
    assert numbers["sheltered_peak"] == numbers["shelter.place_peak"] == 4
    assert numbers["displaced_person_nights"] == 2 * 4  # 02:00 of two nights
    assert world.recorder.balances["people"] == 0


def test_less_floor_never_shelters_more():
    sheltered = []
    for area_m2 in (8.0, 40.0, 400.0):
        world = played([(0, 4, 1.0)] * 12, [9000.0] * 12, [(0.0, signal(Signal.ORANGE))], sites=[(3, area_m2)])
        sheltered.append(world.recorder.numbers["sheltered_peak"])
    assert sheltered == [4, 20, 48]


def test_luck_spreads_opening_by_site_and_not_by_order():
    acts = [(0.0, signal(Signal.RED))]
    two = played(ONE, [np.inf], acts, sites=[(1, 100.0), (3, 100.0)], spread=0.4).sites.open_s
    one = played(ONE, [np.inf], acts, sites=[(1, 100.0)], spread=0.4).sites.open_s
    assert two[0] == one[0]
    assert two[0] != two[1]


def test_nonsense_is_refused():
    with pytest.raises(ValidationError, match="one of"):
        Shelters(open_at="purple")
    with pytest.raises(ValidationError, match="greater than 0"):
        Shelters(area_per_person="0 m2")
