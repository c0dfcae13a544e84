"""Levers exist in the scenario's own keys; causes without one are listed, not faked."""

import pytest

from sim.scenario import load
from sim.sweep.levers import LEVERS
from sim.sweep.relief import NO_LEVER, RUNS_N, TOP_N, changed, reliefs
from sim.trajectory import Cause, Service, name_of
from tests.hamlet import ROOT

TYPHOON = load(ROOT / "scenarios" / "typhoon.yaml")
ALL = [name_of(cause) for cause in Cause]


def cause(service, name, m, r=0.0):
    """A row of summary.json's causes."""
    return {"service": service, "cause": name, "m_points": m, "r_points": r, "person_hours": 1.0}


@pytest.mark.parametrize(("service", "name"), LEVERS, ids=["-".join(pair) for pair in LEVERS])
def test_every_lever_fits_the_shipped_scenario_and_changes_it(service, name):
    assert name in ALL
    assert service in [name_of(each) for each in Service]
    relieved = changed(TYPHOON, LEVERS[service, name], "relief")
    assert relieved.run == TYPHOON.run
    assert relieved.model_dump(exclude={"improvement"}) != TYPHOON.model_dump(exclude={"improvement"})


def test_the_causes_with_most_points_of_both_indices_come_first():
    rows = [cause("shelter", "shelter_full", 1, 5), cause("warning", "not_reached", 4), cause("lifelines", "damage", 1, None)]
    found = reliefs(TYPHOON, rows, range(30))
    assert [(each.service, each.cause) for each in found] == [
        ("shelter", "shelter_full"),
        ("warning", "not_reached"),
        ("lifelines", "damage"),
    ]
    assert all(list(each.numbers) == list(range(RUNS_N)) for each in found)
    assert len(reliefs(TYPHOON, [cause("shelter", name, 1) for name in ALL], range(10))) == TOP_N


def test_none_below_ten_replications():
    assert reliefs(TYPHOON, [cause("shelter", "shelter_full", 9)], range(9)) == []


def test_a_cause_without_a_lever_says_so():
    (one,) = reliefs(TYPHOON, [cause("shelter", "too_far", 3)], range(10))
    assert one.scenario is None
    assert one.why == NO_LEVER


def test_one_lever_for_two_services_is_played_once():
    one, other = reliefs(TYPHOON, [cause("shelter", "not_open", 3), cause("evacuation", "not_open", 2)], range(10))
    assert one.arm == other.arm == "relieved-shelter-not_open"


def test_a_service_may_have_a_lever_of_its_own():
    assert LEVERS["lifelines", "no_crew_free"] != LEVERS["evacuation", "no_crew_free"]
    assert LEVERS["shelter", "not_open"] == LEVERS["evacuation", "not_open"]
