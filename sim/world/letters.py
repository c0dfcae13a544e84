"""What parts write to each other's inboxes; a letter is read at the instant it is posted."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from sim.trajectory import Cause
from sim.world.clock import Rank
from sim.world.tables import Signal


class SignalIssued(NamedTuple):
    """warning -> helpers, shelters: a signal is in force."""

    level: Signal
    time_s: float


class Told(NamedTuple):
    """warning -> decision: these households are reached at these times, now or later, not in person."""

    households: np.ndarray
    times_s: np.ndarray
    flood: bool = False  # water stands at their building: leave the ground floor


class Visited(NamedTuple):
    """warning, helpers -> decision: someone stands at this household's door now."""

    household: int
    visit: int  # 0 the first, 1 the second


class Leave(NamedTuple):
    """decision, helpers -> travel: these households leave at these times if still at home; an earlier time replaces a later."""

    households: np.ndarray
    times_s: np.ndarray
    helped: bool = False  # a helper is with them


class Return(NamedTuple):
    """shelters -> travel: those in this site go home from now on."""

    site: int


class Opened(NamedTuple):
    """shelters -> travel, supplies: this site takes people from now on; those who wait at home for a place are called."""

    site: int


class Vacate(NamedTuple):
    """shelters -> travel, supplies: this site is no longer safe; those in it go on to the next place."""

    site: int


class AllClear(NamedTuple):
    """shelters -> travel, helpers, supplies: the danger is over; nobody need leave home any more."""

    time_s: float


class NoticeKind(IntEnum):
    """What stops the movement kernel because a service must hear of it."""

    NEEDS_HELP = 0  # ready, cannot leave unaided
    TURNED_AWAY = 1  # full or closed door; the household goes on to the next place
    NO_ROOM = 2  # no open place with room anywhere: the household goes home
    STRANDED = 3  # no open way on
    HELPED_ARRIVED = 4  # a helped household is in, its helper is free


class Notice(NamedTuple):
    """travel -> a service, by way of the engine."""

    time_s: float
    to: Rank
    kind: NoticeKind
    household: int
    site: int  # -1 none


class Line(IntEnum):
    """What a fault is on."""

    FEEDER = 0
    AREA = 1
    TREE = 2  # a tree across a road
    MAST = 3
    MAIN = 4  # a street's water main
    SOAKED = 5  # ground-floor dwellings that water was in
    ROOF = 6  # a building's roof, open to the rain
    STRUCTURE = 7  # a building that does not stand safely


class Fault(NamedTuple):
    """power, roads, telecom, water, homes -> repair (power also to itself): something broke; crews act on it when it is known."""

    number: int  # in its owner's order of breaking, within the replication; of a tree, its link
    line: Line
    index: int  # type: ignore[assignment]  # row of the table that the line is on
    node: int
    customers_n: int  # who waits for it: the more, the sooner; of dwellings, those who live there
    time_s: float
    flooded: bool = False  # live parts were under water


class FaultStage(NamedTuple):
    """repair -> the fault's owner: from now on the fault's customers wait for this cause."""

    number: int
    cause: Cause


class Mended(NamedTuple):
    """repair -> the fault's owner: the fault is gone."""

    number: int


class PowerTurned(NamedTuple):
    """power -> telecom, water: a transformer area goes dark or is lit again."""

    area: int
    on: bool


class Habitable(NamedTuple):
    """homes -> travel: the dwellings of these households can be lived in again."""

    households: np.ndarray


class Triage(IntEnum):
    """How soon a casualty must be treated."""

    MINOR = 0
    DELAYED = 1
    IMMEDIATE = 2


class Casualty(NamedTuple):
    """harm -> rescue while trapped, -> medical otherwise: somebody is hurt or ill and needs care."""

    number: int  # in order of onset, within the replication
    household: int
    zone: int
    group: int
    triage: Triage
    onset_s: float
    trapped: bool


class Reached(NamedTuple):
    """rescue -> harm: a trapped casualty is free; harm passes it on to medical."""

    number: int


class Treated(NamedTuple):
    """medical -> harm: definitive care began."""

    number: int
    gained_s: float = 0.0  # time that first aid has won: survival is that of so much less delay
