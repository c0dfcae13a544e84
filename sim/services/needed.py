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
        households, shape = self.world.households, (self.world.zones.n, GROUPS_N)
        hours, persons = np.zeros(shape), np.zeros(shape)
        for good in Good:
            stays = [stay for stay in self.stays if stay.good == good]
            if not stays:
                continue
            rows = np.concatenate([stay.rows for stay in stays])
            from_s, people_n = (np.concatenate([getattr(stay, name) for stay in stays]) for name in ("from_s", "people_n"))
            to_s = np.repeat([stay.to_s for stay in stays], [stay.rows.size for stay in stays])
            inside_h = np.clip(np.minimum(to_s, window_s[1]) - np.maximum(from_s, window_s[0]), 0.0, None) / HOUR_S
            hours += summed(households.zone[rows], people_n * inside_h[:, None], shape)
            inside = np.flatnonzero(inside_h > 0)
            _, once = np.unique(rows[inside], return_index=True)
            persons += summed(households.zone[rows[inside[once]]], people_n[inside[once]], shape)
        zone, group = np.nonzero(hours)
        if zone.size:
            self.world.recorder.need(Service.SUPPLIES, zone, group, hours[zone, group], persons[zone, group], 0.0)


def summed(zone: np.ndarray, amount: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """(n_zones, 6) float64: `amount (m, 6)` by zone."""
    key = (zone.astype(np.int64)[:, None] * GROUPS_N + np.arange(GROUPS_N)).ravel()
    return np.bincount(key, weights=amount.ravel(), minlength=shape[0] * shape[1]).reshape(shape)
