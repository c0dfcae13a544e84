"""A street for tests of the medical service: nodes on a line, stations, a clinic, a hospital, and patients given by hand."""

from typing import Any, ClassVar

import numpy as np

from sim.services.ambulances import Fleet
from sim.services.medical import Luck, Medical
from sim.services.wards import Care
from sim.world.clock import Rank
from sim.world.letters import Casualty, Treated, Triage
from sim.world.part import Part
from sim.world.tables import SiteKind
from sim.world.world import World
from tests.places import place, play

NODES_M = (0.0, 500.0, 1000.0, 2000.0)
FLEET = Fleet(per_station_n=1, outside_n=0, speed="5 m/s", out_n=0.0)


def care(places_n: int = 2, critical_n: int = 1, **other: Any) -> Care:
    """A house with all the staff it needs and no power of its own."""
    staff = {"on_duty_frac": 1.0, "urgent_frac": 1.0, "patients_per_staff": 1.0, "storm_staff_frac": 1.0}
    return Care(places_n=places_n, critical_n=critical_n, **{**staff, "generator": "0 h", "dark_frac": 0.5, **other})


def street(recovery_h: float = 400.0, stations: tuple[int, ...] = (0,), staff_n: int = 100, **given: Any) -> World:
    """Nodes on a line joined both ways, a household at every node; clinic at node 1, hospital at node 3."""
    x_m = np.array(NODES_M)
    pairs = sorted([(a, a + 1) for a in range(3)] + [(a + 1, a) for a in range(3)])
    tail, head = (np.array(column) for column in zip(*pairs, strict=True))
    doors = [*stations, 1, 3]
    kinds = [SiteKind.AMBULANCE_STATION] * len(stations) + [SiteKind.CLINIC, SiteKind.HOSPITAL]
    tables = {
        "nodes": {"x_m": x_m, "y_m": np.zeros(4)},
        "links": {"tail": tail, "head": head, "length_m": abs(x_m[head] - x_m[tail])},
        "sites": {"kind": kinds, "node": doors, "area": np.zeros(len(doors)), "staff_n": np.full(len(doors), staff_n)},
        "households": {"node": np.arange(4), "building": np.arange(4), "persons_n": np.ones(4), "to_h": np.full(4, 24.0)},
        "buildings": {"kind": np.zeros(4)},
        "people": {"household": np.arange(4)},
    }
    return place(2.0, recovery_h, **{**tables, **given})


class Given(Medical):
    """Medical whose luck is given by number: (known, scene, stay)."""

    stages: Any

    def luck(self, world, desk, patient, visit):
        """As given."""
        return Luck(*self.stages[patient.number], 0.0, False)


class Sick(Part):
    """Posts casualties (number -> triage, onset, household) and keeps when their treatment began."""

    rank: ClassVar[Rank] = Rank.HARM

    patients: Any
    treated: Any

    def run(self, world):
        """Post, then listen."""
        for number, (_, onset_s, _) in sorted(self.patients.items(), key=lambda item: (item[1][1], item[0])):
            world.spawn(self.falls_ill(world, number, onset_s))
        while True:
            letter = yield world.inboxes[Rank.HARM].get()
            if isinstance(letter, Treated):
                self.treated[letter.number] = world.now_s

    def falls_ill(self, world, number, onset_s):
        """One of them, when it is time."""
        yield world.clock.wait_until(onset_s, self.rank, number)
        triage, _, household = self.patients[number]
        world.post(Rank.MEDICAL, Casualty(number, household, 0, 5, Triage(triage), world.now_s, False))


def treated_s(world: World, patients: dict, stages: dict, *parts: Part, **medical: Any) -> dict[int, float]:
    """Number -> when treatment begins, by the engine."""
    treated: dict = {}
    fields = {"fleet": FLEET, "clinic": care(), "hospital": care(), **medical}
    play(world, *parts, Sick(patients=patients, treated=treated), Given(stages=stages, **fields))
    return treated
