"""Waiting lines of a ledger."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.waits import peaks_of, waiting_for, waits
from sim.trajectory import Cause


def ledger(*rows):
    """Rows of (replication, service, cause, start, end, persons)."""
    return pd.DataFrame(rows, columns=["replication", "service", "cause", "start_s", "end_s", "persons"])


def test_those_who_wait_at_once_add_up():
    spans = ((0, 10, 1), (5, 20, 2), (20, 30, 2.5))
    rows = ledger(*((0, "rescue", "no_crew_free", *span) for span in spans))
    assert waits(rows, 1)["rescue"] == [("no_crew_free", 3.0, 3.0)]


def test_one_who_leaves_makes_room_for_one_who_comes():
    assert peaks_of(ledger((0, "", "", 0, 10, 1), (0, "", "", 10, 20, 1))).tolist() == [1]


def test_replications_do_not_wait_together():
    rows = ledger((0, "medical", "no_bed", 0, 10, 4), (2, "medical", "no_bed", 0, 10, 8))
    assert waits(rows, 4)["medical"] == [("no_bed", 3.0, 8.0)]


def test_only_scarce_things_have_a_line_and_the_longest_stands_first():
    rows = ledger(
        (0, "medical", "no_bed", 0, 10, 1), (0, "medical", "no_vehicle", 0, 10, 3), (0, "shelter", "declined", 0, 10, 9)
    )
    found = waits(rows, 1)
    assert [line.cause for line in found["medical"]] == ["no_vehicle", "no_bed"]
    assert list(found) == ["medical"]
    assert waiting_for(found, "medical", Cause.NO_BED).mean == 1
    assert waiting_for(found, "shelter", Cause.SHELTER_FULL) is None
    assert waits(rows.iloc[:0], 1) == {}


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9), st.integers(1, 5)), min_size=1, max_size=12))
def test_the_peak_is_that_of_counting_at_every_start(spans):
    rows = ledger(*((0, "", "", start, start + length, n) for start, length, n in spans))
    counted = max(sum(n for start, length, n in spans if start <= at < start + length) for at, *_ in spans)
    assert peaks_of(rows)[0] == pytest.approx(counted)
    assert np.isfinite(peaks_of(rows)).all()
