"""Storeys: who lives where in a building, as far as water from below and wind from above tell dwellings apart."""

import numpy as np

from sim.lifelines.outages import Customers
from sim.trajectory import Group
from sim.world.tables import HouseholdKind
from sim.world.world import World

MIDDLE, TOP, GROUND, WHOLE = 0, 1, 2, 3  # a house of one floor is both ground and top
STOREYS = 4


class Storeys:
    """Dwellings by storey: unit = 4 building + (MIDDLE, TOP, GROUND or WHOLE)."""

    def __init__(self, world: World) -> None:
        """Sort the households of those who live there by storey; visitors live elsewhere."""
        homes, buildings = world.households, world.buildings
        lives = np.flatnonzero(homes.kind != HouseholdKind.VISITOR)
        at = homes.building[lives].astype(np.int64)
        top = homes.floor[lives] + 1 >= buildings.floors_n[at]
        unit = STOREYS * at + GROUND * homes.ground_floor[lives] + TOP * top
        order = np.argsort(unit, kind="stable")
        self.households = lives[order]
        self.first = np.searchsorted(unit[order], np.arange(STOREYS * buildings.n + 1))
        self.residents = residents_of(world, lives, unit)
        self.persons_n = np.bincount(unit, homes.persons_n[lives], STOREYS * buildings.n).astype(np.int64)

    def households_of(self, unit: int) -> np.ndarray:
        """(m,) int64: households that live in it."""
        return self.households[self.first[unit] : self.first[unit + 1]]

    def of(self, building: int, *which: int) -> list[int]:
        """Those of a building's storeys in which somebody lives, by default all."""
        units = [STOREYS * building + storey for storey in which or range(STOREYS)]
        return [unit for unit in units if self.first[unit + 1] > self.first[unit]]


def residents_of(world: World, lives: np.ndarray, unit: np.ndarray) -> Customers:
    """Residents by storey, zone and group; `lives (n,)` are households, `unit (n,)` their storeys."""
    units_n, group_n = STOREYS * world.buildings.n, world.households.group_n[lives]
    counts = np.column_stack([np.bincount(unit, group_n[:, group], units_n) for group in range(len(Group))]).astype(np.int64)
    where, group = np.nonzero(counts)
    return Customers(where, world.buildings.zone[where // STOREYS].astype(np.int64), group, counts[where, group])
