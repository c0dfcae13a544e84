"""Booking: judgements over time become spells that follow the ledger's rules."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.population.booking import Needed, Segments, book_need, book_spells, joined, mean_level, unmet_segments
from sim.trajectory import Recorder, Service

DAY_S = 86400.0


def needed(starts, ends, zones=None, persons=None):
    """Need of a household a row, all of one group."""
    n = len(starts)
    group_n = np.zeros((n, 6), np.uint8)
    group_n[:, 5] = 1 if persons is None else persons
    return Needed(np.arange(n), np.array(zones or [0] * n), group_n, np.array(starts, float), np.array(ends, float))


def by_hour(causes):
    """A judge with a cause an hour, the same for all; -1 = met."""
    return lambda row, time_s: np.array(causes)[(time_s // 3600).astype(int)].astype(np.int8)


BREAKS = [np.arange(0, 11)[None] * 3600.0]


def test_neighbours_of_one_cause_are_one_segment():
    found = unmet_segments(needed([0], [4 * 3600]), BREAKS, by_hour([3, 3, -1, 3, 3]))
    assert found.start_s.tolist() == [0, 3 * 3600]
    assert found.end_s.tolist() == [2 * 3600, 4 * 3600]


def test_nobody_in_need():
    empty = needed([], [])
    found = unmet_segments(empty, BREAKS, by_hour([3]))
    recorder = Recorder(0, False)
    book_need(recorder, Service.SHELTER, empty, (0, DAY_S))
    book_spells(recorder, Service.SHELTER, empty, found, DAY_S)
    assert recorder.finish().ledger.empty
    assert recorder.finish().need.empty


CAUSES_BY_HOUR = st.lists(st.sampled_from([-1, 3, 4]), min_size=10, max_size=10)
SPANS = st.lists(st.tuples(st.floats(0, 9), st.floats(0, 1)), min_size=1, max_size=6)


@given(CAUSES_BY_HOUR, SPANS)
def test_spells_are_contiguous_and_persons_are_kept(causes, spans):
    starts = [start * 3600 for start, _ in spans]
    ends = [start * 3600 + length * 3600 + 1 for start, length in spans]
    need, recorder = needed(starts, ends), Recorder(0, False)
    book_spells(recorder, Service.SHELTER, need, unmet_segments(need, BREAKS, by_hour([*causes, -1])), DAY_S)
    ledger = recorder.finish().ledger
    expected = sum(
        max(0.0, min(end, (hour + 1) * 3600) - max(start, hour * 3600))
        for start, end in zip(starts, ends, strict=True) for hour, cause in enumerate(causes) if cause >= 0
    )  # fmt: skip
    assert ((ledger.end_s - ledger.start_s) * ledger.persons).sum() == pytest.approx(expected)
    for _, spell in ledger.groupby("spell"):
        assert (spell.start_s.to_numpy()[1:] == spell.end_s.to_numpy()[:-1]).all()


def test_one_fate_one_row_but_zones_apart():
    need, recorder = needed([0, 0, 0], [3600] * 3, zones=[0, 0, 1], persons=[2, 3, 4]), Recorder(0, False)
    book_spells(recorder, Service.SHELTER, need, unmet_segments(need, BREAKS, by_hour([3])), DAY_S)
    assert recorder.finish().ledger[["zone", "persons"]].to_numpy().tolist() == [[0, 5], [1, 4]]


def test_a_spell_to_the_end_of_the_run_is_censored():
    need, recorder = needed([0, 0], [3600, 7200]), Recorder(0, False)
    book_spells(recorder, Service.SHELTER, need, unmet_segments(need, BREAKS, by_hour([3, 3])), 7200.0)
    assert recorder.finish().ledger.set_index("end_s").censored.to_dict() == {3600: False, 7200: True}


def test_need_counts_inside_the_window_and_people_once():
    need, recorder = needed([0, 5 * 3600], [2 * 3600, 9 * 3600], persons=[2, 3]), Recorder(0, False)
    twice = need._replace(household=np.array([7, 7]), group_n=need.group_n[[0, 0]])
    book_need(recorder, Service.SHELTER, need, (3600, 4 * 3600))
    book_need(recorder, Service.WARNING, twice, (0, DAY_S))
    rows = recorder.finish().need
    assert rows[["service", "need", "people"]].to_numpy().tolist() == [[2, 2, 2], [0, 12, 2]]


def test_joined_keeps_gaps_and_changes_of_cause():
    segments = Segments(*(np.array(column) for column in ([0, 0, 0, 1], [0, 1, 3, 4], [1, 2, 4, 5], [3, 3, 3, 3])))
    assert joined(segments).end_s.tolist() == [2, 4, 5]


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50), st.integers(1, 5)), min_size=1, max_size=8))
def test_mean_level_is_the_mean_of_overlaps(spans):
    start, length, persons = (np.array(column, float) for column in zip(*spans, strict=True))
    edges = np.linspace(0, 110, 12)
    end = start + length
    slow = [(np.clip(np.minimum(end, a + 10) - np.maximum(start, a), 0, None) * persons).sum() / 10 for a in edges[:-1]]
    assert mean_level(start, start + length, persons, edges) == pytest.approx(slow, abs=1e-6)
