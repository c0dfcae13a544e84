"""What happened: the vocabulary of the ledgers, the recorder of one replication, and its frozen Trajectory.

A part says what happened through the recorder; nobody reads the recorder back while the clock runs.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
import pandas as pd


class Service(IntEnum):
    """The eight services of the indices, in the standard's order."""

    WARNING = 0
    EVACUATION = 1
    SHELTER = 2
    RESCUE = 3
    SUPPLIES = 4
    MEDICAL = 5
    LIFELINES = 6
    HOUSING = 7


class Group(IntEnum):
    """Equity groups: a partition, the first that applies."""

    NOT_RESIDENT = 0
    OFF_REGISTER = 1
    DISABLED = 2
    ALONE_OLD = 3
    OLD = 4
    OTHER = 5


class Cause(IntEnum):
    """Why a need was unmet: the earliest unmet link of the service's chain is booked."""

    NOT_DETECTED = 0
    NOT_ON_REGISTER = 1
    CHANNEL_DEAD = 2
    NOT_REACHED = 3  # channels alive, on the register, not reached yet
    DECLINED = 4  # told, and chose to stay
    NO_CREW_FREE = 5
    STOOD_DOWN = 6  # crews stand down for wind
    ROUTE_CLOSED = 7
    TOO_FAR = 8  # nothing designated within 30 min at their own speed
    SHELTER_FULL = 9
    NOT_OPEN = 10
    STOCK_OUT = 11
    NOT_STAFFED = 12
    NO_VEHICLE = 13
    NO_BED = 14
    NO_POWER = 15
    DAMAGE = 16  # under repair
    ON_THE_WAY = 17
    PREPARING = 18  # told and willing, getting ready


def name_of(member: IntEnum) -> str:
    """The name that files and pages use: `SHELTER_FULL` -> `shelter_full`."""
    return member.name.lower()


NEED_COLUMNS = ("service", "zone", "group", "need", "people", "standing_unmet")
LEDGER_COLUMNS = ("service", "spell", "cause", "zone", "group", "start_s", "end_s", "persons", "target_s", "censored")


@dataclass(frozen=True)
class Trajectory:
    """One replication, never written again.

    need, ledger: frames with NEED_COLUMNS and LEDGER_COLUMNS (service, cause, zone, group as small integers).
    series: time_s, zone (-1 = all) and one column a series. events: time_s, kind, entity, zone, detail.
    fields: arrays for maps. numbers: what `people` and others count. balances: what is unaccounted for.
    """

    replication: int
    window_start_s: float
    window_end_s: float
    need: pd.DataFrame
    ledger: pd.DataFrame
    series: pd.DataFrame
    events: pd.DataFrame
    fields: dict[str, np.ndarray]
    numbers: dict[str, float]
    balances: dict[str, float]
    stories: list[dict[str, Any]]


@dataclass
class Recorder:
    """Takes down one replication. `detailed` keeps what is only drawn: series by zone, events, fields, stories."""

    replication: int
    detailed: bool
    window_s: tuple[float, float] = (0.0, 0.0)
    numbers: dict[str, float] = field(default_factory=dict)
    balances: dict[str, float] = field(default_factory=dict)
    stories: list[dict[str, Any]] = field(default_factory=list)
    fields: dict[str, np.ndarray] = field(default_factory=dict)
    _need: list[dict[str, Any]] = field(default_factory=list)
    _ledger: list[dict[str, Any]] = field(default_factory=list)
    _series: dict[str, list[tuple[float, np.ndarray]]] = field(default_factory=dict)
    _events: list[tuple[float, str, int, int, str]] = field(default_factory=list)
    _n_spells: int = 0

    def event(self, time_s: float, kind: str, entity: int, zone: int = -1, detail: str = "") -> None:
        """Something worth telling happened (detailed replications only)."""
        if self.detailed:
            self._events.append((time_s, kind, entity, zone, detail))

    def need(self, service: Service, zone: Any, group: Any, need: Any, people: Any, standing_unmet: Any = 0.0) -> None:
        """Rows of need: columns (n,) or scalars; need in person-hours or cases, people once a replication."""
        self._need.append(dict(zip(NEED_COLUMNS, (int(service), zone, group, need, people, standing_unmet), strict=True)))

    def new_spells(self, n: int) -> np.ndarray:
        """(n,) int64 ids, new in this replication."""
        self._n_spells += n
        return np.arange(self._n_spells - n, self._n_spells)

    def spells(self, service: Service, **columns: Any) -> None:
        """Rows of the ledger: LEDGER_COLUMNS but `service`, each (n,) or a scalar; zero-length segments are dropped."""
        self._ledger.append({"service": int(service), **columns})

    def sample(self, time_s: float, name: str, by_zone: np.ndarray) -> None:
        """A series by zone, the value that holds from time_s to the next sample; `by_zone (n_zones + 1,)`, last is all."""
        self._series.setdefault(name, []).append((time_s, np.asarray(by_zone, np.float64)))

    def keep(self, name: str, array: np.ndarray) -> None:
        """An array for maps (detailed replications only)."""
        if self.detailed:
            self.fields[name] = array

    def finish(self) -> Trajectory:
        """The frozen record."""
        ledger = _frame(self._ledger, LEDGER_COLUMNS)
        return Trajectory(
            self.replication,
            *self.window_s,
            _frame(self._need, NEED_COLUMNS),
            ledger[ledger.end_s > ledger.start_s].reset_index(drop=True),
            _series_frame(self._series, self.detailed),
            pd.DataFrame(self._events, columns=["time_s", "kind", "entity", "zone", "detail"]),
            self.fields,
            self.numbers,
            self.balances,
            self.stories,
        )


FLOATS = {"need", "people", "standing_unmet", "start_s", "end_s", "persons", "target_s"}


def _frame(blocks: list[dict[str, Any]], names: tuple[str, ...]) -> pd.DataFrame:
    """One frame of blocks of broadcastable columns."""
    parts: dict[str, list[np.ndarray]] = {name: [] for name in names}
    for block in blocks:
        arrays = np.broadcast_arrays(*(np.atleast_1d(block[name]) for name in names))
        for name, array in zip(names, arrays, strict=True):
            parts[name].append(array)
    kinds = {name: np.float64 if name in FLOATS else bool if name == "censored" else np.int64 for name in names}
    return pd.DataFrame({name: np.concatenate([*parts[name], np.empty(0)]).astype(kinds[name]) for name in names})


def _series_frame(series: dict[str, list[tuple[float, np.ndarray]]], detailed: bool) -> pd.DataFrame:
    """Long in time and zone (-1 = all), wide in name; all series of one replication are sampled at the same times."""
    if not series:
        return pd.DataFrame({"time_s": np.empty(0), "zone": np.empty(0, np.int64)})
    first = next(iter(series.values()))
    zones = np.append(np.arange(first[0][1].size - 1), -1)
    kept = np.arange(zones.size) if detailed else np.array([zones.size - 1])
    times = np.array([time_s for time_s, _ in first])
    columns = {name: np.array([values[kept] for _, values in samples]).ravel() for name, samples in series.items()}
    return pd.DataFrame({"time_s": np.repeat(times, kept.size), "zone": np.tile(zones[kept], times.size), **columns})
