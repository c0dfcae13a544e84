"""The saved tables that every index is a function of, and trajectories turned into them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.trajectory import Cause, Group, Service, Trajectory, name_of

SERVICES = [name_of(service) for service in Service]
CAUSES = [name_of(cause) for cause in Cause]
GROUPS = [name_of(group) for group in Group]
NAMES = {"service": SERVICES, "cause": CAUSES, "group": GROUPS}
ALL = "all"


class Tables(NamedTuple):
    """need, ledger: as in need.parquet and ledger.parquet, names as categories. windows: replication, window_start_s,
    window_end_s, one row a replication in rising order (replications.parquet has them)."""

    need: pd.DataFrame
    ledger: pd.DataFrame
    windows: pd.DataFrame


def tables_of(trajectories: Sequence[Trajectory], zone_ids: Sequence[str]) -> Tables:
    """Replications of one scenario as tables, in order of replication."""
    windows = pd.DataFrame(
        {
            "replication": np.array([each.replication for each in trajectories], np.int64),
            "window_start_s": np.array([each.window_start_s for each in trajectories], np.float64),
            "window_end_s": np.array([each.window_end_s for each in trajectories], np.float64),
        }
    )
    need = stacked([(each.replication, each.need) for each in trajectories], zone_ids)
    ledger = stacked([(each.replication, each.ledger) for each in trajectories], zone_ids)
    return Tables(need, ledger, windows)


def stacked(frames: Sequence[tuple[int, pd.DataFrame]], zone_ids: Sequence[str]) -> pd.DataFrame:
    """(replication, frame) pairs under one another; small integers become names, zone -1 becomes "all"."""
    whole = pd.concat([frame for _, frame in frames], ignore_index=True)
    replication = np.repeat([number for number, _ in frames], [len(frame) for _, frame in frames]).astype(np.int64)
    whole.insert(0, "replication", replication)
    for name in NAMES.keys() & set(whole.columns):
        whole[name] = pd.Categorical.from_codes(whole[name].to_numpy(np.int64), NAMES[name])
    if "zone" in whole:
        zone = whole["zone"].to_numpy(np.int64)
        whole["zone"] = pd.Categorical.from_codes(np.where(zone < 0, len(zone_ids), zone), [*zone_ids, ALL])
    return whole


def codes(frame: pd.DataFrame, name: str, order: Sequence[str]) -> np.ndarray:
    """(n,) int64: the place of each name in `order`; -1 for a name that is not in it."""
    return pd.Index(order).get_indexer(frame[name].astype(object)).astype(np.int64) if len(frame) else np.empty(0, np.int64)
