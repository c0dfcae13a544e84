"""Power: feeders and transformer areas that wind breaks and water drowns; they come back only when a crew has mended them.

A feeder out darkens all its areas (no switching to a neighbouring line: assumed, a radial grid in a storm). Gust limits are
drawn beforehand for every asset; an asset breaks by wind once at most in a storm, because what broke is renewed.
"""

from collections.abc import Generator
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from sim.lifelines.fragility import Fragility
from sim.lifelines.outages import OutageLog, book_need, book_outages, customers_of, earliest
from sim.trajectory import Cause, Service
from sim.units import Share
from sim.world.clock import Rank
from sim.world.letters import Fault, FaultStage, Line, Mended, PowerTurned
from sim.world.part import Part
from sim.world.world import World


class Power(Part):
    """Damage and function of the power grid; repair is a service."""

    rank: ClassVar[Rank] = Rank.POWER
    reads: ClassVar[tuple[str, ...]] = (
        *("areas.depth_m", "areas.gust_mps", "town.first_signal_s", "town.warning_stage_m"),
        *("forcing.time_s", "forcing.wind_mps", "forcing.rain_mps", "forcing.stage_m"),
    )
    writes: ClassVar[tuple[str, ...]] = (
        *("feeders.faulty", "feeders.limit_mps"),
        *("areas.faulty", "areas.limit_mps", "areas.drowned", "areas.on"),
    )

    feeder: Fragility = Field(
        Fragility(median="33 m/s", sigma=0.2),
        description="a wholly overhead line; assumed, set so that a street sees 1 to 2.5 lines out in Bebinca (395 in the city)",
    )
    area: Fragility = Field(
        Fragility(median="45 m/s", sigma=0.25),
        description="a transformer area on poles; assumed, set so that a street sees 2 to 3 of them (about 400 in the city)",
    )
    cabled_frac: Share = Field(0.05, description="exposure to wind of an area without poles (cable heads, service lines); assumed")

    def begin(self, world: World) -> None:
        """Draw every asset's gust limit."""
        feeders, areas = world.feeders, world.areas
        feeders.limit_mps[:] = self.feeder.limits_mps(world.streams.uniform("power.feeder", feeders.n), feeders.overhead_frac)
        exposure = np.where(areas.overhead, 1.0, self.cabled_frac)
        areas.limit_mps[:] = self.area.limits_mps(world.streams.uniform("power.area", areas.n), exposure)

    def step(self, world: World, dt_s: float) -> None:
        """Find what the gust or the water of this tick breaks; each is a fault for the grid's books and for the crews.

        A line meets the strongest gust at any of its areas."""
        feeders, areas = world.feeders, world.areas
        gust_mps = np.zeros(feeders.n, np.float32)
        fed = areas.feeder >= 0
        np.maximum.at(gust_mps, areas.feeder[fed], areas.gust_mps[fed])
        wet = (areas.depth_m > areas.plinth_m) & ~areas.drowned
        areas.drowned |= wet
        self.breaks(world, Line.FEEDER, np.flatnonzero(gust_mps >= feeders.limit_mps), wet[:0])
        self.breaks(world, Line.AREA, np.flatnonzero((areas.gust_mps >= areas.limit_mps) | wet), wet)

    def breaks(self, world: World, line: Line, indices: np.ndarray, wet: np.ndarray) -> None:
        """Post a fault of every asset that was whole; `wet (n_areas,) bool` says which areas broke by water."""
        table = world.feeders if line == Line.FEEDER else world.areas
        table.limit_mps[indices] = np.inf
        for index in indices[~table.faulty[indices]]:
            table.faulty[index] = True
            fault = Fault(-1, line, int(index), int(table.node[index]), 0, world.now_s, line == Line.AREA and bool(wet[index]))
            world.post(Rank.POWER, fault)

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Keep the books of faults: number them, darken and light areas, tell the crews."""
        books = Books(world)
        world.spawn(books.close())
        while True:
            letter = yield world.inboxes[Rank.POWER].get()
            if isinstance(letter, Fault):
                books.broken(letter)
            elif isinstance(letter, FaultStage):
                books.staged(letter)
            elif isinstance(letter, Mended):
                books.mended(letter)


class Books:
    """Open faults of one replication, by asset, and the outages that follow from them."""

    def __init__(self, world: World) -> None:
        """Everything is whole."""
        self.world = world
        self.faults: list[Fault] = []
        self.feeder_cause: dict[int, Cause] = {}
        self.area_cause: dict[int, Cause] = {}
        self.areas_of = [np.flatnonzero(world.areas.feeder == feeder) for feeder in range(world.feeders.n)]
        self.log = OutageLog(world.areas.customers_n)

    def broken(self, letter: Fault) -> None:
        """Number the fault, count its customers, darken them and tell the crews, who do not know yet."""
        customers = int(self.world.areas.customers_n[self.areas_behind(letter)].sum())
        fault = letter._replace(number=len(self.faults), customers_n=customers)
        self.faults.append(fault)
        self.set_cause(fault, Cause.NOT_DETECTED)
        self.world.post(Rank.REPAIR, fault)
        zone = int(self.world.areas.zone[fault.index]) if fault.line == Line.AREA else -1
        kind = f"power_{fault.line.name.lower()}_out"
        self.world.recorder.event(self.world.now_s, kind, fault.index, zone, f"{customers} customers")

    def staged(self, letter: FaultStage) -> None:
        """The fault waits for something else now."""
        self.set_cause(self.faults[letter.number], letter.cause)

    def mended(self, letter: Mended) -> None:
        """The asset is whole; its areas are lit unless another fault keeps them dark."""
        fault = self.faults[letter.number]
        table = self.world.feeders if fault.line == Line.FEEDER else self.world.areas
        table.faulty[fault.index] = False
        self.set_cause(fault, None)
        self.world.recorder.event(self.world.now_s, f"power_{fault.line.name.lower()}_mended", fault.index)

    def areas_behind(self, fault: Fault) -> np.ndarray:
        """Areas that a fault darkens."""
        return self.areas_of[fault.index] if fault.line == Line.FEEDER else np.array([fault.index])

    def set_cause(self, fault: Fault, cause: Cause | None) -> None:
        """Note what a fault waits for (None: it is gone) and what that means for its areas."""
        causes = self.feeder_cause if fault.line == Line.FEEDER else self.area_cause
        if cause is None:
            causes.pop(fault.index, None)
        else:
            causes[fault.index] = cause
        areas = self.world.areas
        for area in self.areas_behind(fault):
            why = earliest([self.area_cause.get(int(area)), self.feeder_cause.get(int(areas.feeder[area]))])
            self.turn(int(area), why is None)
            self.log.note(self.world.now_s, int(area), why)
        self.log.count()

    def turn(self, area: int, on: bool) -> None:
        """Darken or light an area; what lives on its power hears of it."""
        if self.world.areas.on[area] != on:
            self.world.areas.on[area] = on
            for dependant in (Rank.TELECOM, Rank.WATER):
                self.world.post(dependant, PowerTurned(area, on))

    def close(self) -> Generator[Any, Any, None]:
        """At the run's end: need, spells, numbers."""
        world, log = self.world, self.log
        yield world.clock.wait_until(world.times.end_s, Rank.RECORD)
        customers = customers_of(world)
        outages = log.outages(world.times.end_s)
        book_need(world, Service.LIFELINES, customers)
        book_outages(world.recorder, Service.LIFELINES, outages, customers)
        numbers = world.recorder.numbers
        numbers["power.faults"] = len(self.faults)
        numbers["power.areas_out"] = len({outage.unit for outage in outages})
        numbers["power.customers_out_peak"] = log.customers_out_peak
