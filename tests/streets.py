"""Small towns to walk in: streets, doors and groups as plain tuples."""

from datetime import UTC, datetime
from typing import Any, ClassVar

import numpy as np

from sim.engine import play_parts
from sim.population.travel import Travel
from sim.streams import Streams
from sim.trajectory import Recorder
from sim.world.clock import Rank
from sim.world.community import Community, Grid
from sim.world.letters import Leave
from sim.world.part import Part
from sim.world.tables import TABLES
from sim.world.world import Times, World


def both_ways(roads):
    """[(a, b, length_m, width_m)] -> directed links sorted by tail."""
    return sorted((a, b, length, width) for road in roads for a, b, length, width in (road, (road[1], road[0], *road[2:])))


def town(roads, shelters, groups, storm_s=172800.0, recovery_s=86400.0, **columns) -> World:
    """roads (a, b, length_m, width_m), both ways; shelters (node, floor_area_m2); groups (node, persons_n, speed_mps).

    `columns` are further static columns by table: households={"needs_help": [...]}. Nodes lie 100 m apart, west to east."""
    links = np.array(both_ways(roads))
    nodes_n, groups_n = int(links[:, :2].max()) + 1, len(groups)
    node, persons_n, speed_mps = (list(column) for column in zip(*groups, strict=True))
    given: dict[str, dict[str, Any]] = {name: {} for name in TABLES}
    given["links"] = dict(zip(("tail", "head", "length_m", "width_m"), links.T, strict=True))
    given["nodes"] = {"x_m": np.arange(nodes_n) * 100.0}
    given["sites"] = {"node": [site[0] for site in shelters], "floor_area_m2": [site[1] for site in shelters]}
    given["sites"] |= {"shelter": [True] * len(shelters), "indoor": [True] * len(shelters), "staff_n": [1000] * len(shelters)}
    given["sites"] |= {"toilets_n": [1000] * len(shelters), "sill_m": [0.3] * len(shelters)}
    given["households"] = {"node": node, "persons_n": persons_n, "speed_mps": speed_mps, "building": np.arange(groups_n)}
    given["households"] |= {"on_register": [True] * groups_n}
    given["buildings"] = {"node": node, "kind": [1] * groups_n, "sill_m": [0.3] * groups_n}
    for name, more in columns.items():
        given[name] |= more
    sizes = {"links": len(links), "nodes": nodes_n, "sites": len(shelters), "households": groups_n, "buildings": groups_n}
    tables = {name: table(sizes.get(name, 1), given[name]) for name, table in TABLES.items()}
    names = [f"site {i}" for i in range(len(shelters))]
    community = Community("small", "small", True, 31.2, 121.5, "Wusong", 8.0, Grid(1, 1, 40.0), ["zone"], names, tables)
    times = Times(datetime(2024, 9, 15, tzinfo=UTC), storm_s, recovery_s, 600.0)
    return World(community, times, Streams(1, 0), Recorder(0, True))


class Doorkeeper(Part):
    """Opens sites for a test: room_n by site, or -1 for one that stays shut."""

    rank: ClassVar[Rank] = Rank.SHELTERS
    writes: ClassVar[tuple[str, ...]] = ("sites.open", "sites.room_n")
    rooms: tuple[int, ...]

    def begin(self, world):
        """Set the doors."""
        rooms = np.array(self.rooms)
        world.sites.open[:] = rooms >= 0
        world.sites.room_n[:] = np.maximum(rooms, 0)


class Orders(Part):
    """Tells each group when to leave (inf: never), and does further things at given times: (time_s, function of the world)."""

    rank: ClassVar[Rank] = Rank.DECISION
    reads: ClassVar[tuple[str, ...]] = ("households.place",)
    writes: ClassVar[tuple[str, ...]] = (
        *("links.open", "sites.open", "sites.room_n", "town.routes_version", "town.wind_mps", "town.signal"),
        *("sites.depth_m", "buildings.depth_m", "households.willing", "households.habitable"),
    )
    leave: tuple[float, ...] = ()
    acts: tuple[tuple[float, Any], ...] = ()

    def begin(self, world):
        """Post the orders."""
        times_s = np.array(self.leave)
        going = np.flatnonzero(np.isfinite(times_s))
        world.post(Rank.TRAVEL, Leave(going, times_s[going]))
        for time_s, act in self.acts:
            world.spawn(self.later(world, time_s, act))

    def later(self, world, time_s, act):
        """Wait and act."""
        yield world.clock.wait_until(time_s, self.rank)
        act(world)


def walked(world, rooms, leave_s, acts=(), **travel):
    """The world after its people have walked, with doors that are simply open."""
    play_parts(world, [Travel(**travel), Doorkeeper(rooms=tuple(rooms)), Orders(leave=tuple(leave_s), acts=tuple(acts))])
    return world
