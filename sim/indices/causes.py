"""Causes: where the lost points went. m_points sum to 100 - M, r_points to 100 - R."""

from typing import Any

import numpy as np

from sim.indices.maintenance import shares
from sim.indices.recovery import recoverable
from sim.indices.sums import Amounts, Spells, Sums
from sim.indices.tables import CAUSES, SERVICES
from sim.reference.standard import Standard


def causes(spells: Spells, amounts: Amounts, pooled: Sums, which: np.ndarray, standard: Standard) -> list[dict[str, Any]]:
    """Rows by points lost. A cause's share is its unmet need over the service's need; of recovery, the slowness of its spells
    shared by time. Person-hours stand within a service and are never added across services. r_points are None where R is."""
    scored = recoverable(which, standard)
    unmet, slow, hours = (by_cause(spells, amount) for amount in (amounts.unmet, amounts.slow, amounts.hours))
    floor = np.maximum(standard.floor_persons, standard.floor_frac * pooled.people)
    m_points = points(unmet, pooled.need, shares(which, standard), which)
    r_points = points(slow, np.maximum(pooled.lost, floor), shares(scored, standard), scored)
    no_loss = not np.where(scored, pooled.lost, 0.0).any()
    found = np.argwhere(((unmet > 0) | (slow > 0)) & which[:, None])
    rows = [
        {
            "service": SERVICES[k],
            "cause": CAUSES[c],
            "m_points": float(m_points[k, c]),
            "r_points": None if no_loss else float(r_points[k, c]),
            "person_hours": float(hours[k, c]),
        }
        for k, c in found
    ]
    return sorted(rows, key=lambda row: (-row["m_points"], -(row["r_points"] or 0.0), row["service"], row["cause"]))


def by_cause(spells: Spells, amount: np.ndarray) -> np.ndarray:
    """(n_services, n_causes) float64: a segment amount (m,) summed."""
    place = spells.service[spells.of] * len(CAUSES) + spells.cause
    return np.bincount(place, weights=amount, minlength=len(SERVICES) * len(CAUSES)).reshape(len(SERVICES), len(CAUSES))


def points(amount: np.ndarray, of: np.ndarray, weight: np.ndarray, which: np.ndarray) -> np.ndarray:
    """(n_services, n_causes): 100 w_k amount_kc / of_k over the services in `which`, 0 elsewhere."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(which[:, None], 100.0 * weight[:, None] * amount / of[:, None], 0.0)
