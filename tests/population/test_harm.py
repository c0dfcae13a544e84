"""Harm: who goes to whom, who survives what, and what counts as a death of the storm."""

from typing import Any, ClassVar

import numpy as np
import pytest
from pydantic import ValidationError

from sim.population.harm import Harm, Ill, Mix, Patient, Roll
from sim.population.hurts import Limit, WaterLimits, WindLimits
from sim.population.patients import Chronic, Routine
from sim.world.clock import Rank
from sim.world.letters import Casualty, Reached, Treated, Triage
from sim.world.part import Part
from sim.world.tables import BuildingClass, Place
from tests.places import place, play

NO_CALLS = Routine(younger_per_1000_yr=0.0, older_per_1000_yr=0.0)
FRAGILE = WindLimits(hut=Limit(median=1.0, sigma=0.1))
WEAK = WaterLimits(indoors=Limit(median=0.2, sigma=0.01))
WORST = Mix(immediate_frac=1.0, delayed_frac=0.0)


class Sky(Part):
    """Gust, depth and power by the hour (the last holds on)."""

    rank: ClassVar[Rank] = Rank.TYPHOON
    writes: ClassVar[tuple[str, ...]] = ("buildings.gust_mps", "buildings.depth_m", "areas.on", "forcing.wind_at_mps")

    gust: tuple[float, ...] = (0.0,)
    depth: tuple[float, ...] = (0.0,)
    on: tuple[bool, ...] = (True,)

    def begin(self, world):
        """The strongest wind is known beforehand."""
        world.forcing.wind_at_mps[:] = max(self.gust)

    def step(self, world, dt_s):
        """As given."""
        hour = int(world.now_s // 3600)
        world.buildings.gust_mps[:] = self.gust[min(hour, len(self.gust) - 1)]
        world.buildings.depth_m[:] = self.depth[min(hour, len(self.depth) - 1)]
        world.areas.on[:] = self.on[min(hour, len(self.on) - 1)]


class Listener(Part):
    """Takes letters of one inbox down and answers each after a while."""

    heard: Any
    answer: Any = None
    after: float = 0.0

    def run(self, world):
        """Listen."""
        while True:
            letter = yield world.inboxes[self.rank].get()
            self.heard.append(letter)
            if self.answer is not None:
                world.spawn(self.later(world, letter.number))

    def later(self, world, number):
        """Answer."""
        yield world.clock.wait(self.after, self.rank, number)
        world.post(Rank.HARM, self.answer(number))


class Rescuers(Listener):
    """Those who free the trapped."""

    rank: ClassVar[Rank] = Rank.RESCUE


class Doctors(Listener):
    """Those who treat."""

    rank: ClassVar[Rank] = Rank.MEDICAL


def hamlet(n=40, kind=BuildingClass.HUT, chronic=False, **times):
    """People on the ground floor of one hut, two a household."""
    return place(
        **times,
        buildings={"kind": [kind], "sill_m": [0.0]},
        households={"persons_n": np.full(n // 2, 2), "ground_floor": np.ones(n // 2, bool), "to_h": np.full(n // 2, 24.0)},
        people={"household": np.arange(n) // 2, "chronic": np.full(n, chronic), "group": np.full(n, 5)},
    )


def numbers(world):
    return world.recorder.numbers


def test_in_a_calm_nobody_is_hurt():
    world, heard = hamlet(), []
    play(world, Sky(), Harm(routine=NO_CALLS), Doctors(heard=heard))
    assert heard == []
    assert numbers(world)["people.injured"] == numbers(world)["people.deaths"] == 0


def test_wind_hurts_each_once_and_medical_hears():
    world, heard = hamlet(), []
    play(world, Sky(gust=(0.0, 30.0)), Harm(routine=NO_CALLS, wind=FRAGILE), Doctors(heard=heard, answer=Treated))
    assert len(heard) == 40
    assert {letter.onset_s for letter in heard} == {3600.0}
    assert not any(letter.trapped for letter in heard)
    assert numbers(world)["harm.wind"] == 40
    assert numbers(world)["people.injured"] + numbers(world)["people.deaths"] == 40


def test_deep_water_traps_and_rescue_comes_before_medical():
    world, freed, treated = hamlet(kind=BuildingClass.WALK_UP), [], []
    rescue = Rescuers(heard=freed, answer=Reached, after=1800.0)
    play(world, Sky(depth=(0.0, 0.8)), Harm(routine=NO_CALLS, water=WEAK, shock_frac=0.0), rescue, Doctors(heard=treated))
    assert len(freed) == len(treated) == 40
    assert all(letter.trapped for letter in freed)
    assert not any(letter.trapped for letter in treated)
    assert {letter.onset_s for letter in treated} == {3600.0}  # the wait in the water counts


def test_shallow_water_hurts_without_trapping():
    world, freed, treated = hamlet(kind=BuildingClass.WALK_UP), [], []
    play(world, Sky(depth=(0.3,)), Harm(routine=NO_CALLS, water=WEAK), Rescuers(heard=freed), Doctors(heard=treated))
    assert freed == []
    assert len(treated) == 40


class Current(Part):
    """A torrent, and everybody on the way through it."""

    rank: ClassVar[Rank] = Rank.TYPHOON
    writes: ClassVar[tuple[str, ...]] = ("cells.qx_m2ps", "households.place", "households.at_node")

    def step(self, world, dt_s):
        """Far above what anybody stands."""
        world.cells.qx_m2ps[:] = 9.0
        world.households.place[:] = Place.MOVING
        world.households.at_node[:] = 0


def test_one_of_each_household_is_swept_away_once():
    world, heard = hamlet(), []
    play(world, Current(), Harm(routine=NO_CALLS), Doctors(heard=heard))
    assert sorted(letter.household for letter in heard) == list(range(20))
    assert numbers(world)["harm.swept"] == 20


DARK = {"chronic": Chronic(powered_frac=1.0, battery_h=Limit(median=2.0, sigma=0.01)), "routine": NO_CALLS}


def test_a_machine_in_the_dark_lasts_as_long_as_its_battery():
    world, heard = hamlet(chronic=True, kind=BuildingClass.WALK_UP), []
    play(world, Sky(on=(True, False)), Harm(**DARK), Doctors(heard=heard))
    assert len(heard) == 40
    assert all(2.9 * 3600 < letter.onset_s < 3.1 * 3600 for letter in heard)
    assert numbers(world)["harm.power"] == 40
    assert numbers(world)["people.injured"] == 0  # ill, not injured


@pytest.mark.parametrize("on", [(False, True), (False, True, False, True), (True,)])
def test_power_that_is_back_in_time_makes_nobody_ill(on):
    world, heard = hamlet(chronic=True, kind=BuildingClass.WALK_UP), []
    play(world, Sky(on=on), Harm(**DARK), Doctors(heard=heard))
    assert heard == []


def test_routine_calls_go_on_for_a_while_after_the_storm():
    world, heard = hamlet(4000, recovery_h=200.0), []
    rule = Routine(younger_per_1000_yr=2000.0, older_per_1000_yr=2000.0)
    play(world, Sky(), Harm(routine=rule, routine_after="2 d"), Doctors(heard=heard, answer=Treated))
    assert abs(len(heard) - 4000 * 2.0 / 365 * 2.25) < 4 * 50**0.5
    assert max(letter.onset_s for letter in heard) < (6 + 48) * 3600.0
    assert numbers(world)["people.deaths"] == 0  # treated at once: no death of delay


def patient(ill, life, triage=Triage.IMMEDIATE):
    return Patient(0, ill, Casualty(0, 0, 0, 5, triage, 0.0, False), life)


def test_the_injured_die_where_the_draw_is_above_the_curve():
    harm = Harm()
    assert not harm.dies(patient(Ill.WIND, 0.55), 0.0)  # at once 0.56 survive
    assert harm.dies(patient(Ill.WIND, 0.57), 0.0)
    assert harm.dies(patient(Ill.WIND, 0.47), 2400.0)
    assert not harm.dies(patient(Ill.WIND, 0.999, Triage.MINOR), 1e9)


def test_the_ill_are_lost_by_delay_alone():
    harm = Harm()
    assert not harm.dies(patient(Ill.POWER, 0.999999), 0.0)
    assert harm.dies(patient(Ill.POWER, 0.999), 3600.0)


def test_a_routine_patient_is_a_death_of_the_storm_only_beyond_an_ordinary_delay():
    harm = Harm()
    within, beyond = 0.36894593 / 0.56, 0.21976484 / 0.56  # at 60 and at 120 min
    between = (within + beyond) / 2
    assert not harm.dies(patient(Ill.ROUTINE, between), 3600.0)
    assert harm.dies(patient(Ill.ROUTINE, between), 7200.0)
    assert not harm.dies(patient(Ill.ROUTINE, within + 0.01), 7200.0)  # lost on an ordinary day too
    assert not harm.dies(patient(Ill.ROUTINE, beyond - 0.01), 7200.0)


def test_a_longer_wait_never_saves_anybody():
    harm = Harm()
    for ill in Ill:
        for life in np.linspace(0.01, 0.99, 25):
            fates = [harm.dies(patient(ill, life), delay_s) for delay_s in (0.0, 600.0, 3600.0, 9000.0, 90_000.0)]
            assert fates == sorted(fates)


def deaths(after_s, gained_s=0.0):
    """Of 400 in danger of life, treated after a while."""
    world = hamlet(400)

    def answer(number):
        return Treated(number, gained_s)

    doctors = Doctors(heard=[], answer=answer, after=after_s)
    play(world, Sky(gust=(30.0,)), Harm(routine=NO_CALLS, wind=FRAGILE, mix_wind=WORST), doctors)
    return numbers(world)["people.deaths"]


def test_nobody_dies_twice():
    """Hurt by the wind and a routine patient at once: one death, and nobody who died is among the injured."""
    world = hamlet(2)
    roll = Roll(*(None,) * 4, areas_n=1)
    for ill in (Ill.WIND, Ill.ROUTINE):
        roll.patients.append(patient(ill, 0.99 if ill == Ill.WIND else 0.6))
    list(Harm().closing_count(world, roll))
    assert (numbers(world)["people.deaths"], numbers(world)["people.injured"]) == (1.0, 0.0)


def test_the_share_that_dies_is_the_curves():
    expected = 400 * (1 - 0.36894593)  # at 60 min
    assert abs(deaths(3600.0) - expected) < 4 * (expected * 0.36894593) ** 0.5


def test_later_care_costs_lives_and_first_aid_wins_them_back():
    assert deaths(600.0) < deaths(7200.0)
    assert deaths(3600.0, gained_s=1800.0) == deaths(1800.0)


def test_who_is_never_treated_is_judged_by_the_whole_wait():
    world = hamlet(200)
    play(world, Sky(gust=(30.0,)), Harm(routine=NO_CALLS, wind=FRAGILE, mix_wind=WORST))
    assert numbers(world)["people.deaths"] > 190


def test_shares_that_add_up_to_more_than_one_are_refused():
    with pytest.raises(ValidationError, match="add up to 1 at most"):
        Mix(immediate_frac=0.7, delayed_frac=0.4)


@pytest.mark.parametrize(("draw", "triage"), [(0.0, Triage.IMMEDIATE), (0.2, Triage.DELAYED), (0.5, Triage.MINOR)])
def test_a_draw_is_a_class(draw, triage):
    assert Mix(immediate_frac=0.2, delayed_frac=0.3).triage(draw) == triage
