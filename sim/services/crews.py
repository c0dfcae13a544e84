"""Crews that several services send out: the line for them, where the free ones stand, how they get on, when wind holds them."""

from collections.abc import Sequence
from math import hypot
from typing import NamedTuple

import numpy as np
from simpy import PriorityResource
from simpy.events import Event

from sim.world.tables import SiteKind
from sim.world.world import World

DETOUR = 1.3  # road length over straight line, assumed
RESTED_S = 6 * 3600.0  # after so long without work a crew is rested (assumed)


class Crew(NamedTuple):
    """One crew: where it stands, how long it has worked since its last rest, since when it is free."""

    x_m: float
    y_m: float
    worked_s: float = 0.0
    free_s: float = 0.0


class Pool:
    """Crews of one kind; the nearest free one goes."""

    def __init__(self, world: World, crews_n: int, homes: Sequence[tuple[float, float]]) -> None:
        """All free, standing at `homes` (x_m, y_m) in turn."""
        self.queue = PriorityResource(world.clock, crews_n)
        self.free = [Crew(*homes[number % len(homes)]) for number in range(crews_n)]

    def take(self, x_m: float, y_m: float, now_s: float) -> tuple[Crew, float]:
        """The nearest free crew, of equals who has stood longest in the row, and its straight-line distance in metres."""
        away_m = [hypot(crew.x_m - x_m, crew.y_m - y_m) for crew in self.free]
        nearest = away_m.index(min(away_m))
        crew = self.free.pop(nearest)
        rested = now_s - crew.free_s >= RESTED_S
        return (crew._replace(worked_s=0.0) if rested else crew), away_m[nearest]

    def give_back(self, crew: Crew, x_m: float, y_m: float, busy_s: float, now_s: float) -> None:
        """The crew is free where it worked, `busy_s` more tired."""
        self.free.append(Crew(x_m, y_m, crew.worked_s + busy_s, now_s))


class Calm:
    """Those who wait for the wind to fall below a limit; one look a tick wakes them all, in the order in which they came."""

    def __init__(self, world: World, limit_mps: float) -> None:
        """Nobody waits."""
        self.world, self.limit_mps = world, limit_mps
        self.lull: Event = world.clock.event()

    def windy(self) -> bool:
        """Too much wind to go out; after the storm none is simulated."""
        world = self.world
        return world.now_s < world.times.storm_s and bool(world.town.wind_mps[0] > self.limit_mps)

    def look(self) -> None:
        """At a tick and at the storm's end: wake who waits, if it is calm."""
        if not self.windy():
            calm, self.lull = self.lull, self.world.clock.event()
            calm.succeed()


def homes_of(world: World, kind: SiteKind) -> list[tuple[float, float]]:
    """(x_m, y_m) of the sites of a kind; the middle of the community where there is none."""
    sites, zones = world.sites, world.zones
    found = [(float(sites.x_m[row]), float(sites.y_m[row])) for row in np.flatnonzero(sites.kind == kind)]
    return found or [(float(zones.x_m.mean()), float(zones.y_m.mean()))]


def cut_off(world: World, node: int) -> bool:
    """Every road that leads to this junction is closed; a junction without roads is not cut off."""
    links = world.links
    first, last = np.searchsorted(links.tail, (node, node + 1))
    return bool(last > first) and not links.open[first:last].any()


def passable(world: World) -> float:
    """How fast a crew gets on, as a share of dry roads: mean over the links, at least a quarter (assumed)."""
    return max(float((world.links.speed_frac * world.links.open).mean()), 0.25) if world.links.n else 1.0
