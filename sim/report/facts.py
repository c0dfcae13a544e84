"""Plain facts a page shows, from saved tables: who had to move, who went without, what room there was."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from sim.report.maps import Shelter
from sim.trajectory import Group, Service, name_of

LEAST_SHOWN = 1.0  # persons a replication below which a group's share says nothing


class GroupRow(NamedTuple):
    """One equity group: people in need of the service most of them needed; unmet shares of services that enough of them needed."""

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
    to_move, shelter_need = (
        sum(people_by(need, service, "zone", replications).values()) for service in (Service.EVACUATION, Service.SHELTER)
    )
    return Gaps(to_move, shelter_need, sum(shelter.room_n for shelter in shelters) if shelters else None)


def equity(rows: Sequence[Mapping[str, Any]], replications: int) -> list[GroupRow]:
    """Groups in the order of the partition, of summary.json's rows; a group that hardly anyone was in is left out."""
    found = []
    for group in map(name_of, Group):
        own = [row for row in rows if row["group"] == group]
        people = max((row["people"] for row in own), default=0.0) / replications
        if people >= LEAST_SHOWN:
            found.append(
                GroupRow(group, people, {row["service"]: row["unmet"] / row["need"] for row in own if row["m"] is not None})
            )
    return found
