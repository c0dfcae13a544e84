"""Who leaves when told, and when."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from sim.population.decision import Compliance, Decision, Minds, consider
from sim.world.clock import Rank
from sim.world.letters import Told, Visited
from sim.world.tables import BuildingClass, HouseholdKind
from tests.places import Weather, place, play

KERNELS = [consider, consider.py_func]


def minds(reluctance, preparing_s=600.0):
    """Households that nobody has told yet."""
    n = len(reluctance)
    never = np.full(n, np.inf)
    return Minds(np.array(reluctance), np.full(n, preparing_s, np.float32), never.copy(), np.full(n, -1, np.int8), never.copy())


def people(n=400, kind=HouseholdKind.RESIDENT, building=BuildingClass.OLD_LANE, **more):
    """A crowd in one building."""
    homes = {"kind": np.full(n, kind), "ground_floor": np.ones(n, bool)}
    return place(buildings={"kind": [building], "age_yr": [80.0]}, households=homes, **more)


def leaves(world):
    """household -> last hour of leaving that was posted."""
    letters = world.inboxes[Rank.TRAVEL].items
    return {int(h): float(t) for letter in letters for h, t in zip(letter.households, letter.times_s, strict=True)}


@pytest.mark.parametrize("kernel", KERNELS)
def test_only_those_less_reluctant_than_the_telling_are_won(kernel):
    crowd = minds([0.5, 1.0, 2.0, np.inf])
    moved = kernel(np.arange(4), np.full(4, 100.0), 1.0, 1.0, crowd)
    assert moved.tolist() == [True, False, False, False]
    assert crowd.willing.tolist() == [1, 0, 0, 0]
    assert crowd.ready_s[0] == 700.0
    assert (crowd.advice_s == 100.0).all()


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_later_telling_can_only_bring_the_hour_forward(kernel):
    crowd = minds([0.5])
    row = np.array([0])
    kernel(row, np.array([100.0]), 1.0, 1.0, crowd)
    assert not kernel(row, np.array([200.0]), 9.0, 1.0, crowd)[0]
    assert crowd.ready_s[0] == 700.0
    assert kernel(row, np.array([200.0]), 9.0, 0.5, crowd)[0]
    assert crowd.ready_s[0] == 500.0
    assert crowd.advice_s[0] == 100.0


@pytest.mark.parametrize("kernel", KERNELS)
def test_who_was_won_stays_won(kernel):
    crowd = minds([0.5])
    kernel(np.array([0]), np.array([100.0]), 1.0, 1.0, crowd)
    kernel(np.array([0]), np.array([300.0]), 0.1, 1.0, crowd)
    assert crowd.willing[0] == 1


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1e6), st.floats(0, 20), st.floats(0, 1)), min_size=1, max_size=20))
def test_compiled_equals_interpreted(tellings):
    crowds = [minds([0.1, 0.7, 1.5, 6.0, np.inf], 1234.5) for _ in KERNELS]
    for row, time_s, odds, pace in tellings:
        moved = [k(np.array([row]), np.array([time_s]), odds, pace, c) for k, c in zip(KERNELS, crowds, strict=True)]
        assert moved[0][0] == moved[1][0]
    for left, right in zip(*crowds, strict=True):
        assert np.array_equal(left, right)


@given(st.lists(st.floats(0, 50), min_size=2, max_size=8))
def test_more_tellings_never_lose_a_household(odds):
    few, many = minds([1.0]), minds([1.0])
    row, time_s = np.array([0]), np.array([50.0])
    for each in odds:
        consider(row, time_s, each, 1.0, many)
    for each in odds[::2]:
        consider(row, time_s, each, 1.0, few)
    assert many.willing[0] >= few.willing[0]
    assert many.ready_s[0] <= few.ready_s[0]


def test_share_won_by_a_visit_is_the_standard_s_times_those_who_may_leave():
    world = people(20_000)
    Decision(experienced_frac=0.0).begin(world)
    won = np.mean(world.households.reluctance < Compliance().odds("visit"))
    assert won == pytest.approx(0.8 * 0.9, abs=0.01)


def test_preparing_follows_rayleigh_with_its_median():
    world = people(5000)
    Decision().begin(world)
    minutes = world.households.preparing_s / 60.0
    assert np.median(minutes) == pytest.approx(35.32, rel=0.03)
    assert kstest(minutes**2 / 1800.0, "expon").pvalue > 0.001


def test_departure_curve_has_the_field_s_quantiles():
    """Rayleigh loading curve F = 1 - exp(-t^2 / 1800 min2): t10 13.77, t90 64.38 min."""
    world = people(20_000)
    Decision().begin(world)
    assert np.quantile(world.households.preparing_s / 60.0, [0.1, 0.9]) == pytest.approx([13.77, 64.38], rel=0.03)


@pytest.mark.parametrize(("field", "low", "high"), [("trust", 0.5, 2.0), ("experience", 0.5, 2.0), ("never_frac", 0.2, 0.05)])
def test_trust_experience_and_freedom_move_the_share_the_right_way(field, low, high):
    shares = []
    for value in (low, high):
        world = people(4000)
        Decision(**{field: value}).begin(world)
        shares.append(np.mean(world.households.reluctance < 1.0))
    assert shares[0] < shares[1]


def test_ordered_groups_follow_more_than_residents():
    camps, residents = people(3000, kind=HouseholdKind.CAMP), people(3000)
    for world in (camps, residents):
        Decision().begin(world)
    assert np.mean(camps.households.reluctance < 0.67) > np.mean(residents.households.reluctance < 0.67) + 0.2


def test_a_knock_wins_more_than_a_message_and_a_second_knock_more():
    won = []
    for visits in (0, 1, 2):
        world = people(300)
        world.town.signal[0] = 2
        world.post(Rank.DECISION, Told(np.arange(300), np.zeros(300)))
        for visit in range(visits):
            for household in range(300):
                world.post(Rank.DECISION, Visited(household, visit))
        play(world, Weather(), Decision())
        won.append(int((world.households.willing == 1).sum()))
    assert won[0] < won[1] < won[2]


def test_every_willing_household_leaves_at_its_ready_hour():
    world = people(100)
    world.town.signal[0] = 4
    world.post(Rank.DECISION, Told(np.arange(100), np.full(100, 1800.0)))
    play(world, Weather(), Decision())
    homes = world.households
    willing = np.flatnonzero(homes.willing == 1)
    assert leaves(world) == dict(zip(willing.tolist(), homes.ready_s[willing].tolist(), strict=True))
    assert (homes.ready_s[willing] >= 1800.0).all()
    assert np.isinf(homes.ready_s[homes.willing == 0]).all()


def test_below_any_signal_a_message_moves_nobody():
    world = people(100)
    world.post(Rank.DECISION, Told(np.arange(100), np.zeros(100)))
    play(world, Weather(), Decision())
    assert (world.households.willing == 0).all()


def test_ground_floors_that_see_water_decide_by_themselves():
    world = people(200, building=BuildingClass.WALK_UP)
    play(world, Weather(depth=0.3, from_hour=2.0), Decision())
    left = leaves(world)
    assert 0.5 * 200 < len(left) < 200
    assert min(left.values()) >= 7200.0
    assert (world.households.advice_s == 7200.0).all()


@pytest.mark.parametrize("change", ["dry", "upstairs", "visitor"])
def test_others_stay_in(change):
    kind = HouseholdKind.VISITOR if change == "visitor" else HouseholdKind.RESIDENT
    world = people(50, building=BuildingClass.WALK_UP, kind=kind)
    if change == "upstairs":
        world.households.ground_floor.setflags(write=True)
        world.households.ground_floor[:] = False
    play(world, Weather(depth=0.0 if change == "dry" else 0.5), Decision())
    assert leaves(world) == {}
