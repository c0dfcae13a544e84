"""Typhoon: wind and rain over the town from a best track."""

import math
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from sim.errors import mistake_under
from sim.hazards.exposure import GUST_FACTORS, OPEN, SUBURB_LINE, gust_factor
from sim.hazards.rainband import lattice_n, rainband, tick_means
from sim.hazards.track import PER_TEN_MIN, Storm, TrackFile, shown, storm_at
from sim.hazards.wind_profile import (
    coriolis_per_s,
    gradient_wind_mps,
    holland_2008_b,
    holland_2010_mps,
    holland_vmax_mps,
    pressure_drop_pa,
    radius_of_maximum_wind_m,
    rcliper_mm_h,
)
from sim.numerics.jit import njit
from sim.units import KT_MPS, Factor, MetresPerSecond, Pascals, Seconds, Share
from sim.world.clock import Rank
from sim.world.part import Part
from sim.world.world import World

POINTS = np.array([(x, y) for y in (1 / 6, 1 / 2, 5 / 6) for x in (1 / 6, 1 / 2, 5 / 6)])  # shares of the town's width and height
CENTRE = 4  # the row of POINTS in the middle
GALE_MPS = 30.0 * KT_MPS  # the wind at the radius that tracks report
OUTER_MPS, OUTER_M = 17.0, 300e3  # wind and its distance where the track reports no radius: CLIMADA's default
LEAST_DROP_PA = 100.0  # so that a filled storm still has a profile
OPEN_GUST = gust_factor(OPEN)
LINE_GUST = gust_factor(SUBURB_LINE)
MM_H = 1e-3 / 3600.0
TRACE_MPS = 0.05 * MM_H  # less rain than this is none


class Typhoon(Part):
    """Wind by Holland 2010 where the track has a maximum wind, else Holland 2008; rain by R-CLIPER times rain bands.

    Motion is taken off the profile and added as a vector that fades beyond the radius of maximum wind. One draw a
    replication makes the storm stronger or weaker (agencies disagree), and its pressure drop with it. Best-track rows already
    weaken over land; `open_land_frac` is what open land leaves of the wind over the sea.

    Bebinca 2024 over Zhoujiadu, at an intensity factor of 1.1, brings 60-105 mm in half of the replications, over 150 mm in one of
    twenty, and an hour of 50 mm or more with probability 0.05; the observed hour of 50 mm fell somewhere in a city a
    thousand times as large.
    """

    rank: ClassVar[Rank] = Rank.TYPHOON
    reads: ClassVar[tuple[str, ...]] = ("forcing.time_s",)
    writes: ClassVar[tuple[str, ...]] = (
        *(f"forcing.{name}" for name in ("wind_mps", "rain_mps", "wind_from_deg", "wind_at_mps", "pressure_drop_pa")),
        *("town.wind_mps", "town.gust_mps", "town.rain_mps"),
        *("buildings.gust_mps", "buildings.gust_max_mps", "buildings.wind_point", "areas.gust_mps", "areas.wind_point"),
    )

    track: TrackFile = Field(
        description="CSV: time_utc, lat_deg, lon_deg, pmin_hpa, vmax_mps, wind_averaging_min (JMA 10, CMA 2), r30kt_nm if known"
    )
    environment_pa: Pascals = Field(100_800.0, ge=95_000, le=103_000, description="pressure around the storm (assumed)")
    intensity_factor: Factor = Field(
        1.0, gt=0, description="median factor on the track's wind; 1.1 is the middle of JMA and CMA for Bebinca (33.4 and 41.2 m/s)"
    )
    intensity_spread: Factor = Field(
        0.12, le=0.5, description="standard deviation of ln(factor): CMA's Bebinca stands 1.7 of these above JMA's (assumed)"
    )
    open_land_frac: Share = Field(0.75, gt=0, description="10-min wind over open land as a share of that over the sea (assumed)")
    rain_factor: Factor = Field(
        0.6, description="on R-CLIPER's mean, so that Bebinca brings the 60-90 mm that Shanghai had (calibrated)"
    )
    urban_rain_excess: Factor = Field(
        0.2, description="typhoon rain over built-up Shanghai above rural, 17 storms 2012-2020 (doi:10.1029/2025GL116313, abstract)"
    )
    rain_spread: Factor = Field(
        1.2, le=2, description="standard deviation of ln(rain / mean) in ten minutes (assumed: gives the 50 mm hour its chance)"
    )
    rain_most_mps: MetresPerSecond = Field(
        300 * MM_H, gt=0, description="no ten minutes are wetter: the field has no upper end, the sky has (assumed 50 mm in 10 min)"
    )
    rain_memory_s: Seconds = Field(3600.0, gt=0, description="a rain band's memory: correlation 1/e after this long (assumed)")

    def begin(self, world: World) -> None:
        """Fill the forcing of every tick and find each building's nearest wind point."""
        storm, factor = self.storm(world)
        grid = world.community.grid
        middle_m = (POINTS - 0.5) * (grid.columns_n * grid.size_m, grid.rows_n * grid.size_m)
        wind = self.wind(storm, factor, middle_m)
        forcing = world.forcing
        forcing.wind_at_mps[:] = np.hypot(wind[0], wind[1])
        forcing.wind_mps[:] = forcing.wind_at_mps[:, CENTRE]
        forcing.wind_from_deg[:] = np.degrees(np.arctan2(-wind[0][:, CENTRE], -wind[1][:, CENTRE])) % 360.0
        r_m = np.hypot(storm.x_m, storm.y_m)
        forcing.pressure_drop_pa[:] = self.pressure_drop(storm, factor, r_m)
        forcing.rain_mps[:] = self.rain(world, storm, factor, r_m)
        for table in (world.buildings, world.areas):
            table.wind_point[:] = nearest_point(table, grid)

    def storm(self, world: World) -> tuple[Storm, float]:
        """The storm at the middle of every tick, and this replication's factor on its wind. InputError off the track's ends."""
        times, community = world.times, world.community
        start_s = times.start.timestamp()
        first_s, last_s = self.track.time_s[0], self.track.time_s[-1]
        if start_s < first_s or start_s + times.storm_s > last_s:
            storm = f"{shown(start_s)} to {shown(start_s + times.storm_s)}"
            track = f"{shown(first_s)} to {shown(last_s)}"
            raise mistake_under("hazards.typhoon.track", f"{self.track.name} does not cover the storm", track, storm)
        middle_s = start_s + world.forcing.time_s + times.tick_s / 2
        luck = world.streams.normal("typhoon.intensity", 1)[0]
        factor = self.intensity_factor * math.exp(self.intensity_spread * luck)
        return storm_at(self.track, middle_s, community.latitude_deg, community.longitude_deg), factor

    def profile(self, storm: Storm, factor: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Radius of maximum wind, b, and pressure drop (wind squared goes with it) at every instant, each (n,)."""
        drop_pa = np.maximum((self.environment_pa - storm.pressure_pa) * factor**2, LEAST_DROP_PA)
        motion_mps = np.hypot(storm.u_mps, storm.v_mps)
        b = holland_2008_b(drop_pa, storm.filling_pa_h, storm.lat_deg, motion_mps)
        return radius_of_maximum_wind_m(self.environment_pa - drop_pa), b, drop_pa

    def pressure_drop(self, storm: Storm, factor: float, r_m: np.ndarray) -> np.ndarray:
        """Pressure below the storm's surroundings (n,) at `r_m (n,)` from the centre."""
        radius_m, b, drop_pa = self.profile(storm, factor)
        return pressure_drop_pa(np.maximum(r_m, 1.0), radius_m, b, drop_pa)

    def vmax_mps(self, storm: Storm, factor: float) -> np.ndarray:
        """Largest wind (n,), from the track or, where it has none, from the pressure."""
        _, b, drop_pa = self.profile(storm, factor)
        return np.where(np.isnan(storm.vmax_mps), holland_vmax_mps(b, drop_pa), storm.vmax_mps * factor)

    def wind(self, storm: Storm, factor: float, points_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """East and north wind over open land, each (instants, points), at `points_m (points, 2)` from the town's middle."""
        radius_m, b, drop_pa = (column[:, None] for column in self.profile(storm, factor))
        x_m = points_m[:, 0] - storm.x_m[:, None]
        y_m = points_m[:, 1] - storm.y_m[:, None]
        r_m = np.maximum(np.hypot(x_m, y_m), 1.0)
        vmax_mps = self.vmax_mps(storm, factor)[:, None]
        motion_mps = np.hypot(storm.u_mps, storm.v_mps)[:, None]
        still_mps = np.maximum(vmax_mps - motion_mps, 1.0)
        known = ~np.isnan(storm.gale_m)[:, None]
        outer_m = np.maximum(np.where(known, storm.gale_m[:, None], OUTER_M), 1.5 * radius_m)
        outer_mps = np.maximum(np.where(known, GALE_MPS * factor, OUTER_MPS) - motion_mps * radius_m / outer_m, 1.0)
        h10 = holland_2010_mps(r_m, radius_m, b, still_mps, (outer_mps, outer_m))
        h08 = gradient_wind_mps(r_m, radius_m, b, drop_pa, coriolis_per_s(storm.lat_deg)[:, None]) * still_mps / vmax_mps
        speed = np.where(np.isnan(storm.vmax_mps)[:, None], h08, h10)
        moved = np.minimum(1.0, radius_m / r_m)
        hand = np.where(storm.lat_deg >= 0, 1.0, -1.0)[:, None]  # anticlockwise in the north
        u = -hand * speed * y_m / r_m + storm.u_mps[:, None] * moved
        v = hand * speed * x_m / r_m + storm.v_mps[:, None] * moved
        return u * self.open_land_frac, v * self.open_land_frac

    def rain(self, world: World, storm: Storm, factor: float, r_m: np.ndarray) -> np.ndarray:
        """Mean rain (n,) over every tick, one value for the town: a rain band is wider than it."""
        times = world.times
        vmax_kt = self.vmax_mps(storm, factor) * PER_TEN_MIN[1] / KT_MPS
        mean = rcliper_mm_h(r_m / 1e3, vmax_kt) * MM_H * self.rain_factor * (1.0 + self.urban_rain_excess)
        normals = world.streams.normal("typhoon.rainband", lattice_n(times.storm_s))
        rain = mean * tick_means(rainband(normals, self.rain_spread, self.rain_memory_s), times.tick_s, times.ticks_n)
        return np.where(rain < TRACE_MPS, 0.0, np.minimum(rain, self.rain_most_mps))

    def step(self, world: World, dt_s: float) -> None:
        """Show the tick's wind and rain to the town, its buildings and its overhead lines."""
        forcing, town, tick = world.forcing, world.town, world.tick
        town.wind_mps[0] = forcing.wind_mps[tick]
        town.gust_mps[0] = forcing.wind_mps[tick] * OPEN_GUST
        town.rain_mps[0] = forcing.rain_mps[tick]
        wind_at_mps = forcing.wind_at_mps[tick]
        buildings, areas = world.buildings, world.areas
        blow(wind_at_mps, buildings.wind_point, buildings.kind, buildings.gust_mps, buildings.gust_max_mps)
        areas.gust_mps[:] = wind_at_mps[areas.wind_point] * np.float32(LINE_GUST)


@njit
def blow(wind_at_mps, point, kind, gust_mps, gust_max_mps):
    """Gust at every building from the wind at its point and its class's exposure; and the largest so far. (n,) float32 each."""
    for i in range(gust_mps.size):
        gust_mps[i] = wind_at_mps[point[i]] * GUST_FACTORS[kind[i]]
        gust_max_mps[i] = max(gust_max_mps[i], gust_mps[i])


def nearest_point(table: Any, grid: Any) -> np.ndarray:
    """(n,) row of POINTS nearest to each thing: its third of the town's width and height."""
    column = np.clip(table.x_m * 3 // (grid.columns_n * grid.size_m), 0, 2)
    row = np.clip(table.y_m * 3 // (grid.rows_n * grid.size_m), 0, 2)
    return (row * 3 + column).astype(np.uint8)
