"""Routine calls and the chronically ill: rates, hours of the day, and who lasts how long."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from sim.population.hurts import Limit
from sim.population.patients import (
    DAY_S,
    HOURLY,
    Chronic,
    Routine,
    calls_of_day,
    dependants,
    is_there,
    out_of_medicine,
    poisson_count,
)
from sim.world.tables import Place
from tests.places import place


@given(st.floats(0.0, 1.0, exclude_max=True), st.floats(0.01, 400.0))
def test_a_count_is_the_inverse_of_poissons_distribution(draw, mean):
    count = poisson_count(draw, mean)
    assert poisson.cdf(count, mean) > draw or poisson.sf(count, mean) < 1e-12
    assert count == 0 or poisson.cdf(count - 1, mean) <= draw


def test_no_rate_is_no_call():
    assert poisson_count(0.99, 0.0) == 0


def town(people_n=30_000, old_frac=0.3, **households):
    """People in one household each, the first share of them old."""
    ages = np.where(np.arange(people_n) < old_frac * people_n, 70, 40)
    homes = {"persons_n": np.ones(people_n), "to_h": np.full(people_n, 24.0), **households}
    return place(people={"household": np.arange(people_n), "age_yr": ages}, households=homes)


def test_calls_come_at_the_rate_of_their_age():
    world, rule = town(), Routine()
    days = 200
    persons = np.concatenate([calls_of_day(world, rule, day).person for day in range(days)])
    old = persons < 9_000
    for rate, people_n, of in ((rule.older_per_1000_yr, 9_000, old), (rule.younger_per_1000_yr, 21_000, ~old)):
        expected = rate * people_n / 1000 * days / 365
        assert abs(np.count_nonzero(of) - expected) < 4 * expected**0.5


def test_calls_follow_the_hours_of_the_day_in_order():
    world = town()
    times_s = [calls_of_day(world, Routine(), day).time_s for day in range(300)]
    assert all((np.diff(times) >= 0).all() for times in times_s)
    hours = ((8.0 + np.concatenate(times_s) / 3600.0) % 24).astype(int)  # the run starts at eight
    counted = np.bincount(hours, minlength=24)
    expected = counted.sum() * HOURLY / HOURLY.sum()
    assert ((counted - expected) ** 2 / expected).sum() < 49.7  # chi2 of 23 degrees, 0.1 %


def test_a_day_has_the_same_calls_whenever_it_is_asked_for():
    world = town()
    one, again = calls_of_day(world, Routine(), 3), calls_of_day(world, Routine(), 3)
    assert one.time_s.tolist() == again.time_s.tolist()
    assert one.person.tolist() != calls_of_day(world, Routine(), 4).person.tolist()


def test_higher_rates_keep_every_call_of_lower_ones():
    world = town()
    few = calls_of_day(world, Routine(younger_per_1000_yr=10.0), 1)
    more = calls_of_day(world, Routine(younger_per_1000_yr=80.0), 1)
    assert set(few.time_s) <= set(more.time_s)
    assert len(more.time_s) > len(few.time_s)


def test_who_is_not_there_does_not_call():
    world = town(2, from_h=[0.0, 9.0])
    assert is_there(world, 0)
    assert not is_there(world, 1)  # a visitor from nine on, at eight
    world.households.place[0] = Place.ELSEWHERE
    assert not is_there(world, 0)


def ill(n=10_000, **rule):
    """Chronically ill people in one household each."""
    world = place(
        people={"household": np.arange(n), "chronic": np.ones(n, bool)}, households={"persons_n": np.ones(n), "area": np.zeros(n)},
    )  # fmt: skip
    return world, dependants(world, Chronic(**rule))


def test_the_share_with_a_machine_and_how_long_it_lasts():
    _, sick = ill(powered_frac=0.2, battery_h=Limit(median=4.0, sigma=0.5))
    assert abs(sick.machine.size - 2000) < 4 * (10_000 * 0.2 * 0.8) ** 0.5
    assert np.median(sick.battery_s) == pytest.approx(4 * 3600.0, rel=0.06)
    assert (sick.area == 0).all()


def test_medicine_runs_out_only_away_from_home():
    world, sick = ill(100, carried_d=Limit(median=3.0, sigma=0.3))
    assert out_of_medicine(world, sick, np.inf)[0].size == 0
    world.households.place[:50] = Place.SHELTERED
    world.households.left_s[:50] = 1000.0
    people, out_s = out_of_medicine(world, sick, np.inf)
    assert people.tolist() == list(range(50))
    assert out_s.tolist() == (1000.0 + sick.carried_s[:50]).tolist()
    soon, _ = out_of_medicine(world, sick, 3 * DAY_S)
    assert 10 < soon.size < 40
