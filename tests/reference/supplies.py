"""The chain stock - convoy - point told slowly and plainly: one list of coming events, no SimPy, no resource.

One depot, shelters whose guests stay, four goods, (s, S) orders, vans with crews, counters that serve in batches. Independent of
sim/ but for the numbers given. At equal times rounds go first, then counters by shelter, then loads by number.
"""

import heapq
from itertools import count
from math import ceil
from typing import NamedTuple

GOODS = range(4)  # water, food, medicine, blankets
MEDICINE, BLANKET = 2, 3
DAY_N = (3000, 2100, 1000, 1)
KG = (1e-3, 1 / 3000, 5e-5, 1.5)
BATCH_S, WITHIN_S, ROUND_S, TICK_S = 900.0, 3600.0, 21600.0, 600.0
LOAD_S, UNLOAD_S = 1800.0, 900.0
STOCK_OUT, NOT_STAFFED, NO_VEHICLE = "stock_out", "not_staffed", "no_vehicle"
NO_CREW, STOOD_DOWN, ON_THE_WAY = "no_crew_free", "stood_down", "on_the_way"
FAR = (STOCK_OUT, NO_VEHICLE, NO_CREW, STOOD_DOWN, ON_THE_WAY)


class Given(NamedTuple):
    """A small world: guests, drive and persons a batch of each shelter; the fleet; the wind; what lies where."""

    guests: list[int]
    drive_s: list[float]
    batch_n: list[int]
    vans: int
    crews: int
    capacity_kg: float
    windy: list[bool]
    depot_n: list[int]
    shelter_n: list[list[int]]
    end_s: float


def lattice(time_s: float) -> float:
    """The clock's lattice."""
    return round(time_s * 1024) / 1024


class Shelter:
    """A store with a counter and a line for each good."""

    def __init__(self, number: int, given: Given) -> None:
        """Guests are there from the start."""
        self.number, self.guests = number, given.guests[number]
        self.drive_s, self.batch_n = given.drive_s[number], given.batch_n[number]
        self.stock, self.coming = list(given.shelter_n[number]), [0] * 4
        self.least, self.full = [0] * 4, [0] * 4
        self.lots: list[list[list]] = [[] for _ in GOODS]  # [due, persons]
        self.steps: list[list[tuple[float, str]]] = [[] for _ in GOODS]
        self.loads: dict[int, tuple[str, list[int]]] = {}
        self.covered, self.busy = 0, False


class Chain:
    """Everything, and the events to come."""

    def __init__(self, given: Given) -> None:
        """The depot's stock; nobody has asked yet."""
        self.given, self.now = given, 0.0
        self.shelters = [Shelter(k, given) for k in range(len(given.guests))]
        self.depot, self.owed = list(given.depot_n), []
        self.vans, self.crews, self.for_van, self.for_crew = given.vans, given.crews, [], []
        self.coming: list = []
        self.order_of = count()
        self.loads_n = 0
        self.spells: list = []
        for k in range(int(given.end_s // ROUND_S)):
            self.later((k + 1) * ROUND_S, (0, 0), self.round)

    def later(self, time_s: float, turn: tuple[int, int], act, *what) -> None:
        """Something will happen."""
        heapq.heappush(self.coming, (lattice(time_s), turn, next(self.order_of), act, what))

    def play(self) -> list:
        """(good, shelter, persons, [(from, cause)], end) of everybody unmet, in order."""
        while self.coming and self.coming[0][0] < self.given.end_s:
            self.now, _, _, act, what = heapq.heappop(self.coming)
            act(*what)
        self.now = self.given.end_s
        for shelter in self.shelters:
            for good in GOODS:
                for due_s, persons in shelter.lots[good]:
                    self.unmet(shelter, good, due_s, persons)
        return sorted(self.spells)

    def round(self) -> None:
        """All are due the next ration; then every shelter orders and serves."""
        for shelter in self.shelters:
            for good in GOODS:
                there = 0 if good == MEDICINE else shelter.guests - (shelter.covered if good == BLANKET else 0)
                new = there - sum(persons for _, persons in shelter.lots[good])
                if new > 0:
                    shelter.lots[good].append([self.now + WITHIN_S, new])
        for shelter in self.shelters:
            blankets = sum(persons for _, persons in shelter.lots[BLANKET])
            day = [shelter.guests * DAY_N[0], shelter.guests * DAY_N[1], 0]
            shelter.full, shelter.least = [*day, blankets], [*(n // 2 for n in day), blankets]
            self.order(shelter)
            self.look(shelter)
            self.ring(shelter)

    def order(self, shelter: Shelter) -> None:
        """(s, S)."""
        wanted = [0] * 4
        for good in GOODS:
            position = shelter.stock[good] + shelter.coming[good]
            if position < shelter.least[good]:
                wanted[good] = max(shelter.full[good] - position, 0)
        if any(wanted):
            shelter.coming = [a + b for a, b in zip(shelter.coming, wanted, strict=True)]
            self.owed.append([-shelter.guests, self.now, shelter.number, wanted])
            self.fill()

    def fill(self) -> None:
        """The depot gives what it has, largest shelter first."""
        for owed in sorted(self.owed):
            priority, placed_s, number, wanted = owed
            taken = [min(a, b) for a, b in zip(wanted, self.depot, strict=True)]
            if any(taken):
                self.depot = [a - b for a, b in zip(self.depot, taken, strict=True)]
                owed[3] = [a - b for a, b in zip(wanted, taken, strict=True)]
                parts = max(ceil(sum(a * b for a, b in zip(taken, KG, strict=True)) / self.given.capacity_kg), 1)
                for k in range(parts):
                    goods = [n * (k + 1) // parts - n * k // parts for n in taken]
                    self.seek_van((priority, placed_s, self.loads_n), self.shelters[number], goods)
                    self.loads_n += 1
        self.owed = [owed for owed in self.owed if any(owed[3])]

    def stage(self, key, shelter: Shelter, goods, cause: str) -> None:
        """What a load waits for."""
        shelter.loads[key[2]] = (cause, goods)
        self.look(shelter)

    def seek_van(self, *load) -> None:
        """A van, or the line for one."""
        self.stage(*load, NO_VEHICLE)
        if self.vans:
            self.vans -= 1
            self.seek_crew(*load)
        else:
            heapq.heappush(self.for_van, (load[0], load))

    def seek_crew(self, *load) -> None:
        """A crew, or the line for one."""
        self.stage(*load, NO_CREW)
        if self.crews:
            self.crews -= 1
            self.load_up(*load)
        else:
            heapq.heappush(self.for_crew, (load[0], load))

    def load_up(self, *load) -> None:
        """Loading."""
        self.stage(*load, ON_THE_WAY)
        self.later(self.now + LOAD_S, (2, load[0][2]), self.leave, *load)

    def leave(self, *load) -> None:
        """Off, unless the wind is up."""
        windy, tick = self.given.windy, int(self.now // TICK_S)
        if tick < len(windy) and windy[tick]:
            self.stage(*load, STOOD_DOWN)
            calm = next((k for k in range(tick + 1, len(windy)) if not windy[k]), len(windy))
            self.later(calm * TICK_S, (2, load[0][2]), self.leave, *load)
        else:
            self.stage(*load, ON_THE_WAY)
            self.later(self.now + (load[1].drive_s + UNLOAD_S), (2, load[0][2]), self.arrive, *load)

    def arrive(self, *load) -> None:
        """Into the shelter's stock; the van drives back."""
        key, shelter, goods = load
        del shelter.loads[key[2]]
        shelter.coming = [a - b for a, b in zip(shelter.coming, goods, strict=True)]
        shelter.stock = [a + b for a, b in zip(shelter.stock, goods, strict=True)]
        self.look(shelter)
        self.ring(shelter)
        self.order(shelter)
        self.later(self.now + shelter.drive_s, (2, key[2]), self.back)

    def back(self) -> None:
        """Crew and van are free."""
        self.crews += 1
        if self.for_crew:
            self.crews -= 1
            self.load_up(*heapq.heappop(self.for_crew)[1])
        self.vans += 1
        if self.for_van:
            self.vans -= 1
            self.seek_crew(*heapq.heappop(self.for_van)[1])

    def servable(self, shelter: Shelter, good: int) -> int:
        """How many a batch could serve."""
        ration = ration_n(good)
        return min(shelter.batch_n, shelter.stock[good] // ration, sum(persons for _, persons in shelter.lots[good]))

    def ring(self, shelter: Shelter) -> None:
        """The counter begins a batch, if it is idle and can serve anybody."""
        if not shelter.busy and any(self.servable(shelter, good) for good in GOODS):
            shelter.busy = True
            self.later(self.now + BATCH_S, (1, shelter.number), self.batch, shelter)

    def batch(self, shelter: Shelter) -> None:
        """A batch is served."""
        for good in GOODS:
            left = self.servable(shelter, good)
            shelter.stock[good] -= left * ration_n(good)
            shelter.covered += left if good == BLANKET else 0
            while left:
                lot = shelter.lots[good][0]
                served = min(left, lot[1])
                self.unmet(shelter, good, lot[0], served)
                lot[1] -= served
                left -= served
                if not lot[1]:
                    shelter.lots[good].pop(0)
        self.look(shelter)
        shelter.busy = False
        self.ring(shelter)

    def look(self, shelter: Shelter) -> None:
        """What each line waits for."""
        for good in GOODS:
            if shelter.lots[good]:
                causes = [cause for cause, goods in shelter.loads.values() if goods[good]]
                cause = NOT_STAFFED if shelter.stock[good] >= ration_n(good) else max(causes, key=FAR.index, default=STOCK_OUT)
                shelter.steps[good].append((self.now, cause))

    def unmet(self, shelter: Shelter, good: int, due_s: float, persons: int) -> None:
        """They were unmet from due until now."""
        if self.now <= due_s or good == BLANKET:
            return
        cause_at = {due_s: [cause for at, cause in shelter.steps[good] if at <= due_s][-1]}
        cause_at |= {at: cause for at, cause in shelter.steps[good] if due_s < at < self.now}
        steps = [(at, cause) for k, (at, cause) in enumerate(cause_at.items()) if not k or cause != list(cause_at.values())[k - 1]]
        self.spells.append((good, persons, steps, self.now))


def ration_n(good: int) -> int:
    """Units of one round."""
    return 1 if good == BLANKET else DAY_N[good] // 4
