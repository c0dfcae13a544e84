"""Homes: water spoils the ground floor, wind what is under the roof or all of it; crews and time bring them back."""

from collections import defaultdict
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.lifelines.dwellings import JRC_DAMAGE_FRAC, JRC_DEPTH_M
from sim.lifelines.homes import Homes, strength
from sim.services.repair import Repair, Work
from sim.trajectory import Cause, Service
from sim.world.clock import Rank
from sim.world.letters import Habitable, Line
from sim.world.part import Part
from sim.world.tables import BuildingClass, HouseholdKind
from tests.places import Weather, place, play

SURE = Work(found="1 h", found_sigma=0.0, mended="5 h", mended_sigma=0.0)
CREWS: dict[str, Any] = {
    "soaked": SURE,
    "roof": SURE,
    "structure": Work(found="1 h", found_sigma=0.0, mended="50 h", mended_sigma=0.0),
}
WEAK, FALLING = strength("20 m/s", "500 m/s"), strength("10 m/s", "20 m/s")
DAY_H = 24.0


def lane(recovery_h=40 * DAY_H, storm_h=6.0, n=1, **households):
    """n old lane houses of three floors, a home of two on each floor."""
    floors = np.tile([0, 1, 2], n)
    group_n = np.zeros((3 * n, 6))
    group_n[:, 5] = 2
    return place(
        storm_h=storm_h,
        recovery_h=recovery_h,
        buildings={"kind": [BuildingClass.OLD_LANE] * n, "floors_n": [3] * n, "sill_m": [0.1] * n},
        households={
            "building": np.repeat(np.arange(n), 3), "floor": floors, "ground_floor": floors == 0, "persons_n": [2] * 3 * n,
            "group_n": group_n, **households,
        },
    )  # fmt: skip


def wet(depth, from_hour=1.0, to_hour=3.0):
    """Water outside, for some hours."""
    return Weather(wind_by_hour=(0.0,), depth=depth, from_hour=from_hour, to_hour=to_hour)


def spells(world):
    """(start h, end h, cause, persons) of housing in order."""
    ledger = world.recorder.finish().ledger
    ledger = ledger[ledger.service == Service.HOUSING].sort_values(["spell", "start_s"])
    rows = zip(ledger.start_s / 3600.0, ledger.end_s / 3600.0, ledger.cause, ledger.persons, strict=True)
    return [(start, end, Cause(cause), persons) for start, end, cause, persons in rows]


def lost(world):
    """Person-hours without a home."""
    return sum((end - start) * persons for start, end, _, persons in spells(world))


def test_calm_and_dry_every_home_is_lived_in():
    world = play(lane(), Weather(wind_by_hour=(5.0,)), Homes(), Repair(**CREWS))
    assert world.households.habitable.all()
    assert spells(world) == []


def test_a_ground_floor_waits_for_the_water_a_survey_a_crew_and_to_dry():
    world = play(lane(), wet(0.6), Homes(), Repair(**CREWS))
    dry_h = 0.327 * 45 * DAY_H  # half a metre above the floor
    rows = spells(world)
    assert [row[:3] for row in rows] == [
        (1.0, 3.0, Cause.DAMAGE),
        (3.0, 4.0, Cause.NOT_DETECTED),
        (4.0, pytest.approx(9.0 + dry_h), Cause.DAMAGE),
    ]
    assert {persons for *_, persons in rows} == {2}
    assert world.households.habitable.all()
    assert world.recorder.numbers["homes.residents_out_peak"] == 2


def test_water_below_the_floor_spoils_nothing():
    assert spells(play(lane(), wet(0.14), Homes(), Repair(**CREWS))) == []


def test_upper_floors_are_lived_in_while_the_ground_floor_is_wet():
    world = play(lane(recovery_h=1.0), wet(0.6), Homes())
    assert world.households.habitable.tolist() == [False, True, True]


def test_deeper_water_dries_longer():
    hours = [lost(play(lane(), wet(depth), Homes(), Repair(**CREWS))) for depth in (0.2, 0.6, 1.1)]
    assert hours == sorted(hours)
    assert hours[0] < hours[-1]


def test_water_that_never_leaves_in_the_storm_has_left_when_it_is_over():
    rows = spells(play(lane(), wet(0.6, 1.0, 99.0), Homes(), Repair(**CREWS)))
    assert rows[0] == (1.0, 6.0, Cause.DAMAGE, 2)


def test_water_that_comes_again_while_it_dries_begins_it_anew():
    class Tide(Weather):
        """High water twice."""

        def step(self, world, dt_s):
            """At 1 and at 12 hours."""
            super().step(world, dt_s)
            world.buildings.depth_m[:] = 0.6 if int(world.now_s // 3600) in (1, 12) else 0.0

    rows = spells(play(lane(storm_h=24.0), Tide(), Homes(), Repair(**CREWS)))
    assert rows[-1][:2] == (14.0, pytest.approx(19.0 + 0.327 * 45 * DAY_H))
    assert [row[0] for row in rows if row[2] == Cause.NOT_DETECTED] == [2.0, 13.0]


def test_a_roof_off_spoils_the_top_floor_alone():
    world = play(lane(recovery_h=0.0, storm_h=2.0), Weather(wind_by_hour=(0.0, 16.0)), Homes(old_lane=WEAK))
    assert world.households.habitable.tolist() == [True, True, False]


def test_a_broken_structure_spoils_all_floors_and_counts_once():
    world = play(lane(), Weather(wind_by_hour=(0.0, 16.0)), Homes(old_lane=FALLING))
    assert not world.households.habitable.any()
    assert world.recorder.numbers["homes.structure"] == 1
    faults = [(fault.line, fault.customers_n) for fault in world.inboxes[Rank.REPAIR].items]
    assert faults == [(Line.STRUCTURE, 6)]


def test_a_hut_is_all_ground_and_all_roof():
    world = lane(recovery_h=0.0, storm_h=2.0)
    hut = place(
        storm_h=2.0, recovery_h=0.0, buildings={"kind": [BuildingClass.HUT], "floors_n": [1]},
        households={"ground_floor": [True], "persons_n": [3], "group_n": [[0, 0, 0, 0, 0, 3]]},
    )  # fmt: skip
    assert not play(hut, wet(0.3), Homes()).households.habitable[0]
    assert play(world, wet(0.05), Homes()).households.habitable.all()


def test_two_harms_at_once_end_with_the_later():
    weather = Weather(wind_by_hour=(0.0, 16.0, 0.0), depth=0.3, from_hour=1.0, to_hour=2.0)
    world = place(
        recovery_h=40 * DAY_H, buildings={"kind": [BuildingClass.HUT], "floors_n": [1]},
        households={"ground_floor": [True], "persons_n": [3], "group_n": [[0, 0, 0, 0, 0, 3]]},
    )  # fmt: skip
    play(world, weather, Homes(hut=WEAK), Repair(**CREWS, housing_crews_n=2))
    rows = spells(world)
    assert rows[0][0] == 1.0
    assert rows[-1][1] == pytest.approx(2 + 1 + 5 + np.interp(0.3, JRC_DEPTH_M, JRC_DAMAGE_FRAC) * 45 * DAY_H, rel=1e-6)
    assert rows[0][2] == Cause.NOT_DETECTED  # the earliest link of the two


def test_visitors_live_elsewhere():
    world = lane(kind=[HouseholdKind.VISITOR] * 3, recovery_h=0.0)
    play(world, wet(0.6), Homes())
    assert world.households.habitable.all()
    assert world.recorder.numbers["homes.soaked"] == 0


def test_who_is_away_hears_that_home_is_lived_in_again():
    class Ear(Part):
        """Takes down what travel would hear."""

        rank: ClassVar[Rank] = Rank.TRAVEL
        heard: Any

        def run(self, world):
            """Listen."""
            while True:
                self.heard.append((yield world.inboxes[self.rank].get()))

    heard: list = []
    play(lane(), wet(0.2), Homes(), Repair(**CREWS), Ear(heard=heard))
    assert [letter.households.tolist() for letter in heard if isinstance(letter, Habitable)] == [[0]]


def test_need_is_residents_times_the_window():
    world = play(lane(n=4), Weather(wind_by_hour=(15.0,)), Homes())
    need = world.recorder.finish().need
    assert (need.service == Service.HOUSING).all()
    assert need.people.sum() == 24
    assert need.need.sum() == pytest.approx(24 * (6 + 4))


def test_strength_falls_with_the_class():
    homes = Homes()
    medians = [getattr(homes, name).roof.median_mps for name in ("hut", "camp", "old_lane", "walk_up", "high_rise")]
    assert medians == sorted(medians)
    for name in ("hut", "camp", "old_lane", "walk_up", "high_rise"):
        assert getattr(homes, name).structure.median_mps > getattr(homes, name).roof.median_mps


def test_the_roof_never_outlives_the_structure():
    world = lane(n=500)
    homes = Homes()
    homes.begin(world)
    limits = world.own[Rank.HOMES].limits
    assert (limits.roof_mps < limits.structure_mps).all()
    assert np.median(limits.roof_mps) == pytest.approx(52.0, rel=0.03)


depths = st.lists(st.floats(0.0, 2.0), min_size=5, max_size=5)


@settings(max_examples=15, deadline=None)
@given(depths, st.floats(0.0, 35.0), st.integers(1, 3))
def test_homes_are_conserved(depth_m, gust_mps, crews_n):
    """Whoever is out is in a spell that is open now, nobody is out twice, and spells are whole."""

    class Deep(Weather):
        """Another depth at each house."""

        def step(self, world, dt_s):
            """For two hours."""
            super().step(world, dt_s)
            world.buildings.depth_m[:] = np.array(depth_m) if world.now_s < 7200.0 else 0.0

    world = lane(n=5, recovery_h=10 * DAY_H)
    homes = Homes(old_lane=strength("24 m/s", "30 m/s"))
    play(world, Deep(wind_by_hour=(gust_mps / 1.5, 0.0)), homes, Repair(**CREWS, housing_crews_n=crews_n))
    ledger = world.recorder.finish().ledger
    open_now = ledger[ledger.end_s == world.times.end_s]
    out_n = int(world.households.persons_n[~world.households.habitable].sum())
    assert open_now.persons.sum() == out_n
    assert world.recorder.numbers["homes.residents_out_end"] == out_n
    by_time = defaultdict(float)
    for row in ledger.itertuples():
        by_time[row.start_s] += row.persons
        by_time[row.end_s] -= row.persons
    standing = np.cumsum([by_time[time_s] for time_s in sorted(by_time)])
    assert (standing >= 0).all()
    assert (standing <= 30).all()
    for _, spell in ledger.sort_values("start_s").groupby("spell"):
        assert (spell.start_s.to_numpy()[1:] == spell.end_s.to_numpy()[:-1]).all()


@pytest.mark.parametrize("crews_n", [1, 2, 4])
def test_more_crews_never_cost_person_hours_in_one_queue(crews_n):
    fewer, more = (lost(play(lane(n=6), wet(0.6), Homes(), Repair(**CREWS, housing_crews_n=n))) for n in (crews_n, crews_n + 1))
    assert more <= fewer
