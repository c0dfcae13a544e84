"""Maintenance (维持力): how much of the need was met while it lasted."""

import numpy as np

from sim.indices.sums import Sums, weights
from sim.reference.standard import Standard


def tested(sums: Sums, standard: Standard) -> np.ndarray:
    """(..., n_services) bool: enough people were in need for the service to be scored."""
    return (sums.people >= standard.least_people) & (sums.need > 0)


def shares(which: np.ndarray, standard: Standard) -> np.ndarray:
    """(..., n_services) float64: weights over the services in `which`, summing to 1; all NaN where there are none."""
    weight = weights(standard) * which
    with np.errstate(invalid="ignore"):
        return weight / weight.sum(axis=-1, keepdims=True)


def weighted(values: np.ndarray, which: np.ndarray, standard: Standard) -> np.ndarray:
    """(...,) float64: weighted mean over the services in `which`; NaN where there are none. Equal values give that value."""
    weight = weights(standard) * which
    with np.errstate(invalid="ignore"):
        return (weight * np.where(which, values, 0.0)).sum(axis=-1) / weight.sum(axis=-1)


def maintenance_of_services(sums: Sums) -> np.ndarray:
    """M_k (..., n_services) = 100 (1 - unmet / need); 100 where a resample has no need."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return 100.0 * (1.0 - np.where(sums.need > 0, sums.unmet / sums.need, 0.0))


def maintenance(sums: Sums, which: np.ndarray, standard: Standard) -> np.ndarray:
    """M (...,) over the tested services `which`; NaN where none was tested."""
    return weighted(maintenance_of_services(sums), which, standard)
