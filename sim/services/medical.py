"""Medical: from the call to the beginning of definitive care. First aid, dispatch, ambulance, triage, a place and staff.

The life of a case: not detected -> no vehicle -> on the way (dispatch, drive, scene, drive, handover), with what is carried on
foot where no road is open -> no bed, no power, not staffed -> treated. The lightly hurt walk to the nearest clinic. Every line
goes by (triage, joined, number): those in danger of life first. An ambulance is free when it stands at its station again.
"""

from collections.abc import Generator
from typing import Any, ClassVar, NamedTuple

import numpy as np
from pydantic import Field
from scipy.special import ndtri
from simpy.resources.resource import PriorityRequest

from sim.services.ambulances import OUTSIDE, Fleet, Garage, Streets, Way, stations
from sim.services.wards import Care, House
from sim.trajectory import Cause, Service
from sim.units import Factor, MetresPerSecond, Seconds, Share
from sim.world.casebook import Casebook
from sim.world.clock import ENTITIES, Rank
from sim.world.letters import Casualty, Treated, Triage
from sim.world.part import Part
from sim.world.tables import Place, SiteKind
from sim.world.window import window
from sim.world.world import World

NUMBERS_MAX = ENTITIES // len(Triage)
LEAST_DRAW = 2.0**-54  # keeps a lognormal of the draw 0 finite


class Luck(NamedTuple):
    """What is drawn for one case."""

    known_s: float  # until someone calls
    scene_s: float  # with the patient before the ambulance leaves
    stay_s: float  # in the place, once treatment has begun
    gained_s: float  # what first aid by a trained neighbour wins
    away: bool  # the street's own ambulances are out for other streets


class Desk:
    """The medical service of one replication."""

    def __init__(self, world: World, medical: "Medical") -> None:
        """Everything is free."""
        self.book = Casebook(world, Service.MEDICAL)
        self.clinics = houses(world, SiteKind.CLINIC, medical.clinic)
        hospitals = houses(world, SiteKind.HOSPITAL, medical.hospital)
        self.hospitals = hospitals or [House(world, -1, OUTSIDE, medical.hospital)]
        bases = stations(world) + [house.node for house in self.hospitals]
        self.streets = Streets(world, medical.fleet, bases)
        self.garage = Garage(world, medical.fleet, self.streets)
        self.visits: dict[int, int] = {}  # household -> cases so far, which tells their draws apart
        self.response_s: list[float] = []
        self.aided_n = self.treated_n = 0
        building, trained = world.households.building[world.people.household], world.people.trained
        self.trained_n = np.bincount(building[trained], minlength=world.buildings.n)
        sites = np.array([house.site for house in self.clinics + hospitals], np.int64)
        self.areas = np.maximum(world.sites.area[sites], 0)
        self.lit: tuple[bytes, bool] | None = None

    def changed(self, world: World, windy: bool) -> bool:
        """Power or staff may be other than when last asked: in the dark, reserves run down."""
        on = world.areas.on[self.areas]
        now = (on.tobytes(), windy)
        same, self.lit = now == self.lit and bool(on.all()), now
        return not same


class Medical(Part):
    """Who fetches, who treats, and how long each stage takes."""

    rank: ClassVar[Rank] = Rank.MEDICAL
    reads: ClassVar[tuple[str, ...]] = (
        *("town.wind_mps", "town.routes_version", "links.open", "links.depth_m", "links.speed_frac", "areas.on"),
        *("households.place", "households.at_node", "households.site", "town.first_signal_s", "town.warning_stage_m"),
        *("forcing.time_s", "forcing.wind_mps", "forcing.rain_mps", "forcing.stage_m"),
    )

    fleet: Fleet = Field(Fleet(), description="ambulances")
    clinic: Care = Field(
        Care(
            places_n=4, critical_n=1, on_duty_frac=0.5, urgent_frac=0.5, patients_per_staff=2.0, storm_staff_frac=0.7,
            generator="0 h", dark_frac=0.25,
        ),
        description="a community health centre, for the lightly hurt; assumed",
    )  # fmt: skip
    hospital: Care = Field(
        Care(
            places_n=12, critical_n=4, on_duty_frac=0.33, urgent_frac=0.2, patients_per_staff=1.5, storm_staff_frac=0.8,
            generator="24 h", dark_frac=0.3,
        ),
        description="a hospital's emergency places that this community may count on, others taken by its other districts; assumed",
    )  # fmt: skip
    known_s: Seconds = Field(180.0, description="median time until someone calls 120 (assumed)")
    known_sigma: Factor = Field(0.8, description="spread of its natural logarithm (assumed)")
    dispatch_s: Seconds = Field(180.0, description="answer, dispatch, turn-out: 95 % within 3 min is the national aim (unverified)")
    door_s: Seconds = Field(150.0, description="from the car to the patient's side, stairs and lifts (assumed)")
    scene_s: Seconds = Field(720.0, description="median time with the patient before leaving (assumed)")
    scene_sigma: Factor = Field(0.4, description="spread of its natural logarithm (assumed)")
    handover_s: Seconds = Field(900.0, description="the crew is held at the hospital (assumed)")
    triage_s: Seconds = Field(180.0, description="a nurse sees who comes first: 3 min (treat-sim's mean, an English model)")
    minor_s: Seconds = Field(2400.0, description="median stay of the lightly hurt (assumed)")
    delayed_s: Seconds = Field(4 * 3600.0, description="median stay of the others: 3-6 h in an emergency room (CDC, unverified)")
    immediate_s: Seconds = Field(6 * 3600.0, description="median stay of those in danger of life (assumed)")
    stay_sigma: Factor = Field(0.5, description="spread of the natural logarithm of stays (assumed)")
    walk_mps: MetresPerSecond = Field(1.0, gt=0, description="the lightly hurt on foot (assumed)")
    stay_in_mps: MetresPerSecond = Field(24.5, description="above this mean wind the lightly hurt stay in (Bft 10; assumed)")
    staff_wind_mps: MetresPerSecond = Field(17.0, description="above this mean wind some of the staff have not come (assumed)")
    aid_frac: Share = Field(0.3, description="a trained resident of the building is there and hears of it (assumed)")
    aid_s: Seconds = Field(900.0, description="time that first aid wins for a patient, at most the wait (assumed)")

    def begin(self, world: World) -> None:
        """All houses open, all vehicles at their stations."""
        world.own[self.rank] = Desk(world, self)

    def step(self, world: World, dt_s: float) -> None:
        """Power and staff change with the hazard: so do the places."""
        desk: Desk = world.own[self.rank]
        windy = self.windy(world)
        if desk.changed(world, windy):
            for house in desk.clinics + desk.hospitals:
                house.look(world, windy)

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Every casualty becomes a process."""
        desk: Desk = world.own[self.rank]
        world.spawn(self.close(world, desk))
        while True:
            letter = yield world.inboxes[self.rank].get()
            if isinstance(letter, Casualty):
                world.spawn(self.care(world, desk, letter))

    def care(self, world: World, desk: Desk, patient: Casualty) -> Generator[Any, Any, None]:
        """The life of one case, from the call to the end of the stay."""
        visit = desk.visits[patient.household] = desk.visits.get(patient.household, -1) + 1
        luck = self.luck(world, desk, patient, visit)
        case = desk.book.call(patient.zone, patient.group, Cause.NOT_DETECTED)
        yield world.clock.wait(luck.known_s, self.rank, turn(patient))
        if patient.triage == Triage.MINOR:
            house = yield from self.walk(world, desk, patient, case)
        else:
            house = yield from self.fetch(world, desk, patient, case, luck)
        yield world.clock.wait(self.triage_s, self.rank, turn(patient))
        yield from self.treat(world, desk, house, patient, case, luck)

    def luck(self, world: World, desk: Desk, patient: Casualty, visit: int) -> Luck:
        """Draws of a household's n-th case: the same whatever happens to others."""
        draws = world.streams.block("medical.case", np.array([patient.household]), visit)[0]
        normal = ndtri(np.maximum(draws[:3], LEAST_DRAW))
        stay_s = (self.minor_s, self.delayed_s, self.immediate_s)[patient.triage]
        away = float(world.streams.uniform("medical.away", np.array([patient.household]), visit)[0]) < self.fleet.away_frac()
        nobody = (1.0 - self.aid_frac) ** int(desk.trained_n[world.households.building[patient.household]])
        return Luck(
            self.known_s * float(np.exp(self.known_sigma * normal[0])),
            self.scene_s * float(np.exp(self.scene_sigma * normal[1])),
            stay_s * float(np.exp(self.stay_sigma * normal[2])),
            self.aid_s if draws[3] >= nobody else 0.0,
            away,
        )

    def walk(self, world: World, desk: Desk, patient: Casualty, case: int) -> Generator[Any, Any, House]:
        """The lightly hurt go to the nearest clinic themselves, when the wind allows."""
        entity = turn(patient)
        if self.too_rough(world):
            desk.book.waits_for(case, Cause.STOOD_DOWN)
        while self.too_rough(world):
            yield world.clock.wait_until((world.now_s // world.times.tick_s + 1) * world.times.tick_s, self.rank, entity)
        desk.book.waits_for(case, Cause.ON_THE_WAY)
        node = where(world, patient.household)
        ways_s = [self.walk_s(world, node, house.node) for house in desk.clinics or desk.hospitals]
        nearest = ways_s.index(min(ways_s))
        yield world.clock.wait(ways_s[nearest], self.rank, entity)
        return (desk.clinics or desk.hospitals)[nearest]

    def walk_s(self, world: World, node: int, door: int) -> float:
        """Time on foot between two nodes by straight line and detour."""
        if door == OUTSIDE:
            return self.fleet.outside_m / self.walk_mps
        nodes = world.nodes
        away_m = float(np.hypot(nodes.x_m[door] - nodes.x_m[node], nodes.y_m[door] - nodes.y_m[node]))
        return away_m * self.fleet.detour / self.walk_mps

    def fetch(self, world: World, desk: Desk, patient: Casualty, case: int, luck: Luck) -> Generator[Any, Any, House]:
        """An ambulance comes, takes the patient to the hospital that is nearest, and drives home."""
        entity, called_s, book = turn(patient), world.now_s, desk.book
        book.waits_for(case, Cause.NO_VEHICLE)
        request = desk.garage.join(key(world, patient))
        yield request
        node = where(world, patient.household)
        base, way = desk.garage.send(node, luck.away)
        book.waits_for(case, Cause.ON_THE_WAY)
        yield world.clock.wait(self.dispatch_s + way.drive_s, self.rank, entity)
        if way.carry_s:
            book.waits_for(case, Cause.ROUTE_CLOSED)
        yield world.clock.wait(way.carry_s + self.door_s, self.rank, entity)
        desk.response_s.append(world.now_s - called_s)
        house, onward = self.nearest(desk, node)
        yield world.clock.wait(luck.scene_s + way.carry_s, self.rank, entity)
        book.waits_for(case, Cause.ON_THE_WAY)
        yield world.clock.wait(onward.drive_s, self.rank, entity)
        world.spawn(self.home(world, desk, base, desk.streets.way(base, house.node), request, entity))
        return house

    def nearest(self, desk: Desk, node: int) -> tuple[House, Way]:
        """The hospital with the shortest way."""
        ways = [desk.streets.way(house.node, node) for house in desk.hospitals]
        best = min(range(len(ways)), key=lambda i: ways[i].total_s)
        return desk.hospitals[best], ways[best]

    def home(self, world: World, desk: Desk, base: int, way: Way, request: Any, entity: int) -> Generator[Any, Any, None]:
        """The crew hands over, drives to its station and is free."""
        yield world.clock.wait(self.handover_s + way.drive_s, self.rank, entity)
        desk.garage.back(base, request)

    def treat(
        self, world: World, desk: Desk, house: House, patient: Casualty, case: int, luck: Luck
    ) -> Generator[Any, Any, None]:
        """Wait for a place and those who work there; treatment begins; the place is held for the stay."""
        ward = house.critical if patient.triage == Triage.IMMEDIATE else house.ward
        why = house.look(world, self.windy(world))
        place: PriorityRequest = ward.join(key(world, patient))
        if not place.triggered:
            desk.book.waits_for(case, why)
        yield place
        desk.book.answer(case)
        desk.treated_n += 1
        gained_s = min(luck.gained_s, world.now_s - patient.onset_s)
        desk.aided_n += gained_s > 0
        world.post(Rank.HARM, Treated(patient.number, gained_s))
        yield world.clock.wait(luck.stay_s, self.rank, turn(patient))
        house.look(world, self.windy(world))
        ward.leave(place)

    def windy(self, world: World) -> bool:
        """Some of the staff cannot come now; after the storm no wind is simulated."""
        return world.now_s < world.times.storm_s and bool(world.town.wind_mps[0] > self.staff_wind_mps)

    def too_rough(self, world: World) -> bool:
        """Nobody walks now."""
        return world.now_s < world.times.storm_s and bool(world.town.wind_mps[0] > self.stay_in_mps)

    def close(self, world: World, desk: Desk) -> Generator[Any, Any, None]:
        """At the run's end: cases, numbers, and whether every patient is accounted for."""
        yield world.clock.wait_until(world.times.end_s, Rank.RECORD)
        desk.book.book(window(world))
        wards = [ward for house in desk.clinics + desk.hospitals for ward in (house.ward, house.critical)]
        recorder = world.recorder
        recorder.balances["beds"] = float(sum(ward.unaccounted_n for ward in wards))
        recorder.numbers["medical.cases"] = float(len(desk.book.cases))
        recorder.numbers["medical.treated"] = float(desk.treated_n)
        recorder.numbers["medical.first_aid"] = float(desk.aided_n)
        recorder.numbers["medical.response_s"] = float(np.mean(desk.response_s)) if desk.response_s else np.nan


def houses(world: World, kind: SiteKind, care: Care) -> list[House]:
    """Every house of a kind in the community."""
    sites = world.sites
    return [House(world, int(site), int(sites.node[site]), care) for site in np.flatnonzero(sites.kind == kind)]


def where(world: World, household: int) -> int:
    """Road node of a household: at home, in its shelter, or on the way."""
    homes = world.households
    if homes.place[household] == Place.SHELTERED and homes.site[household] >= 0:
        return int(world.sites.node[homes.site[household]])
    out = homes.place[household] in (Place.MOVING, Place.STRANDED, Place.RETURNING) and homes.at_node[household] >= 0
    return int(homes.at_node[household] if out else homes.node[household])


def key(world: World, patient: Casualty) -> tuple[int, float, int]:
    """A patient's place in a line: worst first, then who joined first, then the earlier number."""
    return (-int(patient.triage), world.now_s, patient.number)


def turn(patient: Casualty) -> int:
    """The clock's entity of a case: at equal times the worst goes first, then the earlier number."""
    return (int(Triage.IMMEDIATE) - int(patient.triage)) * NUMBERS_MAX + patient.number % NUMBERS_MAX
