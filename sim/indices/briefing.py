"""The briefing of a summary: what a duty officer asks first, from the numbers of the replications."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from sim.indices.numbers import mean_with_interval, plain

BRIEFING, TIME = "briefing.", "_s"
OF_ZONES = (
    *("to_move", "moved", "moved_in_time", "sheltered", "no_place"),
    *("dependent", "dependent_unreached", "dependent_dark", "alone", "alone_unreached", "alone_dark"),
)
WHEN = "last_in"


def briefing(rows: pd.DataFrame, start: datetime, counts: np.ndarray) -> dict[str, Any]:
    """Every number `briefing.*` of the replications: {value, lo, hi}; a time `briefing.*_s` as {middle, first, last, outcomes}.
    Empty for a run whose parts count none."""
    found: dict[str, Any] = {}
    for column in (name for name in rows.columns if name.startswith(BRIEFING)):
        name, values = column.removeprefix(BRIEFING), rows[column].to_numpy(np.float64)
        if name.endswith(TIME):
            found[name.removesuffix(TIME)] = moment(values, start)
        else:
            found[name] = mean_with_interval(values, counts)
    return found


def moment(times_s: np.ndarray, start: datetime) -> dict[str, Any] | None:
    """The median, first and last wall time of what happened in `outcomes` of the replications; None if in none."""
    known = times_s[np.isfinite(times_s)]
    if not known.size:
        return None
    spread = {"middle": np.median(known), "first": known.min(), "last": known.max()}
    return {name: wall(time_s, start) for name, time_s in spread.items()} | {"outcomes": int(known.size)}


def wall(time_s: Any, start: datetime) -> str:
    """Seconds from the run's start as ISO 8601, to the minute."""
    return (start + timedelta(minutes=round(float(time_s) / 60.0))).isoformat()


def with_briefing(zones: Sequence[Mapping[str, Any]], rows: pd.DataFrame, start: datetime) -> list[dict[str, Any]]:
    """The rows of zones with their own numbers: means over replications, and the median time of the last who was let in to a
    shelter; only what the replications have."""
    return [{**zone, **zone_numbers(f"zones.{zone['id']}.", rows, start)} for zone in zones]


def zone_numbers(prefix: str, rows: pd.DataFrame, start: datetime) -> dict[str, Any]:
    """One zone's numbers."""
    found: dict[str, Any] = {name: plain(rows[prefix + name].mean()) for name in OF_ZONES if prefix + name in rows}
    if prefix + WHEN + TIME in rows:
        when = moment(rows[prefix + WHEN + TIME].to_numpy(np.float64), start)
        found[WHEN] = when and when["middle"]
    return found
