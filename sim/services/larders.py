"""Larders: what households hold of their own, and who at home has run out because taps are dry or no road leads out.

Draws are made only for those concerned; each belongs to its household.
"""

from typing import NamedTuple

import numpy as np
from pydantic import Field

from sim.services.points import GROUPS_N
from sim.services.stocks import DAY_S, Good
from sim.units import Count, Factor, Model, Seconds, Share
from sim.world.tables import BuildingClass, HouseholdKind, Place
from sim.world.world import World


class Homes(Model):
    """Own stocks, as shares and medians over households."""

    kit_frac: Share = Field(0.1, description="households with an emergency kit, taken along (assumed)")
    kit_s: Seconds = Field(3 * DAY_S, description="water and food of a kit last so long (assumed: three days, as kits are sold)")
    water_s: Seconds = Field(DAY_S / 2, description="median time that water kept at home lasts once taps are dry (assumed)")
    food_s: Seconds = Field(3 * DAY_S, description="median time that food at home lasts (assumed)")
    spread: Factor = Field(0.6, description="standard deviation of the log of these times (assumed)")
    medicine_s: Seconds = Field(14 * DAY_S, description="longest own stock of medicine; uniform up to it (assumed)")
    carried_frac: Share = Field(0.7, description="share of the chronically ill who take it along to a shelter (assumed)")
    street_floors_n: Count = Field(3, description="floors that the street's water pressure reaches, as in lifelines.water")


class Short(NamedTuple):
    """Households at home that have run out of one good: who, and since when."""

    good: Good
    rows: np.ndarray  # (m,) int64
    since_s: np.ndarray  # (m,) float64
    people_n: np.ndarray  # (m, 6)
    cut_off: np.ndarray  # (m,) bool: no way leads to them


class Larders:
    """Dry taps and cut-off nodes, and the households behind them."""

    def __init__(self, world: World, homes: Homes) -> None:
        """All taps run, all roads are open."""
        self.world, self.homes = world, homes
        self.dry_since_s = np.full((2, world.areas.n), np.inf)  # street pressure, upper floors
        self.all_run = True
        self.cut_since_s = np.full(world.nodes.n, np.inf)
        people = world.people
        ill = np.flatnonzero(people.chronic)
        key = people.household[ill].astype(np.int64) * GROUPS_N + people.group[ill]
        self.chronic_n = np.bincount(key, minlength=world.households.n * GROUPS_N).reshape(-1, GROUPS_N)

    def watch_taps(self) -> bool:
        """Note since when taps are dry; did water come back anywhere?"""
        areas, before = self.world.areas, self.dry_since_s
        if self.all_run and areas.main_on.all() and areas.lifted_on.all():
            return False
        dry = np.stack([~areas.main_on, ~areas.lifted_on])
        self.dry_since_s = np.where(dry, np.minimum(before, self.world.now_s), np.inf)
        self.all_run = not dry.any()
        return bool((np.isfinite(before) & ~dry).any())

    def still(self, short: Short) -> Short:
        """Those of them whose taps are still dry; other goods do not come by pipe."""
        if short.good != Good.WATER:
            return short
        kept = np.isfinite(self.tap_since_s(short.rows))
        return Short(short.good, short.rows[kept], short.since_s[kept], short.people_n[kept], short.cut_off[kept])

    def watch_roads(self, cost_s: np.ndarray, connected: np.ndarray) -> None:
        """Note since when nodes are cut off: `cost_s (n_nodes,)` to the street's depot is inf and was not on dry roads."""
        self.cut_since_s = np.where(np.isfinite(cost_s) | ~connected, np.inf, np.minimum(self.cut_since_s, self.world.now_s))

    def kits_s(self, rows: np.ndarray) -> np.ndarray:
        """(m,) float64: how long each household's kit lasts, 0 without."""
        return np.where(self.world.streams.uniform("supplies.kit", rows) < self.homes.kit_frac, self.homes.kit_s, 0.0)

    def medicine_s(self, rows: np.ndarray, away: bool) -> np.ndarray:
        """(m,) float64: how long own medicine lasts, at home or, `away`, as far as it was taken along."""
        left = self.world.streams.block("supplies.medicine", rows)
        with_them = (left[:, 1] < self.homes.carried_frac) | (not away)
        return left[:, 0] * self.homes.medicine_s * with_them

    def short(self) -> list[Short]:
        """Who at home has run out of what, now."""
        homes = self.world.households
        stay = (homes.place == Place.HOME) & (homes.kind != HouseholdKind.VISITOR)
        found = []
        dry: np.ndarray = np.isfinite(self.dry_since_s.min(axis=0))
        if dry.any():
            rows = np.flatnonzero(stay & dry[homes.area])
            found.append(self.ran_out(Good.WATER, rows, self.tap_since_s(rows), self.homes.water_s, 0))
        cut = np.isfinite(self.cut_since_s)
        if cut.any():
            rows = np.flatnonzero(stay & cut[homes.node])
            since_s = self.cut_since_s[homes.node[rows]]
            found.append(self.ran_out(Good.FOOD, rows, since_s, self.homes.food_s, 1))
            found.append(self.kept(Good.MEDICINE, rows, since_s + self.medicine_s(rows, False), self.chronic_n[rows]))
        return [short for short in found if short.rows.size]

    def tap_since_s(self, rows: np.ndarray) -> np.ndarray:
        """(m,) float64: since when the taps of these households are dry; inf: they run."""
        homes = self.world.households
        tall = self.world.buildings.kind[homes.building[rows]] == BuildingClass.HIGH_RISE
        lifted = tall & (homes.floor[rows] >= self.homes.street_floors_n)
        area = homes.area[rows]
        return np.where(lifted, self.dry_since_s.min(axis=0)[area], self.dry_since_s[0, area])

    def ran_out(self, good: Good, rows: np.ndarray, since_s: np.ndarray, median_s: float, lane: int) -> Short:
        """Those whose own stock, begun at `since_s`, is used up."""
        luck = self.world.streams.normal("supplies.larder", rows, 0, lane)
        lasts_s = median_s * np.exp(self.homes.spread * luck) + self.kits_s(rows)
        return self.kept(good, rows, since_s + lasts_s, self.world.households.group_n[rows])

    def kept(self, good: Good, rows: np.ndarray, since_s: np.ndarray, people_n: np.ndarray) -> Short:
        """Of these the ones who are short by now."""
        now = (since_s <= self.world.now_s) & people_n.any(axis=1)
        cut_off = np.isfinite(self.cut_since_s[self.world.households.node[rows[now]]])
        return Short(good, rows[now], since_s[now], people_n[now].astype(np.int64), cut_off)
