"""Batteries and tanks: what goes out comes in again, and never more than they hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.lifelines.reserves import Reserves


def test_a_reserve_lasts_as_long_as_it_says():
    reserves = Reserves(np.array([100.0, 5.0]), 1.0)
    reserves.turn(0, 10.0, False)
    assert reserves.left_at(0, 60.0) == 50.0
    assert reserves.left_at(0, 500.0) == 0.0
    assert reserves.left_at(1, 500.0) == 5.0


@pytest.mark.parametrize(("refill", "wanted"), [(1.0, 30.0), (3.0, 10.0), (0.0, 100.0)])
def test_it_fills_at_its_own_pace(refill, wanted):
    reserves = Reserves(np.array([100.0]), refill)
    reserves.turn(0, 0.0, False)
    reserves.turn(0, 200.0, True)
    assert reserves.left_at(0, 230.0) == wanted


def test_a_second_outage_finds_what_was_filled():
    reserves = Reserves(np.array([100.0]), 2.0)
    assert reserves.turn(0, 0.0, False) == 1
    assert reserves.turn(0, 100.0, True) == 2
    assert reserves.turn(0, 140.0, False) == 3
    assert reserves.left_s[0] == 20.0


@given(st.lists(st.tuples(st.floats(0.0, 1e4), st.booleans()), max_size=20), st.floats(0.0, 5.0))
def test_it_never_holds_less_than_nothing_or_more_than_full(steps, refill):
    reserves, now_s = Reserves(np.array([1000.0]), refill), 0.0
    for passed_s, supplied in steps:
        now_s += passed_s
        reserves.turn(0, now_s, supplied)
        assert 0.0 <= reserves.left_s[0] <= 1000.0
        assert 0.0 <= reserves.left_at(0, now_s + passed_s) <= 1000.0
