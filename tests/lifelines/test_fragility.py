"""Gust limits follow their fragility."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest, norm

from sim.lifelines.fragility import Fragility
from sim.streams import Streams

POLE = Fragility(median="40 m/s", sigma=0.25)


def test_limits_of_exposed_things_are_lognormal():
    limits = POLE.limits_mps(Streams(1, 0).uniform("test", 4000), np.ones(4000))
    assert kstest(np.log(limits / 40.0) / 0.25, "norm").pvalue > 0.001


@pytest.mark.parametrize(("exposure", "harmful"), [(0.2, 1.0), (0.5, 1.0), (6.0, 0.3), (1.0, 0.1)])
def test_share_harmed_is_that_of_elements_in_series(exposure, harmful):
    n = 20_000
    limits = POLE.limits_mps(Streams(2, 0).uniform("test", n), np.full(n, exposure), harmful)
    wanted = 1.0 - (1.0 - harmful * norm.cdf(np.log(36.0 / 40.0) / 0.25)) ** exposure
    assert np.mean(limits <= 36.0) == pytest.approx(wanted, abs=4 * np.sqrt(wanted * (1 - wanted) / n))


def test_what_is_not_exposed_never_breaks():
    assert np.isinf(POLE.limits_mps(np.array([0.0, 0.3, 0.999]), np.zeros(3))).all()


@given(st.floats(0, 0.999), st.floats(0.01, 5), st.floats(0.01, 5))
def test_more_exposure_never_withstands_more(u, less, more):
    less, more = sorted((less, more))
    weak, strong = POLE.limits_mps(np.array([u, u]), np.array([more, less]))
    assert weak <= strong


def test_weak_draws_break_first():
    limits = POLE.limits_mps(np.linspace(0, 0.99, 50), np.ones(50))
    assert (np.diff(limits) > 0).all()
