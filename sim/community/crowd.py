"""Households and persons: who lives, sleeps and stays there, from shares to whole persons.

Head counts are exact: residents, persons of 60 or more, of 80 or more, those who live alone and children are shared out by
permutation, never drawn one by one.
"""

from typing import NamedTuple

import numpy as np

from sim.community.form import PeopleForm, RecipeForm, Speeds
from sim.community.lots import Luck, within
from sim.trajectory import Group
from sim.world.tables import HouseholdKind

OLD_YR, VERY_OLD_YR, ADULT_YR, TEEN_YR = 60, 80, 18, 15
ABLE_MOST_YR = 69  # up to this age an adult without limited mobility can help others of the household (assumed)
EXTRA_MOST = 4  # a household has at most so many members below 60 beside the first (assumed)
GROUPS_N = len(Group)


class Parties(NamedTuple):
    """Households before they have a home: members of 60 or more, members below 60, kind; each (n,) int64."""

    old_n: np.ndarray
    young_n: np.ndarray
    kind: np.ndarray


def resident_parties(form: PeopleForm, residents_n: int, luck: Luck) -> Parties:
    """Residents as households, in random order: alone and old, old only, mixed, young."""
    old_n = round(form.old_frac.value * residents_n)
    young_n = residents_n - old_n
    alone_n = round(form.alone_frac.value * old_n)
    couples_n = max(0, round((form.only_old_frac.value * old_n - alone_n) / 2))
    others_n = max(0, old_n - alone_n - 2 * couples_n)
    mixed_n = min(int(np.ceil(others_n / 1.5)), young_n)  # half of the mixed households have two members of 60+ (assumed)
    pairs_n = min(max(others_n - mixed_n, 0), mixed_n)
    left_n = old_n - alone_n - 2 * couples_n - mixed_n - pairs_n
    couples_n, alone_n = couples_n + left_n // 2, alone_n + left_n % 2
    wanted_n = round(residents_n / form.household_size.value) - alone_n - couples_n - mixed_n
    younger_n = int(np.clip(wanted_n, max(0, int(np.ceil(young_n / (1 + EXTRA_MOST))) - mixed_n), young_n - mixed_n))
    old = np.repeat([1, 2, 2, 1, 0], [alone_n, couples_n, pairs_n, mixed_n - pairs_n, younger_n])
    young = np.repeat([0, 1], [alone_n + couples_n, mixed_n + younger_n])
    slots = luck.chosen("household.size", EXTRA_MOST * (mixed_n + younger_n), young_n - mixed_n - younger_n)
    young[alone_n + couples_n :] += slots.reshape(-1, EXTRA_MOST).sum(axis=1)
    order = luck.order("household.order", old.size)
    return Parties(old[order], young[order], np.full(old.size, int(HouseholdKind.RESIDENT)))


def sized_parties(kind: HouseholdKind, persons_n: int, size_n: int) -> Parties:
    """Parties of `size_n`, the last one of what is left."""
    sizes = np.full(-(-persons_n // size_n), size_n)
    if sizes.size:
        sizes[-1] = persons_n - size_n * (sizes.size - 1)
    return Parties(np.zeros_like(sizes), sizes, np.full(sizes.size, int(kind)))


def joined(*blocks: Parties) -> Parties:
    """One block of parties after the other."""
    return Parties(*(np.concatenate(columns).astype(np.int64) for columns in zip(*blocks, strict=True)))


def ages_yr(form: PeopleForm, parties: Parties, household: np.ndarray, luck: Luck) -> np.ndarray:
    """(n_persons,) int64: elders first in each household, then its first adult, then the others, some of them children."""
    place = within(parties.old_n + parties.young_n)
    old = place < parties.old_n[household]
    resident = parties.kind[household] == HouseholdKind.RESIDENT
    draw = luck.uniform("person.age", household.size)
    age = np.floor(ADULT_YR + (OLD_YR - ADULT_YR) * draw).astype(np.int64)
    elders = np.flatnonzero(old)
    very_old = luck.chosen("person.very_old", elders.size, round(form.very_old_frac.value * elders.size))
    span = draw[elders]  # numbers fall with age: 60-79 gently, 80-94 fast (assumed)
    age[elders] = np.floor(np.where(very_old, VERY_OLD_YR + 15 * span**1.8, OLD_YR + 20 * span**1.3)).astype(np.int64)
    extra = np.flatnonzero(resident & (place > parties.old_n[household]))
    wanted_n = round(form.child_frac.value * np.count_nonzero(resident))
    children = extra[luck.chosen("person.child", extra.size, wanted_n)]
    age[children] = np.floor(TEEN_YR * draw[children]).astype(np.int64)
    return age


def person_columns(recipe: RecipeForm, parties: Parties, on_register: np.ndarray, luck: Luck) -> dict[str, np.ndarray]:
    """The table of persons, household by household, residents first."""
    form = recipe.people
    household = np.repeat(np.arange(parties.kind.size), parties.old_n + parties.young_n)
    age = ages_yr(form, parties, household, luck)
    n = age.size
    old, very_old, able = age >= OLD_YR, age >= VERY_OLD_YR, (age >= ADULT_YR) & (age <= ABLE_MOST_YR)
    disabled_frac = np.select([very_old, old], [form.disabled_80, form.disabled_60], form.disabled_other)
    at_home = np.isin(parties.kind[household], (HouseholdKind.RESIDENT, HouseholdKind.HUT))
    disabled = at_home & (luck.uniform("person.disabled", n) < disabled_frac)
    smart_frac = np.select([old, age >= TEEN_YR], [form.smart_phone_old.value, form.smart_phone_other], 0.0)
    trained = able & (luck.uniform("person.trained", n) < form.trained.value)
    alone = (parties.old_n == 1) & (parties.young_n == 0)
    resident = parties.kind[household] == HouseholdKind.RESIDENT
    group = np.select(
        [~resident, ~on_register[household], disabled, old & alone[household], old],
        [Group.NOT_RESIDENT, Group.OFF_REGISTER, Group.DISABLED, Group.ALONE_OLD, Group.OLD],
        Group.OTHER,
    )
    return {
        "household": household,
        "age_yr": age,
        "group": group,
        "disabled": disabled,
        "smart_phone": luck.uniform("person.smart", n) < smart_frac,
        "chronic": luck.uniform("person.chronic", n) < np.where(old, form.chronic_old, form.chronic_other),
        "trained": trained,
        "volunteer": resident & able & (luck.uniform("person.volunteer", n) < form.volunteer),
    }


def registered(form: PeopleForm, parties: Parties, luck: Luck) -> np.ndarray:
    """(n_households,) bool: in the community register; only residents can be."""
    share = np.where(parties.old_n > 0, form.register_old, form.register_other)
    return (parties.kind == HouseholdKind.RESIDENT) & (luck.uniform("household.register", parties.kind.size) < share)


def speeds_mps(speeds: Speeds, people: dict[str, np.ndarray]) -> np.ndarray:
    """(n_persons,) float64: walking speed by age and mobility."""
    age = people["age_yr"]
    return np.select(
        [people["disabled"], age >= VERY_OLD_YR, age >= OLD_YR, age < TEEN_YR],
        [speeds.disabled_mps, speeds.very_old_mps, speeds.old_mps, speeds.child_mps],
        speeds.adult_mps,
    )


def phones(form: PeopleForm, people: dict[str, np.ndarray], luck: Luck) -> np.ndarray:
    """(n_persons,) bool: has a phone that rings; everybody of 15-59 has one (assumed)."""
    rings = form.own_smart_phone_old.value + (1 - form.own_smart_phone_old.value) * form.plain_phone_old
    old = (people["age_yr"] >= OLD_YR) & (luck.uniform("person.phone", people["age_yr"].size) < rings)
    return people["smart_phone"] | old | ((people["age_yr"] >= TEEN_YR) & (people["age_yr"] < OLD_YR))


def household_columns(
    recipe: RecipeForm, parties: Parties, on_register: np.ndarray, people: dict[str, np.ndarray], luck: Luck
) -> dict[str, np.ndarray]:
    """What a household is by its members; where it lives is decided elsewhere."""
    n = parties.kind.size
    household, age, disabled = people["household"], people["age_yr"], people["disabled"]
    starts = np.searchsorted(household, np.arange(n))

    def any_of(mask: np.ndarray) -> np.ndarray:
        return np.bincount(household[mask], minlength=n) > 0

    able = (age >= ADULT_YR) & (age <= ABLE_MOST_YR) & ~disabled
    return {
        "kind": parties.kind,
        "persons_n": parties.old_n + parties.young_n,
        "group_n": np.bincount(household * GROUPS_N + people["group"], minlength=n * GROUPS_N).reshape(n, GROUPS_N),
        "group": np.minimum.reduceat(people["group"], starts),
        "on_register": on_register,
        "smart_phone": any_of(people["smart_phone"]),
        "any_phone": any_of(phones(recipe.people, people, luck)),
        "old_alone": (parties.old_n == 1) & (parties.young_n == 0),
        "needs_help": any_of(disabled | (age >= VERY_OLD_YR)) & ~any_of(able),
        "speed_mps": np.minimum.reduceat(speeds_mps(recipe.speeds, people), starts),
    }
