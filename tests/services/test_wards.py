"""Wards: queueing laws of the line in use, places that close and open, what holds a house up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.services.wards import House, Ward
from sim.streams import Streams
from sim.trajectory import Cause
from sim.world.clock import Clock, Rank
from tests.places import place
from tests.ward_town import care

REPLICATIONS = 16


def waits_s(arrivals_s, stays_s, places_n, classes=None):
    """Wait of each patient in a ward of its own clock."""
    clock = Clock()
    ward, waits = Ward(clock, places_n), np.full(len(arrivals_s), np.nan)

    def patient(number):
        yield clock.wait_until(arrivals_s[number], Rank.MEDICAL, number)
        joined_s = clock.now
        bed = ward.join((0 if classes is None else -int(classes[number]), joined_s, number))
        yield bed
        waits[number] = clock.now - joined_s
        yield clock.wait(stays_s[number], Rank.MEDICAL, number)
        ward.leave(bed)

    for number in range(len(arrivals_s)):
        clock.process(patient(number))
    clock.run()
    assert ward.unaccounted_n == 0
    return waits


def mean_waits(rate, stay_of, places_n, patients_n, classes_of=None):
    """(replications, classes) mean waits in units of the mean stay (1,000 s), warmed up over the first tenth."""
    rows = []
    for replication in range(REPLICATIONS):
        draws = Streams(3, replication).block("test.ward", patients_n)
        arrivals_s = np.cumsum(-np.log1p(-draws[:, 0])) / rate * 1000.0
        classes = np.zeros(patients_n, int) if classes_of is None else classes_of(draws[:, 2])
        waited = waits_s(arrivals_s, stay_of(draws[:, 1]) * 1000.0, places_n, classes) / 1000.0
        late = np.arange(patients_n) >= patients_n // 10
        rows.append([waited[late & (classes == k)].mean() for k in range(classes.max() + 1)])
    return np.array(rows)


def agrees(estimates, exact):
    """The exact value lies within 3.5 standard errors of the replications' mean (one test in 2,000 fails by chance)."""
    error = estimates.std(ddof=1) / np.sqrt(len(estimates))
    assert abs(estimates.mean() - exact) < 3.5 * error, (estimates.mean(), exact, error)
    assert error < 0.15 * exact  # sharp enough to fail when it should


def exponential(draws):
    return -np.log1p(-draws)


def deterministic(draws):
    return np.ones(draws.size)


# Wq in mean stays: Erlang-C and Pollaczek-Khinchine
@pytest.mark.parametrize(
    ("rate", "stay_of", "places_n", "exact"),
    [(1.2, exponential, 2, 0.5625), (4.0, exponential, 5, 0.5541125541), (0.6, exponential, 1, 1.5), (0.6, deterministic, 1, 0.75)],
    ids=["M/M/2", "M/M/5", "M/M/1", "M/D/1"],
)
def test_waits_are_those_of_queueing_theory(rate, stay_of, places_n, exact):
    agrees(mean_waits(rate, stay_of, places_n, 1500)[:, 0], exact)


def test_the_worse_class_waits_as_a_non_preemptive_priority_queue_says():
    # lambda 0.3 and 0.5, mu 1: Wq 1.142857 for the first class, 5.714286 for the second
    estimates = mean_waits(0.8, exponential, 1, 2500, lambda draws: (draws < 0.3 / 0.8).astype(int))
    agrees(estimates[:, 1], 1.142857142857143)


@given(st.lists(st.tuples(st.floats(0, 5000), st.floats(0, 3000)), min_size=1, max_size=25), st.integers(1, 4))
def test_one_more_bed_makes_no_patient_wait_longer(cases, places_n):
    arrivals_s = sorted(time_s for time_s, _ in cases)
    stays_s = [stay_s for _, stay_s in cases]
    fewer, more = (waits_s(arrivals_s, stays_s, n) for n in (places_n, places_n + 1))
    assert (more <= fewer + 0.01 * len(cases)).all()  # each stay is rounded to 1/1024 s


def test_who_is_worse_off_goes_first_then_who_came_first():
    waited = waits_s([0.0, 1.0, 2.0, 3.0], [10.0] * 4, 1, [0, 0, 0, 2])
    assert waited.tolist() == [0.0, 19.0, 28.0, 7.0]


def test_a_place_closes_when_it_is_next_free_and_opens_at_once():
    clock = Clock()
    ward = Ward(clock, 2)
    first, second = ward.join((0, 0.0, 1)), ward.join((0, 0.0, 2))
    ward.open_to(1)
    assert ward.open_n == 1
    third = ward.join((0, 1.0, 3))
    ward.leave(first)
    clock.run()
    assert not third.triggered  # the free place has closed
    ward.open_to(2)
    clock.run()
    assert third.triggered
    assert second.triggered
    assert ward.unaccounted_n == 0


def test_a_closing_that_is_called_off_takes_no_place():
    clock = Clock()
    ward = Ward(clock, 1)
    bed = ward.join((0, 0.0, 1))
    ward.open_to(0)
    ward.open_to(1)
    ward.leave(bed)
    clock.run()
    assert ward.join((0, 1.0, 2)).triggered
    assert ward.unaccounted_n == 0


def house(**other):
    """A house of 4 + 2 places in area 0, staff as given."""
    world = place(sites={"kind": [5], "area": [0], "staff_n": [other.pop("staff_n", 100)]}, areas={"customers_n": [1]})
    return world, House(world, 0, 0, care(4, 2, **other))


def opened(of):
    return of.ward.open_n, of.critical.open_n


def test_with_power_and_staff_all_places_are_open():
    world, hospital = house()
    assert hospital.look(world, False) == Cause.NO_BED
    assert opened(hospital) == (4, 2)


def test_the_generator_keeps_all_places_as_long_as_it_lasts():
    world, hospital = house(generator="2 h", dark_frac=0.5)
    world.areas.on[0] = False
    assert hospital.look(world, False) == Cause.NO_BED
    world.clock.run(until=7200.0)
    assert hospital.look(world, False) == Cause.NO_POWER
    assert opened(hospital) == (2, 1)
    world.areas.on[0] = True
    hospital.look(world, False)
    assert opened(hospital) == (4, 2)
    world.areas.on[0] = False
    assert hospital.look(world, False) == Cause.NO_BED  # refuelled


def test_one_place_of_each_kind_stays_open_in_the_dark():
    world, hospital = house(dark_frac=0.0)
    world.areas.on[0] = False
    hospital.look(world, False)
    assert opened(hospital) == (1, 1)


def test_staff_who_have_not_come_close_places():
    world, hospital = house(staff_n=6, storm_staff_frac=0.5)
    assert hospital.look(world, False) == Cause.NO_BED
    assert hospital.look(world, True) == Cause.NOT_STAFFED
    assert opened(hospital) == (2, 1)


def test_a_house_outside_has_all_it_needs():
    world, _ = house()
    elsewhere = House(world, -1, -1, care(4, 2))
    assert elsewhere.look(world, True) == Cause.NO_BED
    assert opened(elsewhere) == (4, 2)
