"""Roads: links that close under deep water or a fallen tree, and on which walkers are slower in water."""

from collections.abc import Generator
from typing import Any, ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from sim.lifelines.fragility import Fragility
from sim.units import Length, Share
from sim.world.clock import Rank
from sim.world.letters import Fault, Line, Mended
from sim.world.part import Part
from sim.world.world import World

WADED_M = 0.35  # depth of the walking trial
WADED_LOSS = 0.417  # speed lost in it: mean of 38.6 % (men) and 44.8 % (women), trial of 188 people, 2026, abstract only


class Verge(NamedTuple):
    """Trees that stand beside the roads: each its link and the gust at which it falls without lying across, (n_trees,)."""

    link: np.ndarray
    limit_mps: np.ndarray


class Roads(Part):
    """Function of the road links; crews of the repair service clear fallen trees.

    A road is blocked by a tree once at most in a storm: the next tree on the same road is rare (assumed)."""

    rank: ClassVar[Rank] = Rank.ROADS
    reads: ClassVar[tuple[str, ...]] = ("links.depth_m", "town.gust_mps")
    writes: ClassVar[tuple[str, ...]] = (
        *("links.debris_s", "links.tree_gust_mps", "links.twin", "links.open", "links.speed_frac"),
        *("links.fallen_n", "town.routes_version"),
    )

    closed_above_m: Length = Field(0.5, description="walkers do not enter deeper water; assumed")
    material_frac: Share = Field(0.1, description="a speed is published when it has changed by this share of the dry one; assumed")
    tree: Fragility = Field(
        Fragility(median="85 m/s", sigma=0.35),
        description="open-terrain gust that fells a tree; assumed, set so that Bebinca fells a mean of 55 in a street "
        "(10,000 in the city: 57)",
    )
    blocking_frac: Share = Field(0.3, description="share of fallen trees that lie across the road; assumed")

    def begin(self, world: World) -> None:
        """Pair the two directions of each road and draw the gust at which a tree blocks both."""
        links = world.links
        links.twin[:] = twins(links.tail, links.head)
        road = np.where(links.twin >= 0, np.minimum(links.twin, np.arange(links.n)), np.arange(links.n))
        drawn = self.tree.limits_mps(world.streams.uniform("roads.tree", links.n), links.tree_n, self.blocking_frac)
        links.tree_gust_mps[:] = drawn[road]
        world.own[self.rank] = self.verge(world, np.flatnonzero(road == np.arange(links.n)))

    def verge(self, world: World, roads: np.ndarray) -> Verge:
        """Draw when each tree along these links falls beside the road: of all that fall, those that do not lie across."""
        link = np.repeat(roads, world.links.tree_n[roads])
        luck = world.streams.uniform("roads.beside", link.size)
        return Verge(link, self.tree.limits_mps(luck, np.ones(link.size), 1.0 - self.blocking_frac))

    def step(self, world: World, dt_s: float) -> None:
        """Trees fall, links close and open, walkers slow down."""
        links = world.links
        self.fell(world)
        speed = np.clip(1.0 - links.depth_m * np.float32(WADED_LOSS / WADED_M), 0.1, 1.0)
        moved = np.abs(speed - links.speed_frac) >= self.material_frac
        moved |= (speed == 1.0) & (links.speed_frac != 1.0)
        links.speed_frac[moved] = speed[moved]
        self.publish(world, bool(moved.any()))

    def fell(self, world: World) -> None:
        """Count what falls beside the roads; block those across which a tree falls, each a task for the road crews."""
        links, verge = world.links, world.own[self.rank]
        beside = np.flatnonzero(verge.limit_mps <= world.town.gust_mps[0])
        verge.limit_mps[beside] = np.inf
        np.add.at(links.fallen_n, verge.link[beside], 1)
        fallen = np.flatnonzero(links.tree_gust_mps <= world.town.gust_mps[0])
        links.tree_gust_mps[fallen] = np.inf
        links.debris_s[fallen] = world.now_s
        for link in fallen[(links.twin[fallen] < 0) | (fallen < links.twin[fallen])]:
            links.fallen_n[link] += 1
            world.post(Rank.REPAIR, Fault(int(link), Line.TREE, int(link), int(links.tail[link]), 0, world.now_s))
            world.recorder.event(world.now_s, "tree_on_road", int(link))

    def publish(self, world: World, slower: bool = False) -> None:
        """Write which links are open; count a new version of the routes if that or a speed has changed."""
        links = world.links
        is_open = (links.depth_m <= self.closed_above_m) & np.isinf(links.debris_s)
        if slower or (is_open != links.open).any():
            links.open[:] = is_open
            world.town.routes_version[0] += 1

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Open a road when its tree has been cleared."""
        while True:
            letter = yield world.inboxes[Rank.ROADS].get()
            if isinstance(letter, Mended):
                links = world.links
                road = [link for link in (letter.number, int(links.twin[letter.number])) if link >= 0]
                links.debris_s[road] = np.inf
                self.publish(world)


def twins(tail: np.ndarray, head: np.ndarray) -> np.ndarray:
    """(n,) int32: the link that runs from `head` to `tail`, -1 where there is none; parallel roads pair in order."""
    forward, backward = np.lexsort((head, tail)), np.lexsort((tail, head))
    twin = np.full(tail.size, -1, np.int32)
    if np.array_equal(tail[forward], head[backward]) and np.array_equal(head[forward], tail[backward]):
        twin[forward] = backward
        return twin
    places = {(int(a), int(b)): i for i, (a, b) in enumerate(zip(tail, head, strict=True))}
    for i, (a, b) in enumerate(zip(tail, head, strict=True)):
        twin[i] = places.get((int(b), int(a)), -1)
    return twin
