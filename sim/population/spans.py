"""Spans: when a group was out of its home and when it was in a shelter, as (from, to) pairs in the order in which they began.

One time a column cannot tell who was let in, sent out again by water and came home for want of another place: the need of those
was met only while they were inside.
"""

import numpy as np

from sim.numerics.jit import njit_step

SPANS_N = 4  # kept of each kind; of more only the last is kept in the last place, so that what is lost counts as unmet


@njit_step
def begin_span(spans_s: np.ndarray, group: int, time_s: float) -> None:
    """A span of the group begins; `spans_s (n, 2 SPANS_N) float64`, inf where there is none and for an end to come."""
    k = 0
    while k < SPANS_N - 1 and spans_s[group, 2 * k] < np.inf:
        k += 1
    spans_s[group, 2 * k] = time_s
    spans_s[group, 2 * k + 1] = np.inf


@njit_step
def end_span(spans_s: np.ndarray, group: int, time_s: float) -> None:
    """The span that the group is in ends; nothing where it is in none."""
    for k in range(SPANS_N):
        if spans_s[group, 2 * k] < np.inf and spans_s[group, 2 * k + 1] == np.inf:
            spans_s[group, 2 * k + 1] = time_s


def within(spans_s: np.ndarray, time_s: np.ndarray) -> np.ndarray:
    """(m,) bool: is `time_s (m,)` in a span of `spans_s (m, 2 SPANS_N)`?"""
    inside: np.ndarray = (spans_s[:, 0::2] <= time_s[:, None]) & (time_s[:, None] < spans_s[:, 1::2])
    return np.asarray(inside.any(axis=1))
