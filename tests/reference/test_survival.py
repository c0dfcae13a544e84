"""Survival by delay: the shipped curves, their expected values, and that nothing of them is called verified."""

import pytest

from sim.reference.survival import curves, survival

# f(t) = b0 / ((t / b1)^b2 + 1) at t in minutes, computed apart from the program (parameters from memory)
EXPECTED = [
    ("pessimistic", "immediate", {0: 0.09, 30: 0.03243527, 60: 0.01967555, 120: 0.01097811, 240: 0.0058078}),
    ("pessimistic", "delayed", {0: 0.57, 30: 0.46087592, 60: 0.28978107, 120: 0.11516817, 240: 0.03327677}),
    ("optimistic", "immediate", {0: 0.56, 30: 0.477324, 60: 0.36894593, 120: 0.21976484, 240: 0.09949212}),
    ("optimistic", "delayed", {0: 0.81, 30: 0.79591363, 60: 0.74036007, 120: 0.54002999, 240: 0.22149733}),
]


@pytest.mark.parametrize(("curve", "triage", "points"), EXPECTED, ids=lambda value: str(value)[:20])
def test_the_curves_go_through_their_points(curve, triage, points):
    for minutes, share in points.items():
        assert survival(curve, triage, 60.0 * minutes) == pytest.approx(share, abs=5e-9)


def test_half_is_left_at_b1():
    for row in curves().values():
        assert row.survives(row.b1_s) == pytest.approx(row.b0 / 2)


def test_the_lightly_hurt_survive_any_wait():
    assert survival("optimistic", "minor", 1e9) == 1.0


def test_no_curve_could_be_checked_and_each_says_where_it_is_from():
    assert len(curves()) == 4
    assert not any(row.verified for row in curves().values())
    assert all("Mills" in row.source for row in curves().values())
