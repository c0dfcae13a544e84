"""Readiness: off changes nothing, less of it never makes a task faster."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.readiness import LEAST_FREE_FRAC, Readiness

SHARES, TIMES = st.floats(0, 1), st.floats(0, 1e5)


@given(TIMES, TIMES)
def test_off_is_the_same_to_the_bit(task_s, worked_s):
    assert Readiness().task_s(task_s, worked_s) == task_s
    assert Readiness().perfect
    assert all(Readiness().free_frac(hour) == 1.0 for hour in np.arange(0.0, 24.0, 0.5))


@given(SHARES, SHARES, TIMES, TIMES)
def test_lower_readiness_makes_no_task_faster(one, other, task_s, worked_s):
    low, high = sorted((one, other))
    assert Readiness(level=low).task_s(task_s, worked_s) >= Readiness(level=high).task_s(task_s, worked_s)


@given(SHARES, SHARES)
def test_who_fails_when_trained_fails_when_untrained(one, other):
    low, high = sorted((one, other))
    luck = np.linspace(0.0, 1.0, 400, endpoint=False)
    assert not (Readiness(level=high).fails(luck) & ~Readiness(level=low).fails(luck)).any()


def test_the_untrained_take_twice_as_long_and_fail_one_task_in_ten():
    untrained = Readiness(level=0.0)
    assert untrained.task_s(300.0) == 600.0
    assert untrained.fails(np.linspace(0.0, 1.0, 1000, endpoint=False)).mean() == pytest.approx(0.1)


def test_nobody_fails_who_is_trained():
    assert not Readiness().fails(np.zeros(3)).any()
    assert Readiness(level=0.0, error_frac=0.0).perfect


def test_hours_of_work_tell_after_a_shift():
    tiring = Readiness(tired_per_h=0.1)
    assert tiring.task_s(100.0, 8 * 3600.0) == 100.0
    assert tiring.task_s(100.0, 13 * 3600.0) == pytest.approx(150.0)


@pytest.mark.parametrize(("hour", "free"), [(2.0, 0.3), (6.0, 1.0), (8.9, 1.0), (9.0, 0.6), (17.0, 1.0), (22.0, 0.3)])
def test_fewer_can_come_by_night_and_in_working_hours(hour, free):
    assert Readiness(night_frac=0.3, working_frac=0.6).free_frac(hour) == free


def test_somebody_is_always_found():
    assert Readiness(night_frac=0.0).free_frac(0.0) == LEAST_FREE_FRAC
