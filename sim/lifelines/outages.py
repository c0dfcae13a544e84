"""Outages of transformer areas, from dark to light, and how they enter the ledgers."""

from typing import NamedTuple

import numpy as np

from sim.trajectory import Cause, Group, Recorder, Service
from sim.world.tables import HouseholdKind
from sim.world.window import window
from sim.world.world import World

# The chain of a fault: what it waits for, first to last. Where two faults keep an area dark the earliest link is booked.
CHAIN = (Cause.NOT_DETECTED, Cause.STOOD_DOWN, Cause.NO_CREW_FREE, Cause.ON_THE_WAY, Cause.DAMAGE)


class Outage(NamedTuple):
    """One area without power: `steps` are (from time, cause) in order; it ends at `end_s`, or is cut there if censored."""

    area: int
    steps: list[tuple[float, Cause]]
    end_s: float
    censored: bool


class OutageLog:
    """Takes down who is dark, since when, and why."""

    def __init__(self, customers_n: np.ndarray) -> None:
        """`customers_n (n_areas,)` counts customers without power at the peak."""
        self.customers_n = customers_n
        self.dark: dict[int, list[tuple[float, Cause]]] = {}
        self.ended: list[Outage] = []
        self.customers_out_peak = 0

    def note(self, time_s: float, area: int, cause: Cause | None) -> None:
        """From now on the area is dark for `cause`, or lit if None."""
        if cause is None:
            if area in self.dark:
                self.ended.append(Outage(area, self.dark.pop(area), time_s, False))
        else:
            steps = self.dark.setdefault(area, [])
            if not steps or steps[-1][1] != cause:
                steps.append((time_s, cause))

    def count(self) -> None:
        """Compare the customers now dark with the peak."""
        self.customers_out_peak = max(self.customers_out_peak, sum(int(self.customers_n[area]) for area in self.dark))

    def outages(self, end_s: float) -> list[Outage]:
        """All outages; those that last at the run's end are cut there."""
        return self.ended + [Outage(area, steps, end_s, True) for area, steps in self.dark.items()]


class Customers(NamedTuple):
    """Customers (households but visitors) by area, zone and group: (n,) columns of one row a combination."""

    area: np.ndarray
    zone: np.ndarray
    group: np.ndarray
    customers_n: np.ndarray


def customers_of(world: World) -> Customers:
    """Count the customers of every area."""
    homes = world.households
    fed = (homes.kind != HouseholdKind.VISITOR) & (homes.area >= 0)
    n_groups, n_zones = len(Group), world.zones.n
    key = (homes.area[fed].astype(np.int64) * n_zones + homes.zone[fed]) * n_groups + homes.group[fed]
    keys, counts = np.unique(key, return_counts=True)
    return Customers(keys // (n_groups * n_zones), keys // n_groups % n_zones, keys % n_groups, counts)


def book_need(world: World, customers: Customers) -> None:
    """Need of customer-hours in the event window, by zone and group; `people` are customer-lifelines.

    The ordinary day has no shortfall: outages without a storm are not simulated, so standing_unmet is 0."""
    start_s, end_s = window(world)
    if end_s <= start_s:
        return
    keys, where = np.unique(customers.zone * len(Group) + customers.group, return_inverse=True)
    n = np.bincount(where, weights=customers.customers_n)
    world.recorder.need(Service.LIFELINES, keys // len(Group), keys % len(Group), n * (end_s - start_s) / 3600.0, n)


def book_outages(recorder: Recorder, outages: list[Outage], customers: Customers) -> None:
    """One spell for every outage and every zone and group of its customers, cut where the cause changes."""
    for outage in outages:
        rows = np.flatnonzero(customers.area == outage.area)
        spells = recorder.new_spells(rows.size)
        ends = [time_s for time_s, _ in outage.steps[1:]] + [outage.end_s]
        for (start_s, cause), end_s in zip(outage.steps, ends, strict=True):
            recorder.spells(
                Service.LIFELINES,
                spell=spells,
                cause=int(cause),
                zone=customers.zone[rows],
                group=customers.group[rows],
                start_s=start_s,
                end_s=end_s,
                persons=customers.customers_n[rows],
                target_s=np.nan,
                censored=outage.censored,
            )
