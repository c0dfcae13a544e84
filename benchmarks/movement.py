"""Movement alone: groups on a grid of 3,600 junctions to 60 doors, beside one SimPy process a group at the smallest size."""

from time import process_time
from typing import Any, ClassVar

import numpy as np

from sim.engine import play_parts
from sim.numerics.paths import network_of, trees
from sim.population.travel import Travel
from sim.streams import Streams
from sim.trajectory import Recorder
from sim.world.clock import Rank
from sim.world.community import Community, Grid
from sim.world.letters import Leave
from sim.world.part import Part
from sim.world.tables import TABLES
from sim.world.world import Times, World
from tests.reference.movement import played

SIDE_N, BLOCK_M, WIDTH_M = 60, 80.0, 4.0
SITES_N, HOURS_S = 60, 6 * 3600.0
ROOM_FRAC = 1.3  # room by persons: plenty in all, too little where many live near one door


class Departures(Part):
    """Everybody leaves, at uniform times over an hour, towards doors where those near a popular door are sent on."""

    rank: ClassVar[Rank] = Rank.DECISION
    writes: ClassVar[tuple[str, ...]] = ("sites.open", "sites.room_n")

    def begin(self, world: World) -> None:
        """Open the doors and post the orders."""
        world.sites.open[:] = True
        world.sites.room_n[:] = int(world.households.persons_n.sum() * ROOM_FRAC / world.sites.n)
        world.post(Rank.TRAVEL, Leave(np.arange(world.households.n), departures_s(world.households.n)))


def departures_s(groups_n: int) -> np.ndarray:
    """(n,) seconds within the first hour."""
    return np.round(Streams(7, 0).uniform("benchmark.leave", groups_n) * 3600.0)


def grid_links() -> dict[str, np.ndarray]:
    """Both directions of every street of a square grid whose blocks vary a little."""
    node = np.arange(SIDE_N * SIDE_N).reshape(SIDE_N, SIDE_N)
    pairs = np.concatenate([np.c_[node[:, :-1].ravel(), node[:, 1:].ravel()], np.c_[node[:-1].ravel(), node[1:].ravel()]])
    length_m = BLOCK_M * (0.75 + 0.5 * Streams(7, 0).uniform("benchmark.block", len(pairs)))
    tail, head = np.concatenate([pairs, pairs[:, ::-1]]).T
    order = np.lexsort((head, tail))
    length_m = np.tile(length_m, 2)[order]
    return {"tail": tail[order], "head": head[order], "length_m": length_m, "width_m": np.full(order.size, WIDTH_M)}


def grid_world(groups_n: int, seed: int = 7) -> World:
    """Groups of one to four at random junctions."""
    luck = Streams(seed, 0).block("benchmark.groups", groups_n)
    nodes_n = SIDE_N * SIDE_N
    column, row = np.divmod(np.arange(SITES_N), 10)
    site_node = (column * 10 + 5) * SIDE_N + row * 6 + 3  # six rows of ten doors
    given: dict[str, dict[str, Any]] = {
        "links": grid_links(),
        "sites": {"node": site_node, "shelter": np.ones(SITES_N, bool)},
        "households": {
            "node": (luck[:, 0] * nodes_n).astype(int),
            "persons_n": 1 + (luck[:, 1] * 4).astype(int),
            "speed_mps": 0.8 + 0.6 * luck[:, 2],
        },
    }
    sizes = {"links": len(given["links"]["tail"]), "nodes": nodes_n, "sites": SITES_N, "households": groups_n}
    tables = {name: table(sizes.get(name, 1), given.get(name)) for name, table in TABLES.items()}
    community = Community("grid", "grid", True, 31.2, 121.5, "Wusong", 8.0, Grid(1, 1, 40.0), ["z"], ["s"] * SITES_N, tables)
    start = np.datetime64("2024-09-15T00:00:00").astype(object)
    return World(community, Times(start, HOURS_S, 0.0, 600.0), Streams(seed, 0), Recorder(0, False))


def timed(groups_n: int, link_model: str = "point_queue") -> dict[str, float]:
    """Core-seconds of one replication of movement, and the events that its heap played."""
    world = grid_world(groups_n)
    begun_s = process_time()
    play_parts(world, [Travel(link_model=link_model), Departures()])
    seconds = process_time() - begun_s
    return {"seconds": seconds, "streets_per_s": streets_n(world) / seconds, "inside": float(world.sites.inside_n.sum())}


def streets_n(world: World) -> float:
    """Streets walked by all groups, at least: those of the way from home to the place they are in."""
    crowd = world.own[Rank.TRAVEL].crowd
    total = 0
    for group in np.flatnonzero(world.households.site >= 0)[:1000]:
        node, site = world.households.node[group], world.households.site[group]
        while node != world.sites.node[site]:
            node = crowd.network.head[crowd.ways.next_link[site, node]]
            total += 1
    return total * (world.households.site >= 0).sum() / 1000.0


def timed_simpy(groups_n: int) -> float:
    """Core-seconds of the same town with one SimPy process a group."""
    world = grid_world(groups_n)
    links, homes = world.links, world.households
    room_n = int(homes.persons_n.sum() * ROOM_FRAC / SITES_N)
    roads = list(zip(links.tail, links.head, links.length_m, links.width_m, strict=True))
    sites = [(int(node), room_n) for node in world.sites.node]
    groups = list(zip(homes.node.tolist(), homes.persons_n.tolist(), homes.speed_mps.tolist(), strict=True))
    begun_s = process_time()
    cost = np.full((world.nodes.n, world.nodes.n), np.inf)
    cost[:, world.sites.node] = trees(network_of(links, world.nodes.n), world.sites.node)[1].T
    played(roads, sites, world.nodes.n, groups, departures_s(groups_n).tolist(), HOURS_S, cost)
    return process_time() - begun_s


def measure() -> dict[str, float]:
    """Core-seconds for 10,000, 40,000 (100,000 persons), 100,000 and 200,000 groups, of both street models, after compiling."""
    timed(100)
    found = {}
    for groups_n in (10_000, 40_000, 100_000, 200_000):
        for model in ("point_queue", "spill_back"):
            row = timed(groups_n, model)
            found |= {f"{model}_{groups_n}_{name}": value for name, value in row.items() if name != "inside"}
    return found | {"simpy_10000_seconds": timed_simpy(10_000)}
