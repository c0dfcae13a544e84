"""Readiness of those who knock: off changes nothing, less of it is never faster, the untrained miss doors."""

import numpy as np
import pytest

from sim.world.readiness import Readiness
from tests.places import Weather, play
from tests.services.test_warning import DOORS, homes, warnings


def knocked_s(n=24, **readiness):
    """When each household was reached at the door; inf where it was not."""
    given = {"readiness": readiness} if readiness else {}
    return play(homes(n, workers=2), Weather(), warnings(doors={**DOORS, **given})).households.warned_s


def test_off_changes_nothing():
    assert np.array_equal(knocked_s(level=1.0), knocked_s())


@pytest.mark.parametrize("level", [0.0, 0.5, 0.9])
def test_the_less_ready_reach_nobody_earlier(level):
    ready, less = knocked_s(), knocked_s(level=level, error_frac=0.0)
    assert (less >= ready).all()
    assert less.max() > ready.max()


def test_the_untrained_miss_doors():
    missed = np.isinf(knocked_s(400, level=0.0, error_frac=0.5))
    assert missed.mean() == pytest.approx(0.5, abs=0.1)
    assert not np.isinf(knocked_s(400, level=1.0, error_frac=0.5)).any()


def test_tired_workers_slow_down():
    assert knocked_s(60, tired_per_h=1.0, tired_after="0 s").max() > knocked_s(60).max()


def test_a_share_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="less than or equal to 1"):
        Readiness(level=1.5)
