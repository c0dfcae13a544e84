"""Recovery (恢复力): how soon those who lost a service had it back."""

import numpy as np

from sim.indices.maintenance import weighted
from sim.indices.sums import HOUR_S, Spells, Sums, targets_s
from sim.reference.standard import Standard


def recoverable(which: np.ndarray, standard: Standard) -> np.ndarray:
    """Of the tested services `which`, those with a target time."""
    return which & np.isfinite(targets_s(standard))


def recovery_of_services(sums: Sums, standard: Standard) -> np.ndarray:
    """R_k (..., n_services) = 100 (1 - slow / max(P, floor)), floor = max(30, 0.1 % of those in need): a few late cases among
    many who never lost anything weigh little."""
    floor = np.maximum(standard.floor_persons, standard.floor_frac * sums.people)
    return 100.0 * (1.0 - sums.slow / np.maximum(sums.lost, floor))


def recovery(sums: Sums, which: np.ndarray, standard: Standard) -> np.ndarray:
    """R (...,) over the tested services with a target; NaN where none was tested or nobody lost anything."""
    scored = recoverable(which, standard)
    lost = np.where(scored, sums.lost, 0.0).sum(axis=-1) > 0
    return np.where(lost, weighted(recovery_of_services(sums, standard), scored, standard), np.nan)


def back_h(spells: Spells, chosen: np.ndarray, share: float) -> float:
    """Hours from the moment when most were without (replications aligned at their windows' starts) until at most 1 - `share` of
    them were, and never more afterwards; NaN where nobody lost it or it was not reached by the end of the run.

    `chosen (n,) bool` are the spells looked at. A censored spell is not back."""
    rows = np.flatnonzero(chosen & spells.begins)
    if not rows.size:
        return np.nan
    back = rows[~spells.censored[rows]]
    times_s = np.concatenate([spells.start_s[rows], spells.start_s[back] + spells.length_s[back]])
    change = np.concatenate([spells.persons[rows], -spells.persons[back]])
    moments_s, at = np.unique(times_s, return_inverse=True)
    without = np.cumsum(np.bincount(at, weights=change))
    worst = int(np.argmax(without))
    above = np.flatnonzero(without > (1.0 - share) * without[worst] + 1e-6)  # dust of float sums is nobody
    if above[-1] == moments_s.size - 1:
        return np.nan
    return float(moments_s[above[-1] + 1] - moments_s[worst]) / HOUR_S
