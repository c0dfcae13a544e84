"""Plain facts a page shows, from saved tables: who had to move, who went without, what room there was."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from sim.report.maps import Shelter
from sim.trajectory import Cause, Group, Service, name_of

SPELL = ["replication", "spell", "zone", "group"]
NOT_PERSONS = {"lifelines", "supplies"}  # counted in customers and in person-goods


class GroupRow(NamedTuple):
    """One equity group: people in need of the service most of them needed; unmet shares of services that enough of them needed."""

    group: str
    people: float | None
    unmet_frac: dict[str, float]


class Gaps(NamedTuple):
    """Persons a replication: had to move, needed shelter, places that could be had at once (None: not saved), and those in need
    of shelter for whom every place they could reach was full (缺口)."""

    to_move: float
    shelter_need: float
    held: int | None
    missing: float


def people_by(need: pd.DataFrame, service: Service, column: str, replications: int) -> dict[Any, float]:
    """Mean people a replication in need of a service, by zone or group."""
    rows = need[need["service"].astype(str) == name_of(service)]
    return (rows.groupby(column, observed=True)["people"].sum() / replications).to_dict()


def gaps(need: pd.DataFrame, ledger: pd.DataFrame, replications: int, shelters: list[Shelter]) -> Gaps:
    """What a duty officer is asked first."""
    to_move, shelter_need = (
        sum(people_by(need, service, "zone", replications).values()) for service in (Service.EVACUATION, Service.SHELTER)
    )
    held = sum(shelter.room_n for shelter in shelters) if shelters else None
    return Gaps(to_move, shelter_need, held, without_place(ledger) / replications)


def without_place(ledger: pd.DataFrame) -> float:
    """Persons of all replications whose need of shelter went unmet for some time because shelters were full, each spell once."""
    full = (ledger["service"].astype(str) == name_of(Service.SHELTER)) & (
        ledger["cause"].astype(str) == name_of(Cause.SHELTER_FULL)
    )
    return float(ledger[full].drop_duplicates(SPELL)["persons"].sum())


def equity(rows: Sequence[Mapping[str, Any]], replications: int) -> list[GroupRow]:
    """Groups in the order of the partition, of summary.json's rows; a group without enough in need of anything is left out."""
    found = []
    for group in map(name_of, Group):
        own = [row for row in rows if row["group"] == group and row["m"] is not None]
        people = max((row["people"] for row in own if row["service"] not in NOT_PERSONS), default=None)
        if own:
            shares = {row["service"]: row["unmet"] / row["need"] for row in own}
            found.append(GroupRow(group, None if people is None else people / replications, shares))
    return found
