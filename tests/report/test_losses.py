"""Waterfalls: what is drawn adds up to what was lost."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.losses import SHOWN, floor_of, waterfall

POINTS = st.lists(st.floats(0.01, 6.0), min_size=1, max_size=14)


def rows(points):
    return [{"service": "shelter", "cause": f"c{i}", "m_points": p, "person_hours": 10 * p} for i, p in enumerate(points)]


@given(POINTS)
def test_steps_run_without_gap_from_100_to_the_score(points):
    steps = waterfall(rows(points), "m_points")
    assert steps[0].top == 100
    assert all(above.bottom == below.top for above, below in pairwise(steps))
    assert steps[-1].bottom == pytest.approx(100 - sum(points))


@given(POINTS)
def test_largest_first_and_the_tail_is_one_row(points):
    steps = waterfall(rows(points), "m_points")
    named = [step.points for step in steps if step.service]
    assert named == sorted(named, reverse=True)
    assert len(steps) <= SHOWN + 1
    assert sum(step.n for step in steps) == len(points)


@given(POINTS)
def test_the_scale_holds_every_step_and_leaves_room(points):
    steps = waterfall(rows(points), "m_points")
    foot = floor_of(steps)
    assert foot % 10 == 0
    assert foot <= max(steps[-1].bottom, 0) or steps[-1].bottom < 0
    assert foot <= 90


def test_causes_without_points_are_left_out():
    assert waterfall([{"service": "shelter", "cause": "declined", "r_points": None, "person_hours": 3.0}], "r_points") == []
    assert floor_of([]) == 90
