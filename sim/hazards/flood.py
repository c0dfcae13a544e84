"""Flood: rain and river water on the ground, taken by drains that fail without power."""

from collections.abc import Generator
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from sim.errors import NumericalError, mistake_under
from sim.hazards.datum import level_in
from sim.hazards.water import Sinks, Weather, play_tick, schedule, worst
from sim.numerics.stencil import Pool, inside, pool_on
from sim.units import Elevation, Factor, Length, Level, Metres, MetresPerSecond, Seconds, Share
from sim.world.clock import Rank
from sim.world.part import Part
from sim.world.world import World

BEYOND_CAP = 1.02  # in two dimensions the step is stable up to Courant 0.707, the schedule takes 0.7
WATER = ("depth_m", "residue_m", "qx_m2ps", "qy_m2ps")
PLACES = ("buildings", "links", "sites", "areas")


class Flood(Part):
    """Two-dimensional water by the local-inertial equations, a step schedule that does not look at the water.

    Drains take water cell by cell at the capacity of their catchment; some inlets are blocked. A catchment drains while the
    river stands below its outfall's invert, or while its pump has mains or fuel. Buildings are part of the roughness, not
    walls. The hazard is played over the storm only: what then still stands is not drained in the recovery days.
    """

    rank: ClassVar[Rank] = Rank.FLOOD
    reads: ClassVar[tuple[str, ...]] = ("forcing.rain_mps", "town.stage_m", "areas.on")
    writes: ClassVar[tuple[str, ...]] = (
        *(f"cells.{name}" for name in (*WATER, "depth_max_m", "drain_mps")),
        *(f"{name}.depth_m" for name in PLACES),
        *("catchments.working", "catchments.unpowered_s"),
        *("town.rained_m3", "town.overtopped_m3", "town.drained_m3"),
    )

    manning: Factor = Field(
        0.05, description="Manning's n in s/m^(1/3) of streets with their buildings (assumed; asphalt alone is 0.015)"
    )
    depth_cap_m: Length = Field(
        3.0, gt=0, description="greatest depth the fixed step is stable for (assumed); deeper water stops the run"
    )
    film_m: Length = Field(1e-3, gt=0, description="water this shallow does not flow (Bates et al. 2010)")
    blocked_inlet_frac: Share = Field(
        0.2, description="share of cells whose inlets are all blocked, drawn anew in each replication (assumed)"
    )
    soil_mps: MetresPerSecond = Field(
        3e-3 / 3600, description="what wet unsealed ground takes: Horton's last rate, clay loam (assumed)"
    )
    wall_crest: Level = Field(
        Elevation(6.9, "Wusong"), description="crest of the river wall (the thousand-year wall at Huangpu Park, unverified)"
    )
    datum_offset_m: Metres | None = Field(None, description="to be added to the crest where its datum is not the community's")
    map_every_s: Seconds = Field(21600.0, gt=0, description="depth maps are kept this often")

    def begin(self, world: World) -> None:
        """Draw which inlets are blocked; the crest must be in the community's datum and the ground a number."""
        self.crest_m(world)
        cells = world.cells
        if (bad := np.flatnonzero(~np.isfinite(cells.ground_m))).size:
            what, got = f"the ground of cell {bad[0]} is not a number", float(cells.ground_m[bad[0]])
            raise mistake_under("community", what, got, "metres")
        drained = cells.catchment >= 0
        clear = world.streams.uniform("flood.inlets", cells.n) >= self.blocked_inlet_frac
        capacity_mps = world.catchments.capacity_mps[cells.catchment] if world.catchments.n else 0.0
        cells.drain_mps[:] = np.where(drained & clear, capacity_mps * cells.inlet_frac, 0.0)

    def crest_m(self, world: World) -> float:
        """The wall's crest above the community's datum."""
        return level_in(world.community.datum, self.wall_crest, self.datum_offset_m, "hazards.flood.wall_crest")

    def step(self, world: World, dt_s: float) -> None:
        """Play the tick and show its end to buildings, roads, sites and transformer areas; a dry town costs nothing."""
        work_drains(world)
        crest_m = self.crest_m(world)
        weather = Weather(float(world.forcing.rain_mps[world.tick]), float(world.town.stage_m[0]), crest_m, self.soil_mps)
        wet = bool(world.cells.depth_m.any())
        if wet or weather.rain_mps > 0 or weather.stage_m > crest_m:
            self.play(world, dt_s, weather)
            show(world)
        if (world.now_s + dt_s) % self.map_every_s < dt_s:
            shape = world.community.grid.rows_n, world.community.grid.columns_n
            world.recorder.keep(f"depth_{(world.now_s + dt_s) / 3600:.0f}h", world.cells.depth_m.reshape(shape).copy())

    def play(self, world: World, dt_s: float, weather: Weather) -> None:
        """Play one tick over a padded copy of the cells and write it back."""
        grid, cells, town = world.community.grid, world.cells, world.town
        shape = grid.rows_n, grid.columns_n
        steps, numbers = schedule(dt_s, grid.size_m, self.depth_cap_m, self.manning, self.film_m)
        pool = pool_on(cells.ground_m.reshape(shape))
        load(pool, cells, shape)
        sinks = Sinks(cells.drain_mps, cells.catchment, world.catchments.working, cells.pervious_frac, cells.wall_m)
        volumes = np.zeros(3)
        deepest_m = pool.depth_m.copy()
        play_tick(pool, deepest_m, grid.columns_n + 2, sinks, weather, steps, numbers, volumes)
        check(inside(pool.depth_m, grid.columns_n), self.depth_cap_m, world)
        for name in WATER:
            getattr(cells, name).reshape(shape)[:] = inside(getattr(pool, name), grid.columns_n)
        np.maximum(cells.depth_max_m.reshape(shape), inside(deepest_m, grid.columns_n), out=cells.depth_max_m.reshape(shape))
        area_m2 = grid.size_m**2
        town.rained_m3[0] += volumes[0] * area_m2
        town.overtopped_m3[0] += volumes[1] * area_m2
        town.drained_m3[0] += volumes[2] * area_m2

    def run(self, world: World) -> Generator[Any, Any, None]:
        """At the end of the run, book where the water went."""
        yield world.clock.wait_until(world.times.end_s, Rank.RECORD)
        cells, town, recorder, grid = world.cells, world.town, world.recorder, world.community.grid
        stored_m3 = (cells.depth_m.sum(dtype=np.float64) + cells.residue_m.sum(dtype=np.float64)) * grid.size_m**2
        into_m3 = town.rained_m3[0] + town.overtopped_m3[0]
        recorder.balances["water_m3"] = float(into_m3 - town.drained_m3[0] - stored_m3)
        recorder.numbers["flood.rained_m3"] = float(town.rained_m3[0])
        recorder.numbers["flood.overtopped_m3"] = float(town.overtopped_m3[0])
        recorder.numbers["flood.drained_m3"] = float(town.drained_m3[0])
        recorder.numbers["flood.depth_max_m"] = float(cells.depth_max_m.max(initial=0.0))
        recorder.keep("depth_max_m", cells.depth_max_m.reshape(grid.rows_n, grid.columns_n).copy())


def work_drains(world: World) -> None:
    """Which catchments drain now: by gravity while the river is below the invert, else by a pump with mains or fuel."""
    catchments = world.catchments
    mains = world.areas.on[catchments.area]
    catchments.unpowered_s[:] = np.where(mains, np.inf, np.minimum(catchments.unpowered_s, world.now_s))
    pumped = mains | (world.now_s - catchments.unpowered_s < catchments.generator_s)
    catchments.working[:] = pumped | (world.town.stage_m[0] < catchments.invert_m)


def load(pool: Pool, cells: Any, shape: tuple[int, int]) -> None:
    """Copy the water of the cells into the padded pool."""
    for name in WATER:
        inside(getattr(pool, name), shape[1])[:] = getattr(cells, name).reshape(shape)


def show(world: World) -> None:
    """Copy each cell's depth to what stands in it."""
    for name in PLACES:
        table = getattr(world, name)
        np.take(world.cells.depth_m, table.cell, out=table.depth_m, mode="clip")


def check(depth_m: np.ndarray, cap_m: float, world: World) -> None:
    """Stop the run where water is not a number, or deeper than the step is stable for: there it would rock ever higher."""
    cell, found_m = worst(depth_m.ravel())
    if not found_m <= BEYOND_CAP * cap_m:
        raise NumericalError(
            f"hazards.flood: cell {cell} at {world.times.at(world.now_s).isoformat()}: the water blew up (depth {found_m:g} m), "
            f"wanted at most depth_cap, {cap_m:g} m; set hazards.flood.depth_cap to the depth expected, or look at the ground"
        )
