"""Who is named when people are told to leave: named groups by where they stay, known before any storm."""

import numpy as np

from sim.world.tables import BuildingClass, HouseholdKind
from sim.world.world import World


def named_groups(world: World) -> np.ndarray:
    """(n_households,) bool: construction camps, hut dwellers and old lane houses, as the city's transfers name them."""
    homes = world.households
    named = (homes.kind == HouseholdKind.CAMP) | (homes.kind == HouseholdKind.HUT)
    return named | ((world.buildings.kind[homes.building] == BuildingClass.OLD_LANE) & (homes.kind == HouseholdKind.RESIDENT))
