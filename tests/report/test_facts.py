"""Who had to move, who went without, what room there was."""

import pandas as pd
import pytest

from sim.report.facts import equity, gaps, people_by
from sim.report.maps import Shelter
from sim.trajectory import Service
from tests.report.folder import ZONES, need_and_ledger


def test_people_are_counted_once_a_replication():
    need, _ = need_and_ledger(3)
    people = people_by(need, Service.EVACUATION, "zone", 3)
    assert people[ZONES[0]] == pytest.approx(20 + 30 + 40 + 50)
    assert sum(people.values()) == pytest.approx(need[(need.service == "evacuation") & (need.replication == 0)].people.sum())


def test_room_is_that_of_all_shelters():
    need, ledger = need_and_ledger(1)
    shelters = [Shelter("", 0, 0, 1, 50, 0), Shelter("", 0, 0, 1, 70, 0)]
    assert gaps(need, ledger, 1, shelters).held == 120
    assert gaps(need, ledger, 1, []).held is None


def test_the_gap_counts_those_who_found_every_place_full_once_a_spell():
    need, ledger = need_and_ledger(2)
    full = ledger[(ledger.service == "shelter") & (ledger.cause == "shelter_full")]
    twice = pd.concat([ledger, full])
    assert gaps(need, twice, 2, []).missing == pytest.approx(full.persons.sum() / 2)
    assert gaps(need, ledger.drop(full.index), 2, []).missing == 0


def row(group, people, unmet=10.0, m=80.0, service="shelter"):
    return {"group": group, "service": service, "need": 50.0, "unmet": unmet, "people": people, "m": m}


def test_groups_stand_in_the_order_of_the_partition():
    rows = equity([row("other", 60.0), row("old", 40.0, unmet=25.0)], 2)
    assert [(each.group, each.people, each.unmet_frac) for each in rows] == [
        ("old", 20.0, {"shelter": 0.5}),
        ("other", 30.0, {"shelter": 0.2}),
    ]


def test_customers_are_not_counted_as_people():
    rows = equity([row("old", 40.0), row("old", 900.0, service="lifelines"), row("other", 900.0, service="lifelines")], 2)
    assert [(each.group, each.people) for each in rows] == [("old", 20.0), ("other", None)]


def test_too_few_have_no_row():
    assert equity([row("old", 20.0, m=None)], 1) == []
