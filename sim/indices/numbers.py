"""Numbers for JSON, and intervals over replications."""

from typing import Any

import numpy as np

RESAMPLES = 2000


def plain(value: Any) -> float | None:
    """A float, or None where it is undefined; never a minus before zero."""
    return float(value) + 0.0 if np.isfinite(value) else None


def resamples(seed: int, n: int) -> np.ndarray:
    """(RESAMPLES, n) float64: how often each of n replications is drawn, with replacement; the same for the same seed and n."""
    drawn = np.random.Generator(np.random.Philox(key=seed)).integers(0, n, (RESAMPLES, n))
    rows = np.arange(RESAMPLES)[:, None] * n
    return np.bincount((drawn + rows).ravel(), minlength=RESAMPLES * n).reshape(RESAMPLES, n).astype(np.float64)


def percentiles(values: np.ndarray, low: float, high: float, otherwise: float) -> tuple[float, float]:
    """Two percentiles of the finite values; `otherwise` twice where there are none."""
    known = values[np.isfinite(values)]
    if not known.size:
        return float(otherwise), float(otherwise)
    first, last = np.percentile(known, [low, high])
    return float(first), float(last)


def interval(estimates: np.ndarray, value: float) -> dict[str, float]:
    """lo, hi: the 95 % percentile interval of bootstrap estimates of `value`."""
    lo, hi = percentiles(estimates, 2.5, 97.5, value)
    return {"lo": lo, "hi": hi}


def mean_with_interval(values: np.ndarray, counts: np.ndarray) -> dict[str, float] | None:
    """value, lo, hi of the mean over replications; None where it was not measured in all of them."""
    if not np.isfinite(values).all():
        return None
    value = float(values.mean())
    if values.size == 1:
        return {"value": value, "lo": value, "hi": value}
    return {"value": value, **interval(np.einsum("br,r->b", counts, values) / values.size, value)}
