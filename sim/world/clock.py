"""The clock: a SimPy environment whose timeouts at one instant go by (rank of the part, entity)."""

from enum import IntEnum
from typing import Any

from simpy import Environment
from simpy.events import Event

TICKS_PER_S = 1024.0  # event times are multiples of 1/1024 s, so that float64 sums are exact
ENTITIES = 1 << 32


class Rank(IntEnum):
    """The order of parts within one instant: forcing, what it does to things, people, services, who writes it down."""

    TYPHOON = 0
    SURGE = 1
    FLOOD = 2
    POWER = 10
    ROADS = 11
    TELECOM = 12
    WATER = 13
    HOMES = 14
    NEEDS = 20
    HARM = 21
    WARNING = 30
    DECISION = 31
    TRAVEL = 32
    SHELTERS = 40
    HELPERS = 41
    REPAIR = 42
    RESCUE = 43
    MEDICAL = 44
    SUPPLIES = 45
    RECORD = 90


def rounded(time_s: float) -> float:
    """The time on the clock's lattice."""
    return round(time_s * TICKS_PER_S) / TICKS_PER_S


class Clock(Environment):
    """SimPy's environment with ranked waiting. Consequences of an event (a grant, a get) come before the next ranked one."""

    def wait(self, delay_s: float, rank: Rank, entity: int = 0) -> Event:
        """An event `delay_s` from now, rounded to 1/1024 s; equal times go by (rank, entity)."""
        return self.wait_until(self.now + delay_s, rank, entity)

    def wait_until(self, time_s: float, rank: Rank, entity: int = 0) -> Event:
        """An event at `time_s`, or now if that is past."""
        event = Event(self)
        event._ok, event._value = True, None
        # SimPy adds the delay to now: both are on the lattice, so the sum is exact
        delay_s = max(rounded(time_s) - self.now, 0.0)
        priority: Any = 2 + rank * ENTITIES + entity  # SimPy compares it, whatever its type says
        self.schedule(event, priority=priority, delay=delay_s)
        return event
