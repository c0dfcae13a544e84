"""Which floor a household lives on."""

import numpy as np

from sim.community.lots import within


def floors_of(building: np.ndarray, ground_floor: np.ndarray, floors_n: np.ndarray) -> np.ndarray:
    """(n_households,) int64, 0 the ground floor: those who are not on it fill the floors above, each as full as the next.

    `building (n_households,)` are rows of `floors_n (n_buildings,)`; in a building of one floor all live on the ground floor."""
    floor = np.zeros(building.size, np.int64)
    above = np.flatnonzero(~ground_floor)
    order = above[np.argsort(building[above], kind="stable")]
    counts = np.bincount(building[order], minlength=floors_n.size)
    house = building[order]
    floor[order] = 1 + within(counts) * np.maximum(floors_n[house] - 1, 0) // np.maximum(counts[house], 1)
    return np.minimum(floor, floors_n[building] - 1)
