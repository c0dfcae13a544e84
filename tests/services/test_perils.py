"""Perils: thresholds drawn beforehand follow their laws."""

import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import poisson as poisson_law

from sim.services.calls import CallKind, call_at, call_in_street
from sim.services.perils import LooseGusts, Perils, poisson
from sim.trajectory import Group
from sim.world.tables import BuildingClass, HouseholdKind
from tests.places import place


def buildings(n, kind=BuildingClass.WALK_UP, floors=5):
    """n alike."""
    return place(buildings={"kind": [kind] * n, "floors_n": [floors] * n})


def test_the_first_of_many_loose_things_falls_earlier():
    gusts, n = LooseGusts(walk_up="60 m/s", sigma=0.25), 4000
    low, high = (gusts.limits_mps(buildings(n, floors=floors)) for floors in (5, 20))
    assert (high <= low).all()
    at_mps = 50.0
    one = norm.cdf(np.log(at_mps / 60.0) / 0.25)
    assert (low <= at_mps).mean() == pytest.approx(one, abs=0.02)
    assert (high <= at_mps).mean() == pytest.approx(1 - (1 - one) ** 4, abs=0.02)


def test_each_class_has_its_own_strength():
    limits = {kind: np.median(LooseGusts().limits_mps(buildings(400, kind))) for kind in BuildingClass}
    assert min(limits, key=limits.get) == BuildingClass.HUT
    assert max(limits, key=limits.get) == BuildingClass.HIGH_RISE


@pytest.mark.parametrize("mean", [0.3, 2.0, 40.0])
def test_poisson_numbers_follow_the_law(mean):
    uniform = (np.arange(20000) + 0.5) / 20000
    numbers = poisson(uniform, mean)
    assert (numbers == poisson_law.ppf(uniform, mean)).all()
    assert numbers.mean() == pytest.approx(mean, rel=0.01)


def test_no_rate_no_call():
    assert (poisson(np.linspace(0, 0.999, 9), 0.0) == 0).all()
    assert Perils(routine="0 1/d").routine(place()) == []


def test_routine_calls_are_in_order_and_within_the_run():
    world = place(storm_h=6.0, recovery_h=42.0, households={"persons_n": [10**6]})
    calls = Perils(routine="1e-4 1/d").routine(world)
    times_s = [time_s for time_s, _ in calls]
    assert len(calls) == pytest.approx(200, abs=60)
    assert times_s == sorted(times_s)
    assert max(times_s) < world.times.end_s
    assert len({call.entity for _, call in calls}) == len(calls)


def test_lifts_carry_more_people_by_day():
    tall = {"kind": [BuildingClass.HIGH_RISE] * 400, "area": [0] * 400}
    calm = Perils(lift_busy_day_frac=0.5, lift_busy_night_frac=0.1, lift_levelling_frac=0.5)
    world = place(buildings=tall)
    by_day = len(list(calm.stopped_lifts(world, 0)))
    world.clock.run(until=15 * 3600.0)  # 23:00
    by_night = len(list(calm.stopped_lifts(world, 0)))
    assert by_day == pytest.approx(800 * 0.25, rel=0.2)
    assert by_night == pytest.approx(800 * 0.05, rel=0.5)
    assert list(calm.stopped_lifts(world, 7)) == []


def test_only_the_frail_above_the_ground_of_a_high_rise_are_drawn():
    world = place(
        buildings={"kind": [BuildingClass.HIGH_RISE, BuildingClass.WALK_UP]},
        households={"building": [0, 0, 1, 0], "ground_floor": [False, True, False, False], "kind": [HouseholdKind.RESIDENT] * 4},
        people={"household": [0, 1, 2, 3], "chronic": [True, True, True, False], "disabled": [False] * 4},
    )
    assert Perils(frail_frac=1.0).seen(world).frail.household.tolist() == [0]
    assert Perils(frail_frac=0.0).seen(world).frail.household.size == 0


def test_the_least_patient_call_first():
    n = 50
    world = place(
        buildings={"kind": [BuildingClass.HIGH_RISE]},
        households={"building": [0] * n, "area": [0] * n},
        people={"household": np.arange(n), "chronic": [True] * n},
    )
    frail = Perils(frail_frac=1.0).seen(world).frail
    rows = frail.in_area(0)
    assert (np.diff(frail.patience_s[rows]) >= 0).all()
    assert np.median(frail.patience_s) == pytest.approx(4 * 3600.0, rel=0.5)


def test_a_call_from_an_empty_building_is_nobody_s_in_particular():
    world = place(buildings={"kind": [5, 1]}, households={"building": [1], "group": [2], "any_phone": [True]})
    assert call_at(world, CallKind.LOOSE, 0, 0)[3:5] == (Group.OTHER, 0)
    assert call_at(world, CallKind.LOOSE, 1, 1).group == 2


def test_a_call_in_the_street_concerns_who_lives_nearest():
    world = place(
        buildings={"x_m": [0.0, 90.0], "zone": [0, 1]},
        households={"building": [0, 1], "group": [5, 3]},
        nodes={"x_m": [50.0, 150.0]},
        links={"tail": [0], "head": [1]},
    )
    call = call_in_street(world, CallKind.TREE, 0, 0)
    assert (call.zone, call.group, call.x_m, call.building) == (1, 3, 100.0, -1)
