"""People move: groups leave, walk, queue, knock at doors, wait for help, and go home; this part alone moves them.

Movement is played by the journey's kernel between the clock's events (sim.engine); letters put groups on its heap.
Groups that came home for want of a place, or could not set out for want of a way, wait at home: the first try again
`retry` later, the second when the routes change. A place that opens calls the nearest of them, as many as it has room for.
"""

from collections.abc import Callable, Generator
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from sim.numerics.heap import push, push_all, remove
from sim.numerics.jit import bound, njit_lean
from sim.numerics.paths import trees
from sim.population.crowd import Crowd, Rules, crowd_of, density_frac
from sim.population.journey import (
    AT_NODE,
    ELSEWHERE,
    FOR_WAY,
    HOME,
    MOVING,
    QUIET,
    SHELTERED,
    STRANDED,
    WAITING,
    mark_tried,
    play_until,
)
from sim.population.spans import end_span
from sim.population.streets import on_lattice
from sim.units import Count, Factor, MetresPerSecond, Seconds, Share
from sim.world.clock import Rank
from sim.world.letters import AllClear, Habitable, Leave, Notice, NoticeKind, Opened, Return, Vacate
from sim.world.part import Part
from sim.world.world import World

# who must hear of what
HEARD_BY = {
    NoticeKind.NEEDS_HELP: Rank.HELPERS,
    NoticeKind.TURNED_AWAY: Rank.SHELTERS,
    NoticeKind.NO_ROOM: Rank.SHELTERS,
    NoticeKind.STRANDED: Rank.SHELTERS,
    NoticeKind.HELPED_ARRIVED: Rank.HELPERS,
}


@njit_lean
def call_up(crowd: Crowd, now_s: float, groups: np.ndarray, times_s: np.ndarray, helped: bool) -> None:
    """Those at home leave at their `times_s (m,) float64`, now at the earliest; an earlier time replaces a later."""
    for i in range(groups.size):
        group = groups[i]
        place = crowd.groups.place[group]
        if place != HOME and not (helped and place == WAITING):
            continue
        leave_s = on_lattice(max(now_s, times_s[i]))
        slot = crowd.heap.slot[group]
        if helped:
            crowd.groups.steps["helped"][group] = 1
        if slot < 0 or leave_s < crowd.heap.time_s[slot]:
            push(crowd.heap, leave_s, group)


@njit_lean
def clear_out(crowd: Crowd, now_s: float, site: int) -> None:
    """Those in a site that is no longer safe go on to the next place."""
    groups = crowd.groups
    for group in range(groups.place.size):
        if groups.place[group] == SHELTERED and groups.site[group] == site:
            groups.place[group] = MOVING
            end_span(groups.inside_s, group, now_s)
            groups.at_node[group] = crowd.doors.node[site]
            groups.site[group] = -1
            groups.steps["phase"][group] = AT_NODE
            groups.steps["set_out_s"][group] += now_s  # as if it had come straight from home
            mark_tried(crowd, site, group)
            crowd.doors.inside_n[site] -= groups.persons_n[group]
            push(crowd.heap, now_s, group)


@njit_lean
def stay_home(crowd: Crowd, now_s: float) -> None:
    """Nobody need leave: who is at home stays, who is stuck on the road has another look."""
    groups = crowd.groups
    for group in range(groups.place.size):
        place = groups.place[group]
        if place in (HOME, WAITING):
            groups.place[group] = HOME
            groups.steps["waiting"][group] = 0
            remove(crowd.heap, group)
        elif place == STRANDED:
            push(crowd.heap, now_s, group)


NOBODY = (np.empty(0, np.int64), np.empty(0))  # groups and times of an order to nobody


class Movement(NamedTuple):
    """What travel keeps for one replication: the crowd, and the kernels bound to it."""

    crowd: Crowd
    play: Callable[[Crowd, float], tuple[float, int, int, int]]
    call_up: Callable[[Crowd, float, np.ndarray, np.ndarray, bool], None]


class Travel(Part):
    """How people walk, and what they do where there is no room or no way."""

    rank: ClassVar[Rank] = Rank.TRAVEL
    reads: ClassVar[tuple[str, ...]] = (
        "town.routes_version",
        "links.open",
        "links.speed_frac",
        "sites.open",
        "sites.room_n",
        "buildings.depth_m",
        "households.habitable",
    )
    writes: ClassVar[tuple[str, ...]] = (
        "households.place",
        "households.at_node",
        "households.site",
        "households.left_s",
        "households.refused_n",
        "households.sheltered_s",
        "households.stranded_s",
        "households.returned_s",
        "households.away_s",
        "households.inside_s",
        "links.free_s",
        "links.inside_n",
        "sites.inside_n",
        "sites.peak_n",
        "sites.refused_n",
    )

    link_model: Literal["point_queue", "spill_back"] = Field(
        "point_queue", description="a queue at each street's exit (fast), or streets that fill and spill back"
    )
    flow_pmps: Factor = Field(1.22, gt=0, description="persons per metre of width and second through an exit (Weidmann 1993)")
    hold_s: Seconds = Field(120.0, description="spill-back: a blocked group squeezes on after this time (assumed)")
    least_density_frac: Share = Field(0.2, gt=0, description="spill-back: slowest share of free speed in a crowd (assumed)")
    helped_mps: MetresPerSecond = Field(1.1, gt=0, description="at least this fast with a helper and a wheelchair (assumed)")
    retry_s: Seconds = Field(3600.0, gt=0, description="who found no place tries again after this time (assumed)")
    tries_most: Count = Field(3, le=100, description="so often, then only when a place opens (assumed)")

    def begin(self, world: World) -> None:
        """Everybody is at home, and nothing is due."""
        table = density_frac(self.least_density_frac)
        spill = self.link_model == "spill_back"
        rules = Rules(spill, self.hold_s, self.retry_s, self.tries_most, self.helped_mps, world.times.storm_s, table)
        crowd = crowd_of(world, rules, self.flow_pmps)
        world.own[self.rank] = Movement(crowd, bound(play_until, crowd, 0.0), bound(call_up, crowd, 0.0, *NOBODY, True))
        world.households.at_node[:] = world.households.node

    def advance(self, world: World, until_s: float) -> Notice | None:
        """Play movement before `until_s`; stops at, and returns, the first event that a service must hear of."""
        crowd, play, _ = world.own[self.rank]
        if world.town.routes_version[0] != crowd.ways.version[0]:
            self.look_again(world, crowd)
        if crowd.heap.size[0] == 0 or crowd.heap.time_s[0] >= until_s:
            return None
        time_s, kind, group, site = play(crowd, until_s)
        if kind == QUIET:
            return None
        return Notice(time_s, HEARD_BY[NoticeKind(kind)], NoticeKind(kind), group, site)

    def look_again(self, world: World, crowd: Crowd) -> None:
        """The routes changed: ways are found anew, and who stands without one looks again."""
        crowd.ways.version[0] = world.town.routes_version[0]
        stuck = (crowd.groups.place == STRANDED) | (crowd.groups.steps["waiting"] == FOR_WAY)
        push_now(crowd, world.now_s, np.flatnonzero(stuck))

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Read letters; write down at the end whether everybody is accounted for."""
        movement: Movement = world.own[self.rank]
        world.spawn(self.closing_count(world, movement.crowd))
        while True:
            self.obey((yield world.inboxes[self.rank].get()), movement, world.now_s)

    def obey(self, letter: Any, movement: Movement, now_s: float) -> None:
        """What a letter changes."""
        crowd, groups = movement.crowd, movement.crowd.groups
        match letter:
            case Leave(households, times_s, helped):
                order = np.asarray(households, np.int64), np.asarray(times_s, np.float64)
                movement.call_up(crowd, float(now_s), *order, helped)
            case Return(site):
                push_now(crowd, now_s, np.flatnonzero((groups.place == SHELTERED) & (groups.site == site)))
            case Vacate(site):
                clear_out(crowd, now_s, site)
            case Opened(site):
                push_now(crowd, now_s, invited(crowd, site))
            case Habitable(households):
                with_kin = households[groups.place[households] == ELSEWHERE]
                push_all(crowd.heap, np.full(with_kin.size, now_s), with_kin)
            case AllClear():
                stay_home(crowd, now_s)

    def closing_count(self, world: World, crowd: Crowd) -> Generator[Any, Any, None]:
        """At the end: persons whom the counts of streets and sites and the places of the groups do not both know."""
        yield world.clock.wait_until(world.times.end_s, Rank.RECORD)
        world.recorder.balances["people"] = float(unaccounted_n(crowd))


def push_now(crowd: Crowd, now_s: float, groups: np.ndarray) -> None:
    """An event now for each of `groups (m,)`."""
    if groups.size:
        push_all(crowd.heap, np.full(groups.size, now_s), groups)


def invited(crowd: Crowd, site: int) -> np.ndarray:
    """Groups that wait at home for a place and are called to a site that has opened: the nearest, as many as it has room for."""
    groups, doors = crowd.groups, crowd.doors
    waiting = np.flatnonzero((groups.place == HOME) & (groups.steps["waiting"] > 0))
    way_s = trees(crowd.network, doors.node[[site]])[1][0, groups.node[waiting]]
    nearest = waiting[np.lexsort((waiting, way_s))][: int(np.isfinite(way_s).sum())]
    return nearest[np.cumsum(groups.persons_n[nearest]) <= doors.room_n[site] - doors.inside_n[site]]


def unaccounted_n(crowd: Crowd) -> int:
    """Persons by which the counts of sites and streets differ from the places of the groups; zero."""
    groups = crowd.groups
    inside = groups.place == SHELTERED
    in_site = np.bincount(groups.site[inside], groups.persons_n[inside], crowd.doors.node.size)
    on_street = groups.steps["link"] >= 0
    on_link = np.bincount(groups.steps["link"][on_street], groups.persons_n[on_street], crowd.streets.inside_n.size)
    missing = np.abs(in_site - crowd.doors.inside_n).sum() + np.abs(on_link - crowd.streets.inside_n).sum()
    return int(missing) + int(groups.persons_n[on_street & (groups.place != MOVING)].sum())
