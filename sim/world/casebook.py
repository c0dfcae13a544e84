"""A casebook of a flow service: every case is a spell from its call to its answer, in segments of one cause each."""

from typing import NamedTuple

import numpy as np

from sim.reference.standard import standard
from sim.trajectory import Cause, Service
from sim.world.world import World


class Case(NamedTuple):
    """Who called and when; `segments` are (since, cause), the last one open until the answer."""

    zone: int
    group: int
    segments: list[tuple[float, Cause]]
    answered_s: list[float]  # empty until the answer


class Casebook:
    """Cases of one service in one replication; booked once, at the run's end."""

    def __init__(self, world: World, service: Service) -> None:
        """No calls yet."""
        self.world, self.service = world, service
        self.cases: list[Case] = []

    def call(self, zone: int, group: int, cause: Cause) -> int:
        """A case begins and waits for `cause`; its number."""
        self.cases.append(Case(zone, group, [(self.world.now_s, cause)], []))
        return len(self.cases) - 1

    def waits_for(self, number: int, cause: Cause) -> None:
        """From now on the case waits for this."""
        segments = self.cases[number].segments
        if segments[-1][1] != cause:
            segments.append((self.world.now_s, cause))

    def answer(self, number: int) -> None:
        """The case is answered now."""
        self.cases[number].answered_s.append(self.world.now_s)

    def book(self, window_s: tuple[float, float]) -> None:
        """Need (cases that call in the window) and spells (all) into the recorder; unanswered ones are censored at the end."""
        recorder, end_s = self.world.recorder, self.world.times.end_s
        target_s = standard().of(self.service).target_s
        first_s = np.array([case.segments[0][0] for case in self.cases])
        inside = np.flatnonzero((first_s >= window_s[0]) & (first_s < window_s[1]))
        who = np.array([(case.zone, case.group) for case in self.cases], np.int64).reshape(-1, 2)
        pairs, counts = np.unique(who[inside], axis=0, return_counts=True)
        if counts.size:
            recorder.need(self.service, pairs[:, 0], pairs[:, 1], counts.astype(float), counts.astype(float))
        spells = recorder.new_spells(len(self.cases))
        rows = [
            (spell, cause, case.zone, case.group, since_s, until_s, not case.answered_s)
            for spell, case in zip(spells, self.cases, strict=True)
            for since_s, until_s, cause in segments_of(case, end_s)
        ]
        if rows:
            spell, cause, zone, group, start_s, stop_s, censored = map(np.array, zip(*rows, strict=True))
            recorder.spells(
                self.service, spell=spell, cause=cause, zone=zone, group=group, start_s=start_s, end_s=stop_s, persons=1.0,
                target_s=target_s, censored=censored,
            )  # fmt: skip


def segments_of(case: Case, end_s: float) -> list[tuple[float, float, int]]:
    """(from, to, cause) of a case, to its answer or the run's end; empty stretches are left out."""
    closed_s = case.answered_s[0] if case.answered_s else end_s
    starts = [since_s for since_s, _ in case.segments]
    stops = [*starts[1:], closed_s]
    return [
        (since_s, stop_s, int(cause)) for (since_s, cause), stop_s in zip(case.segments, stops, strict=True) if stop_s > since_s
    ]
