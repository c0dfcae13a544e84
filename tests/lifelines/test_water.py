"""Taps on upper floors live on tanks and pumps, all others on the street."""

import numpy as np
import pytest

from sim.lifelines.fragility import Fragility
from sim.lifelines.water import Water
from sim.services.repair import Repair, Work
from sim.trajectory import Cause
from sim.world.clock import Rank
from sim.world.letters import Line
from sim.world.tables import BuildingClass
from tests.lifelines.test_telecom import Switch, spells
from tests.places import Weather, place, play

WEAK = Fragility(median="20 m/s", sigma=0.01)
SURE = Work(found="10 min", found_sigma=0.0, mended="1 h", mended_sigma=0.0)


def town(tank_h=2.0):
    """One area: a high-rise of ten floors with a home on each, and a walk-up of four."""
    return place(
        areas={"customers_n": [14], "tank_s": [tank_h * 3600.0]},
        buildings={"kind": [BuildingClass.HIGH_RISE, BuildingClass.WALK_UP], "floors_n": [10, 4]},
        households={"building": [0] * 10 + [1] * 4, "floor": [*range(10), *range(4)], "area": [0] * 14},
    )


def test_upper_floors_run_dry_when_the_tank_is_empty_and_lower_ones_never():
    world = play(town(), Switch(turns=((1.0, 0, False), (6.0, 0, True))), Water())
    assert spells(world) == [(3.0, 6.0, Cause.NO_POWER, 7)]
    assert world.areas.waterless_n.tolist() == [0]
    assert world.recorder.numbers["water.customers_out_peak"] == 7


def test_without_a_tank_water_goes_with_the_power():
    world = play(town(tank_h=0.0), Switch(turns=((1.0, 0, False), (6.0, 0, True))), Water())
    assert spells(world) == [(1.0, 6.0, Cause.NO_POWER, 7)]


def test_who_lives_low_needs_no_pump():
    world = play(town(tank_h=0.0), Switch(turns=((1.0, 0, False),)), Water(street_floors_n=10))
    assert spells(world) == []
    assert not world.areas.lifted_on[0]


@pytest.mark.parametrize(("floors_n", "wanted"), [(0, 10), (3, 7), (6, 4), (9, 1)])
def test_the_street_s_pressure_reaches_so_many_floors(floors_n, wanted):
    world = play(town(tank_h=0.0), Switch(turns=((1.0, 0, False),)), Water(street_floors_n=floors_n))
    assert world.areas.waterless_n[0] == wanted


def test_larger_tanks_never_cost_hours():
    hours = [
        sum((end - start) * n for start, end, _, n in spells(play(town(tank_h=h), Switch(turns=((1.0, 0, False),)), Water())))
        for h in (0.0, 2.0, 12.0)
    ]
    assert hours == sorted(hours, reverse=True)
    assert hours == [7 * 29.0, 7 * 27.0, 7 * 17.0]


def test_a_broken_main_dries_the_street_at_once_and_the_tanks_later():
    world = play(town(tank_h=0.5), Weather(wind_by_hour=(0.0, 15.0, 0.0)), Water(main=WEAK), Repair(main=SURE))
    rows = spells(world)
    assert {cause for _, _, cause, _ in rows} == {Cause.NOT_DETECTED, Cause.DAMAGE}
    begins = sorted({start for start, *_ in rows})
    assert begins == pytest.approx([1.0, 1.0 + 1 / 6, 1.5])
    ends = [end for _, end, cause, _ in rows if cause == Cause.DAMAGE]
    assert ends == pytest.approx([1.0 + 1 / 6 + 1.0] * 2)
    assert world.areas.main_on.all()
    assert world.areas.lifted_on.all()


def test_where_power_and_main_are_out_the_main_is_to_blame_until_it_is_mended():
    world = place(areas={"customers_n": [1], "tank_s": [0.0]}, buildings={"kind": [0], "floors_n": [9]}, households={"floor": [8]})
    part = Water()
    part.begin(world)
    taps = world.own[Rank.WATER]
    world.areas.on[0] = False
    taps.supply_turned(0)
    world.clock.run(until=1.0)
    assert taps.log.dark[1][-1][1] == Cause.NO_POWER
    taps.broken(0)
    assert taps.log.dark[1][-1][1] == Cause.NOT_DETECTED
    taps.set_cause(0, Cause.DAMAGE)
    assert taps.log.dark[1][-1][1] == Cause.DAMAGE
    taps.mended(0)
    assert taps.log.dark[1][-1][1] == Cause.NO_POWER
    world.areas.on[0] = True
    taps.supply_turned(0)
    assert not taps.log.dark


def test_crews_hear_of_a_main_with_all_its_customers():
    world = play(town(), Weather(wind_by_hour=(15.0,)), Water(main=WEAK))
    (fault,) = world.inboxes[Rank.REPAIR].items
    assert (fault.line, fault.index, fault.number, fault.customers_n) == (Line.MAIN, 0, 0, 14)


def test_mains_seldom_break():
    world = place(areas={"customers_n": np.ones(4000)})
    Water().begin(world)
    assert np.mean(world.areas.main_limit_mps < 50.0) < 0.01
    assert np.median(world.areas.main_limit_mps) == pytest.approx(95.0, rel=0.05)
