"""Medical: stories of single cases, what stops them, and the mean response of an ordinary day."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.services.ambulances import Fleet
from sim.services.medical import Medical, where
from sim.trajectory import Cause, Service
from sim.world.clock import Rank
from sim.world.letters import Casualty, Triage
from sim.world.tables import Place
from tests.places import Weather, place, play
from tests.ward_town import FLEET, Sick, care, street, treated_s

QUICK = (0.0, 600.0, 3600.0)  # known at once, ten minutes on the scene, an hour in the bed


def causes(world):
    """Of each case in order of the calls: its causes."""
    return [[cause for _, cause in case.segments] for case in world.own[Rank.MEDICAL].book.cases]


def test_a_patient_is_called_for_fetched_and_treated():
    world = street()
    ends = treated_s(world, {0: (1, 0.0, 2)}, {0: QUICK})
    # dispatch 180, 1,000 m at 5 m/s, door 150, scene 600, 1,000 m on, triage 180
    assert ends == {0: 180.0 + 200.0 + 150.0 + 600.0 + 200.0 + 180.0}
    assert causes(world) == [[Cause.NOT_DETECTED, Cause.NO_VEHICLE, Cause.ON_THE_WAY]]


def test_the_lightly_hurt_walk_to_the_clinic():
    world = street()
    ends = treated_s(world, {0: (0, 0.0, 2)}, {0: QUICK})
    assert ends == {0: 500.0 * 1.3 + 180.0}


def test_nobody_walks_in_a_hurricane():
    world = street()
    ends = treated_s(world, {0: (0, 0.0, 2)}, {0: QUICK}, Weather(wind_by_hour=(30.0, 5.0)))
    assert ends == {0: 3600.0 + 650.0 + 180.0}
    assert Cause.STOOD_DOWN in causes(world)[0]


def test_with_one_ambulance_the_second_waits_for_a_vehicle():
    world = street()
    ends = treated_s(world, {0: (1, 0.0, 0), 1: (1, 0.0, 0)}, {0: QUICK, 1: QUICK})
    # the first mission: 180 + 150 + 600, 2,000 m on, handover 900, 2,000 m home
    assert ends[1] - ends[0] == 930.0 + 400.0 + 900.0 + 400.0
    assert causes(world)[1] == [Cause.NOT_DETECTED, Cause.NO_VEHICLE, Cause.ON_THE_WAY]


def test_a_patient_beyond_the_water_is_carried_and_the_route_is_booked():
    world = street(links={"tail": [0, 1], "head": [1, 0], "length_m": [500.0, 500.0]})
    treated_s(world, {0: (1, 0.0, 2)}, {0: QUICK})
    assert Cause.ROUTE_CLOSED in causes(world)[0]


@pytest.mark.parametrize(
    ("hospital", "staff_n", "dark", "why"),
    [
        (care(1, 1), 100, False, Cause.NO_BED),
        (care(2, 1, dark_frac=0.5), 100, True, Cause.NO_POWER),
        (care(2, 1, generator="99 h"), 2, False, Cause.NOT_STAFFED),
    ],
    ids=["beds", "power", "staff"],
)
def test_what_a_patient_waits_for_at_the_hospital(hospital, staff_n, dark, why):
    world = street(staff_n=staff_n, stations=(3, 3))
    world.areas.on[:] = not dark
    ends = treated_s(world, {0: (1, 0.0, 3), 1: (1, 0.0, 3)}, {0: QUICK, 1: QUICK}, hospital=hospital)
    assert ends[1] - ends[0] == 3600.0
    assert causes(world)[1][-1] == why


def test_with_a_generator_nobody_waits_in_the_dark():
    world = street(stations=(3, 3))
    world.areas.on[:] = False
    ends = treated_s(world, {0: (1, 0.0, 3), 1: (1, 0.0, 3)}, {0: QUICK, 1: QUICK}, hospital=care(2, 1, generator="24 h"))
    assert ends[0] == ends[1]


def test_a_case_is_a_spell_from_its_call_to_its_treatment():
    world = street()
    ends = treated_s(world, {0: (2, 60.0, 2)}, {0: (120.0, 600.0, 3600.0)})
    ledger = world.recorder.finish().ledger
    assert (ledger.service == Service.MEDICAL).all()
    assert ledger.start_s.min() == 60.0
    assert ledger.end_s.max() == ends[0]
    assert (ledger.target_s == 4 * 3600.0).all()
    assert not ledger.censored.any()


def test_every_patient_is_accounted_for():
    world = street(recovery_h=1.0)
    treated_s(world, {k: (k % 3, 100.0 * k, k % 4) for k in range(30)}, {k: QUICK for k in range(30)})
    assert world.recorder.balances["beds"] == 0
    assert world.recorder.numbers["medical.cases"] == 30
    assert world.recorder.numbers["medical.treated"] < 30  # the run ends before all are


# Rounding to 1/1024 s at each stage may move a time by as much
@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 7200), st.integers(0, 3), st.floats(0, 3600)), min_size=1, max_size=12), st.integers(1, 3))
def test_one_more_ambulance_makes_no_patient_of_a_class_wait_longer(cases, vehicles_n):
    patients = {k: (1, onset_s, node) for k, (onset_s, node, _) in enumerate(sorted(cases))}
    stages = {k: (0.0, scene_s, 60.0) for k, (_, _, scene_s) in enumerate(sorted(cases))}
    ends = []
    for n in (vehicles_n, vehicles_n + 1):
        fleet = FLEET.model_copy(update={"per_station_n": n})
        ends.append(treated_s(street(), patients, stages, fleet=fleet, hospital=care(99, 1)))
    assert all(ends[1][k] <= ends[0][k] + 0.01 * len(cases) for k in patients)


def test_a_patient_is_where_the_household_is():
    world = street()
    homes = world.households
    assert where(world, 2) == 2
    homes.place[2], homes.at_node[2] = Place.STRANDED, 1
    assert where(world, 2) == 1
    homes.place[2], homes.site[2] = Place.SHELTERED, 2
    assert where(world, 2) == 3


def test_first_aid_is_near_where_many_are_trained():
    people = {"household": np.zeros(40, int), "trained": np.ones(40, bool)}
    world = street(people=people)
    medical = Medical()
    medical.begin(world)
    desk, patient = world.own[Rank.MEDICAL], Casualty(0, 0, 0, 5, Triage.DELAYED, 0.0, False)
    assert medical.luck(world, desk, patient, 0).gained_s == medical.aid_s
    stranger = patient._replace(household=1)
    assert medical.luck(world, desk, stranger, 0).gained_s == 0.0


def test_without_a_hospital_patients_go_to_one_outside():
    world = street(sites={"kind": [8], "node": [0], "area": [0], "staff_n": [9]})
    ends = treated_s(world, {0: (1, 0.0, 0)}, {0: QUICK})
    assert ends == {0: 180.0 + 150.0 + 600.0 + 3500.0 / 5.0 + 180.0}


def town(side_n=20, block_m=120.0):
    """A square of streets of 2.3 km with two stations and a hospital, about as large as a street of 142,000 people."""
    at = np.arange(side_n * side_n)
    x, y = at % side_n, at // side_n
    east, north = at[x < side_n - 1], at[y < side_n - 1]
    pairs = np.concatenate([np.c_[east, east + 1], np.c_[north, north + side_n]])
    pairs = np.concatenate([pairs, pairs[:, ::-1]])
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    nodes = [side_n * 10 + 2, side_n * 3 + 14, side_n * 5 + 15]
    return place(
        24.0, 24.0,
        nodes={"x_m": x * block_m, "y_m": y * block_m},
        links={"tail": pairs[:, 0], "head": pairs[:, 1], "length_m": np.full(len(pairs), block_m)},
        sites={"kind": [8, 8, 5], "node": nodes, "area": [0, 0, 0], "staff_n": [12, 12, 600]},
        households={"node": at, "building": np.zeros(at.size), "persons_n": np.ones(at.size)},
        people={"household": at},
    )  # fmt: skip


def response_s(**fleet):
    """Mean response to a call every 14 minutes, so far apart that vehicles are free."""
    world = town()
    patients = {k: (1, 840.0 * k, 70 * k % 400) for k in range(120)}
    play(world, Sick(patients=patients, treated={}), Medical(fleet=Fleet(**fleet)))
    return world.recorder.numbers["medical.response_s"]


def test_the_mean_response_of_an_ordinary_day_is_near_the_citys():
    assert 10.5 * 60 < response_s() < 14.5 * 60  # Shanghai 2019: 12.4 min


def test_half_the_ambulances_come_later():
    assert response_s(per_station_n=1, outside_n=1) > response_s() + 60.0


def test_the_same_household_has_other_luck_the_second_time():
    world = street()
    medical = Medical()
    medical.begin(world)
    desk, patient = world.own[Rank.MEDICAL], Casualty(0, 0, 0, 5, Triage.DELAYED, 0.0, False)
    assert medical.luck(world, desk, patient, 0) == medical.luck(world, desk, patient._replace(number=7), 0)
    assert medical.luck(world, desk, patient, 0).stay_s != medical.luck(world, desk, patient, 1).stay_s


