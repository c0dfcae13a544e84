"""Whom the helpers call on: the list of an organised transfer, in the order in which it is worked."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from sim.world.risk import worn_lanes
from sim.world.tables import HouseholdKind
from sim.world.world import World


class Named(IntEnum):
    """Groups that are moved by order, most exposed first."""

    CAMP = 0
    HUT = 1
    WORN_LANE = 2
    LOW_GROUND_FLOOR = 3
    NOT_NAMED = 4


class Call(NamedTuple):
    """One call: its place in the line (priority, joined, entity) and whom it is for; a camp is called together."""

    priority: int
    joined_s: float
    entity: int  # first household
    households: tuple[int, ...]
    visit: int  # 0 the first, 1 the second


def named_groups(world: World, low_sill_m: float) -> np.ndarray:
    """(n_households,) int8 Named: the first class that applies to each household."""
    homes, buildings = world.households, world.buildings
    low = homes.ground_floor & (buildings.sill_m[homes.building] < low_sill_m)
    resident = homes.kind != HouseholdKind.VISITOR
    named = np.full(homes.n, Named.NOT_NAMED, np.int8)
    named[low & resident] = Named.LOW_GROUND_FLOOR
    named[worn_lanes(buildings, homes.building) & resident] = Named.WORN_LANE
    named[homes.kind == HouseholdKind.HUT] = Named.HUT
    named[homes.kind == HouseholdKind.CAMP] = Named.CAMP
    return named


def first_calls(world: World, low_sill_m: float, camps_listed_frac: float) -> list[Call]:
    """The list: named households on the register, and camps whose site office keeps a list; one call a camp, one a home."""
    homes = world.households
    named = named_groups(world, low_sill_m)
    office = world.streams.uniform("helpers.camp_office", world.buildings.n) < camps_listed_frac
    camp = (named == Named.CAMP) & office[homes.building]
    alone = np.flatnonzero((named > Named.CAMP) & (named < Named.NOT_NAMED) & homes.on_register)
    calls = [Call(int(named[home]), world.now_s, int(home), (int(home),), 0) for home in alone]
    rooms = np.flatnonzero(camp)
    for building in np.unique(homes.building[rooms]):
        inside = tuple(int(room) for room in rooms[homes.building[rooms] == building])
        calls.append(Call(int(Named.CAMP), world.now_s, inside[0], inside, 0))
    return calls
