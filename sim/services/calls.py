"""Calls for rescue: what a typhoon brings to a street is calls more than injuries."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from sim.trajectory import Group
from sim.world.world import World


class CallKind(IntEnum):
    """What somebody needs. The number is a kind's name in the streams; the order of answering is in PRIORITY."""

    TRAPPED = 0  # a casualty who cannot get out
    LIFT = 1  # in a lift that has stopped
    LIVE_WATER = 2  # water at live power: a cut-off is wanted
    FRAIL = 3  # upstairs without lift, oxygen or water, cannot come down
    WATER = 4  # water in a ground floor or a garage
    LOOSE = 5  # a hanging object or glass about to fall
    TREE = 6  # a tree fallen beside a road, on cars or lines
    ROAD_TREE = 7  # a tree across a road: cordoned off until the road crews clear it
    ROUTINE = 8  # what is called for on any day


# who goes first where crews are short: danger to life before danger to things (assumed)
PRIORITY = {
    CallKind.TRAPPED: 0,
    CallKind.LIVE_WATER: 0,
    CallKind.ROUTINE: 1,
    CallKind.LIFT: 1,
    CallKind.FRAIL: 1,
    CallKind.LOOSE: 2,
    CallKind.WATER: 3,
    CallKind.ROAD_TREE: 3,
    CallKind.TREE: 4,
}


class Call(NamedTuple):
    """One call before anybody answers: `entity` is its own within the kind, `phone` whether who is in need has one."""

    kind: CallKind
    entity: int
    zone: int
    group: int
    building: int  # -1 in the street
    node: int
    x_m: float
    y_m: float
    phone: bool
    casualty: int = -1  # its number with population.harm
    storeys_n: int = 0


def call_at(world: World, kind: CallKind, entity: int, building: int, household: int = -1) -> Call:
    """A call from a building by one of its households; -1: by whoever is drawn for it."""
    homes, buildings = world.households, world.buildings
    if household < 0:
        household = someone_in(world, kind, entity, building)
    known = household >= 0
    return Call(
        kind,
        entity,
        int(buildings.zone[building]),
        int(homes.group[household]) if known else int(Group.OTHER),
        building,
        int(buildings.node[building]),
        float(buildings.x_m[building]),
        float(buildings.y_m[building]),
        bool(homes.any_phone[household]) if known else False,
        storeys_n=int(buildings.floors_n[building]),
    )


def someone_in(world: World, kind: CallKind, entity: int, building: int) -> int:
    """A household of the building, drawn for this call; -1 where nobody lives or stays."""
    inside = np.flatnonzero(world.households.building == building)
    if not inside.size:
        return -1
    luck = world.streams.uniform(f"rescue.caller.{kind.name.lower()}", np.array([entity]))[0]
    return int(inside[int(luck * inside.size)])


def call_in_street(world: World, kind: CallKind, entity: int, link: int) -> Call:
    """A call at the middle of a road: those who live nearest are concerned; whoever passes by sees it."""
    nodes, links, buildings = world.nodes, world.links, world.buildings
    tail, head = int(links.tail[link]), int(links.head[link])
    x_m, y_m = float(nodes.x_m[tail] + nodes.x_m[head]) / 2.0, float(nodes.y_m[tail] + nodes.y_m[head]) / 2.0
    nearest = int(np.argmin((buildings.x_m - x_m) ** 2 + (buildings.y_m - y_m) ** 2))
    concerned = call_at(world, kind, entity, nearest)
    return concerned._replace(building=-1, node=tail, x_m=x_m, y_m=y_m, phone=False, storeys_n=0)
