"""Lines and transformer areas break, darken their customers, and come back by crews alone."""

import numpy as np
import pytest

from sim.lifelines.fragility import Fragility
from sim.lifelines.outages import earliest
from sim.lifelines.power import Power
from sim.services.repair import Repair
from sim.trajectory import Cause
from sim.world.clock import Rank
from sim.world.letters import Line
from tests.places import Weather, place, play

WEAK = Fragility(median="20 m/s", sigma=0.01)
STRONG = Fragility(median="500 m/s", sigma=0.01)


def grid(**more):
    """Two lines, the first feeding areas 0 and 1, the second area 2; ten homes an area."""
    return place(
        feeders={"overhead_frac": [1.0, 0.0]},
        areas={"feeder": [0, 0, 1], "customers_n": [10, 10, 10], "overhead": [True, True, True], "plinth_m": [0.5, 0.5, 0.5]},
        households={"area": np.repeat([0, 1, 2], 10)},
        **more,
    )


def lost_hours(ledger):
    """Customer-hours in the ledger."""
    return float(((ledger.end_s - ledger.start_s) * ledger.persons).sum() / 3600.0)


def test_calm_breaks_nothing():
    world = play(grid(), Weather(wind_by_hour=(5.0,)), Power(), Repair())
    assert world.areas.on.all()
    assert world.recorder.numbers["power.faults"] == 0


def test_a_line_out_darkens_all_its_areas_and_no_other():
    world = play(grid(), Weather(wind_by_hour=(0.0, 16.0)), Power(feeder=WEAK, area=STRONG))
    assert world.feeders.faulty.tolist() == [True, False]
    assert world.areas.on.tolist() == [False, False, True]
    assert world.recorder.numbers["power.customers_out_peak"] == 20


def test_without_crews_nothing_comes_back_and_the_spell_is_cut_at_the_end():
    world = play(grid(), Weather(wind_by_hour=(0.0, 16.0)), Power(feeder=WEAK, area=STRONG))
    ledger = world.recorder.finish().ledger
    assert (ledger.start_s == 3600.0).all()
    assert (ledger.end_s == world.times.end_s).all()
    assert ledger.censored.all()
    assert set(ledger.cause) == {Cause.NOT_DETECTED}


def test_crews_bring_it_back_and_every_cause_follows_the_last():
    world = play(grid(), Weather(wind_by_hour=(0.0, 18.0, 18.0, 4.0)), Power(feeder=WEAK, area=STRONG), Repair())
    assert world.areas.on.all()
    assert not world.feeders.faulty.any()
    ledger = world.recorder.finish().ledger
    for _, spell in ledger.sort_values("start_s").groupby("spell"):
        assert (spell.start_s.to_numpy()[1:] == spell.end_s.to_numpy()[:-1]).all()
    assert list(dict.fromkeys(ledger.sort_values("start_s").cause)) == [Cause.NOT_DETECTED, Cause.STOOD_DOWN, Cause.DAMAGE]


def test_an_area_waits_for_its_own_fault_after_the_line_is_mended():
    quick = Repair(power_crews_n=1)
    world = play(grid(), Weather(wind_by_hour=(0.0, 16.0, 4.0)), Power(feeder=WEAK, area=WEAK), quick)
    assert world.recorder.numbers["power.faults"] == 4
    assert world.areas.on.all()
    ledger = world.recorder.finish().ledger
    assert len(set(ledger.spell)) == 3
    assert Cause.NO_CREW_FREE in set(ledger.cause)


def test_water_over_the_plinth_takes_an_area_out_once():
    weather = Weather(wind_by_hour=(4.0,), depth=0.6, from_hour=1.0, to_hour=3.0)
    world = play(grid(), weather, Power(), Repair(power_crews_n=3))
    assert world.recorder.numbers["power.faults"] == 3
    assert world.areas.on.all()


def test_water_below_the_plinth_does_no_harm():
    world = play(grid(), Weather(depth=0.4), Power())
    assert world.areas.on.all()


def test_faults_tell_the_crews_who_is_behind_them():
    world = play(grid(), Weather(wind_by_hour=(16.0,)), Power(feeder=WEAK, area=STRONG))
    (fault,) = world.inboxes[Rank.REPAIR].items
    assert (fault.line, fault.index, fault.customers_n, fault.number) == (Line.FEEDER, 0, 20, 0)


def test_one_more_crew_never_costs_customer_hours_here():
    lost = [
        lost_hours(
            play(grid(), Weather(wind_by_hour=(16.0, 4.0)), Power(feeder=WEAK, area=WEAK), Repair(power_crews_n=crews))
            .recorder.finish()
            .ledger
        )
        for crews in (1, 4)
    ]
    assert lost[1] < lost[0]


@pytest.mark.parametrize(
    ("own", "line", "wanted"),
    [
        (None, None, None),
        (Cause.DAMAGE, None, Cause.DAMAGE),
        (Cause.DAMAGE, Cause.NOT_DETECTED, Cause.NOT_DETECTED),
        (Cause.ON_THE_WAY, Cause.NO_CREW_FREE, Cause.NO_CREW_FREE),
    ],
)
def test_of_two_faults_the_earliest_link_is_booked(own, line, wanted):
    assert earliest([own, line]) == wanted


def test_the_same_luck_in_the_same_world():
    first, second = (play(grid(), Weather(wind_by_hour=(22.0, 4.0)), Power(), Repair()).recorder.finish() for _ in range(2))
    assert first.ledger.equals(second.ledger)
