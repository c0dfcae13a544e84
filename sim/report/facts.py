"""Plain facts a page shows, from saved tables: who had to move, who went without, what room there was."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.report.maps import Shelter
from sim.trajectory import Group, Service, name_of

HOUR_S = 3600.0
SPELL = ["replication", "service", "spell", "zone", "group"]
LEAST_SHOWN = 1.0  # persons a replication below which a group's share says nothing


class GroupRow(NamedTuple):
    """One equity group: people in need of any one service at most, and its unmet share by service (NaN without need)."""

    group: str
    people: float
    unmet_frac: dict[str, float]


class Gaps(NamedTuple):
    """Persons a replication: to be moved, in need of shelter, and the places that could be had at once (None: not saved)."""

    to_move: float
    shelter_need: float
    held: int | None

    @property
    def missing(self) -> float | None:
        """Places missing (缺口); never negative."""
        return None if self.held is None else max(0.0, self.shelter_need - self.held)


def people_by(need: pd.DataFrame, service: Service, column: str, replications: int) -> dict[Any, float]:
    """Mean people a replication in need of a service, by zone or group."""
    rows = need[need["service"].astype(str) == name_of(service)]
    return (rows.groupby(column, observed=True)["people"].sum() / replications).to_dict()


def gaps(need: pd.DataFrame, replications: int, shelters: list[Shelter]) -> Gaps:
    """What a duty officer is asked first."""
    to_move, shelter_need = (sum(people_by(need, service, "zone", replications).values()) for service in (Service.EVACUATION, Service.SHELTER))
    return Gaps(to_move, shelter_need, sum(shelter.room_n for shelter in shelters) if shelters else None)


def unmet_of(ledger: pd.DataFrame, windows: Mapping[int, tuple[float, float]]) -> pd.DataFrame:
    """service, group, unmet: person-hours of states inside each replication's window; flows: persons answered late."""
    start_s, end_s = (ledger["replication"].map({key: pair[side] for key, pair in windows.items()}) for side in (0, 1))
    inside_h = (np.minimum(ledger["end_s"], end_s) - np.maximum(ledger["start_s"], start_s)).clip(lower=0.0) / HOUR_S
    state = ledger["target_s"].isna()
    states = pd.DataFrame({"service": ledger["service"], "group": ledger["group"], "unmet": ledger["persons"] * inside_h})[state]
    spells = ledger[~state].groupby(SPELL, observed=True, sort=False)
    flows = spells.agg(start_s=("start_s", "min"), end_s=("end_s", "max"), persons=("persons", "first"), target_s=("target_s", "first"))
    flows = flows.reset_index()
    begins = flows["replication"].map({key: pair[0] for key, pair in windows.items()})
    closes = flows["replication"].map({key: pair[1] for key, pair in windows.items()})
    late = flows[(flows["start_s"] >= begins) & (flows["start_s"] < closes) & (flows["end_s"] - flows["start_s"] > flows["target_s"])]
    return pd.concat([states, late.rename(columns={"persons": "unmet"})[["service", "group", "unmet"]]], ignore_index=True)


def equity(need: pd.DataFrame, ledger: pd.DataFrame, replications: pd.DataFrame, tested: list[str]) -> list[GroupRow]:
    """Unmet share by group and tested service, groups in the order of the partition; groups that nobody was in are left out."""
    numbered = replications.set_index("replication")
    windows = dict(zip(numbered.index, zip(numbered["window_start_s"], numbered["window_end_s"], strict=True), strict=True))
    unmet = unmet_of(ledger, windows).astype({"service": str, "group": str}).groupby(["service", "group"])["unmet"].sum()
    wanted = need.astype({"service": str, "group": str}).groupby(["service", "group"])[["need", "people"]].sum()
    rows = []
    for group in map(name_of, Group):
        found = {service: wanted.loc[(service, group)] for service in tested if (service, group) in wanted.index}
        people = max((row["people"] for row in found.values()), default=0.0) / max(len(numbered), 1)
        if people >= LEAST_SHOWN:
            shares = {service: unmet.get((service, group), 0.0) / row["need"] for service, row in found.items() if row["need"] > 0}
            rows.append(GroupRow(group, people, shares))
    return rows
