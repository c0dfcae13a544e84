"""The clock's protocol: movement before an instant, SimPy's events at it by rank, movement from it on afterwards."""

from typing import ClassVar

from sim.engine import drive, play_parts
from sim.world.clock import Rank
from sim.world.letters import Notice, NoticeKind
from sim.world.part import Part
from tests.worlds import small_world


class Movement:
    """A list of movement events; those with a true second member must be heard of."""

    def __init__(self, log, events):
        self.log, self.events = log, sorted(events)

    def advance(self, until_s):
        while self.events and self.events[0][0] < until_s:
            time_s, heard = self.events.pop(0)
            self.log.append(("move", time_s))
            if heard:
                return Notice(time_s, Rank.SHELTERS, NoticeKind.TURNED_AWAY, 0, 0)
        return None


def played(waits, moves, world=None):
    """The log of a world with SimPy waits [(time, rank)] and movement events [(time, heard)]."""
    world, log = world or small_world(), []

    def waiter(time_s, rank):
        yield world.clock.wait_until(time_s, rank)
        log.append((rank.name, world.clock.now))

    def desk():
        while True:
            notice = yield world.inboxes[Rank.SHELTERS].get()
            log.append(("heard", notice.time_s, world.clock.now))

    for wait in waits:
        world.spawn(waiter(*wait))
    world.spawn(desk())
    movement = Movement(log, moves)
    drive(world, movement.advance)
    return log, movement


def test_movement_strictly_before_then_events_by_rank_then_movement_at_the_instant():
    log, _ = played([(10, Rank.REPAIR), (10, Rank.FLOOD)], [(10, False), (9.5, False), (10.5, False)])
    assert log == [("move", 9.5), ("FLOOD", 10), ("REPAIR", 10), ("move", 10), ("move", 10.5)]


def test_a_notice_is_heard_at_its_own_time_before_later_movement():
    log, _ = played([(20, Rank.FLOOD)], [(5, True), (6, False), (5, False)])
    assert log == [("move", 5), ("move", 5), ("heard", 5, 5), ("move", 6), ("FLOOD", 20)]


def test_notices_at_one_instant_are_heard_one_by_one():
    log, _ = played([], [(5, True), (5, True)])
    assert log == [("move", 5), ("heard", 5, 5), ("move", 5), ("heard", 5, 5)]


def test_nothing_moves_at_or_after_the_end_and_its_events_are_played():
    world = small_world()
    end_s = world.times.end_s
    log, movement = played([(end_s, Rank.RECORD), (end_s + 1, Rank.RECORD)], [(end_s, False), (end_s - 1, False)], world)
    assert log == [("move", end_s - 1), ("RECORD", end_s)]
    assert len(movement.events) == 1


def test_an_errand_written_at_t_acts_at_t():
    world, log = small_world(), []
    movement = Movement(log, [])

    def boss():
        yield world.clock.wait_until(7, Rank.DECISION)
        movement.events.append((7, False))

    world.spawn(boss())
    drive(world, movement.advance)
    assert log == [("move", 7)]


class Ticker(Part):
    """Notes its ticks."""

    rank: ClassVar[Rank] = Rank.FLOOD

    def step(self, world, dt_s):
        """Note the time and the row of forcing that holds."""
        world.recorder.event(world.now_s, "tick", world.tick)


def test_ticks_cover_the_storm_and_only_the_storm():
    world = small_world(ticks_n=3)
    play_parts(world, [Ticker()])
    assert world.recorder.finish().events[["time_s", "entity"]].to_numpy().tolist() == [[0, 0], [600, 1], [1200, 2]]
