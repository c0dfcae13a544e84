"""Masts fall silent when their reserve is gone or wind breaks them; a place has telecom while one near it works."""

from typing import Any, ClassVar

import numpy as np
import pytest

from sim.lifelines.fragility import Fragility
from sim.lifelines.power import Power
from sim.lifelines.telecom import Telecom
from sim.services.repair import Repair, Work
from sim.trajectory import Cause
from sim.world.clock import Rank
from sim.world.letters import FaultStage, Line, Mended, PowerTurned
from sim.world.part import Part
from tests.places import Weather, place, play

WEAK = Fragility(median="20 m/s", sigma=0.01)
STRONG = Fragility(median="500 m/s", sigma=0.01)
SURE = Work(found="10 min", found_sigma=0.0, mended="1 h", mended_sigma=0.0)


class Switch(Part):
    """Turns the power of areas on and off: (hour, area, on)."""

    rank: ClassVar[Rank] = Rank.POWER
    writes: ClassVar[tuple[str, ...]] = ("areas.on",)

    turns: tuple[tuple[float, int, bool], ...]

    def run(self, world) -> Any:
        """In order."""
        for hour, area, on in self.turns:
            yield world.clock.wait_until(hour * 3600.0, self.rank)
            world.areas.on[area] = on
            for dependant in (Rank.TELECOM, Rank.WATER):
                world.post(dependant, PowerTurned(area, on))


def town(reserve_h=(2.0, 4.0, 4.0), **more):
    """Three areas of ten homes in a row, 1 km apart, a mast in the middle of each."""
    x_m = [0.0, 1000.0, 2000.0]
    return place(
        areas={"customers_n": [10, 10, 10], "x_m": x_m, "y_m": [0.0] * 3, "overhead": [False] * 3},
        masts={"x_m": x_m, "y_m": [0.0] * 3, "area": [0, 1, 2], "reserve_s": np.array(reserve_h) * 3600.0},
        households={"area": np.repeat([0, 1, 2], 10)},
        **more,
    )


def spells(world):
    """(start h, end h, cause, persons) in order."""
    ledger = world.recorder.finish().ledger.sort_values("start_s")
    rows = zip(ledger.start_s / 3600.0, ledger.end_s / 3600.0, ledger.cause, ledger.persons, strict=True)
    return [(start, end, Cause(cause), persons) for start, end, cause, persons in rows]


def alone(**fields):
    """Telecom in which every area lives on its own mast, and nothing breaks."""
    return Telecom(**{"masts_near_n": 1, "mast": STRONG, **fields})


def test_a_mast_lives_on_its_battery_and_comes_back_with_the_power():
    world = play(town(), Switch(turns=((1.0, 0, False), (6.0, 0, True))), alone())
    assert spells(world) == [(3.0, 6.0, Cause.NO_POWER, 10)]
    assert world.areas.telecom_on.all()
    assert world.recorder.numbers["telecom.masts_silenced"] == 1


def test_power_back_in_time_leaves_no_gap():
    world = play(town(), Switch(turns=((1.0, 0, False), (2.9, 0, True))), alone())
    assert spells(world) == []
    assert world.recorder.numbers["telecom.customers_out_peak"] == 0


def test_a_battery_half_charged_lasts_half_as_long():
    turns = ((1.0, 0, False), (3.5, 0, True), (4.5, 0, False), (9.0, 0, True))
    world = play(town(), Switch(turns=turns), alone(recharge_factor=1.0))
    assert spells(world) == [(3.0, 3.5, Cause.NO_POWER, 10), (5.5, 9.0, Cause.NO_POWER, 10)]


def test_a_neighbouring_mast_carries_an_area():
    dark = ((1.0, 0, False),)
    assert spells(play(town(), Switch(turns=dark), alone(masts_near_n=2))) == []
    both = ((1.0, 0, False), (1.0, 1, False))
    ends = spells(play(town(), Switch(turns=both), alone(masts_near_n=2)))
    assert [start for start, *_ in ends] == [5.0, 5.0]  # the longer of the two batteries
    assert all(end == 30.0 and cause == Cause.NO_POWER for _, end, cause, _ in ends)


def test_more_masts_near_a_place_never_cost_it_hours():
    dark = Switch(turns=((1.0, 0, False), (2.0, 1, False), (9.0, 0, True)))
    hours = [sum((end - start) * n for start, end, _, n in spells(play(town(), dark, alone(masts_near_n=k)))) for k in (1, 2, 3)]
    assert hours == sorted(hours, reverse=True)
    assert hours[0] > hours[-1] == 0.0


def test_longer_batteries_never_cost_hours():
    dark = Switch(turns=((1.0, 0, False), (2.0, 1, False)))
    hours = [sum((end - start) * n for start, end, _, n in spells(play(town((h, h, h)), dark, alone()))) for h in (0.0, 2.0, 8.0)]
    assert hours == sorted(hours, reverse=True)


def test_a_broken_mast_waits_for_a_crew_and_every_cause_is_its_own():
    parts = (Weather(wind_by_hour=(0.0, 15.0, 0.0)), alone(mast=WEAK), Repair(mast=SURE))
    world = play(town(), *parts)
    rows = spells(world)
    assert rows[0][0] == 1.0
    assert {cause for _, _, cause, _ in rows} == {Cause.NOT_DETECTED, Cause.NO_CREW_FREE, Cause.DAMAGE}
    assert max(end for _, end, _, _ in rows) == pytest.approx(1.0 + 1.0 / 6.0 + 3.0, abs=1e-3)  # one crew, three masts of an hour
    assert world.areas.telecom_on.all()
    assert not world.masts.faulty.any()


def test_faults_tell_the_crews_who_is_behind_them():
    world = play(town(), Weather(wind_by_hour=(15.0,)), alone(mast=WEAK))
    faults = list(world.inboxes[Rank.REPAIR].items)
    assert [(fault.line, fault.index, fault.number, fault.customers_n) for fault in faults] == [
        (Line.MAST, mast, mast, 10) for mast in range(3)
    ]


def test_broken_and_without_power_it_is_want_of_power_only_where_power_would_help():
    world = town()
    part = alone(masts_near_n=2)
    part.begin(world)
    network = world.own[Rank.TELECOM]
    network.broken(0)
    assert network.why_silent(0) is None  # the next mast still works
    network.power_turned(PowerTurned(1, False))
    network.reserves.left_s[1] = 0.0
    network.look_at(1)
    assert network.why_silent(0) == Cause.NO_POWER
    network.broken(1)
    assert network.why_silent(0) == Cause.NOT_DETECTED
    network.set_cause(0, Cause.DAMAGE)
    assert network.why_silent(0) == Cause.NOT_DETECTED
    network.set_cause(1, Cause.DAMAGE)
    assert network.why_silent(0) == Cause.DAMAGE


def test_letters_of_crews_are_heard():
    world = town()
    part = alone()
    part.begin(world)
    world.spawn(part.run(world))
    world.own[Rank.TELECOM].broken(2)
    world.post(Rank.TELECOM, FaultStage(0, Cause.DAMAGE))
    world.post(Rank.TELECOM, Mended(0))
    world.clock.run(until=1.0)
    assert world.areas.telecom_on.all()
    assert world.own[Rank.TELECOM].log.ended[0].steps == [(0.0, Cause.NOT_DETECTED), (0.0, Cause.DAMAGE)]


def test_power_tells_telecom_when_its_faults_darken_and_light_an_area():
    world = place(
        areas={"customers_n": [10], "overhead": [True], "plinth_m": [0.5], "feeder": [-1]},
        masts={"area": [0], "reserve_s": [0.0]},
        households={"area": [0] * 10},
    )
    play(world, Weather(wind_by_hour=(0.0, 15.0, 0.0)), Power(area=WEAK), alone(), Repair(area=SURE))
    lost = spells(world)
    assert (1.0, pytest.approx(13 / 6), Cause.NO_POWER, 10) in lost
    hours = {cause: sum((end - start) * n for start, end, why, n in lost if why == cause) for _, _, cause, _ in lost}
    assert hours[Cause.NO_POWER] == pytest.approx(hours[Cause.NOT_DETECTED] + hours[Cause.DAMAGE])


def test_need_is_customers_times_the_window_once_more():
    world = play(town(), Weather(wind_by_hour=(15.0,)), alone(), Power(feeder=STRONG, area=STRONG))
    need = world.recorder.finish().need
    assert need.people.sum() == 2 * 30
    assert need.need.sum() == pytest.approx(2 * 30 * (6 + 4))
