"""Development: closed forms, exactly nothing for nothing, and prevention earns credit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.indices.development import development_index, gains, improvement_block, single_outcomes
from sim.indices.numbers import resamples
from sim.indices.sums import Sums
from sim.indices.tables import SERVICES
from sim.reference.standard import standard

SHELTER, LIFELINES = SERVICES.index("shelter"), SERVICES.index("lifelines")


def sums(*rows):
    """One row a replication: (unmet, lost, slow) of shelter, of 1,000 person-hours and 100 people in need."""
    made = Sums(*(np.zeros((len(rows), len(SERVICES))) for _ in Sums._fields))
    made.need[:, SHELTER], made.people[:, SHELTER] = 1000.0, 100.0
    made.unmet[:, SHELTER], made.lost[:, SHELTER], made.slow[:, SHELTER] = np.array(rows, float).T
    return made


def index(before, after):
    """D with its interval, or None and why."""
    return development_index(before, after, resamples(3, len(before.need)), standard())


def test_the_share_of_what_was_missing():
    """M 50 -> 75 and R 50 -> 50: S 50 -> 62.5, a quarter of the missing 50 points."""
    value, why = index(sums((500, 100, 50)), sums((250, 100, 50)))
    assert value["value"] == pytest.approx(25.0)
    assert (value["lo"], value["hi"]) == (value["value"], value["value"])
    assert why == ""


rows = st.lists(st.tuples(st.floats(11, 1000), st.floats(50, 100), st.floats(11, 50)), min_size=2, max_size=6)


@given(rows)
def test_exactly_zero_when_nothing_changed(outcomes):
    value, _ = index(sums(*outcomes), sums(*outcomes))
    assert set(value.values()) == {0.0}
    assert not single_outcomes(sums(*outcomes), sums(*outcomes), standard()).any()


def test_negative_when_things_got_worse():
    assert index(sums((500, 100, 50)), sums((600, 100, 60)))[0]["value"] < 0


def test_whatever_is_prevented_wholly_is_a_hundred():
    """All spells prevented: M and R are 100 on the ground of before, whatever was needed or lost after."""
    value, _ = index(sums((500, 100, 50)), Sums(*(np.zeros((1, len(SERVICES))) for _ in Sums._fields)))
    assert value["value"] == pytest.approx(100.0)


def test_need_and_losses_after_count_for_nothing():
    before, after = sums((500, 100, 50)), sums((250, 100, 25))
    after.need[:], after.people[:], after.lost[:] = 7.0, 3.0, 9.0
    assert index(before, after)[0] == index(before, sums((250, 100, 25)))[0]


def test_services_that_were_not_tested_before_count_for_nothing():
    before, after = sums((500, 100, 50)), sums((250, 100, 25))
    after.unmet[:, LIFELINES] = after.slow[:, LIFELINES] = 1e6
    assert index(before, after)[0] == index(before, sums((250, 100, 25)))[0]


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (sums((1, 100, 0.1)), "S before is above 99: too little was missing"),
        (sums((0, 0, 0)), "recovery before has no value"),
        (Sums(*(np.zeros((1, len(SERVICES))) for _ in Sums._fields)), "maintenance before has no value"),
    ],
)
def test_no_value_says_why(before, why):
    assert index(before, before) == (None, why)


def test_interval_is_paired():
    """Replications differ much, each gains a half: paired, the interval of the share is nothing; unpaired it would be wide."""
    before = sums(*((unmet, 100, unmet / 20) for unmet in (100, 400, 700, 1000)))
    after = sums(*((unmet / 2, 100, unmet / 40) for unmet in (100, 400, 700, 1000)))
    value, _ = index(before, after)
    assert {round(number, 9) for number in value.values()} == {50.0}


def test_gains_are_points():
    found = gains(sums((500, 100, 50)), sums((250, 100, 25)), resamples(1, 1), standard())
    assert [found[name]["value"] for name in ("gain_m", "gain_r", "gain")] == pytest.approx([25.0, 25.0, 25.0])
    calm = gains(sums((0, 0, 0)), sums((0, 0, 0)), resamples(1, 1), standard())
    assert calm["gain_r"] is None


def test_the_block_shows_after_on_the_ground_of_before():
    block = improvement_block({"a.b": 1}, sums((500, 100, 50)), sums((250, 100, 25)), resamples(1, 1), standard())
    assert block["changes"] == {"a.b": 1}
    assert (block["maintenance_after"], block["recovery_after"]) == (pytest.approx(75.0), pytest.approx(75.0))


@settings(max_examples=15, deadline=None)
@given(rows, st.floats(0, 1), st.floats(0, 1))
def test_less_unmet_or_slow_never_lowers_it(outcomes, unmet_frac, slow_frac):
    """On the ground of before, so that whatever is prevented counts and nothing that is added does."""
    before = sums(*outcomes)
    after = before._replace(unmet=before.unmet * unmet_frac, slow=before.slow * slow_frac)
    assert index(before, after)[0]["value"] >= 0.0
    assert index(before, after)[0]["value"] <= 100.0 + 1e-9
