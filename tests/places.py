"""A small place for tests of warning, decision, lifelines and repair, and weather by hand."""

from datetime import datetime
from typing import Any, ClassVar

import numpy as np

from sim.engine import play_parts
from sim.streams import Streams
from sim.trajectory import Recorder
from sim.world.clock import Rank
from sim.world.community import Community, Grid
from sim.world.part import Part
from sim.world.tables import TABLES
from sim.world.world import Times, World

START = datetime.fromisoformat("2024-09-15T08:00:00+08:00")
TICK_S = 600.0


def place(storm_h: float = 6.0, recovery_h: float = 24.0, start: datetime = START, **given: dict[str, Any]) -> World:
    """A world whose tables hold the columns `given` by table; a table's length is that of its first column."""
    tables = {}
    for name, kind in TABLES.items():
        columns = given.get(name, {})
        tables[name] = kind(len(next(iter(columns.values()))) if columns else 1, columns)
    community = Community("place", "Place", True, 31.2, 121.5, "Wusong", 8.0, Grid(1, 1, 40.0), ["zone"], ["site"], tables)
    times = Times(start, storm_h * 3600.0, recovery_h * 3600.0, TICK_S)
    return World(community, times, Streams(5, 0), Recorder(0, True))


class Weather(Part):
    """Wind by the hour (the last holds on) and water from an hour on, written where the hazards write it."""

    rank: ClassVar[Rank] = Rank.TYPHOON
    reads: ClassVar[tuple[str, ...]] = ("forcing.time_s",)
    writes: ClassVar[tuple[str, ...]] = (
        *("forcing.wind_mps", "town.wind_mps", "town.gust_mps", "areas.gust_mps", "buildings.gust_mps"),
        *("areas.depth_m", "buildings.depth_m", "links.depth_m"),
    )

    wind_by_hour: tuple[float, ...] = (0.0,)
    depth: float = 0.0
    from_hour: float = 0.0
    to_hour: float = 1e9

    def begin(self, world: World) -> None:
        """The forcing is known before the clock starts."""
        hour = (world.forcing.time_s // 3600.0).astype(int)
        world.forcing.wind_mps[:] = np.array(self.wind_by_hour)[np.minimum(hour, len(self.wind_by_hour) - 1)]

    def step(self, world: World, dt_s: float) -> None:
        """Gusts are one and a half times the wind, everywhere."""
        wind_mps = world.forcing.wind_mps[world.tick]
        world.town.wind_mps[0] = wind_mps
        world.town.gust_mps[0] = world.areas.gust_mps[:] = world.buildings.gust_mps[:] = wind_mps * 1.5
        wet = self.from_hour <= world.now_s / 3600.0 < self.to_hour
        for table in (world.areas, world.buildings, world.links):
            table.depth_m[:] = self.depth if wet else 0.0


def play(world: World, *parts: Part) -> World:
    """Play the parts to the run's end."""
    play_parts(world, parts)
    return world
