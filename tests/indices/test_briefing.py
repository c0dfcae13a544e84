"""The briefing of a summary."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from sim.indices.briefing import briefing, moment, with_briefing
from sim.indices.numbers import resamples

START = datetime.fromisoformat("2024-09-15T00:00:00+08:00")
ROWS = pd.DataFrame(
    {
        "briefing.to_move": [10.0, 30.0],
        "briefing.deadline_s": [3600.0, np.nan],
        "zones.z001.to_move": [4.0, 8.0],
        "zones.z001.last_in_s": [7200.0, 10800.0],
        "zones.z002.to_move": [6.0, 22.0],
        "zones.z002.last_in_s": [np.nan, np.nan],
        "zones.z001.maintenance": [80.0, 90.0],
    }
)


def test_counts_are_means_with_intervals():
    found = briefing(ROWS, START, resamples(1, 2))
    assert found["to_move"]["value"] == 20.0
    assert 10.0 <= found["to_move"]["lo"] <= found["to_move"]["hi"] <= 30.0


def test_times_are_of_the_outcomes_in_which_it_happened():
    found = briefing(ROWS, START, resamples(1, 2))["deadline"]
    assert found == dict.fromkeys(("middle", "first", "last"), "2024-09-15T01:00:00+08:00") | {"outcomes": 1}
    assert moment(np.array([np.nan]), START) is None


def test_zones_have_their_own_numbers_and_keep_what_they_had():
    one, other = with_briefing([{"id": "z001", "maintenance": 84.0}, {"id": "z002", "maintenance": None}], ROWS, START)
    assert one == {"id": "z001", "maintenance": 84.0, "to_move": 6.0, "last_in": "2024-09-15T02:30:00+08:00"}
    assert (other["to_move"], other["last_in"]) == (14.0, None)
    assert one["to_move"] + other["to_move"] == pytest.approx(briefing(ROWS, START, resamples(1, 2))["to_move"]["value"])


def test_a_run_that_counts_none_has_none():
    bare = ROWS[["zones.z001.maintenance"]]
    assert briefing(bare, START, resamples(1, 2)) == {}
    assert with_briefing([{"id": "z001"}], bare, START) == [{"id": "z001"}]
