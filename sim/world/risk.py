"""Who is named when people are told to leave: named groups by where they stay, known before any storm."""

import numpy as np

from sim.world.tables import BuildingClass, Buildings, HouseholdKind
from sim.world.world import World

WORN_AGE_YR = 70.0  # an old lane house of this age counts as worn and dangerous (危旧房); assumed


def worn_lanes(buildings: Buildings, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
    """(n,) bool of the buildings in `rows`: old lane houses that are worn."""
    return (buildings.kind[rows] == BuildingClass.OLD_LANE) & (buildings.age_yr[rows] >= WORN_AGE_YR)


def named_groups(world: World, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
    """(n,) bool of the households in `rows`: camps, hut dwellers, worn lane houses, as the city's transfers name them."""
    homes = world.households
    kind = homes.kind[rows]
    worn = worn_lanes(world.buildings, homes.building[rows]) & (kind == HouseholdKind.RESIDENT)
    return (kind == HouseholdKind.CAMP) | (kind == HouseholdKind.HUT) | worn
