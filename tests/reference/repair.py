"""The chain fault - crew told slowly and plainly: one list of coming events, no SimPy, no resource.

At equal times the fault with most customers goes first, then the earlier number. Independent of sim/ but for the numbers given.
"""

import heapq
from math import hypot
from typing import NamedTuple

TICK_S = 600.0


class Broken(NamedTuple):
    """A fault at time 0: where it lies, when it is found, how much work it is."""

    number: int
    customers_n: int
    x_m: float
    y_m: float
    found_s: float
    work_s: float


class Storm(NamedTuple):
    """Whether crews stand down, tick by tick."""

    windy: list[bool]

    def at(self, time_s: float) -> bool:
        """Too windy now; never after the storm."""
        tick = int(time_s // TICK_S)
        return tick < len(self.windy) and self.windy[tick]

    def next_tick_s(self, time_s: float) -> float:
        """The next tick, none after the storm."""
        later_s = (time_s // TICK_S + 1) * TICK_S
        return later_s if later_s <= len(self.windy) * TICK_S else float("inf")


def lattice(time_s: float) -> float:
    """The clock's lattice."""
    return round(time_s * 1024) / 1024


class Town:
    """Crews, the queue and the events to come."""

    def __init__(self, faults: list[Broken], crews_n: int, speed_mps: float, storm: Storm) -> None:
        """All crews at the origin."""
        self.speed_mps, self.storm = speed_mps, storm
        self.free = [(0.0, 0.0)] * crews_n
        self.waiting: list[tuple[int, float, int, Broken]] = []
        self.mended_s: dict[int, float] = {}
        self.coming: list = []
        for fault in faults:
            self.later(fault.found_s, fault, "known", 0.0)

    def later(self, time_s: float, fault: Broken, what: str, left_s: float) -> None:
        """Something will happen to a fault."""
        heapq.heappush(self.coming, (time_s, -fault.customers_n, fault.number, what, left_s, fault))

    def play(self) -> dict[int, float]:
        """Number -> time at which it is mended."""
        while self.coming:
            time_s, _, _, what, left_s, fault = heapq.heappop(self.coming)
            getattr(self, what)(time_s, fault, left_s)
        return self.mended_s

    def known(self, time_s: float, fault: Broken, left_s: float) -> None:
        """Found: wait for calm, then for a crew."""
        if self.storm.at(time_s):
            self.later(self.storm.next_tick_s(time_s), fault, "known", 0.0)
        elif self.free:
            self.send(time_s, fault)
        else:
            heapq.heappush(self.waiting, (-fault.customers_n, time_s, fault.number, fault))

    def send(self, time_s: float, fault: Broken) -> None:
        """The nearest free crew sets out."""
        away_m = min(hypot(x - fault.x_m, y - fault.y_m) for x, y in self.free)
        crew = next(crew for crew in self.free if hypot(crew[0] - fault.x_m, crew[1] - fault.y_m) == away_m)
        self.free.remove(crew)
        self.later(lattice(time_s + away_m * 1.3 / self.speed_mps), fault, "work", fault.work_s)

    def work(self, time_s: float, fault: Broken, left_s: float) -> None:
        """Work until it is done or a tick may bring wind."""
        if left_s <= 0.0:
            self.mended_s[fault.number] = time_s
            self.free.append((fault.x_m, fault.y_m))
            if self.waiting:
                self.send(time_s, heapq.heappop(self.waiting)[-1])
        elif self.storm.at(time_s):
            self.later(self.storm.next_tick_s(time_s), fault, "work", left_s)
        else:
            until_s = min(time_s + left_s, self.storm.next_tick_s(time_s))
            self.later(until_s, fault, "work", left_s - (until_s - time_s))
