"""Equal times go by rank, then entity; consequences come first."""

from sim.world.clock import Clock, Rank, rounded


def log_of(*waits):
    clock, log = Clock(), []

    def waiter(time_s, rank, entity):
        yield clock.wait_until(time_s, rank, entity)
        log.append((clock.now, rank, entity))

    for wait in waits:
        clock.process(waiter(*wait))
    clock.run()
    return log


def test_order_within_an_instant():
    waits = [(5, Rank.REPAIR, 1), (5, Rank.FLOOD, 9), (5, Rank.REPAIR, 0), (4, Rank.RECORD, 0), (5, Rank.FLOOD, 2)]
    assert log_of(*waits) == sorted(waits, key=lambda wait: (wait[0], wait[1], wait[2]))


def test_a_consequence_comes_before_the_next_ranked_event():
    clock, log = Clock(), []
    bell = clock.event()

    def ringer():
        yield clock.wait(1, Rank.FLOOD)
        log.append("rings")
        bell.succeed()

    def listener():
        yield bell
        log.append("hears")

    def later():
        yield clock.wait(1, Rank.REPAIR)
        log.append("later")

    for process in (later(), listener(), ringer()):
        clock.process(process)
    clock.run()
    assert log == ["rings", "hears", "later"]


def test_times_lie_on_the_lattice_and_the_past_is_now():
    assert rounded(1 / 3) == 341 / 1024
    assert log_of((0.1, Rank.FLOOD, 0))[0][0] == 102 / 1024
    assert log_of((-5, Rank.FLOOD, 0))[0][0] == 0
