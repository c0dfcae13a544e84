"""What a group does next: one function for each state it can be in, and the kernel that plays them in order.

A trip goes home -> street -> ... -> door. Where it goes is decided when it sets out, and again when a door refuses it or
no way leads on: the nearest open place, by time, that has room as far as anybody knows now and has not refused it on this
trip. Nobody's place is kept while they walk: the door decides. Without any place a group goes home, in the time that the
way out took; without any way on it stands where it is until the routes change.
"""

import numpy as np

from sim.numerics.heap import pop, push
from sim.numerics.jit import njit_lean, njit_step
from sim.numerics.paths import grow_tree
from sim.population.crowd import DOORS, Crowd
from sim.population.spans import begin_span, end_span
from sim.population.streets import AT_EXIT, ON_LINK, blocked, enter, on_lattice, pace_mps, reach_exit, step_off
from sim.world.letters import NoticeKind
from sim.world.tables import Place

HOME, WAITING, MOVING, SHELTERED = int(Place.HOME), int(Place.WAITING), int(Place.MOVING), int(Place.SHELTERED)
STRANDED, RETURNING, ELSEWHERE = int(Place.STRANDED), int(Place.RETURNING), int(Place.ELSEWHERE)
QUIET = -1  # nobody need hear of it
NEEDS_HELP, TURNED_AWAY, NO_ROOM = int(NoticeKind.NEEDS_HELP), int(NoticeKind.TURNED_AWAY), int(NoticeKind.NO_ROOM)
NO_WAY_ON, HELPED_ARRIVED = int(NoticeKind.STRANDED), int(NoticeKind.HELPED_ARRIVED)
AT_NODE, REFUSED = 3, 4  # further phases of a trip: at a junction; before a door that refused
NO_PLACE, NO_WAY, AT_DOOR = -1, -2, -3  # instead of the street ahead
FOR_ROOM, FOR_WAY = 1, 2  # what a group waits for at home
PLACELESS, CLEARED = 1, 2  # why a group goes home


@njit_lean
def play_until(crowd: Crowd, until_s: float) -> tuple[float, int, int, int]:
    """Play events with time < `until_s`; (time, kind, group, site) of the first that someone must hear of, or kind -1."""
    heap = crowd.heap
    while heap.size[0] > 0 and heap.time_s[0] < until_s:
        time_s = heap.time_s[0]
        group = pop(heap)
        kind = turn(crowd, time_s, group)
        if kind != QUIET:
            return time_s, kind, group, crowd.groups.site[group]
    return until_s, QUIET, -1, -1


@njit_step
def turn(crowd: Crowd, time_s: float, group: int) -> int:
    """The group's event: by where it is."""
    place = crowd.groups.place[group]
    if place == MOVING:
        return walk(crowd, time_s, group)
    if place in (HOME, WAITING):
        return depart(crowd, time_s, group)
    if place in (RETURNING, ELSEWHERE):
        return come_home(crowd, time_s, group)
    if place == SHELTERED:
        return head_home(crowd, time_s, group)
    return go_on(crowd, time_s, group)


@njit_step
def depart(crowd: Crowd, time_s: float, group: int) -> int:
    """Set out from home, or ask for help."""
    groups, steps = crowd.groups, crowd.groups.steps
    if groups.needs_help[group] and steps["helped"][group] == 0:
        groups.place[group] = WAITING
        return NEEDS_HELP
    groups.at_node[group] = groups.node[group]
    groups.site[group] = -1
    steps["tried_n"][group] = 0
    steps["set_out_s"][group] = time_s
    ahead = way_ahead(crowd, group, groups.node[group])
    if ahead in (NO_PLACE, NO_WAY):
        return nowhere(crowd, time_s, group, ahead)
    steps["waiting"][group] = 0
    groups.left_s[group] = min(groups.left_s[group], time_s)
    begin_span(groups.away_s, group, time_s)
    return proceed(crowd, time_s, group, ahead)


@njit_step
def walk(crowd: Crowd, time_s: float, group: int) -> int:
    """An event on the way: the end of a street, one's turn at its exit, or a junction."""
    steps = crowd.groups.steps
    phase = steps["phase"][group]
    if phase == REFUSED:
        crowd.groups.site[group] = -1
    if phase in (AT_NODE, REFUSED):
        return go_on(crowd, time_s, group)
    if phase == ON_LINK and not reach_exit(crowd, time_s, group):
        return QUIET
    node = crowd.network.head[steps["link"][group]]
    ahead = way_ahead(crowd, group, node)
    if crowd.rules.spill and ahead >= 0 and blocked(crowd, time_s, group, ahead):
        steps["phase"][group] = AT_EXIT
        return QUIET
    step_off(crowd, time_s, group)
    crowd.groups.at_node[group] = node
    return proceed(crowd, time_s, group, ahead)


@njit_step
def go_on(crowd: Crowd, time_s: float, group: int) -> int:
    """At a junction: take the way that leads on."""
    return proceed(crowd, time_s, group, way_ahead(crowd, group, crowd.groups.at_node[group]))


@njit_step
def proceed(crowd: Crowd, time_s: float, group: int, ahead: int) -> int:
    """Through the door, onto the street ahead, or nowhere."""
    if ahead in (NO_PLACE, NO_WAY):
        return nowhere(crowd, time_s, group, ahead)
    crowd.groups.place[group] = MOVING
    if ahead == AT_DOOR:
        return knock(crowd, time_s, group)
    enter(crowd, time_s, group, ahead)
    return QUIET


@njit_step
def way_ahead(crowd: Crowd, group: int, node: int) -> int:
    """The next street towards the group's place, AT_DOOR, or why there is none; the place is chosen anew where needed."""
    site = crowd.groups.site[group]
    if site < 0 or not leads(crowd, site, node):
        site = nearest_place(crowd, group, node)
        if site < 0:
            return site
        crowd.groups.site[group] = site
    if crowd.doors.node[site] == node:
        return AT_DOOR
    return crowd.ways.next_link[crowd.doors.row[site], node]


@njit_step
def leads(crowd: Crowd, site: int, node: int) -> bool:
    """Is there a way from the node to the site?"""
    return cost_s(crowd, crowd.doors.row[site], node) < np.inf


@njit_step
def cost_s(crowd: Crowd, row: int, node: int) -> float:
    """Seconds at 1 m/s to a shelter on today's routes; its tree is grown when first asked for."""
    ways = crowd.ways
    if ways.grown[row] != ways.version[0]:
        site = crowd.doors.shelters[row]
        grow_tree(crowd.network, crowd.doors.node[site], ways.heap, ways.next_link[row], ways.cost_s[row])
        ways.grown[row] = ways.version[0]
    return ways.cost_s[row, node]


@njit_step
def nearest_place(crowd: Crowd, group: int, node: int) -> int:
    """The nearest open site with known room that has not refused the group; NO_PLACE, or NO_WAY if none can be reached."""
    best, best_s, found = NO_PLACE, np.inf, False
    for row in range(crowd.doors.shelters.size):
        site = crowd.doors.shelters[row]
        if has_room(crowd, site, group) and not has_tried(crowd, site, group):
            found = True
            reach_s = cost_s(crowd, row, node)
            if reach_s < best_s:
                best, best_s = site, reach_s
    return NO_WAY if found and best < 0 else best


@njit_step
def has_room(crowd: Crowd, site: int, group: int) -> bool:
    """Would the door let the whole group in now?"""
    doors = crowd.doors
    return doors.open[site] and doors.inside_n[site] + crowd.groups.persons_n[group] <= doors.room_n[site]


@njit_step
def has_tried(crowd: Crowd, site: int, group: int) -> bool:
    """Has this door refused the group on this trip, or has it tried as many as anybody does?"""
    tried_n = crowd.groups.steps["tried_n"][group]
    tried = tried_n >= DOORS
    for i in range(tried_n):
        tried |= crowd.groups.tried[group, i] == site
    return tried


@njit_step
def knock(crowd: Crowd, time_s: float, group: int) -> int:
    """At the door: in, or refused and on to the next place at this same instant."""
    groups, doors, steps = crowd.groups, crowd.doors, crowd.groups.steps
    site, persons_n = groups.site[group], groups.persons_n[group]
    if not has_room(crowd, site, group):
        doors.refused_n[site] += persons_n
        groups.refused_n[group] += 1
        mark_tried(crowd, site, group)
        steps["phase"][group] = REFUSED
        push(crowd.heap, time_s, group)
        return TURNED_AWAY
    doors.inside_n[site] += persons_n
    doors.peak_n[site] = max(doors.peak_n[site], doors.inside_n[site])
    groups.place[group] = SHELTERED
    groups.sheltered_s[group] = min(groups.sheltered_s[group], time_s)
    begin_span(groups.inside_s, group, time_s)
    steps["set_out_s"][group] -= time_s  # while it stays: minus how long the way was
    if steps["helped"][group] == 1:
        steps["helped"][group] = 0
        return HELPED_ARRIVED
    return QUIET


@njit_step
def mark_tried(crowd: Crowd, site: int, group: int) -> None:
    """Remember that this door is not for the group on this trip."""
    steps = crowd.groups.steps
    if steps["tried_n"][group] < DOORS:
        crowd.groups.tried[group, steps["tried_n"][group]] = site
        steps["tried_n"][group] += 1


@njit_step
def nowhere(crowd: Crowd, time_s: float, group: int, why: int) -> int:
    """No place with room anywhere, or no way to any: home again, or stand where one is; told the first time."""
    groups, steps = crowd.groups, crowd.groups.steps
    groups.site[group] = -1
    at_home = groups.at_node[group] == groups.node[group]
    if why == NO_PLACE or at_home:
        already = steps["waiting"][group] == FOR_WAY
        steps["waiting"][group] = FOR_ROOM if why == NO_PLACE else FOR_WAY
        steps["homeward"][group] = PLACELESS
        groups.place[group] = RETURNING
        back_s = 0.0 if at_home else time_s - steps["set_out_s"][group]
        push(crowd.heap, time_s + back_s, group)
        if why == NO_PLACE:
            return NO_ROOM if steps["tries_n"][group] == 0 else QUIET
        groups.stranded_s[group] = time_s
        return QUIET if already else NO_WAY_ON
    if groups.place[group] == STRANDED:
        return QUIET
    groups.place[group] = STRANDED
    groups.stranded_s[group] = time_s
    return NO_WAY_ON


@njit_step
def head_home(crowd: Crowd, time_s: float, group: int) -> int:
    """All clear: leave the shelter when the dwelling is dry and a way leads there; else look again later. Whose dwelling cannot be
    lived in goes to kin."""
    groups, site = crowd.groups, crowd.groups.site[group]
    building = groups.building[group]
    if not groups.habitable[group]:
        crowd.doors.inside_n[site] -= groups.persons_n[group]
        groups.place[group] = ELSEWHERE
        groups.site[group] = -1
        groups.steps["homeward"][group] = CLEARED
        return QUIET
    wet = groups.ground_floor[group] and groups.depth_m[building] > groups.sill_m[building] and time_s < crowd.rules.wet_until_s
    way_s = cost_s(crowd, crowd.doors.row[site], groups.node[group])
    if wet or way_s == np.inf:
        push(crowd.heap, on_lattice(time_s + crowd.rules.retry_s), group)
        return QUIET
    crowd.doors.inside_n[site] -= groups.persons_n[group]
    groups.place[group] = RETURNING
    end_span(groups.inside_s, group, time_s)
    groups.steps["homeward"][group] = CLEARED
    push(crowd.heap, on_lattice(time_s + way_s / pace_mps(crowd, group)), group)
    return QUIET


@njit_step
def come_home(crowd: Crowd, time_s: float, group: int) -> int:
    """Home again: for good, or to wait for a place and try again; whoever helped is free."""
    groups, steps = crowd.groups, crowd.groups.steps
    groups.place[group] = HOME
    groups.at_node[group] = groups.node[group]
    groups.site[group] = -1
    end_span(groups.inside_s, group, time_s)  # of those who were with kin
    end_span(groups.away_s, group, time_s)
    if steps["homeward"][group] == CLEARED:
        groups.returned_s[group] = time_s
        return QUIET
    if steps["waiting"][group] == FOR_ROOM and steps["tries_n"][group] < crowd.rules.tries_most_n:
        steps["tries_n"][group] += 1
        push(crowd.heap, on_lattice(time_s + crowd.rules.retry_s), group)
    if steps["helped"][group] == 1:
        steps["helped"][group] = 0
        return HELPED_ARRIVED
    return QUIET
