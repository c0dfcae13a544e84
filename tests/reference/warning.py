"""The chain door - decision told slowly and plainly: workers in one committee, a list of rounds, no SimPy.

At equal times workers go by number; those who waited for calm set out in the order in which they began to wait.
"""

import heapq
from typing import NamedTuple

TICK_S = 600.0
DOOR_S = 300.0
ROUND = 12


class Home(NamedTuple):
    """One household on the list: whether it opens, the odds it wants, its preparing time at the door."""

    opens: bool
    reluctance: float
    ready_after_s: float


class Asked(NamedTuple):
    """What came of it: when it was asked and when it is ready (None: never)."""

    visited_s: float | None
    ready_s: float | None


def knock(homes: list[Home], workers_n: int, windy: list[bool], start_s: float, odds: float) -> list[Asked]:
    """Play the round from `start_s` on; homes are visited in their order, ROUND at a time."""
    rounds = [list(range(first, min(first + ROUND, len(homes)))) for first in range(0, len(homes), ROUND)]
    asked = [Asked(None, None)] * len(homes)
    doors: dict[int, list[int]] = {worker: [] for worker in range(workers_n)}
    # (time, order within the instant, worker, door just reached or None)
    coming: list[tuple[float, tuple[int, int], int, int | None]] = [(start_s, (1, w), w, None) for w in range(workers_n)]
    waited = 0
    while coming:
        time_s, _, worker, door = heapq.heappop(coming)
        if door is not None and homes[door].opens:
            asked[door] = answer(homes[door], time_s, odds)
        if too_windy(windy, time_s):
            waited += 1
            heapq.heappush(coming, (calm_s(windy, time_s), (0, waited), worker, None))
            continue
        if not doors[worker]:
            if not rounds:
                continue
            doors[worker] = rounds.pop(0)
        heapq.heappush(coming, (time_s + DOOR_S, (1, worker), worker, doors[worker].pop(0)))
    return asked


def answer(home: Home, time_s: float, odds: float) -> Asked:
    """Someone opens and is asked to leave."""
    ready_s = round((time_s + home.ready_after_s) * 1024) / 1024
    return Asked(time_s, ready_s if home.reluctance < odds else None)


def too_windy(windy: list[bool], time_s: float) -> bool:
    """Now; never after the storm."""
    tick = int(time_s // TICK_S)
    return tick < len(windy) and windy[tick]


def calm_s(windy: list[bool], time_s: float) -> float:
    """The next tick without wind."""
    tick = int(time_s // TICK_S) + 1
    while tick < len(windy) and windy[tick]:
        tick += 1
    return tick * TICK_S
