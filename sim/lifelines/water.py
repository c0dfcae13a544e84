"""Water: street mains under pressure, and pumps that lift it to the upper floors of high-rises and need power.

Walk-ups and the lower floors live on the street's pressure. Above, taps run dry when the area has been dark, or its main broken,
longer than the roof tanks last. Mains lie underground: only uprooted trees break them, seldom. The works and trunk mains hold
(assumed: they have two supplies).
"""

from collections.abc import Generator
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from sim.lifelines.fragility import Fragility
from sim.lifelines.outages import OutageLog, book_need, book_outages, customers_of
from sim.lifelines.reserves import Reserves
from sim.trajectory import Cause, Service
from sim.units import Count, Factor
from sim.world.clock import Rank
from sim.world.letters import Fault, FaultStage, Line, Mended, PowerTurned
from sim.world.part import Part
from sim.world.tables import BuildingClass
from sim.world.world import World


class Water(Part):
    """Function of the water supply; repair of mains is a service."""

    rank: ClassVar[Rank] = Rank.WATER
    reads: ClassVar[tuple[str, ...]] = (
        *("areas.gust_mps", "areas.on", "town.first_signal_s", "town.warning_stage_m"),
        *("forcing.time_s", "forcing.wind_mps", "forcing.rain_mps", "forcing.stage_m"),
    )
    writes: ClassVar[tuple[str, ...]] = ("areas.main_limit_mps", "areas.main_on", "areas.lifted_on", "areas.waterless_n")

    main: Fragility = Field(
        Fragility(median="95 m/s", sigma=0.25), description="gust at which an uprooted tree breaks a street's main; assumed, rare"
    )
    street_floors_n: Count = Field(3, description="floors that the street's pressure reaches; assumed")
    refill_factor: Factor = Field(0.2, description="time to fill a roof tank over the time it lasts; assumed")

    def begin(self, world: World) -> None:
        """Draw every main's gust limit; find who lives on pumps."""
        areas = world.areas
        areas.main_limit_mps[:] = self.main.limits_mps(world.streams.uniform("water.main", areas.n), np.ones(areas.n))
        world.own[self.rank] = Taps(world, self.street_floors_n, self.refill_factor)

    def step(self, world: World, dt_s: float) -> None:
        """Find the mains that this tick's gust breaks."""
        areas = world.areas
        for area in np.flatnonzero(areas.gust_mps >= areas.main_limit_mps):
            areas.main_limit_mps[area] = np.inf
            world.own[self.rank].broken(int(area))

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Hear of power and of crews."""
        taps: Taps = world.own[self.rank]
        world.spawn(taps.close())
        while True:
            letter = yield world.inboxes[self.rank].get()
            if isinstance(letter, PowerTurned):
                taps.supply_turned(letter.area)
            elif isinstance(letter, FaultStage):
                taps.set_cause(taps.faults[letter.number].index, letter.cause)
            elif isinstance(letter, Mended):
                taps.mended(taps.faults[letter.number].index)


class Taps:
    """Who has water: unit `area` are those on the street's pressure, unit `n_areas + area` those on its pumps."""

    def __init__(self, world: World, street_floors_n: int, refill_factor: float) -> None:
        """Everybody has."""
        homes, n = world.households, world.areas.n
        high = (world.buildings.kind[homes.building] == BuildingClass.HIGH_RISE) & (homes.floor >= street_floors_n)
        self.world, self.n = world, n
        self.customers = customers_of(world, homes.area + n * high)
        self.log = OutageLog(np.bincount(self.customers.unit, self.customers.customers_n, 2 * n).astype(np.int64))
        self.tanks = Reserves(world.areas.tank_s, refill_factor)
        self.faults: list[Fault] = []
        self.cause: dict[int, Cause] = {}  # of a broken main: what it waits for

    def broken(self, area: int) -> None:
        """A main broke; the crews do not know yet."""
        world = self.world
        waiting_n = int(self.log.customers_n[area] + self.log.customers_n[self.n + area])
        fault = Fault(len(self.faults), Line.MAIN, area, int(world.areas.node[area]), waiting_n, world.now_s)
        self.faults.append(fault)
        world.areas.main_on[area] = False
        self.cause[area] = Cause.NOT_DETECTED
        self.supply_turned(area)
        world.post(Rank.REPAIR, fault)
        world.recorder.event(world.now_s, "main_broken", area, int(world.areas.zone[area]))

    def mended(self, area: int) -> None:
        """Water in the street again."""
        self.world.areas.main_on[area] = True
        self.cause.pop(area)
        self.supply_turned(area)
        self.world.recorder.event(self.world.now_s, "main_mended", area, int(self.world.areas.zone[area]))

    def set_cause(self, area: int, cause: Cause) -> None:
        """What a broken main waits for now."""
        self.cause[area] = cause
        self.look_at(area)

    def supply_turned(self, area: int) -> None:
        """The pumps begin or cease to fill the tanks: they need power and water in the street."""
        areas = self.world.areas
        filled = bool(areas.on[area]) and area not in self.cause
        if filled != self.tanks.supplied[area]:
            turn = self.tanks.turn(area, self.world.now_s, filled)
            if not filled:
                self.world.spawn(self.run_dry(area, turn))
        self.look_at(area)

    def run_dry(self, area: int, turn: int) -> Generator[Any, Any, None]:
        """The tanks are empty, unless they were filled before."""
        yield self.world.clock.wait(self.tanks.left_s[area], Rank.WATER, area)
        if self.tanks.turns_n[area] == turn:
            self.tanks.left_s[area], self.tanks.since_s[area] = 0.0, self.world.now_s
            self.look_at(area)

    def look_at(self, area: int) -> None:
        """Who has water there now, and why not."""
        areas, now_s = self.world.areas, self.world.now_s
        street = self.cause.get(area)
        dry = not self.tanks.supplied[area] and self.tanks.left_at(area, now_s) <= 0.0
        lifted = (Cause.NO_POWER if street is None else street) if dry else None
        areas.lifted_on[area] = not dry
        areas.waterless_n[area] = 0
        for unit, why in ((area, street), (self.n + area, lifted)):
            self.log.note(now_s, unit, why)
            areas.waterless_n[area] += 0 if why is None else self.log.customers_n[unit]
        self.log.count()

    def close(self) -> Generator[Any, Any, None]:
        """At the run's end: need, spells, numbers."""
        world = self.world
        yield world.clock.wait_until(world.times.end_s, Rank.RECORD)
        book_need(world, Service.LIFELINES, self.customers)
        book_outages(world.recorder, Service.LIFELINES, self.log.outages(world.times.end_s), self.customers)
        world.recorder.numbers["water.mains_broken"] = len(self.faults)
        world.recorder.numbers["water.customers_out_peak"] = self.log.customers_out_peak
