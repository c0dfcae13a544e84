"""Development (发展力): the share of what was missing that a declared improvement, or learning, closed.

    S = (M + R) / 2        D = 100 (S_after - S_before) / (100 - S_before)

Both are scored on the need, the losses and the tested services of the run before, with the same draws and in its window, so that
prevention earns credit. Exactly 0 when nothing changed, negative when things got worse; after-values may be negative.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from sim.indices.maintenance import maintenance, tested
from sim.indices.numbers import interval, percentiles, plain
from sim.indices.recovery import recovery
from sim.indices.sums import Sums
from sim.reference.standard import Standard

BEST = 99.0  # S from which too little is missing to speak of a share of it (index standard, assumed)
WHY_NOT = {
    "full": "S before is above 99: too little was missing",
    "maintenance": "maintenance before has no value",
    "recovery": "recovery before has no value",
}


class Scores(NamedTuple):
    """M and R (...,) float64 before and after, on one ground."""

    m_before: np.ndarray
    r_before: np.ndarray
    m_after: np.ndarray
    r_after: np.ndarray

    @property
    def gain_m(self) -> np.ndarray:
        """Points of maintenance gained."""
        return self.m_after - self.m_before

    @property
    def gain_r(self) -> np.ndarray:
        """Points of recovery gained."""
        return self.r_after - self.r_before

    @property
    def before(self) -> np.ndarray:
        """S before."""
        return (self.m_before + self.r_before) / 2

    @property
    def gain(self) -> np.ndarray:
        """Points of S gained; exactly 0 where nothing changed."""
        return (self.m_after + self.r_after) / 2 - self.before


def against(after: Sums, before: Sums) -> Sums:
    """What was unmet and slow after, on the need, people and losses of before."""
    return before._replace(unmet=after.unmet, slow=after.slow)


def scores(before: Sums, after: Sums, which: np.ndarray, standard: Standard) -> Scores:
    """Scores of sums (..., n_services) over the services `which` that were tested before."""
    on_before = against(after, before)
    found = (index(sums, which, standard) for sums in (before, on_before) for index in (maintenance, recovery))
    return Scores(*found)


def development(found: Scores) -> np.ndarray:
    """D (...,), NaN where S before is above 99 or has no value."""
    missing = 100.0 - found.before
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(found.before <= BEST, 100.0 * found.gain / missing + 0.0, np.nan)


def single_outcomes(before: Sums, after: Sums, standard: Standard) -> np.ndarray:
    """D of each replication, with its own tested services. Sums are (n_replications, n_services)."""
    return development(scores(before, after, tested(before, standard), standard))


def why_not(found: Scores) -> str:
    """Why D has no value."""
    if not np.isfinite(found.m_before):
        return WHY_NOT["maintenance"]
    return WHY_NOT["full" if np.isfinite(found.r_before) else "recovery"]


def paired(before: Sums, after: Sums, counts: np.ndarray, standard: Standard) -> tuple[Scores, Scores]:
    """Scores of the pool, and of its resamples (b,); the pool's tested services are held. Replications are drawn in pairs."""
    pooled = before.over(0)
    which = tested(pooled, standard)
    whole = scores(pooled, after.over(0), which, standard)
    if counts.shape[1] == 1:
        return whole, Scores(*(np.atleast_1d(value) for value in whole))
    return whole, scores(before.weighed(counts), after.weighed(counts), which, standard)


def development_index(before: Sums, after: Sums, counts: np.ndarray, standard: Standard) -> tuple[dict[str, Any] | None, str]:
    """{value, lo, hi, p5, p95}, or None and why. Sums are (n_replications, n_services); counts as from `resamples`."""
    whole, drawn = paired(before, after, counts, standard)
    value = float(development(whole))
    if not np.isfinite(value):
        return None, why_not(whole)
    p5, p95 = percentiles(single_outcomes(before, after, standard), 5, 95, value)
    return {"value": value, **interval(development(drawn), value), "p5": p5, "p95": p95}, ""


def gains(before: Sums, after: Sums, counts: np.ndarray, standard: Standard) -> dict[str, Any]:
    """Points of M, of R and of S = (M + R)/2 gained, each with its paired interval; None where it has no value."""
    whole, drawn = paired(before, after, counts, standard)
    found = {}
    for name in ("gain_m", "gain_r", "gain"):
        value = plain(getattr(whole, name))
        found[name] = None if value is None else {"value": value, **interval(getattr(drawn, name), value)}
    return found


def improvement_block(
    changes: Mapping[str, Any], before: Sums, after: Sums, counts: np.ndarray, standard: Standard
) -> dict[str, Any]:
    """What stands beside development: what was changed, M and R after on the ground of before, points gained."""
    pooled = before.over(0)
    whole = scores(pooled, after.over(0), tested(pooled, standard), standard)
    return {
        "changes": dict(changes),
        "maintenance_after": plain(whole.m_after),
        "recovery_after": plain(whole.r_after),
        "points": gains(before, after, counts, standard),
    }
