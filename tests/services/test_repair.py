"""The life of a fault: found, calm, a crew, the way, the work."""

from typing import Any, ClassVar

import numpy as np
import pytest

from sim.services.repair import OWNER, Repair, Work, next_tick_s, passable, turn
from sim.trajectory import Cause
from sim.world.clock import Rank
from sim.world.letters import Fault, FaultStage, Line, Mended
from sim.world.part import Part
from tests.places import Weather, place, play

SURE = Work(found="10 min", found_sigma=0.0, mended="1 h", mended_sigma=0.0)
DEPOT = {"kind": [6], "x_m": [0.0], "y_m": [0.0]}


class Breaker(Part):
    """Breaks what it is told to at the start and takes down what it hears: (time, letter)."""

    rank: ClassVar[Rank] = Rank.POWER

    faults: tuple[Fault, ...]
    heard: Any

    def run(self, world):
        """Post the faults, then listen."""
        for fault in self.faults:
            world.post(Rank.REPAIR, fault)
        while True:
            letter = yield world.inboxes[Rank.POWER].get()
            self.heard.append((world.now_s, letter))


def fault(number, customers_n=10, node=0, flooded=False):
    """An area's fault at the start."""
    return Fault(number, Line.AREA, number, node, customers_n, 0.0, flooded)


def mend(*faults, wind=(0.0,), storm_h=6.0, **fields):
    """What is heard of these faults with durations that are sure; nodes lie 0, 2000 and 4000 m from the depot."""
    heard: list = []
    world = place(storm_h=storm_h, nodes={"x_m": [0.0, 2000.0, 4000.0]}, sites=DEPOT)
    repair = Repair(**{"area": SURE, "power_crews_n": 1, "speed": "20 km/h", "drying": "6 h", **fields})
    play(world, Weather(wind_by_hour=wind), Breaker(faults=faults, heard=heard), repair)
    return heard


def mended_s(heard):
    """Number -> time."""
    return {letter.number: time_s for time_s, letter in heard if isinstance(letter, Mended)}


def stages(heard, number=0):
    """(time, cause) of one fault."""
    return [(time_s, letter.cause) for time_s, letter in heard if isinstance(letter, FaultStage) and letter.number == number]


def test_a_fault_at_the_depot_takes_finding_and_work():
    heard = mend(fault(0))
    assert mended_s(heard) == {0: 4200.0}
    assert stages(heard)[:3] == [(600.0, Cause.NO_CREW_FREE), (600.0, Cause.ON_THE_WAY), (600.0, Cause.DAMAGE)]


def test_the_way_is_a_detour_at_the_crew_s_speed():
    assert mended_s(mend(fault(0, node=1)))[0] == pytest.approx(4200 + 2000 * 1.3 / (20 / 3.6), abs=1e-3)


def test_one_crew_takes_the_most_customers_first():
    ends = mended_s(mend(fault(0, 10), fault(1, 500), fault(2, 100)))
    assert sorted(ends, key=ends.get) == [1, 2, 0]
    assert ends == {1: 4200.0, 2: 7800.0, 0: 11400.0}


def test_equal_faults_go_by_number():
    ends = mended_s(mend(fault(0), fault(1), fault(2)))
    assert sorted(ends, key=ends.get) == [0, 1, 2]


def test_the_nearest_free_crew_goes():
    ends = mended_s(mend(fault(0, node=2), fault(1, node=0), power_crews_n=2))
    assert ends[1] == 4200.0


def test_a_crew_starts_from_where_it_worked_last():
    ends = mended_s(mend(fault(0, 20, node=2), fault(1, 10, node=2)))
    assert ends[1] - ends[0] == 3600.0


def test_crews_stand_down_in_wind_and_start_at_the_tick_when_it_falls():
    heard = mend(fault(0), wind=(20.0, 20.0, 5.0))
    assert stages(heard)[0] == (600.0, Cause.STOOD_DOWN)
    assert mended_s(heard)[0] == 7200.0 + 3600.0


def test_work_pauses_when_the_wind_rises_again():
    heard = mend(fault(0), wind=(5.0, 20.0, 5.0))
    assert [cause for _, cause in stages(heard)].count(Cause.STOOD_DOWN) == 1
    assert mended_s(heard)[0] == 4200.0 + 3600.0


def test_after_a_calm_the_queue_still_goes_by_customers():
    ends = mended_s(mend(fault(0, 10), fault(1, 900), wind=(20.0, 5.0)))
    assert ends[1] < ends[0]


def test_wind_that_blows_when_the_storm_ends_does_not_blow_for_ever():
    assert mended_s(mend(fault(0), wind=(20.0,), storm_h=3.0))[0] == 3 * 3600.0 + 3600.0


def test_what_was_drowned_takes_longer():
    assert mended_s(mend(fault(0, flooded=True)))[0] == 4200.0 + 6 * 3600.0


@pytest.mark.parametrize("crews", [1, 2, 3, 6])
def test_one_more_crew_makes_no_fault_of_one_place_wait_longer(crews):
    faults = [fault(number, 10 * number) for number in range(6)]
    fewer, more = (mended_s(mend(*faults, power_crews_n=n)) for n in (crews, crews + 1))
    assert len(fewer) == 6
    assert all(more[number] <= fewer[number] for number in fewer)


def test_durations_are_the_asset_s_own_whatever_else_breaks():
    spread = Work(found="10 min", found_sigma=0.8, mended="1 h", mended_sigma=0.6)
    alone = mended_s(mend(fault(3), area=spread, power_crews_n=9))
    among = mended_s(mend(fault(1), fault(2), fault(3), area=spread, power_crews_n=9))
    assert among[3] == alone[3]


def test_repair_times_are_lognormal_around_their_median():
    world = place()
    repair = Repair()
    hours = [repair.durations_s(world, fault(number))[1] / 3600.0 for number in range(600)]
    assert np.median(hours) == pytest.approx(2.0, rel=0.1)
    assert np.std(np.log(hours)) == pytest.approx(0.6, rel=0.1)


OWNERS = [
    (Line.FEEDER, Rank.POWER),
    (Line.TREE, Rank.ROADS),
    (Line.MAST, Rank.TELECOM),
    (Line.MAIN, Rank.WATER),
    (Line.SOAKED, Rank.HOMES),
    (Line.ROOF, Rank.HOMES),
    (Line.STRUCTURE, Rank.HOMES),
]


@pytest.mark.parametrize(("line", "owner"), OWNERS)
def test_a_fault_s_owner_alone_hears_of_it(line, owner):
    world = place(sites=DEPOT)
    repair = Repair(**{line.name.lower(): SURE})
    world.post(Rank.REPAIR, Fault(7, line, 0, 0, 10, 0.0))
    play(world, repair)
    assert world.inboxes[owner].items[-1] == Mended(7)
    others = {who for _, who in OWNERS} - {owner}
    assert not any(world.inboxes[who].items for who in others)


def test_every_line_has_an_owner_crews_and_work():
    repair = Repair()
    crews = repair.crews(place())
    for line in Line:
        assert OWNER[line] in crews
        assert isinstance(getattr(repair, line.name.lower()), Work)


def test_crews_of_one_owner_do_not_wait_for_another_s():
    world = place(sites=DEPOT, storm_h=1.0, recovery_h=0.25)  # time for one work of an hour, not for two
    lines = [Line.AREA, Line.MAST, Line.MAIN, Line.SOAKED]
    for line in lines:
        world.post(Rank.REPAIR, Fault(0, line, 0, 0, 10, 0.0))
    one_each = {f"{owner}_crews_n": 1 for owner in ("power", "telecom", "water", "housing")}
    play(world, Repair(**one_each, **{line.name.lower(): SURE for line in lines}))
    assert [world.inboxes[OWNER[line]].items[-1] for line in lines] == [Mended(0)] * 4


def test_turns_order_by_customers_then_number():
    faults = [fault(0, 5), fault(1, 900), fault(2, 900), fault(3, 10**9)]
    assert [each.number for each in sorted(faults, key=turn)] == [3, 1, 2, 0]
    assert all(0 <= turn(each) < 2**32 for each in faults)


def test_no_tick_follows_the_storm():
    world = place(storm_h=1.0)
    assert next_tick_s(world) == 600.0
    world.clock.run(until=3600.0)
    assert next_tick_s(world) == np.inf


def test_crews_are_slow_on_wet_roads_but_never_stuck():
    world = place(links={"tail": [0, 0]})
    assert passable(world) == 1.0
    world.links.speed_frac[:] = 0.6
    assert passable(world) == pytest.approx(0.6)
    world.links.open[:] = False
    assert passable(world) == 0.25
