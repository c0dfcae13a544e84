"""Who is hurt: laws of the limits, and that only those within reach are looked at."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.population.hurts import (
    Limit,
    WaterLimits,
    WindLimits,
    downstairs,
    hurt_by_wind,
    hurt_indoors,
    roster,
    shockable,
    swept_away,
    windward,
)
from sim.world.tables import BuildingClass, Place
from tests.places import place

ALL = 20_000


def crowd(kind=BuildingClass.HIGH_RISE, people_n=ALL, **given):
    """One building with everybody in one household on its ground floor."""
    return place(
        buildings={"kind": [kind], "sill_m": [0.0]},
        households={"building": [0], "ground_floor": [True], "persons_n": [people_n], "to_h": [24.0], "area": [0]},
        people={"household": np.zeros(people_n, int)},
        **given,
    )


def test_the_median_hurts_half_and_the_law_is_lognormal():
    limit = Limit(median=40.0, sigma=0.2)
    assert limit.of(np.array([0.5]))[0] == pytest.approx(40.0)
    assert limit.share(40.0) == pytest.approx(0.5)
    assert limit.share(40.0 * np.exp(-0.2)) == pytest.approx(0.15865525)
    assert limit.share(0.0) == 0.0


@given(st.floats(1e-12, 1 - 1e-12), st.floats(1.0, 200.0))
def test_a_person_is_hurt_exactly_where_the_draw_is_below_the_share(draw, gust_mps):
    limit = Limit(median=60.0, sigma=0.2)
    share = limit.share(gust_mps)
    if abs(draw - share) > 1e-9:
        assert (limit.of(np.array([draw]))[0] <= gust_mps) == (draw < share)


def test_a_roster_holds_the_weakest_first_and_nobody_out_of_reach():
    weakest = roster(np.arange(4), np.array([9.0, 2.0, 5.0, 80.0]), np.array([9.0, 9.0, 1.0, 70.0]), 50.0)
    assert weakest.person.tolist() == [2, 1, 0]
    assert weakest.reached(2.0) == slice(0, 2)
    assert weakest.reached(0.5) == slice(0, 0)


@pytest.mark.parametrize("kind", [BuildingClass.HUT, BuildingClass.OLD_LANE, BuildingClass.HIGH_RISE])
def test_wind_hurts_the_share_that_the_law_says(kind):
    world, limits = crowd(kind), WindLimits()
    gust_mps = {BuildingClass.HUT: 55.0, BuildingClass.OLD_LANE: 65.0}.get(kind, 80.0)
    people = windward(world, limits, 0.0, 125.0)
    world.buildings.gust_mps[:] = gust_mps
    law = {BuildingClass.HUT: limits.hut, BuildingClass.OLD_LANE: limits.old_lane}.get(kind, limits.other)
    share = law.share(gust_mps)
    hurt = hurt_by_wind(world, people)
    assert len(set(hurt.tolist())) == hurt.size
    assert abs(hurt.size / ALL - share) < 4 * (share * (1 - share) / ALL) ** 0.5
    assert not hurt_by_wind(world, people).size  # nobody twice


def test_who_is_on_the_way_is_out_of_doors():
    world = crowd()
    people = windward(world, WindLimits(), 0.0, 125.0)
    world.buildings.gust_mps[:] = 50.0
    inside = hurt_by_wind(world, people).size
    world.households.place[:] = Place.MOVING
    assert hurt_by_wind(world, people).size > 10 * max(inside, 1)


@pytest.mark.parametrize("where", [Place.SHELTERED, Place.ELSEWHERE])
def test_who_is_safe_is_not_hurt(where):
    world = crowd(BuildingClass.HUT)
    people = windward(world, WindLimits(), 0.5, 200.0)
    world.buildings.gust_mps[:] = 80.0
    world.households.place[:] = where
    assert not hurt_by_wind(world, people).size


def test_visitors_who_have_gone_home_are_not_hurt():
    world = crowd(BuildingClass.HUT)
    people = windward(world, WindLimits(), 0.5, 200.0)
    world.buildings.gust_mps[:] = 80.0
    households = world.households
    households.from_h.setflags(write=True)
    households.from_h[:] = 9.0  # the run starts at 8 o'clock
    assert not hurt_by_wind(world, people).size


def test_more_people_out_of_doors_never_hurts_fewer():
    counts = []
    for frac in (0.0, 0.1, 0.5, 1.0):
        world = crowd()
        people = windward(world, WindLimits(), frac, 125.0)
        world.buildings.gust_mps[:] = 55.0
        counts.append(set(hurt_by_wind(world, people).tolist()))
    assert all(fewer <= more for fewer, more in pairwise(counts))
    assert len(counts[-1]) > len(counts[0])


def test_water_hurts_the_share_that_the_law_says_and_not_the_dry():
    world, limits = crowd(), WaterLimits()
    people = downstairs(world, limits, 3.0)
    assert not hurt_indoors(world, people).size
    world.buildings.depth_m[:] = 1.0
    share = limits.indoors.share(1.0)
    assert abs(hurt_indoors(world, people).size / ALL - share) < 4 * (share * (1 - share) / ALL) ** 0.5


def test_live_mains_strike_where_water_stands_and_the_dark_is_safe():
    world = crowd()
    people = shockable(world, 0.01, 0.05)
    world.buildings.depth_m[:] = 0.04
    assert not hurt_indoors(world, people, world.areas.on).size
    world.buildings.depth_m[:] = 0.06
    world.areas.on[:] = False
    assert not hurt_indoors(world, people, world.areas.on).size
    world.areas.on[:] = True
    assert abs(hurt_indoors(world, people, world.areas.on).size / ALL - 0.01) < 4 * (0.01 * 0.99 / ALL) ** 0.5


def waders(flow_m2ps, frail):
    """Of 2,000 households on the way at a node with this flow, those swept away."""
    n = 2000
    world = place(
        nodes={"cell": [0]}, cells={"ground_m": [0.0]}, households={"persons_n": np.ones(n), "needs_help": np.full(n, frail)},
    )  # fmt: skip
    world.households.place[:] = Place.MOVING
    world.households.at_node[:] = 0
    world.cells.qx_m2ps[:] = 0.6 * flow_m2ps
    world.cells.qy_m2ps[:] = 0.8 * flow_m2ps
    return swept_away(world, WaterLimits())


def test_waders_fall_by_depth_times_velocity_the_frail_sooner():
    assert waders(0.05, True).size == 0
    assert 900 < waders(0.9, False).size < 1100  # the adults' median
    assert waders(0.9, True).size > 1950
    assert set(waders(0.6, False)) <= set(waders(0.9, False))


def test_who_stays_at_home_is_not_swept_away():
    world = place(nodes={"cell": [0]}, cells={"ground_m": [0.0]}, households={"persons_n": np.ones(5)})
    world.cells.qx_m2ps[:] = 5.0
    assert not swept_away(world, WaterLimits()).size


def test_luck_is_the_persons_own():
    few, many = (windward(crowd(people_n=n), WindLimits(), 0.0, 300.0) for n in (100, 200))
    limits = dict(zip(many.person.tolist(), many.inside.tolist(), strict=True))
    assert few.person.size > 90
    assert all(limits[person] == limit for person, limit in zip(few.person.tolist(), few.inside.tolist(), strict=True))
