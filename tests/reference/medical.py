"""The chain casualty - ambulance - bed told slowly and plainly: one list of coming events, no SimPy, no resource.

At equal times the worst goes first, then the earlier number. Independent of sim/ but for the numbers given.
"""

import heapq
from typing import NamedTuple

MINOR, DELAYED, IMMEDIATE = 0, 1, 2


class Hurt(NamedTuple):
    """A casualty: how badly, when, where on the street (m), and how long each stage takes with it."""

    number: int
    triage: int
    onset_s: float
    x_m: float
    known_s: float
    scene_s: float
    stay_s: float


class Rules(NamedTuple):
    """Stages that are the same for all, and where things stand on the street (m)."""

    vehicles_m: tuple[float, ...]
    clinic_m: float
    hospital_m: float
    beds_n: dict[str, int]  # clinic, ward, critical
    speed_mps: float
    dispatch_s: float
    door_s: float
    handover_s: float
    triage_s: float


def lattice(time_s: float) -> float:
    """The clock's lattice."""
    return round(time_s * 1024) / 1024


class Street:
    """Vehicles, beds, the three lines and the events to come."""

    def __init__(self, hurt: list[Hurt], rules: Rules) -> None:
        """All vehicles at their stations, all beds free."""
        self.rules = rules
        self.vehicles = list(rules.vehicles_m)
        self.beds = dict(rules.beds_n)
        self.calls: list = []
        self.lines: dict[str, list] = {name: [] for name in self.beds}
        self.story: dict[int, list[tuple[float, str]]] = {}
        self.treated_s: dict[int, float] = {}
        self.coming: list = []
        self.pushed = 0
        for one in sorted(hurt, key=lambda one: (one.onset_s, one.number)):
            self.story[one.number] = [(one.onset_s, "not_detected")]
            self.later(one.onset_s + one.known_s, one, "known")

    def later(self, time_s: float, one: Hurt, what: str, vehicle_m: float = 0.0) -> None:
        """Something will happen."""
        self.pushed += 1
        heapq.heappush(self.coming, (lattice(time_s), IMMEDIATE - one.triage, one.number, self.pushed, what, vehicle_m, one))

    def play(self) -> "Street":
        """To the end."""
        while self.coming:
            time_s, _, _, _, what, vehicle_m, one = heapq.heappop(self.coming)
            getattr(self, what)(time_s, one, vehicle_m)
        return self

    def waits(self, time_s: float, one: Hurt, cause: str) -> None:
        """From now on for this."""
        if self.story[one.number][-1][1] != cause:
            self.story[one.number].append((time_s, cause))

    def known(self, time_s: float, one: Hurt, _: float) -> None:
        """Somebody calls; the lightly hurt walk."""
        if one.triage == MINOR:
            self.waits(time_s, one, "on_the_way")
            self.later(time_s + abs(one.x_m - self.rules.clinic_m) * 1.3 / 1.0, one, "arrived")
            return
        self.waits(time_s, one, "no_vehicle")
        heapq.heappush(self.calls, (-one.triage, time_s, one.number, one))
        self.send(time_s)

    def send(self, time_s: float) -> None:
        """As long as there are vehicles and calls."""
        while self.vehicles and self.calls:
            one = heapq.heappop(self.calls)[-1]
            vehicle_m = min(self.vehicles, key=lambda at: (abs(at - one.x_m), at))
            self.vehicles.remove(vehicle_m)
            self.waits(time_s, one, "on_the_way")
            way_s = abs(vehicle_m - one.x_m) / self.rules.speed_mps
            self.later(time_s + self.rules.dispatch_s + way_s, one, "at_the_door", vehicle_m)

    def at_the_door(self, time_s: float, one: Hurt, vehicle_m: float) -> None:
        """Up the stairs."""
        self.later(time_s + self.rules.door_s, one, "at_the_side", vehicle_m)

    def at_the_side(self, time_s: float, one: Hurt, vehicle_m: float) -> None:
        """The patient is seen to."""
        self.later(time_s + one.scene_s, one, "leaves", vehicle_m)

    def leaves(self, time_s: float, one: Hurt, vehicle_m: float) -> None:
        """To the hospital."""
        self.later(time_s + abs(one.x_m - self.rules.hospital_m) / self.rules.speed_mps, one, "delivered", vehicle_m)

    def delivered(self, time_s: float, one: Hurt, vehicle_m: float) -> None:
        """The patient goes on; the crew hands over and drives home."""
        self.arrived(time_s, one, 0.0)
        home_s = abs(self.rules.hospital_m - vehicle_m) / self.rules.speed_mps
        self.later(time_s + self.rules.handover_s + home_s, one, "home", vehicle_m)

    def home(self, time_s: float, one: Hurt, vehicle_m: float) -> None:
        """A vehicle is free."""
        self.vehicles.append(vehicle_m)
        self.send(time_s)

    def arrived(self, time_s: float, one: Hurt, _: float) -> None:
        """A nurse sees who comes first."""
        self.later(time_s + self.rules.triage_s, one, "joins")

    def line(self, one: Hurt) -> str:
        """Which line."""
        return ("clinic", "ward", "critical")[one.triage]

    def joins(self, time_s: float, one: Hurt, _: float) -> None:
        """In line for a bed."""
        name = self.line(one)
        if not self.beds[name]:
            self.waits(time_s, one, "no_bed")
        heapq.heappush(self.lines[name], (-one.triage, time_s, one.number, one))
        self.admit(time_s, name)

    def admit(self, time_s: float, name: str) -> None:
        """As long as there are beds and patients."""
        while self.beds[name] and self.lines[name]:
            one = heapq.heappop(self.lines[name])[-1]
            self.beds[name] -= 1
            self.treated_s[one.number] = time_s
            self.later(time_s + one.stay_s, one, "goes")

    def goes(self, time_s: float, one: Hurt, _: float) -> None:
        """A bed is free."""
        self.beds[self.line(one)] += 1
        self.admit(time_s, self.line(one))
