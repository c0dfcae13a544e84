"""The tangent plane: local metres east and north of the community's origin, and longitude and latitude, both ways.

The origin of local metres is the south-west corner of the grid; the community's latitude and longitude are its middle.
Metres per radian are those of the WGS 84 ellipsoid at that latitude (radii of curvature in the prime vertical and in the
meridian), held constant, so the map is linear and its inverse exact. At 5 km from the middle the error against the
ellipsoid is below 5 m east (the parallels shorten) and below 0.1 m north.
"""

from typing import NamedTuple

import numpy as np

from sim.world.community import ECCENTRICITY2, SEMI_MAJOR_M, Community


class Plane(NamedTuple):
    """Degrees at the origin of local metres, and metres in a degree."""

    west_deg: float
    south_deg: float
    east_m_per_deg: float
    north_m_per_deg: float

    def degrees(self, x_m: np.ndarray, y_m: np.ndarray) -> np.ndarray:
        """(n, 2) longitude and latitude of local metres (n,)."""
        x_m, y_m = np.asarray(x_m, np.float64), np.asarray(y_m, np.float64)
        return np.stack([self.west_deg + x_m / self.east_m_per_deg, self.south_deg + y_m / self.north_m_per_deg], axis=-1)

    def metres(self, longitude_deg: np.ndarray, latitude_deg: np.ndarray) -> np.ndarray:
        """(n, 2) local metres east and north; the inverse of `degrees`."""
        east_deg, north_deg = np.asarray(longitude_deg) - self.west_deg, np.asarray(latitude_deg) - self.south_deg
        return np.stack([east_deg * self.east_m_per_deg, north_deg * self.north_m_per_deg], axis=-1)


def plane_at(latitude_deg: float, longitude_deg: float, width_m: float, height_m: float) -> Plane:
    """The plane whose middle is at a latitude and longitude."""
    latitude = np.radians(latitude_deg)
    bend = 1.0 - ECCENTRICITY2 * np.sin(latitude) ** 2
    degree = np.pi / 180.0
    east = SEMI_MAJOR_M / np.sqrt(bend) * np.cos(latitude) * degree
    north = SEMI_MAJOR_M * (1.0 - ECCENTRICITY2) / bend**1.5 * degree
    return Plane(longitude_deg - width_m / 2 / east, latitude_deg - height_m / 2 / north, float(east), float(north))


def plane_of(community: Community) -> Plane:
    """The community's plane."""
    grid = community.grid
    width_m, height_m = grid.columns_n * grid.size_m, grid.rows_n * grid.size_m
    return plane_at(community.latitude_deg, community.longitude_deg, width_m, height_m)
