"""What terrain and height make of the open wind: EN 1991-1-4 (4.3 to 4.8), terrain factors and peak velocity."""

import math
from typing import NamedTuple

import numpy as np

from sim.world.tables import BuildingClass

OPEN_ROUGHNESS_M = 0.05  # z0 of terrain II, EN 1991-1-4 table 4.1: where a mean wind at 10 m is what the stations mean


class Exposure(NamedTuple):
    """Roughness length and least height of a terrain, and the height at which wind takes hold of a thing."""

    roughness_m: float
    least_m: float
    height_m: float


OPEN = Exposure(0.05, 2.0, 10.0)  # terrain II
SUBURB_LINE = Exposure(0.3, 5.0, 10.0)  # terrain III, conductors at 10 m (assumed)
# terrain III suburb (z0 0.3 m), IV town (z0 1.0 m): EN 1991-1-4 table 4.1; which class stands where and how high is assumed
BUILDINGS = {
    BuildingClass.HIGH_RISE: Exposure(1.0, 10.0, 50.0),
    BuildingClass.WALK_UP: Exposure(1.0, 10.0, 15.0),
    BuildingClass.OLD_LANE: Exposure(1.0, 10.0, 8.0),
    BuildingClass.HUT: Exposure(0.3, 5.0, 4.0),
    BuildingClass.CAMP: Exposure(0.3, 5.0, 7.0),
    BuildingClass.PUBLIC: Exposure(1.0, 10.0, 15.0),
}


def gust_factor(place: Exposure) -> float:
    """Gust there over the 10-min mean in the open at 10 m: c_r(z) sqrt(1 + 7 I_v(z))."""
    log_height = math.log(max(place.height_m, place.least_m) / place.roughness_m)
    terrain = 0.19 * (place.roughness_m / OPEN_ROUGHNESS_M) ** 0.07
    return terrain * log_height * math.sqrt(1.0 + 7.0 / log_height)


GUST_FACTORS = np.array([gust_factor(BUILDINGS[kind]) for kind in BuildingClass], np.float32)
