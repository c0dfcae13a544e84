"""Harm: people's health. Who is hurt or falls ill, how badly, and who survives the wait for care.

Wind and water hurt whom they reach (sim.population.hurts); the chronically ill fall ill when power or medicine fails them;
routine calls go on (sim.population.patients). Whoever is trapped is a letter to rescue, everyone else to medical; when care
begins, one draw a person against a curve that falls with the delay decides. All luck is drawn by person, so two policies
hurt the same people where they leave them in the same danger.
"""

from collections.abc import Generator
from enum import IntEnum
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field, model_validator

from sim.population.hurts import (
    Roster,
    WaterLimits,
    WindLimits,
    downstairs,
    hurt_by_wind,
    hurt_indoors,
    shockable,
    swept_away,
    windward,
)
from sim.population.patients import DAY_S, Chronic, Dependants, Routine, calls_of_day, dependants, is_there, out_of_medicine
from sim.reference.survival import survival
from sim.units import Length, Model, Seconds, Share
from sim.world.clock import Rank
from sim.world.letters import Casualty, Reached, Treated, Triage
from sim.world.part import Part
from sim.world.tables import Place
from sim.world.world import World


class Ill(IntEnum):
    """Why somebody needs care."""

    WIND = 0
    WATER = 1
    SHOCK = 2  # water met live mains
    SWEPT = 3  # off their feet on the way
    POWER = 4  # chronically ill, a machine without power
    MEDICINE = 5  # chronically ill, away from home, medicine used up
    ROUTINE = 6  # as on an ordinary day


HURT = (Ill.WIND, Ill.WATER, Ill.SHOCK, Ill.SWEPT)  # counted as injured; whom care at once might not save


class Mix(Model):
    """How badly: shares of casualties; the rest are lightly hurt."""

    immediate_frac: Share = Field(description="care within minutes decides")
    delayed_frac: Share = Field(description="care within hours decides")

    @model_validator(mode="after")
    def _shares(self) -> "Mix":
        if self.immediate_frac + self.delayed_frac > 1.0:
            raise ValueError(f"shares that add up to 1 at most (got {self.immediate_frac} + {self.delayed_frac})")
        return self

    def triage(self, draw: float) -> Triage:
        """The class that a uniform draw means."""
        if draw < self.immediate_frac:
            return Triage.IMMEDIATE
        return Triage.DELAYED if draw < self.immediate_frac + self.delayed_frac else Triage.MINOR


class Patient(NamedTuple):
    """One entry of the roll."""

    person: int
    ill: Ill
    letter: Casualty
    life: float  # survives while this draw is below the curve


class Roll:
    """Everybody who needed care in one replication, and what became of them."""

    def __init__(self, wind: Roster, water: Roster, shock: Roster, chronic: Dependants, areas_n: int) -> None:
        """Nobody is hurt; every area has power."""
        self.wind, self.water, self.shock, self.chronic = wind, water, shock, chronic
        self.patients: list[Patient] = []
        self.stormed: set[int] = set()  # people on the roll because of the storm: once each
        self.delay_s: dict[int, float] = {}  # number -> delay until care, less what first aid won
        self.dark_s = np.full(areas_n, np.inf)  # since when an area is dark


class Harm(Part):
    """What hurts, how badly, and what the wait costs."""

    rank: ClassVar[Rank] = Rank.HARM
    reads: ClassVar[tuple[str, ...]] = (
        *("buildings.gust_mps", "buildings.depth_m", "cells.qx_m2ps", "cells.qy_m2ps", "areas.on", "forcing.wind_at_mps"),
        *("households.place", "households.at_node", "households.left_s"),
    )

    wind: WindLimits = Field(WindLimits(), description="gusts that hurt")
    water: WaterLimits = Field(WaterLimits(), description="water that hurts")
    chronic: Chronic = Field(Chronic(), description="the chronically ill")
    routine: Routine = Field(Routine(), description="calls of an ordinary day")
    routine_after_s: Seconds = Field(
        3 * DAY_S, description="routine calls are played this long after the storm; later days are as any other (assumed)"
    )
    outdoors_frac: Share = Field(0.01, description="people who are out of doors although nothing moves them (assumed)")
    shock_frac: Share = Field(2e-5, description="people on a wet ground floor with live mains who are struck (assumed)")
    wet_m: Length = Field(0.05, description="water above the floor that meets live mains (assumed)")
    trapped_m: Length = Field(0.5, description="water above the floor that holds a door shut (assumed)")
    curves: Literal["optimistic", "pessimistic"] = Field("optimistic", description="set of survival curves (unverified)")
    ordinary_delay_s: Seconds = Field(3600.0, description="a routine patient treated within this is no death of delay (assumed)")
    mix_wind: Mix = Field(Mix(immediate_frac=0.02, delayed_frac=0.15), description="by wind: most are cuts and falls (assumed)")
    mix_water: Mix = Field(Mix(immediate_frac=0.4, delayed_frac=0.3), description="by water and shock (assumed)")
    mix_chronic: Mix = Field(Mix(immediate_frac=0.05, delayed_frac=0.25), description="the chronically ill, by want (assumed)")
    mix_routine: Mix = Field(Mix(immediate_frac=0.1, delayed_frac=0.5), description="routine calls (assumed)")

    def begin(self, world: World) -> None:
        """Draw everybody's limits; only those within reach of the forcing are kept."""
        gust_mps = 2.5 * float(world.forcing.wind_at_mps.max(initial=0.0))  # above any gust factor
        world.own[self.rank] = Roll(
            windward(world, self.wind, self.outdoors_frac, gust_mps),
            downstairs(world, self.water, 3.0),  # deeper than any street's flood: a bound of the roster only
            shockable(world, self.shock_frac, self.wet_m),
            dependants(world, self.chronic),
            world.areas.n,
        )

    def step(self, world: World, dt_s: float) -> None:
        """What this tick's gust, water and darkness do."""
        roll: Roll = world.own[self.rank]
        self.hurt(world, hurt_by_wind(world, roll.wind), Ill.WIND)
        if (world.buildings.depth_m > world.buildings.sill_m).any():
            self.hurt(world, hurt_indoors(world, roll.shock, world.areas.on), Ill.SHOCK)
            self.hurt(world, hurt_indoors(world, roll.water), Ill.WATER)
        swept = swept_away(world, self.water)
        if swept.size:  # the first of each household, among people sorted by household
            self.hurt(world, np.searchsorted(world.people.household, swept), Ill.SWEPT)
        self.darken(world, roll)

    def darken(self, world: World, roll: Roll) -> None:
        """Note which areas have gone dark or light; machines there run on batteries from now on."""
        on, dark = world.areas.on, np.isfinite(roll.dark_s)
        fresh = np.flatnonzero(~on & ~dark)
        roll.dark_s[on] = np.inf
        roll.dark_s[fresh] = world.now_s
        for row in np.flatnonzero(np.isin(roll.chronic.area, fresh)) if fresh.size else ():
            world.spawn(self.on_battery(world, roll, int(row)))

    def on_battery(self, world: World, roll: Roll, row: int) -> Generator[Any, Any, None]:
        """A machine in the dark: if the same outage outlasts the battery and its owner is at home, the owner falls ill."""
        ill = roll.chronic
        area, since_s, at = int(ill.area[row]), world.now_s, ill.machine[row]
        yield world.clock.wait(float(ill.battery_s[row]), self.rank, int(ill.person[at]))
        at_home = world.households.place[ill.household[at]] in (Place.HOME, Place.WAITING)
        if not world.areas.on[area] and roll.dark_s[area] == since_s and at_home:
            self.hurt(world, ill.person[at : at + 1], Ill.POWER)

    def hurt(self, world: World, people: np.ndarray, ill: Ill) -> None:
        """Put people (m,) on the roll, each once because of the storm, and call for help."""
        roll: Roll = world.own[self.rank]
        for person in people:
            if int(person) not in roll.stormed:
                roll.stormed.add(int(person))
                self.enrol(world, int(person), ill, int(ill))

    def enrol(self, world: World, person: int, ill: Ill, block: int) -> None:
        """How badly, and whose letter it is; `block` tells the draws of one person's illnesses apart."""
        roll: Roll = world.own[self.rank]
        severity, life = world.streams.block("harm.severity", np.array([person]), block)[0, :2]
        household = int(world.people.household[person])
        letter = Casualty(
            len(roll.patients), household, int(world.households.zone[household]), int(world.people.group[person]),
            self.mix(ill).triage(float(severity)), world.now_s, ill == Ill.WATER and self.shut_in(world, household),
        )  # fmt: skip
        roll.patients.append(Patient(person, ill, letter, float(life)))
        world.post(Rank.RESCUE if letter.trapped else Rank.MEDICAL, letter)
        if ill != Ill.ROUTINE:
            world.recorder.event(world.now_s, f"ill_{ill.name.lower()}", household, letter.zone, letter.triage.name.lower())

    def mix(self, ill: Ill) -> Mix:
        """How badly people fall ill by this."""
        if ill in (Ill.POWER, Ill.MEDICINE):
            return self.mix_chronic
        return {Ill.WIND: self.mix_wind, Ill.ROUTINE: self.mix_routine}.get(ill, self.mix_water)

    def shut_in(self, world: World, household: int) -> bool:
        """Water holds the doors of its building shut."""
        building = world.households.building[household]
        return bool(world.buildings.depth_m[building] - world.buildings.sill_m[building] >= self.trapped_m)

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Hear from rescue and medical; routine calls and medicine run beside."""
        roll: Roll = world.own[self.rank]
        for process in (self.ordinary_days(world), self.medicine(world, roll), self.closing_count(world, roll)):
            world.spawn(process)
        while True:
            letter = yield world.inboxes[self.rank].get()
            if isinstance(letter, Reached):
                world.post(Rank.MEDICAL, roll.patients[letter.number].letter._replace(trapped=False))
            elif isinstance(letter, Treated):
                onset_s = roll.patients[letter.number].letter.onset_s
                roll.delay_s[letter.number] = max(world.now_s - onset_s - letter.gained_s, 0.0)

    def ordinary_days(self, world: World) -> Generator[Any, Any, None]:
        """Routine calls, day by day; who is not there just now does not call."""
        until_s = min(world.times.storm_s + self.routine_after_s, world.times.end_s)
        for day in range(int(np.ceil(until_s / DAY_S))):
            calls = calls_of_day(world, self.routine, day)
            for time_s, person in zip(calls.time_s.tolist(), calls.person.tolist(), strict=True):
                if time_s >= until_s:
                    return
                yield world.clock.wait_until(time_s, self.rank, person)
                if is_there(world, int(world.people.household[person])):
                    self.enrol(world, person, Ill.ROUTINE, len(Ill) + day)

    def medicine(self, world: World, roll: Roll) -> Generator[Any, Any, None]:
        """Once a day of the storm, and at its end for all that follows, see who away from home will run out."""
        storm_s = world.times.storm_s
        starts = [*np.arange(DAY_S, storm_s, DAY_S).tolist(), storm_s]
        for start_s, until_s in zip(starts, [*starts[1:], np.inf], strict=True):
            yield world.clock.wait_until(start_s, self.rank)
            for person, out_s in zip(*out_of_medicine(world, roll.chronic, until_s), strict=True):
                world.spawn(self.runs_out(world, int(person), float(out_s)))

    def runs_out(self, world: World, person: int, out_s: float) -> Generator[Any, Any, None]:
        """The last of what was carried is used up; who is home again by then has more."""
        yield world.clock.wait_until(out_s, self.rank, person)
        if world.households.place[world.people.household[person]] in (Place.SHELTERED, Place.STRANDED):
            self.hurt(world, np.array([person]), Ill.MEDICINE)

    def closing_count(self, world: World, roll: Roll) -> Generator[Any, Any, None]:
        """At the run's end: who died, who was hurt, by what; who still waits is judged by the wait so far."""
        yield world.clock.wait_until(world.times.end_s, Rank.RECORD)
        died = [self.dies(patient, self.delay_of(world, roll, patient)) for patient in roll.patients]
        ill = np.array([patient.ill for patient in roll.patients], np.int64)
        dead, hurt = np.array(died, bool), np.isin(ill, HURT)
        numbers = world.recorder.numbers
        person = np.array([patient.person for patient in roll.patients], np.int64)
        lost = np.unique(person[dead])  # nobody dies twice, and who dies is not counted as hurt too
        numbers["people.injured"] = float(np.setdiff1d(person[hurt], lost).size)
        numbers["people.deaths"] = float(lost.size)
        for kind in Ill:
            numbers[f"harm.{kind.name.lower()}"] = float(np.count_nonzero(ill == kind))

    @staticmethod
    def delay_of(world: World, roll: Roll, patient: Patient) -> float:
        """Delay until care, or until the end of the run."""
        return roll.delay_s.get(patient.letter.number, world.times.end_s - patient.letter.onset_s)

    def dies(self, patient: Patient, delay_s: float) -> bool:
        """Dies of the storm: hurt by it, or ill and lost by the delay alone; a routine patient by more than an ordinary delay.

        The curves are of the injured. The ill are taken to live if treated at once, and to fall with the same shape (assumed)."""
        triage = patient.letter.triage.name.lower()
        if patient.ill in HURT:
            return patient.life >= survival(self.curves, triage, delay_s)
        at_once = survival(self.curves, triage, 0.0)
        lost = patient.life >= survival(self.curves, triage, delay_s) / at_once
        usual_s = min(delay_s, self.ordinary_delay_s if patient.ill == Ill.ROUTINE else 0.0)
        return lost and patient.life < survival(self.curves, triage, usual_s) / at_once
