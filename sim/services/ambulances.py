"""Ambulances: which are free, which is nearest by the roads that are open to cars, and how long the way takes.

A car slows with the depth of the water: v = 0.0009 w^2 - 0.5529 w + 86.9448 km/h with w in mm (Pregnolato et al. 2017,
Transportation Research D 55, 67-81; from memory, unverified), to nothing at 0.3 m. Where no road is open, the crew drives as
near as it can and carries the patient the rest of the way.
"""

from typing import Any, NamedTuple

import numpy as np
from pydantic import Field
from simpy import PriorityResource

from sim.numerics.paths import network_of, trees
from sim.units import Count, Factor, Length, MetresPerSecond, Model, Share
from sim.world.tables import SiteKind
from sim.world.world import World

FORD_M = 0.3  # depth at which the formula above has fallen to a fortieth and cars stop
OUTSIDE = -1  # the node of what lies outside the community


class Fleet(Model):
    """Ambulances of the community's stations and those that come from outside."""

    per_station_n: Count = Field(2, description="vehicles of a station (a new station has 2: Shanghai, 2019)")
    outside_n: Count = Field(2, description="vehicles of other streets' stations that serve this one (assumed)")
    out_n: Factor = Field(
        0.8, description="vehicles of a station out for other streets at any time; assumed, set with the stages to the response"
    )
    outside_m: Length = Field(3500.0, description="way of those (mean service radius in Shanghai 3.5 km: press, 2020)")
    speed_mps: MetresPerSecond = Field(
        18.0 / 3.6, gt=0, description="door to door; assumed, set with the stages to a mean response of 12.4 min (Shanghai, 2019)"
    )
    calm_mps: MetresPerSecond = Field(17.0, description="mean wind up to which it slows nobody (assumed)")
    rough_mps: MetresPerSecond = Field(32.7, gt=0, description="mean wind from which driving is slowest (Bft 12; assumed)")
    slowest_frac: Share = Field(0.4, gt=0, description="speed then, as a share (assumed)")
    carry_mps: MetresPerSecond = Field(0.8, gt=0, description="a stretcher, where no road is open (assumed)")
    detour: Factor = Field(1.3, ge=1, description="way by road over straight line (assumed)")

    def away_frac(self) -> float:
        """Share of calls that find the own vehicles out for other streets and are served from outside."""
        return min(self.out_n / self.per_station_n, 1.0) if self.per_station_n else 1.0

    def wind_frac(self, wind_mps: float) -> float:
        """Share of the speed that is left in this mean wind."""
        rough = (wind_mps - self.calm_mps) / max(self.rough_mps - self.calm_mps, 1e-9)
        return 1.0 - (1.0 - self.slowest_frac) * min(max(rough, 0.0), 1.0)


class Way(NamedTuple):
    """How long from one place to another: by car, then on foot where no road is open."""

    drive_s: float
    carry_s: float

    @property
    def total_s(self) -> float:
        """Both."""
        return self.drive_s + self.carry_s


class Streets:
    """Ways for cars between any node and a few bases, as the roads are now."""

    def __init__(self, world: World, fleet: Fleet, bases: list[int]) -> None:
        """`bases` are the nodes of stations and hospitals; the two directions of a road are taken as equal."""
        self.world, self.fleet = world, fleet
        self.bases = sorted({node for node in bases if node != OUTSIDE})
        self.row = {node: row for row, node in enumerate(self.bases)}
        self.seen: tuple[int, int] | None = None
        self.cost_s = np.empty((0, 0))
        self.network = network_of(world.links, world.nodes.n)

    def look(self) -> np.ndarray:
        """(n_bases, n_nodes) float64 seconds at 1 m/s, made again only when the roads may have changed."""
        world = self.world
        now = (int(world.town.routes_version[0]), world.tick)
        if now != self.seen:
            self.seen = now
            links = world.links
            depth_m = np.minimum(links.depth_m.astype(np.float64), FORD_M)
            network = self.network._replace(
                open=links.open & (links.depth_m < FORD_M), speed_frac=depth_frac(depth_m).astype(np.float32)
            )
            self.cost_s = trees(network, np.array(self.bases, np.int32))[1]
        return self.cost_s

    def way(self, base: int, node: int) -> Way:
        """Between a base and a node; from or to outside the community it is the same from everywhere."""
        fleet = self.fleet
        speed_mps = fleet.speed_mps * fleet.wind_frac(float(self.world.town.wind_mps[0]))
        if base == OUTSIDE or node == OUTSIDE:
            return Way(fleet.outside_m / speed_mps, 0.0)
        cost_s = self.look()[self.row[base]]
        if np.isfinite(cost_s[node]):
            return Way(float(cost_s[node]) / speed_mps, 0.0)
        nodes = self.world.nodes
        away_m = np.hypot(nodes.x_m - nodes.x_m[node], nodes.y_m - nodes.y_m[node])
        near = int(np.argmin(np.where(np.isfinite(cost_s), away_m, np.inf)))
        return Way(float(cost_s[near]) / speed_mps, float(away_m[near]) * fleet.detour / fleet.carry_mps)


def depth_frac(depth_m: np.ndarray) -> np.ndarray:
    """(n,) float64: speed of cars in water as a share of the dry one; the formula falls to its vertex at 0.307 m."""
    mm = 1000.0 * depth_m
    return (0.0009 * mm**2 - 0.5529 * mm + 86.9448) / 86.9448


class Garage:
    """The vehicles of one replication: the line for them and where the free ones stand."""

    def __init__(self, world: World, fleet: Fleet, streets: Streets) -> None:
        """All at their stations; without any vehicle one comes from outside, late as it may be."""
        self.streets = streets
        self.free = fleet.per_station_n * stations(world) + [OUTSIDE] * fleet.outside_n or [OUTSIDE]
        self.queue = PriorityResource(world.clock, len(self.free))

    def join(self, key: tuple[int, float, int]) -> Any:
        """A call joins the line."""
        priority: Any = key
        return self.queue.request(priority=priority)

    def send(self, node: int, away: bool = False) -> tuple[int, Way]:
        """Take the free vehicle that is there first, one from outside if the own are `away`; its base and its way."""
        bases = {OUTSIDE} if away and OUTSIDE in self.free else set(self.free)
        ways = {base: self.streets.way(base, node) for base in sorted(bases)}
        base = min(ways, key=lambda base: (ways[base].total_s, base))
        self.free.remove(base)
        return base, ways[base]

    def back(self, base: int, request: Any) -> None:
        """A vehicle stands at its base again."""
        self.free.append(base)
        self.queue.release(request)


def stations(world: World) -> list[int]:
    """Nodes of the ambulance stations."""
    sites = world.sites
    return [int(sites.node[site]) for site in np.flatnonzero(sites.kind == SiteKind.AMBULANCE_STATION)]
