"""Need for supplies: person-hours of water, food and medicine, and the person-goods ever in need, by (zone, group)."""

from typing import NamedTuple

import numpy as np

from sim.services.points import GROUPS_N
from sim.services.stocks import Good
from sim.trajectory import Service
from sim.world.world import World

HOUR_S = 3600.0


class Stay(NamedTuple):
    """Households in need of one good for a while."""

    good: Good
    rows: np.ndarray  # (m,) int64
    from_s: np.ndarray  # (m,) float64
    to_s: float
    people_n: np.ndarray  # (m, 6)


class NeedBook:
    """Stays in need of one replication."""

    def __init__(self, world: World) -> None:
        """Nobody yet."""
        self.world = world
        self.stays: list[Stay] = []

    def stay(self, good: Good, rows: np.ndarray, from_s: np.ndarray, people_n: np.ndarray) -> None:
        """Households `rows (m,)` have needed a good from `from_s (m,)` until now; `people_n (m, 6)` in number."""
        now_s = self.world.now_s
        longer = (from_s < now_s) & people_n.any(axis=1)
        if longer.any():
            self.stays.append(Stay(good, rows[longer], from_s[longer], now_s, people_n[longer]))

    def book(self, window_s: tuple[float, float]) -> None:
        """Rows of need inside the window, and each person-good once. An ordinary day has none of it."""
        households = self.world.households
        hours = np.zeros((self.world.zones.n, GROUPS_N))
        persons = np.zeros_like(hours)
        ever_n = {good: np.zeros((households.n, GROUPS_N), np.int32) for good in {stay.good for stay in self.stays}}
        for stay in self.stays:
            inside_h = np.clip(min(stay.to_s, window_s[1]) - np.maximum(stay.from_s, window_s[0]), 0.0, None) / HOUR_S
            np.add.at(hours, households.zone[stay.rows], stay.people_n * inside_h[:, None])
            rows = inside_h > 0
            ever_n[stay.good][stay.rows[rows]] = np.maximum(ever_n[stay.good][stay.rows[rows]], stay.people_n[rows])
        for once_n in ever_n.values():
            rows = np.flatnonzero(once_n.any(axis=1))
            np.add.at(persons, households.zone[rows], once_n[rows])
        zone, group = np.nonzero(hours)
        if zone.size:
            self.world.recorder.need(Service.SUPPLIES, zone, group, hours[zone, group], persons[zone, group], 0.0)
