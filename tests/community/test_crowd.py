import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.community import crowd
from sim.community.lots import Luck
from sim.trajectory import Group
from sim.world.tables import HouseholdKind
from tests.community.recipes import recipe, shipped


@given(st.integers(1, 3000), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(1, 4))
@settings(max_examples=60, deadline=None)
def test_households_hold_exactly_the_residents_and_elders(residents, old, alone, only_old, size):
    assume(alone <= only_old)
    form = recipe(
        ("people.old_frac.value", old),
        ("people.child_frac.value", 0.0),
        ("people.alone_frac.value", alone),
        ("people.only_old_frac.value", only_old),
        ("people.household_size.value", size),
    ).people
    parties = crowd.resident_parties(form, residents, Luck(1))
    assert parties.old_n.sum() == round(old * residents)
    assert (parties.old_n + parties.young_n).sum() == residents
    assert (parties.old_n + parties.young_n).min() >= 1


@given(st.integers(0, 500), st.integers(1, 20))
def test_parties_have_the_size_asked_and_the_last_what_is_left(persons, size):
    parties = crowd.sized_parties(HouseholdKind.CAMP, persons, size)
    assert parties.young_n.sum() == persons
    assert np.all(parties.young_n[:-1] == size)
    assert np.all(parties.young_n >= 1)


@pytest.mark.parametrize("name", ["hamlet", "zhoujiadu_like"])
def test_members_by_group_add_up_to_the_household(name):
    households = shipped(name).tables["households"]
    np.testing.assert_array_equal(households.group_n.sum(axis=1), households.persons_n)
    present = households.group_n > 0
    np.testing.assert_array_equal(households.group, present.argmax(axis=1))


def test_a_person_is_in_the_first_group_that_applies():
    people, households = shipped().tables["people"], shipped().tables["households"]
    home = people.household
    for person in range(people.n):
        wanted = Group.OTHER
        if households.kind[home[person]] != HouseholdKind.RESIDENT:
            wanted = Group.NOT_RESIDENT
        elif not households.on_register[home[person]]:
            wanted = Group.OFF_REGISTER
        elif people.disabled[person]:
            wanted = Group.DISABLED
        elif people.age_yr[person] >= 60:
            wanted = Group.ALONE_OLD if households.persons_n[home[person]] == 1 else Group.OLD
        assert people.group[person] == wanted


def test_the_slowest_sets_the_pace():
    people, households, speeds = shipped().tables["people"], shipped().tables["households"], recipe().speeds
    for household in range(households.n):
        mine = people.household == household
        age = people.age_yr[mine]
        pace = [speeds.adult_mps]
        pace += [speeds.child_mps] * bool(np.any(age < 15))
        pace += [speeds.old_mps] * bool(np.any(age >= 60)) + [speeds.very_old_mps] * bool(np.any(age >= 80))
        pace += [speeds.disabled_mps] * bool(np.any(people.disabled[mine]))
        assert households.speed_mps[household] == np.float32(min(pace))


def test_who_needs_help_has_nobody_able_at_home():
    people, households = shipped().tables["people"], shipped().tables["households"]
    frail = people.disabled | (people.age_yr >= 80)
    able = (people.age_yr >= 18) & (people.age_yr <= 69) & ~people.disabled
    n_frail, n_able = (np.bincount(people.household, mask, households.n) for mask in (frail, able))
    np.testing.assert_array_equal(households.needs_help, (n_frail > 0) & (n_able == 0))
    assert households.needs_help.any()


def test_only_residents_are_on_the_register_and_nobody_is_where_nobody_is_listed():
    form = recipe(("people.register_old", 0.0), ("people.register_other", 1.0)).people
    parties = crowd.Parties(np.array([1, 0, 0]), np.array([0, 2, 8]), np.array([0, 0, int(HouseholdKind.CAMP)]))
    np.testing.assert_array_equal(crowd.registered(form, parties, Luck(1)), [False, True, False])


def test_shares_are_near_what_was_asked():
    community = shipped("zhoujiadu_like")
    people, form = community.tables["people"], recipe().people  # the two recipes agree in these shares
    old = (people.age_yr >= 60) & (people.age_yr < 80)
    for mask, share in [(old, form.disabled_60), (people.age_yr >= 80, form.disabled_80)]:
        n = np.count_nonzero(mask)
        assert abs(people.disabled[mask].mean() - share) < 5 * (share * (1 - share) / n) ** 0.5
    assert people.chronic[people.age_yr >= 60].mean() == pytest.approx(form.chronic_old, abs=0.01)


def test_a_smart_phone_rings():
    households = shipped("zhoujiadu_like").tables["households"]
    assert not np.any(households.smart_phone & ~households.any_phone)
    old_alone = households.old_alone
    assert households.smart_phone[old_alone].mean() == pytest.approx(0.27, abs=0.04)
    assert households.any_phone[old_alone].mean() == pytest.approx(0.766 + 0.234 * 0.85, abs=0.03)


def test_children_live_with_somebody_of_15_or_more():
    people, households = shipped().tables["people"], shipped().tables["households"]
    grown_n = np.bincount(people.household, people.age_yr >= 15, households.n)
    assert grown_n.min() >= 1
