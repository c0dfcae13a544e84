"""Spans of being out and inside: what is kept, and what is lost when there are too many."""

import numpy as np
import pytest

from sim.numerics.jit import njit
from sim.population.spans import SPANS_N, begin_span, end_span, within


@njit
def compiled(times_s, spans_s):
    """Begin and end in turn."""
    for k in range(times_s.size):
        if k % 2:
            end_span(spans_s, 0, times_s[k])
        else:
            begin_span(spans_s, 0, times_s[k])


def interpreted(times_s, spans_s):
    """The same without compiling: steps have no door from Python."""
    turns = [getattr(step, "py_func", step) for step in (begin_span, end_span)]
    for k, time_s in enumerate(times_s):
        turns[k % 2](spans_s, 0, time_s)


BOTH = pytest.mark.parametrize("kernel", [compiled, interpreted])


def played(kernel, *times_s):
    """The spans after beginning and ending in turn."""
    spans_s = np.full((1, 2 * SPANS_N), np.inf)
    kernel(np.array(times_s, float), spans_s)
    return spans_s


@BOTH
def test_a_time_is_within_from_its_beginning_to_before_its_end(kernel):
    spans_s = np.repeat(played(kernel, 1, 2, 5), 6, axis=0)
    assert within(spans_s, np.array([0.5, 1.0, 1.9, 2.0, 5.0, 1e9])).tolist() == [False, True, True, False, True, True]


@BOTH
def test_of_too_many_the_last_is_kept_and_the_lost_is_not_within(kernel):
    times_s = np.arange(2 * SPANS_N + 2)
    spans_s = np.repeat(played(kernel, *times_s), times_s.size, axis=0)
    lost = range(2 * SPANS_N - 2, 2 * SPANS_N)
    assert within(spans_s, times_s).tolist() == [k % 2 == 0 and k not in lost for k in times_s]


def test_nothing_ends_where_nothing_began():
    spans_s = np.full((1, 2 * SPANS_N), np.inf)
    getattr(end_span, "py_func", end_span)(spans_s, 0, 5.0)
    assert np.isinf(spans_s).all()
