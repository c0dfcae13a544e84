"""Booking: from judgements over time to rows of need and of the ledger."""

from typing import NamedTuple

import numpy as np

from sim.population.access import MET
from sim.population.fates import HOUR_S, Judgement
from sim.trajectory import Recorder, Service


class Needed(NamedTuple):
    """A need for one service: who, and from when to when."""

    household: np.ndarray  # (n,) int64, sorted
    zone: np.ndarray  # (n,) int32
    group_n: np.ndarray  # (n, 6) persons by equity group
    start_s: np.ndarray  # (n,) float64
    end_s: np.ndarray  # (n,) float64


class Segments(NamedTuple):
    """Stretches of unmet need of one cause, by row of what was needed and then by time."""

    row: np.ndarray  # (m,) int64
    start_s: np.ndarray  # (m,) float64
    end_s: np.ndarray  # (m,) float64
    cause: np.ndarray  # (m,) int8


def unmet_segments(needed: Needed, breaks_s: list[np.ndarray], judge: Judgement) -> Segments:
    """Judge each stretch between breaks at its start; keep what is unmet, neighbours of one cause joined.

    `breaks_s` are (n, 1) or (1, m) arrays of the times at which a judgement can change."""
    n = needed.start_s.size
    columns = [needed.start_s[:, None], *breaks_s, needed.end_s[:, None]]
    times_s = np.hstack([np.broadcast_to(column, (n, column.shape[1])) for column in columns])
    times_s = np.sort(np.clip(times_s, needed.start_s[:, None], needed.end_s[:, None]), axis=1)
    row, k = np.nonzero(np.diff(times_s, axis=1) > 0)
    start_s, end_s = times_s[row, k], times_s[row, k + 1]
    cause = judge(row, start_s)
    return joined(Segments(*(column[cause != MET] for column in (row, start_s, end_s, cause))))


def follows(segments: Segments) -> np.ndarray:
    """(m,) bool: the segment goes on where the one before it ends."""
    later = (segments.row[1:] == segments.row[:-1]) & (segments.start_s[1:] == segments.end_s[:-1])
    return np.concatenate([[False], later])[: segments.row.size]


def joined(segments: Segments) -> Segments:
    """Neighbours of the same cause as one."""
    same = follows(segments)
    same[1:] &= segments.cause[1:] == segments.cause[:-1]
    first = np.flatnonzero(~same)
    last = np.append(first, same.size)[1:] - 1
    return Segments(segments.row[first], segments.start_s[first], segments.end_s[last], segments.cause[first])


def book_need(recorder: Recorder, service: Service, needed: Needed, window_s: tuple[float, float]) -> None:
    """Person-hours inside the window and persons once each, by zone and group. An ordinary day has none of this need: its
    standing shortfall is 0."""
    hours = np.clip(np.minimum(needed.end_s, window_s[1]) - np.maximum(needed.start_s, window_s[0]), 0.0, None) / HOUR_S
    inside = np.flatnonzero(hours > 0)
    if not inside.size:
        return
    persons = needed.group_n[inside].astype(np.float64)
    _, once = np.unique(needed.household[inside], return_index=True)
    zones, at = np.unique(needed.zone[inside], return_inverse=True)
    need = np.zeros((zones.size, persons.shape[1]))
    people = np.zeros_like(need)
    np.add.at(need, at, persons * hours[inside, None])
    np.add.at(people, at[once], persons[once])
    zone, group = np.nonzero(people)
    recorder.need(service, zones[zone], group, need[zone, group], people[zone, group], 0.0)


def book_spells(recorder: Recorder, service: Service, needed: Needed, segments: Segments, end_s: float) -> None:
    """One spell a stretch without gap; households of one zone and one fate share it, each group its own row. A spell that
    reaches the end of the run is censored."""
    begins = np.flatnonzero(~follows(segments))
    if not begins.size:
        return
    length = np.diff(np.append(begins, segments.row.size))
    fate, of = np.unique(signature(needed, segments, begins, length), axis=0, return_inverse=True)
    of = of.ravel()
    example = np.full(fate.shape[0], begins.size)
    np.minimum.at(example, of, np.arange(begins.size))
    persons = np.zeros((fate.shape[0], needed.group_n.shape[1]))
    np.add.at(persons, of, needed.group_n[segments.row[begins]].astype(np.float64))
    shared, group = np.nonzero(persons)
    chosen = example[shared]
    repeat = length[chosen]
    offset = np.arange(repeat.sum()) - np.repeat(np.cumsum(repeat) - repeat, repeat)
    at = np.repeat(begins[chosen], repeat) + offset
    recorder.spells(
        service,
        spell=np.repeat(recorder.new_spells(shared.size), repeat),
        cause=segments.cause[at],
        zone=needed.zone[segments.row[at]],
        group=np.repeat(group, repeat),
        start_s=segments.start_s[at],
        end_s=segments.end_s[at],
        persons=np.repeat(persons[shared, group], repeat),
        target_s=np.nan,
        censored=np.repeat(segments.end_s[begins[chosen] + repeat - 1] >= end_s, repeat),
    )


def signature(needed: Needed, segments: Segments, begins: np.ndarray, length: np.ndarray) -> np.ndarray:
    """(n_spells, 1 + longest) int64: zone and the numbers of the distinct segments; equal rows are one fate."""
    triples = np.column_stack([segments.start_s, segments.end_s, segments.cause])
    number = np.unique(triples, axis=0, return_inverse=True)[1].ravel()
    table = np.full((begins.size, 1 + length.max()), -1, np.int64)
    table[:, 0] = needed.zone[segments.row[begins]]
    spell = np.repeat(np.arange(begins.size), length)
    table[spell, 1 + np.arange(number.size) - np.repeat(begins, length)] = number
    return table


def mean_level(start_s: np.ndarray, end_s: np.ndarray, persons: np.ndarray, edges_s: np.ndarray) -> np.ndarray:
    """(n_edges - 1,) float64: mean number of persons inside [start_s, end_s) over each stretch between edges."""
    integral = np.zeros(edges_s.size)
    for sign, times_s in ((1.0, start_s), (-1.0, end_s)):
        order = np.argsort(times_s, kind="stable")
        count = np.concatenate([[0.0], np.cumsum(persons[order])])
        moment = np.concatenate([[0.0], np.cumsum(persons[order] * times_s[order])])
        before = np.searchsorted(times_s[order], edges_s, side="left")
        integral += sign * (count[before] * edges_s - moment[before])
    return np.diff(integral) / np.diff(edges_s)
