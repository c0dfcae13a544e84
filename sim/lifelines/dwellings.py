"""The books of spoilt dwellings in one replication: what is wrong with each, what it waits for, when it is lived in again."""

from collections.abc import Generator
from typing import Any

import numpy as np

from sim.lifelines.outages import OutageLog, book_need, book_outages, earliest
from sim.lifelines.storeys import GROUND, STOREYS, TOP, WHOLE, Storeys
from sim.trajectory import Cause, Service
from sim.world.clock import Rank
from sim.world.letters import Fault, FaultStage, Habitable, Line
from sim.world.world import World

# Share of a dwelling's value lost by depth above its floor: residential buildings, Asia (Huizinga, de Moel and Szewczyk 2017, JRC)
JRC_DEPTH_M = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0)
JRC_DAMAGE_FRAC = (0.0, 0.327, 0.494, 0.617, 0.721, 0.87, 0.931, 0.984, 1.0)
DRY, WET, DIRTY, DRYING = 0, 1, 2, 3  # a ground floor: never wet, water in it, waits for a crew, cleaned
# which storeys a fault spoils
SPOILS = {Line.SOAKED: (GROUND, WHOLE), Line.ROOF: (TOP, WHOLE), Line.STRUCTURE: tuple(range(STOREYS))}


class Dwellings:
    """What keeps each storey from being lived in, by line; a line's building has one fault at a time."""

    def __init__(self, world: World, drying_full_s: float) -> None:
        """All are whole and dry."""
        self.world, self.drying_full_s = world, drying_full_s
        self.storeys = Storeys(world)
        self.log = OutageLog(self.storeys.persons_n)
        self.faults: list[Fault] = []
        self.causes: dict[int, dict[Line, Cause]] = {}  # by building
        n = world.buildings.n
        persons_n = self.storeys.persons_n.reshape(n, STOREYS)
        self.low = (persons_n[:, GROUND] + persons_n[:, WHOLE]) > 0  # somebody lives on the ground floor
        self.phase = np.full(n, DRY, np.int8)
        self.deepest_m = np.zeros(n, np.float32)
        self.turn = np.zeros(n, np.int64)  # how often water came in

    def broken(self, line: Line, building: int) -> None:
        """A fault for the crews, who do not know yet; nobody asks about a building where nobody lives."""
        world = self.world
        waiting_n = sum(int(self.storeys.persons_n[unit]) for unit in self.storeys.of(building, *SPOILS[line]))
        if not waiting_n:
            return
        node = int(world.buildings.node[building])
        fault = Fault(len(self.faults), line, building, node, waiting_n, world.now_s)
        self.faults.append(fault)
        self.set_cause(building, line, Cause.NOT_DETECTED)
        world.post(Rank.REPAIR, fault)
        kind, zone = f"home_{line.name.lower()}", int(world.buildings.zone[building])
        world.recorder.event(world.now_s, kind, building, zone, f"{waiting_n} residents")

    def soak(self, above_m: np.ndarray, wet: np.ndarray) -> None:
        """Water `above_m (n_buildings,)` the ground floors; where it comes in they are lost, where it has gone crews may come."""
        wet = wet & self.low
        np.maximum(self.deepest_m, above_m, out=self.deepest_m, where=wet)
        for building in np.flatnonzero(wet & ((self.phase == DRY) | (self.phase == DRYING))):
            self.phase[building] = WET
            self.turn[building] += 1
            self.set_cause(int(building), Line.SOAKED, Cause.DAMAGE)
        self.drain(np.flatnonzero(~wet & (self.phase == WET)))

    def drain(self, buildings: np.ndarray) -> None:
        """The water has left these ground floors."""
        self.phase[buildings] = DIRTY
        for building in buildings:
            self.broken(Line.SOAKED, int(building))

    def after_storm(self) -> Generator[Any, Any, None]:
        """When water is no longer played it has gone."""
        yield self.world.clock.wait_until(self.world.times.storm_s, Rank.HOMES)
        self.drain(np.flatnonzero(self.phase == WET))

    def staged(self, letter: FaultStage) -> None:
        """A fault waits for something else now."""
        fault = self.faults[letter.number]
        self.set_cause(fault.index, fault.line, letter.cause)

    def mended(self, number: int) -> None:
        """Made whole; or clean, and now it dries."""
        fault = self.faults[number]
        if fault.line == Line.SOAKED:
            self.phase[fault.index] = DRYING
            self.world.spawn(self.dry(fault.index, int(self.turn[fault.index])))
        else:
            self.set_cause(fault.index, fault.line, None)

    def dry(self, building: int, turn: int) -> Generator[Any, Any, None]:
        """It dries as long as the depth asks for, unless water comes in again."""
        share = float(np.interp(self.deepest_m[building], JRC_DEPTH_M, JRC_DAMAGE_FRAC))
        yield self.world.clock.wait(self.drying_full_s * share, Rank.HOMES, building)
        if self.turn[building] == turn:
            self.phase[building] = DRY
            self.deepest_m[building] = 0.0
            self.set_cause(building, Line.SOAKED, None)

    def set_cause(self, building: int, line: Line, cause: Cause | None) -> None:
        """Note what is wrong with a building now (None: that is mended) and what it means for its storeys."""
        causes = self.causes.setdefault(building, {})
        if cause is None:
            causes.pop(line, None)
        else:
            causes[line] = cause
        for unit in self.storeys.of(building, *SPOILS[line]):
            self.judge(unit, earliest(why for of, why in causes.items() if unit % STOREYS in SPOILS[of]))
        self.log.count()

    def judge(self, unit: int, why: Cause | None) -> None:
        """A storey is lived in or not; those away hear when it is again."""
        habitable, households = self.world.households.habitable, self.storeys.households_of(unit)
        self.log.note(self.world.now_s, unit, why)
        if why is None and not habitable[households].all():
            habitable[households] = True
            self.world.post(Rank.TRAVEL, Habitable(households))
        elif why is not None:
            habitable[households] = False

    def close(self) -> Generator[Any, Any, None]:
        """At the run's end: need, spells, numbers."""
        world, storeys = self.world, self.storeys
        yield world.clock.wait_until(world.times.end_s, Rank.RECORD)
        book_need(world, Service.HOUSING, storeys.residents)
        book_outages(world.recorder, Service.HOUSING, self.log.outages(world.times.end_s), storeys.residents)
        numbers = world.recorder.numbers
        for line in SPOILS:
            numbers[f"homes.{line.name.lower()}"] = sum(fault.line == line for fault in self.faults)
        numbers["homes.residents_out_peak"] = self.log.customers_out_peak
        numbers["homes.residents_out_end"] = self.log.customers_out
