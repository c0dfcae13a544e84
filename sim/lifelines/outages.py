"""Outages: who is without a lifeline or a home, since when and why, and how that enters the ledgers.

What goes out and comes back at once is a unit: a transformer area for power and telecom, the upper floors of its high-rises
for water, a storey of a building for homes. A unit's customers are households, or for homes the persons who live there.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from sim.trajectory import Cause, Group, Recorder, Service
from sim.world.tables import HouseholdKind
from sim.world.window import window
from sim.world.world import World

# The chain of a fault: what it waits for, first to last. Where two faults keep a unit out the earliest link is booked.
CHAIN = (Cause.NOT_DETECTED, Cause.STOOD_DOWN, Cause.NO_CREW_FREE, Cause.ON_THE_WAY, Cause.DAMAGE)


def earliest(causes: Iterable[Cause | None]) -> Cause | None:
    """The earliest link of the chain among faults, None where there is none."""
    found = [cause for cause in causes if cause is not None]
    return min(found, key=CHAIN.index) if found else None


class Outage(NamedTuple):
    """One unit out: `steps` are (from time, cause) in order; it ends at `end_s`, or is cut there if censored."""

    unit: int
    steps: list[tuple[float, Cause]]
    end_s: float
    censored: bool


class OutageLog:
    """Takes down which units are out, since when, and why."""

    def __init__(self, customers_n: np.ndarray) -> None:
        """`customers_n (n_units,)` counts customers for the peak."""
        self.customers_n = customers_n
        self.dark: dict[int, list[tuple[float, Cause]]] = {}
        self.ended: list[Outage] = []
        self.customers_out = self.customers_out_peak = 0

    def note(self, time_s: float, unit: int, cause: Cause | None) -> None:
        """From now on the unit is out for `cause`, or back if None."""
        if cause is None:
            if unit in self.dark:
                self.ended.append(Outage(unit, self.dark.pop(unit), time_s, False))
                self.customers_out -= int(self.customers_n[unit])
        else:
            if unit not in self.dark:
                self.customers_out += int(self.customers_n[unit])
            steps = self.dark.setdefault(unit, [])
            if not steps or steps[-1][1] != cause:
                steps.append((time_s, cause))

    def count(self) -> None:
        """Compare the customers now without with the peak."""
        self.customers_out_peak = max(self.customers_out_peak, self.customers_out)

    def outages(self, end_s: float) -> list[Outage]:
        """All outages; those that last at the run's end are cut there."""
        return self.ended + [Outage(unit, steps, end_s, True) for unit, steps in self.dark.items()]


class Customers(NamedTuple):
    """Customers by unit, zone and group: (n,) columns of one row a combination, by unit."""

    unit: np.ndarray
    zone: np.ndarray
    group: np.ndarray
    customers_n: np.ndarray


def on_mains(world: World) -> np.ndarray:
    """(n_households,) bool: whom the lifelines of an area serve; visitors are nobody's customers."""
    return (world.households.kind != HouseholdKind.VISITOR) & (world.households.area >= 0)


def customers_of(world: World, unit: np.ndarray | None = None) -> Customers:
    """Count the customers of every `unit (n_households,)`, by default the transformer areas."""
    homes = world.households
    fed = on_mains(world)
    where = homes.area if unit is None else unit
    n_groups, n_zones = len(Group), world.zones.n
    key = (where[fed].astype(np.int64) * n_zones + homes.zone[fed]) * n_groups + homes.group[fed]
    keys, counts = np.unique(key, return_counts=True)
    return Customers(keys // (n_groups * n_zones), keys // n_groups % n_zones, keys % n_groups, counts)


def book_need(world: World, service: Service, customers: Customers) -> None:
    """Need of customer-hours (homes: person-hours) in the event window, by zone and group; `people` are customer-lifelines.

    The ordinary day has no shortfall: outages without a storm are not simulated, so standing_unmet is 0."""
    start_s, end_s = window(world)
    if end_s <= start_s:
        return
    keys, where = np.unique(customers.zone * len(Group) + customers.group, return_inverse=True)
    n = np.bincount(where, weights=customers.customers_n)
    world.recorder.need(service, keys // len(Group), keys % len(Group), n * (end_s - start_s) / 3600.0, n)


def segments_of(outage: Outage) -> Iterator[tuple[float, float, Cause]]:
    """(from, to, cause) of an outage, in order."""
    ends = [time_s for time_s, _ in outage.steps[1:]] + [outage.end_s]
    for (start_s, cause), end_s in zip(outage.steps, ends, strict=True):
        yield start_s, end_s, cause


def book_outages(recorder: Recorder, service: Service, outages: list[Outage], customers: Customers) -> None:
    """One spell for every outage and every zone and group of its customers, cut where the cause changes."""
    first = np.searchsorted(customers.unit, [outage.unit for outage in outages])
    rows_n = np.searchsorted(customers.unit, [outage.unit for outage in outages], side="right") - first
    spells = np.split(recorder.new_spells(int(rows_n.sum())), np.cumsum(rows_n)[:-1]) if outages else []
    parts = [
        (begin, n, spell, int(cause), start_s, end_s, outage.censored)
        for outage, begin, n, spell in zip(outages, first, rows_n, spells, strict=True)
        for start_s, end_s, cause in segments_of(outage)
    ]
    if not parts:
        return
    begins, counts, spell, cause, start_s, end_s, censored = zip(*parts, strict=True)
    rows = np.concatenate([np.arange(begin, begin + n) for begin, n in zip(begins, counts, strict=True)])
    recorder.spells(
        service,
        spell=np.concatenate(spell),
        cause=np.repeat(cause, counts),
        zone=customers.zone[rows],
        group=customers.group[rows],
        start_s=np.repeat(start_s, counts),
        end_s=np.repeat(end_s, counts),
        persons=customers.customers_n[rows],
        target_s=np.nan,
        censored=np.repeat(censored, counts),
    )
