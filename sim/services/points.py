"""Points of distribution: lines of people who are due something, and a counter that serves so many of them an hour.

Stock without staff feeds no one. People are kept as whole numbers by (zone, group): key = zone * 6 + group. A person who
waits beyond the time at which it was due is unmet until served, with the causes that its line had meanwhile.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
from pydantic import Field
from simpy.events import Event

from sim.services.stocks import Good, Store, Who
from sim.trajectory import Cause, Group, Service
from sim.units import Factor, Model, Seconds, Share
from sim.world.clock import Rank
from sim.world.world import World

GROUPS_N = len(Group)
FRAIL_FIRST = (Group.DISABLED, Group.ALONE_OLD, Group.OLD, Group.OFF_REGISTER, Group.NOT_RESIDENT, Group.OTHER)


class Counter(Model):
    """How a point hands out."""

    persons_per_staff_h: Factor = Field(
        22.0,
        description="persons one of staff serves an hour: FEMA type 3 point, 5,000 in a 12 h day by 19 staff (unverified)",
    )
    staff_frac: Share = Field(0.5, description="share of a site's staff at the counter (assumed)")
    volunteers_frac: Share = Field(0.05, description="share of a zone's volunteers who come to its points (assumed)")
    batch_s: Seconds = Field(900.0, gt=0, description="people are served in batches of this time (assumed)")
    within_s: Seconds = Field(3600.0, description="a round is in time within this (assumed; Sphere: queues under 30 min)")
    first: Literal["sheltered", "homes"] = Field("sheltered", description="who is served first")
    turn: Literal["frail_first", "equal"] = Field("frail_first", description="within a line: frail groups first, or equal shares")


class Lot(NamedTuple):
    """People who are due since the same time."""

    due_s: float
    people_n: np.ndarray  # (n_keys,) int64


class Spell(NamedTuple):
    """People unmet together, from due to served; `steps` are (from, cause), the first at the start."""

    good: Good
    people_n: np.ndarray
    start_s: float
    end_s: float
    steps: list[tuple[float, Cause]]
    censored: bool


@dataclass
class Line:
    """Who waits for one good in one place."""

    good: Good
    who: Who
    lots: list[Lot] = field(default_factory=list)
    steps: list[tuple[float, Cause]] = field(default_factory=list)
    given_n: np.ndarray | int = 0  # blankets only: who has one

    def waiting_n(self) -> int:
        """Persons in it."""
        return sum(int(lot.people_n.sum()) for lot in self.lots)

    def note(self, time_s: float, cause: Cause) -> None:
        """From now on it waits for this."""
        if not self.steps or self.steps[-1][1] != cause:
            self.steps.append((time_s, cause))

    def since(self, time_s: float, until_s: float) -> list[tuple[float, Cause]]:
        """Its steps within [time, until), the first at `time_s`."""
        before = [cause for at_s, cause in self.steps if at_s <= time_s]
        first = before[-1] if before else self.steps[0][1]
        return [(time_s, first), *((at_s, cause) for at_s, cause in self.steps if time_s < at_s < until_s)]


def by_key(world: World, rows: np.ndarray, people_n: np.ndarray) -> np.ndarray:
    """(n_keys,) int64: `people_n (m, 6)` of the households `rows (m,)`, summed by zone and group."""
    sums = np.zeros((world.zones.n, GROUPS_N), np.int64)
    np.add.at(sums, world.households.zone[rows], people_n)
    return sums.ravel()


class Waiting:
    """All lines of a replication and the spells that ended."""

    def __init__(self, world: World, turn: str) -> None:
        """Nobody waits."""
        self.keys_n = world.zones.n * GROUPS_N
        keys = np.arange(self.keys_n)
        self.world = world
        self.frail = np.lexsort([keys, np.argsort(FRAIL_FIRST)[keys % GROUPS_N]]) if turn == "frail_first" else None
        self.spells: list[Spell] = []

    def leave(self, line: Line, lot: Lot, people_n: np.ndarray, censored: bool = False) -> None:
        """These of a lot wait no longer."""
        lot.people_n[:] -= people_n
        now_s = self.world.now_s
        if line.good != Good.BLANKET and now_s > lot.due_s and people_n.any():
            self.spells.append(Spell(line.good, people_n, lot.due_s, now_s, line.since(lot.due_s, now_s), censored))

    def update(self, line: Line, present_n: np.ndarray, newcomers: list[Lot]) -> None:
        """Of `present_n (n_keys,)` the line serves, `newcomers` are due something; who waits beyond those present has gone. Who
        waits already, or has a blanket, is not due it twice."""
        left_n = present_n
        for lot in line.lots:
            stay_n = np.minimum(lot.people_n, left_n)
            left_n = left_n - stay_n
            self.leave(line, lot, lot.people_n - stay_n)
        line.lots = [lot for lot in line.lots if lot.people_n.any()]
        left_n = np.maximum(left_n - line.given_n, 0)
        for due_s, people_n in newcomers:
            new_n = np.minimum(people_n, left_n)
            left_n = left_n - new_n
            if new_n.any():
                line.lots.append(Lot(due_s, new_n))
        line.lots.sort(key=lambda lot: lot.due_s)

    def empty(self, line: Line, censored: bool = False) -> None:
        """Everybody leaves."""
        for lot in line.lots:
            self.leave(line, lot, lot.people_n.copy(), censored)
        line.lots.clear()

    def serve(self, line: Line, persons: int, *, at_need: bool = False) -> int:
        """Serve up to so many, those longest due first; how many it were. `at_need`: they helped themselves when they were due."""
        left = persons
        for lot in line.lots:
            people_n = self.next_of(lot.people_n, left)
            left -= int(people_n.sum())
            if line.good == Good.BLANKET:
                line.given_n = line.given_n + people_n
            self.leave(line, Lot(np.inf, lot.people_n) if at_need else lot, people_n)
        line.lots = [lot for lot in line.lots if lot.people_n.any()]
        return persons - left

    def next_of(self, people_n: np.ndarray, persons: int) -> np.ndarray:
        """(n_keys,) int64: the next so many of `people_n`, whole persons."""
        total = int(people_n.sum())
        if persons >= total:
            return people_n.copy()
        if self.frail is None:
            return np.diff(np.cumsum(people_n) * persons // total, prepend=0)
        turn = people_n[self.frail]
        served = np.zeros_like(people_n)
        served[self.frail] = np.clip(persons - (np.cumsum(turn) - turn), 0, turn)
        return served


class Point:
    """A site that hands out: its store, its counter, its lines."""

    def __init__(self, site: int, store: Store, batch_n: int, sheltered: list[Line]) -> None:
        """`batch_n` persons are served in a batch."""
        self.site, self.store, self.batch_n, self.sheltered = site, store, batch_n, sheltered
        self.homes: list[Line] = []  # of the zones that come to it
        self.guests = (0, 0)  # who is due food, who medicine, at the last round
        self.used_n = np.zeros(len(Good), np.int64)
        self.bell: Event | None = None  # rung when somebody may be served; None: at work

    def servable_n(self, line: Line, rations_n: np.ndarray, spare: int) -> int:
        """How many of a line can be served with `spare` places at the counter."""
        if not line.lots:
            return 0
        reach = int(self.store.stock_n[line.good]) // max(int(rations_n[line.who, line.good]), 1)
        return min(spare, reach, line.waiting_n()) if spare and reach else 0

    def look(self, now_s: float, rations_n: np.ndarray) -> None:
        """Note what every line waits for."""
        for line in (*self.sheltered, *self.homes):
            if line.lots:
                enough = self.store.stock_n[line.good] >= rations_n[line.who, line.good]
                line.note(now_s, Cause.NOT_STAFFED if enough else self.store.why(line.good))

    def ring(self) -> None:
        """Somebody came, or goods."""
        if self.bell is not None and not self.bell.triggered:
            self.bell.succeed()

    def hand_out(self, waiting: Waiting, rations_n: np.ndarray, homes_first: bool) -> None:
        """One batch: for each good as many as the counter and the stock allow."""
        lines = (*self.homes, *self.sheltered) if homes_first else (*self.sheltered, *self.homes)
        spare = [self.batch_n] * len(Good)
        for line in lines:
            servable = self.servable_n(line, rations_n, spare[line.good])
            if not servable:
                continue
            served = waiting.serve(line, servable)
            spare[line.good] -= served
            goods = served * int(rations_n[line.who, line.good])
            self.store.stock_n[line.good] -= goods
            self.used_n[line.good] += goods

    def work(self, waiting: Waiting, rations_n: np.ndarray, counter: Counter) -> Generator[Any, Any, None]:
        """Sleep until somebody may be served; serve batch by batch while anybody can be."""
        world = waiting.world
        while True:
            self.bell = world.clock.event()
            yield self.bell
            self.bell = None
            while any(self.servable_n(line, rations_n, self.batch_n) for line in (*self.sheltered, *self.homes)):
                yield world.clock.wait(counter.batch_s, Rank.SUPPLIES, self.store.number)
                self.hand_out(waiting, rations_n, counter.first == "homes")
                self.look(world.now_s, rations_n)


def book_spells(waiting: Waiting) -> None:
    """The spells into the ledger, a row for each zone, group and cause."""
    rows: list[list[tuple[Any, ...]]] = []
    for spell in waiting.spells:
        ends_s = [*(at_s for at_s, _ in spell.steps[1:]), spell.end_s]
        segments = [(int(cause), start_s, end_s) for (start_s, cause), end_s in zip(spell.steps, ends_s, strict=True)]
        for key in np.flatnonzero(spell.people_n).tolist():
            number, persons = len(rows), int(spell.people_n[key])
            rows.append([(number, key, persons, *segment, spell.censored) for segment in segments])
    if rows:
        number, key, persons, cause, start_s, end_s, censored = np.array([row for spell in rows for row in spell]).T
        zone, group = np.divmod(key.astype(np.int64), GROUPS_N)
        recorder = waiting.world.recorder
        recorder.spells(
            Service.SUPPLIES, spell=recorder.new_spells(len(rows))[number.astype(np.int64)], cause=cause, zone=zone, group=group,
            start_s=start_s, end_s=end_s, persons=persons, target_s=np.nan, censored=censored.astype(bool),
        )  # fmt: skip
