"""Who is named when people are told to leave: named groups by where they stay, known before any storm."""

import numpy as np

from sim.world.tables import BuildingClass, HouseholdKind
from sim.world.world import World


def named_groups(world: World, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
    """(n,) bool of the households in `rows`: camps, hut dwellers, old lane houses, as the city's transfers name them."""
    homes = world.households
    kind = homes.kind[rows]
    lane = world.buildings.kind[homes.building[rows]] == BuildingClass.OLD_LANE
    return (kind == HouseholdKind.CAMP) | (kind == HouseholdKind.HUT) | (lane & (kind == HouseholdKind.RESIDENT))
