"""Tables for tests of the indices, a line a need and a line a segment."""

import numpy as np
import pandas as pd

from sim.indices.summary import replication_rows, scored, summary
from sim.indices.tables import CAUSES, GROUPS, SERVICES, Tables

HOUR_S = 3600.0
WINDOW_S = (10 * HOUR_S, 34 * HOUR_S)
END_S = 200 * HOUR_S
ZONES = [{"id": "z1", "name": "one", "residents": 10}, {"id": "z2", "name": "two", "residents": 20}]
FACTS = {"name": "t", "seed": 3, "given": "this track", "start": pd.Timestamp("2024-09-15T00:00:00+08:00").to_pydatetime()}


def needs(*rows):
    """(service, need, people[, replication, zone, group])."""
    padded = [(*row, *(0, "z1", "other")[len(row) - 3 :]) for row in rows]
    columns = ["service", "need", "people", "replication", "zone", "group"]
    frame = pd.DataFrame(padded, columns=columns).astype({"need": float, "people": float, "replication": np.int64})
    return named(frame.assign(standing_unmet=0.0))


def spells(*rows):
    """(service, persons, start_h, [(cause, hours), ...][, replication, zone, group]), hours from the window's start."""
    segments = []
    for number, (service, persons, start_h, parts, *rest) in enumerate(rows):
        replication, zone, group = (*rest, *(0, "z1", "other")[len(rest) :])
        time_s, target_s = WINDOW_S[0] + start_h * HOUR_S, {"rescue": 1800.0, "medical": 14400.0}.get(service, np.nan)
        end_s = min(time_s + sum(hours for _, hours in parts) * HOUR_S, END_S)
        for cause, hours in parts:
            own = (replication, service, number, cause, zone, group, time_s, min(time_s + hours * HOUR_S, END_S))
            segments.append((*own, float(persons), target_s, end_s >= END_S))
            time_s += hours * HOUR_S
    columns = ["replication", "service", "spell", "cause", "zone", "group", "start_s", "end_s", "persons", "target_s", "censored"]
    frame = pd.DataFrame(segments, columns=columns)
    return named(frame.astype({"replication": np.int64, "spell": np.int64, "censored": bool, "start_s": float, "end_s": float}))


def named(frame):
    """Names as categories, as in the files."""
    kinds = {"service": SERVICES, "cause": CAUSES, "group": GROUPS, "zone": ["z1", "z2", "all"]}
    for name in kinds.keys() & set(frame.columns):
        frame[name] = pd.Categorical(frame[name], kinds[name])
    return frame


def tables(need, ledger, replications=1):
    """With the same window in each replication."""
    number = np.arange(replications)
    start_s, end_s = WINDOW_S
    return Tables(need, ledger, pd.DataFrame({"replication": number, "window_start_s": start_s, "window_end_s": end_s}))


def summed(need, ledger, replications=1, **facts):
    """summary.json of the tables."""
    score = scored(tables(need, ledger, replications), ZONES)
    rows = replication_rows(score, [{"people.evacuated": 5.0 + number, "balances.people": 0.0} for number in range(replications)])
    return summary(FACTS | facts, score, rows)
