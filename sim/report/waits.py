"""Waiting lines of a saved ledger: how many waited at once, at the worst moment, for something of which there was too little."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.trajectory import Cause, name_of

# causes that are a line for something scarce: one more of it and one fewer waits
SCARCE = tuple(
    map(name_of, (Cause.NO_CREW_FREE, Cause.SHELTER_FULL, Cause.STOCK_OUT, Cause.NOT_STAFFED, Cause.NO_VEHICLE, Cause.NO_BED))
)


class Wait(NamedTuple):
    """The most who waited at once for want of `cause`, a replication, and the most in any replication."""

    cause: str
    mean: float
    worst: float


def waits(ledger: pd.DataFrame, replications: int) -> dict[str, list[Wait]]:
    """Waits by service, longest first; a service that nobody waited for is left out."""
    cause = ledger["cause"].astype(str)
    kept = ledger[cause.isin(SCARCE)].assign(cause=cause, service=ledger["service"].astype(str))
    found: dict[str, list[Wait]] = {}
    for (service, cause_of), rows in kept.groupby(["service", "cause"], sort=True):
        peaks = peaks_of(rows)
        found.setdefault(str(service), []).append(Wait(str(cause_of), float(peaks.sum() / replications), float(peaks.max())))
    return {service: sorted(lines, key=lambda line: -line.mean) for service, lines in found.items()}


def peaks_of(rows: pd.DataFrame) -> np.ndarray:
    """(n_replications_with_any,) float64: most persons inside [start_s, end_s) at once; who leaves makes room before who comes."""
    n = len(rows)
    replication = np.tile(rows["replication"].to_numpy(np.int64), 2)
    time_s = np.concatenate([rows["start_s"], rows["end_s"]])
    change = np.concatenate([rows["persons"], -rows["persons"]])
    order = np.lexsort((np.arange(2 * n) < n, time_s, replication))
    waiting = np.cumsum(change[order])  # back to zero at the end of each replication
    first = np.flatnonzero(np.diff(replication[order], prepend=-1))
    return np.maximum.reduceat(waiting, first)


def waiting_for(found: Mapping[str, list[Wait]], service: str, cause: Cause) -> Wait | None:
    """The line of one service for one thing."""
    return next((line for line in found.get(service, []) if line.cause == name_of(cause)), None)
