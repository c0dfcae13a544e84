"""Who is hurt by wind and water: every person's limit is drawn beforehand, and a tick looks only at limits within reach.

The laws are lognormal: P(hurt at x) = Phi(ln(x / median) / sigma), so a person with the draw u is hurt from
x = median exp(sigma Phi^-1(u)) on. A limit is met once at most in a run.
"""

from typing import Any, NamedTuple

import numpy as np
from pydantic import Field
from scipy.special import ndtr, ndtri

from sim.units import Factor, Model
from sim.world.tables import BuildingClass, Place
from sim.world.world import World

LEAST_DRAW = 2.0**-54  # keeps the limit of the draw 0 finite
LEAST_FLOW_M2PS = 0.1  # depth x velocity below which no wader falls (assumed)


class Limit(Model):
    """What a person stands: lognormal, by its median and the spread of its natural logarithm."""

    median: float = Field(gt=0, description="half of the people are hurt from here on, in the unit of the field that holds it")
    sigma: Factor = Field(gt=0, description="spread of the natural logarithm")

    def of(self, draws: np.ndarray) -> np.ndarray:
        """Limits (n,) float64 of people with the uniform draws (n,)."""
        return self.median * np.exp(self.sigma * ndtri(np.maximum(draws, LEAST_DRAW)))

    def share(self, x: float) -> float:
        """Highest draw that is hurt at x."""
        return float(ndtr(np.log(x / self.median) / self.sigma)) if x > 0 else 0.0


class Roster(NamedTuple):
    """People whom a hazard may reach, the weakest first; columns (n,)."""

    least: np.ndarray  # lowest of the person's limits, sorted
    person: np.ndarray
    inside: np.ndarray  # limit where they stay
    outside: np.ndarray  # limit out of doors
    met: np.ndarray  # bool: already hurt

    def reached(self, strongest: float) -> slice:
        """Rows that the strongest value anywhere may reach: all others cost nothing."""
        return slice(0, int(np.searchsorted(self.least, strongest, side="right")))


def roster(person: np.ndarray, inside: np.ndarray, outside: np.ndarray, ceiling: float) -> Roster:
    """Those of the people whose least limit is below the ceiling, sorted by it."""
    least = np.minimum(inside, outside)
    kept = np.flatnonzero(least < ceiling)
    order = kept[np.lexsort((person[kept], least[kept]))]
    return Roster(least[order], person[order], inside[order], outside[order], np.zeros(order.size, bool))


class WindLimits(Model):
    """Gusts that hurt, in m/s; all medians assumed, set so that a street of 142,000 sees a handful of hurt in Bebinca (the city
    counted one by the first midnight)."""

    outdoors: Limit = Field(Limit(median=70.0, sigma=0.2), description="debris, falls: a person out of doors (m/s)")
    hut: Limit = Field(Limit(median=60.0, sigma=0.2), description="inside a hut or a construction dormitory (m/s)")
    old_lane: Limit = Field(Limit(median=75.0, sigma=0.2), description="inside an old lane house: tiles, roof, wall (m/s)")
    other: Limit = Field(Limit(median=95.0, sigma=0.2), description="inside any other building: glass (m/s)")

    def indoors(self, kind: np.ndarray, draws: np.ndarray) -> np.ndarray:
        """Limits (n,) of people by the class (n,) of their building."""
        limits = self.other.of(draws)
        for limit, classes in ((self.hut, (BuildingClass.HUT, BuildingClass.CAMP)), (self.old_lane, (BuildingClass.OLD_LANE,))):
            rows = np.flatnonzero(np.isin(kind, classes))
            limits[rows] = limit.of(draws[rows])
        return limits


class WaterLimits(Model):
    """Water that hurts."""

    indoors: Limit = Field(Limit(median=3.0, sigma=0.6), description="depth above the floor that hurts who stays (m); assumed")
    adult: Limit = Field(
        Limit(median=0.9, sigma=0.25), description="depth x velocity that sweeps a wader away (m2/s); 0.6-1.2 (unverified)"
    )
    frail: Limit = Field(
        Limit(median=0.4, sigma=0.25), description="the same where someone of the household cannot walk unaided (m2/s); unverified"
    )


def windward(world: World, limits: WindLimits, outdoors_frac: float, ceiling_mps: float) -> Roster:
    """The people whom gusts up to the ceiling may hurt. A share goes out whatever the weather; who is on the way is out too."""
    people, homes = world.people, world.households
    draws = world.streams.block("harm.wind", people.n)
    cap = max(limit.share(ceiling_mps) for limit in (limits.outdoors, limits.hut, limits.old_lane, limits.other))
    weak = np.flatnonzero((draws[:, 0] <= cap) | (draws[:, 1] <= cap))
    kind = world.buildings.kind[homes.building[people.household[weak]]]
    inside, outside = limits.indoors(kind, draws[weak, 0]), limits.outdoors.of(draws[weak, 1])
    inside = np.where(draws[weak, 2] < outdoors_frac, np.minimum(inside, outside), inside)
    return roster(weak, inside, outside, ceiling_mps)


def downstairs(world: World, limits: WaterLimits, ceiling_m: float) -> Roster:
    """The people on ground floors whom water up to the ceiling may hurt."""
    people, homes = world.people, world.households
    low = np.flatnonzero(homes.ground_floor[people.household])
    inside = limits.indoors.of(world.streams.uniform("harm.water", low))
    return roster(low, inside, np.full(low.size, np.inf), ceiling_m)


def shockable(world: World, frac: float, wet_m: float) -> Roster:
    """The people on ground floors whom live mains would hurt once water stands `wet_m` above the floor."""
    low = np.flatnonzero(world.households.ground_floor[world.people.household])
    struck = low[world.streams.uniform("harm.water", low, lane=1) < frac]
    return roster(struck, np.full(struck.size, wet_m), np.full(struck.size, np.inf), np.inf)


def hurt_by_wind(world: World, people: Roster) -> np.ndarray:
    """People (m,) whose limit this tick's gust meets for the first time; who left the community or is in a shelter is safe."""
    gust_mps = world.buildings.gust_mps
    rows = people.reached(float(gust_mps.max(initial=0.0)))
    if rows.stop == 0:
        return people.person[rows]
    home = world.people.household[people.person[rows]]
    place = world.households.place[home]
    out = (place == Place.MOVING) | (place == Place.RETURNING) | (place == Place.STRANDED)
    there = out | (place == Place.HOME) | (place == Place.WAITING)
    limit = np.where(out, people.outside[rows], people.inside[rows])
    there &= present(world, home)
    return newly(people, rows, there & (gust_mps[world.households.building[home]] >= limit))


def hurt_indoors(world: World, people: Roster, live: np.ndarray | None = None) -> np.ndarray:
    """People (m,) hurt by the water in their ground floor for the first time; `live (n_areas,) bool`: only where mains are on."""
    inside_m = np.maximum(world.buildings.depth_m - world.buildings.sill_m, np.float32(0.0))
    rows = people.reached(float(inside_m.max(initial=0.0)))
    home = world.people.household[people.person[rows]]
    homes = world.households
    at_home = ((homes.place[home] == Place.HOME) | (homes.place[home] == Place.WAITING)) & present(world, home)
    depth_m = inside_m[homes.building[home]]
    if live is not None:
        at_home &= live[homes.area[home]] & (homes.area[home] >= 0)
    return newly(people, rows, at_home & (depth_m > 0) & (depth_m >= people.inside[rows]))


def newly(people: Roster, rows: slice, hurt: np.ndarray) -> np.ndarray:
    """Mark and name those hurt (n_rows,) bool who were not before."""
    fresh = np.flatnonzero(hurt & ~people.met[rows])
    people.met[fresh] = True
    return people.person[fresh]


def present(world: World, home: np.ndarray | Any) -> np.ndarray:
    """(n,) bool: the households (n,) are there at this hour of the day."""
    hour = world.times.hour_of_day(world.now_s)
    return (world.households.from_h[home] <= hour) & (hour < world.households.to_h[home])


def swept_away(world: World, limits: WaterLimits) -> np.ndarray:
    """Households (m,) on the way that stand where depth x velocity exceeds their limit; below the least flow nobody looks."""
    flow_m2ps = np.hypot(world.cells.qx_m2ps[world.nodes.cell], world.cells.qy_m2ps[world.nodes.cell])
    if flow_m2ps.max(initial=0.0) < LEAST_FLOW_M2PS:
        return np.empty(0, np.int64)
    homes = world.households
    moving = np.flatnonzero(((homes.place == Place.MOVING) | (homes.place == Place.RETURNING)) & (homes.at_node >= 0))
    moving = moving[flow_m2ps[homes.at_node[moving]] >= LEAST_FLOW_M2PS]
    draws = world.streams.uniform("harm.wading", moving)
    limit_m2ps = np.where(homes.needs_help[moving], limits.frail.of(draws), limits.adult.of(draws))
    return moving[flow_m2ps[homes.at_node[moving]] >= limit_m2ps]
