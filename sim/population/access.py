"""Ways out: what roads and shelter doors were like, taken down when they change and asked afterwards.

Who needed a way out is known only when the danger has been, so the storm is remembered, not judged: one row whenever a
road or a door changes. Afterwards the network is searched only for the hours in which somebody turned out to need it.
"""

from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from sim.trajectory import Cause
from sim.world.world import World

MET = -1  # in place of a cause: the need is met


class Network(NamedTuple):
    """Road links turned round, so that one search from the shelters reaches every node that can reach them."""

    order: np.ndarray  # (n_links,) int64: links sorted by head
    tails: np.ndarray  # (n_links,) int32: their tails
    first: np.ndarray  # (n_nodes + 1,) int32: where each head's links begin
    length_m: np.ndarray  # (n_links,) float64


def network_of(world: World) -> Network:
    """The roads of the world."""
    links = world.links
    order = np.argsort(links.head, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(links.head, minlength=world.nodes.n))])
    return Network(order, links.tail[order], first.astype(np.int32), links.length_m[order].astype(np.float64))


def cost_to_nearest_m(network: Network, speed_frac: np.ndarray, targets: np.ndarray, limit_m: float) -> np.ndarray:
    """(n_nodes,) float64: metres of dry road that the walk to the nearest target is worth; inf beyond `limit_m` or with no way.

    `speed_frac (n_links,)` is the share of the dry speed on each link, 0 where it is closed; `targets` are nodes."""
    n = network.first.size - 1
    if targets.size == 0:
        return np.full(n, np.inf)
    with np.errstate(divide="ignore"):
        cost_m = network.length_m / speed_frac[network.order]
    graph = csr_matrix((cost_m, network.tails, network.first), shape=(n, n))
    return dijkstra(graph, indices=np.unique(targets), min_only=True, limit=limit_m)


class Seen(NamedTuple):
    """Roads and doors from `time_s` on, until the next one."""

    time_s: float
    version: int  # routes_version of the roads
    roads: np.ndarray  # (n_links,) float32 speed share, 0 closed
    opened: np.ndarray  # (n_sites,) bool: open and designated for a typhoon
    free_n: np.ndarray  # (n_sites,) int32: places free in them, counted up to the largest party


class AccessLog:
    """The storm's roads and doors. With room means for the party that asks: the log does not share out the last places."""

    def __init__(self, world: World) -> None:
        """Nothing seen yet."""
        self.network = network_of(world)
        self.site_nodes = world.sites.node
        self.designated = world.sites.shelter & world.sites.indoor
        self.party_n = int(world.households.persons_n.max(initial=1))
        self.most_room_n = np.zeros(world.sites.n, np.int32)
        self.seen: list[Seen] = []
        self._costs: dict[Any, np.ndarray] = {}

    def look(self, world: World) -> None:
        """Take down roads and doors if they changed."""
        sites, version = world.sites, int(world.town.routes_version[0])
        np.maximum(self.most_room_n, sites.room_n * sites.open, out=self.most_room_n)
        opened = sites.open & self.designated
        free_n = np.clip(sites.room_n - sites.inside_n, 0, self.party_n) * opened
        if self.seen and self.seen[-1].version == version:
            roads = self.seen[-1].roads
            if np.array_equal(self.seen[-1].opened, opened) and np.array_equal(self.seen[-1].free_n, free_n):
                return
        else:
            roads = world.links.speed_frac * world.links.open
        self.seen.append(Seen(world.now_s, version, roads, opened, free_n))

    @property
    def times_s(self) -> np.ndarray:
        """(n_seen,) float64: when roads or doors changed."""
        return np.array([seen.time_s for seen in self.seen])

    def index_at(self, time_s: np.ndarray) -> np.ndarray:
        """Which of `seen` held at each time; the first also before it."""
        return np.maximum(np.searchsorted(self.times_s, time_s, side="right") - 1, 0)

    def codes(self, index: np.ndarray, nodes: np.ndarray, reach_m: np.ndarray, persons_n: np.ndarray) -> np.ndarray:
        """(n,) int8: MET where a place designated, open and with room for all lay within reach, else the earliest unmet link:
        TOO_FAR on dry roads, ROUTE_CLOSED, NOT_OPEN, SHELTER_FULL. `index` as from index_at, `reach_m` what each walks in the time
        allowed."""
        code = np.full(index.size, MET, np.int8)
        limit_m = float(reach_m.max(initial=0.0))
        asked = index * (self.party_n + 1) + persons_n
        for key in np.unique(asked):
            rows = np.flatnonzero(asked == key)
            k, party_n = divmod(int(key), self.party_n + 1)
            seen = self.seen[k]
            roomy = seen.opened & (seen.free_n >= party_n)
            code[rows] = self._codes_of(seen, roomy, nodes[rows], reach_m[rows], limit_m)
        return code

    def _codes_of(self, seen: Seen, roomy: np.ndarray, nodes: np.ndarray, reach_m: np.ndarray, limit_m: float) -> np.ndarray:
        """Codes while `seen` held; the further searches are made only where somebody has no place with room."""
        short = np.flatnonzero(self._cost_m(seen, roomy, limit_m)[nodes] > reach_m)
        code = np.full(nodes.size, MET, np.int8)
        if short.size:
            dry = seen._replace(version=-1, roads=np.ones_like(seen.roads))
            steps = (
                (dry, self.designated, Cause.TOO_FAR),
                (seen, self.designated, Cause.ROUTE_CLOSED),
                (seen, seen.opened, Cause.NOT_OPEN),
            )
            unmet = [self._cost_m(at, sites, limit_m)[nodes[short]] > reach_m[short] for at, sites, _ in steps]
            code[short] = np.select(unmet, [int(cause) for *_, cause in steps], int(Cause.SHELTER_FULL))
        return code

    def _cost_m(self, seen: Seen, sites: np.ndarray, limit_m: float) -> np.ndarray:
        """Cost to the nearest of `sites` as a mask, searched once for the same roads and sites."""
        key = (seen.version, sites.tobytes(), limit_m)
        if key not in self._costs:
            self._costs[key] = cost_to_nearest_m(self.network, seen.roads, self.site_nodes[sites], limit_m)
        return self._costs[key]
