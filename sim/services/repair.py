"""Repair: what broke is found, waits for calm and for a crew, and is mended by hand. Nothing comes back by a formula in time.

The life of a fault: not detected -> stood down while the wind is above the limit -> no crew free -> crew on the way -> under
repair; work stops whenever the wind rises above the limit and goes on after it (the crew stays). Crews of one kind share one
queue: most customers first, then who joined first.
"""

from collections.abc import Generator
from math import exp
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from sim.services.crews import DETOUR, Pool, homes_of, passable
from sim.trajectory import Cause
from sim.units import CountPositive, Factor, MetresPerSecond, Model, Seconds
from sim.world.clock import ENTITIES, Rank, rounded
from sim.world.letters import Fault, FaultStage, Line, Mended
from sim.world.part import Part
from sim.world.tables import SiteKind
from sim.world.world import World

CUSTOMERS_MAX = 1 << 16
NUMBERS_MAX = ENTITIES // CUSTOMERS_MAX
# who hears of a fault's stages
OWNER = {
    **dict.fromkeys((Line.FEEDER, Line.AREA), Rank.POWER),
    **{Line.TREE: Rank.ROADS, Line.MAST: Rank.TELECOM, Line.MAIN: Rank.WATER},
    **dict.fromkeys((Line.SOAKED, Line.ROOF, Line.STRUCTURE), Rank.HOMES),
}


class Work(Model):
    """How long one kind of fault takes, to be found and to be mended: lognormal with these medians."""

    found_s: Seconds = Field(description="median time until it is known")
    found_sigma: Factor = Field(description="spread of that, of the natural logarithm")
    mended_s: Seconds = Field(description="median work of a crew on the spot")
    mended_sigma: Factor = Field(description="spread of that, of the natural logarithm")


class Repair(Part):
    """Crews by owner. Telemetry sees a line or a mast in minutes, residents' calls tell of areas, trees and mains, and homes are
    surveyed."""

    rank: ClassVar[Rank] = Rank.REPAIR
    reads: ClassVar[tuple[str, ...]] = ("town.wind_mps", "links.speed_frac", "links.open")

    power_crews_n: CountPositive = Field(2, description="crews for the grid; the city had 306 for 800+ faults (unverified)")
    road_crews_n: CountPositive = Field(2, description="crews for fallen trees; assumed")
    telecom_crews_n: CountPositive = Field(1, description="crews for masts; assumed")
    water_crews_n: CountPositive = Field(1, description="crews for street mains; assumed")
    housing_crews_n: CountPositive = Field(4, description="crews that clean and mend homes; assumed")
    wind_limit_mps: MetresPerSecond = Field(17.0, description="no work at height above this mean wind; assumed")
    speed_mps: MetresPerSecond = Field(20 / 3.6, gt=0, description="crew on dry roads; assumed 20 km/h in a storm")
    feeder: Work = Field(
        Work(found="5 min", found_sigma=0.5, mended="2.5 h", mended_sigma=0.6), description="a line, seen by telemetry; assumed"
    )
    area: Work = Field(
        Work(found="40 min", found_sigma=0.8, mended="2 h", mended_sigma=0.6), description="an area, known by calls; assumed"
    )
    tree: Work = Field(
        Work(found="30 min", found_sigma=0.8, mended="45 min", mended_sigma=0.5), description="a tree, known by calls; assumed"
    )
    mast: Work = Field(
        Work(found="10 min", found_sigma=0.5, mended="4 h", mended_sigma=0.6), description="a mast, seen by telemetry; assumed"
    )
    main: Work = Field(
        Work(found="60 min", found_sigma=0.8, mended="6 h", mended_sigma=0.5), description="a street main, known by calls; assumed"
    )
    soaked: Work = Field(
        Work(found="12 h", found_sigma=0.6, mended="6 h", mended_sigma=0.5),
        description="a building's ground floor, surveyed when the water has gone, pumped out and cleaned; drying follows; assumed",
    )
    roof: Work = Field(
        Work(found="12 h", found_sigma=0.6, mended="1 d", mended_sigma=0.6), description="a roof made tight after a survey; assumed"
    )
    structure: Work = Field(
        Work(found="12 h", found_sigma=0.6, mended="10 d", mended_sigma=0.5), description="a building made safe; assumed"
    )
    drying_s: Seconds = Field(6 * 3600.0, description="median extra work where live parts were under water; assumed")

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Every fault becomes a process."""
        crews = self.crews(world)
        while True:
            fault = yield world.inboxes[Rank.REPAIR].get()
            if isinstance(fault, Fault):
                world.spawn(self.mend(world, fault, crews[OWNER[fault.line]]))

    def crews(self, world: World) -> dict[Rank, Pool]:
        """The crews that work for each owner."""
        depots = homes_of(world, SiteKind.DEPOT)
        numbers = {
            Rank.POWER: self.power_crews_n,
            Rank.ROADS: self.road_crews_n,
            Rank.TELECOM: self.telecom_crews_n,
            Rank.WATER: self.water_crews_n,
            Rank.HOMES: self.housing_crews_n,
        }
        return {owner: Pool(world, crews_n, depots) for owner, crews_n in numbers.items()}

    def mend(self, world: World, fault: Fault, crews: Pool) -> Generator[Any, Any, None]:
        """The life of one fault, from breaking to mended."""
        found_s, work_s = self.durations_s(world, fault)
        yield world.clock.wait(found_s, Rank.REPAIR, turn(fault))
        yield from self.calm(world, fault)
        stage(world, fault, Cause.NO_CREW_FREE)
        key: Any = (-fault.customers_n, world.now_s, fault.number)  # SimPy orders by any key; its types know integers only
        with crews.queue.request(priority=key) as request:
            yield request
            x_m, y_m = float(world.nodes.x_m[fault.node]), float(world.nodes.y_m[fault.node])
            crew, away_m = crews.take(x_m, y_m, world.now_s)
            stage(world, fault, Cause.ON_THE_WAY)
            yield world.clock.wait(away_m * DETOUR / (self.speed_mps * passable(world)), Rank.REPAIR, turn(fault))
            yield from self.work(world, fault, work_s)
            crews.give_back(crew, x_m, y_m, work_s, world.now_s)
        world.post(OWNER[fault.line], Mended(fault.number))

    def durations_s(self, world: World, fault: Fault) -> tuple[float, float]:
        """Time until it is known and work on the spot, drawn for this asset."""
        kind: Work = getattr(self, fault.line.name.lower())
        concern, asset, block = f"repair.{fault.line.name.lower()}", np.array([fault.index]), int(fault.flooded)
        found, mended, drying = (float(world.streams.normal(concern, asset, block, lane)[0]) for lane in range(3))
        work_s = kind.mended_s * exp(kind.mended_sigma * mended)
        if fault.flooded:
            work_s += self.drying_s * exp(kind.mended_sigma * drying)
        return rounded(kind.found_s * exp(kind.found_sigma * found)), rounded(work_s)

    def calm(self, world: World, fault: Fault) -> Generator[Any, Any, None]:
        """Wait, stood down, until the wind is below the limit; looked at when it changes, at the ticks."""
        if self.too_windy(world):
            stage(world, fault, Cause.STOOD_DOWN)
        while self.too_windy(world):
            yield world.clock.wait_until(next_tick_s(world), Rank.REPAIR, turn(fault))

    def work(self, world: World, fault: Fault, left_s: float) -> Generator[Any, Any, None]:
        """Work for `left_s`, with breaks while the wind is above the limit."""
        working = False
        while left_s > 0.0:
            if not working or self.too_windy(world):
                yield from self.calm(world, fault)
                stage(world, fault, Cause.DAMAGE)
                working = True
            began_s = world.now_s
            yield world.clock.wait_until(min(began_s + left_s, next_tick_s(world)), Rank.REPAIR, turn(fault))
            left_s -= world.now_s - began_s

    def too_windy(self, world: World) -> bool:
        """Crews stand down now; after the storm no wind is simulated and they work."""
        return world.now_s < world.times.storm_s and bool(world.town.wind_mps[0] > self.wind_limit_mps)


def stage(world: World, fault: Fault, cause: Cause) -> None:
    """Tell the owner what its fault waits for from now on."""
    world.post(OWNER[fault.line], FaultStage(fault.number, cause))


def turn(fault: Fault) -> int:
    """The clock's entity of a fault: at equal times the one with most customers goes first, then the earlier number."""
    fewer = CUSTOMERS_MAX - 1 - min(fault.customers_n, CUSTOMERS_MAX - 1)
    return fewer * NUMBERS_MAX + fault.number % NUMBERS_MAX


def next_tick_s(world: World) -> float:
    """When the wind may change next; never after the storm."""
    times = world.times
    later_s = (world.now_s // times.tick_s + 1) * times.tick_s
    return later_s if later_s <= times.storm_s else np.inf
