"""Numbers as readers see them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report import numbers


@pytest.mark.parametrize("write", [numbers.count, numbers.points, numbers.small_points, numbers.share, numbers.hours, numbers.tiny])
@pytest.mark.parametrize("value", [None, math.nan, math.inf, "3", True])
def test_what_is_not_known_is_a_dash(write, value):
    assert write(value) == "—"


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (numbers.count, 14220, "14,220"),
        (numbers.points, 85.46, "85.5"),
        (numbers.points, -0.04, "0.0"),
        (numbers.small_points, 0.046, "0.05"),
        (numbers.small_points, 4.66, "4.7"),
        (numbers.share, 0.925, "92.5 %"),
        (numbers.hours, 3.44, "3.4"),
        (numbers.hours, 27.4, "27"),
        (numbers.tiny, 3.2e-7, "3.2e-07"),
        (numbers.few, 2.34, "2.3"),
        (numbers.few, 3.0, "3"),
        (numbers.few, 27.4, "27"),
        (numbers.few, None, "—"),
        (numbers.signed, 10.41, "+10.4"),
        (numbers.signed, -0.069, "−0.07"),
        (numbers.signed, -0.001, "0.00"),
        (numbers.signed, None, "—"),
    ],
)
def test_digits(write, value, text):
    assert write(value) == text


@given(st.floats(-1e6, 1e6))
def test_points_are_within_half_of_the_last_digit(value):
    assert abs(float(numbers.points(value)) - value) <= 0.05 + 1e-9


def test_times_keep_their_own_offset():
    assert numbers.local_time("2024-09-16T07:30:00+08:00") == "2024-09-16 07:30"
