"""The arrays that movement is played on: groups, streets, doors, ways, and what is next."""

from typing import Any, NamedTuple

import numpy as np

from sim.numerics.heap import Heap, empty_heap
from sim.numerics.paths import Network, network_of

DOORS = 8  # a group is turned away at most this often on one trip before it goes home (assumed)
DENSITY_STEPS = 256
JAM_PER_M2 = 5.4  # persons/m2 at which nobody moves: Weidmann 1993, "Transporttechnik der Fussgaenger", eq. for v(rho)
WEIDMANN_GAMMA = 1.913  # persons/m2, same

# A group's own memory beside the columns of households; link, wanted, behind and after are rows, -1 none.
STEPS = np.dtype(
    [
        ("link", np.int32),  # street it is on
        ("phase", np.int8),  # journey.Phase
        ("helped", np.int8),  # a helper is with it
        ("waiting", np.int8),  # at home, ready: 1 for room, 2 for a way
        ("homeward", np.int8),  # why it goes home: 1 no place, 2 all clear
        ("tries_n", np.int8),  # times it came home without a place
        ("tried_n", np.int8),  # doors tried on this trip
        ("set_out_s", np.float64),  # left home on this trip
        ("blocked_s", np.float64),  # at the head of its street's exit with no room beyond since; inf: not blocked
        ("wanted", np.int32),  # full street it waits to enter
        ("behind", np.int32),  # next group in the exit queue of its street
        ("after", np.int32),  # next group that waits to enter the same street
    ]
)
QUEUES = np.dtype([("first", np.int32), ("last", np.int32), ("waiter", np.int32)])


class Groups(NamedTuple):
    """Columns of households (n,), their homes, and STEPS; `tried (n, DOORS) int32` are the doors of this trip."""

    node: np.ndarray
    building: np.ndarray
    persons_n: np.ndarray
    needs_help: np.ndarray
    ground_floor: np.ndarray
    speed_mps: np.ndarray
    place: np.ndarray
    at_node: np.ndarray
    site: np.ndarray
    left_s: np.ndarray
    refused_n: np.ndarray
    sheltered_s: np.ndarray
    stranded_s: np.ndarray
    returned_s: np.ndarray
    away_s: np.ndarray  # (n, 2 SPANS_N)
    inside_s: np.ndarray  # (n, 2 SPANS_N)
    habitable: np.ndarray
    depth_m: np.ndarray  # (n_buildings,)
    sill_m: np.ndarray  # (n_buildings,)
    steps: np.ndarray
    tried: np.ndarray


class Streets(NamedTuple):
    """Columns of links (n,), capacity at the exit in persons/s, room and area, and QUEUES."""

    capacity_ps: np.ndarray
    storage_n: np.ndarray
    area_m2: np.ndarray
    free_s: np.ndarray
    inside_n: np.ndarray
    queues: np.ndarray


class Doors(NamedTuple):
    """Columns of sites; `shelters (m,) int32` are the rows that are designated, `row (n,) int32` their tree or -1."""

    node: np.ndarray
    open: np.ndarray
    room_n: np.ndarray
    inside_n: np.ndarray
    peak_n: np.ndarray
    refused_n: np.ndarray
    shelters: np.ndarray
    row: np.ndarray


class Ways(NamedTuple):
    """A tree a shelter, each grown again when asked for after the routes changed: `grown (m,)`, `version (1,) int64`."""

    next_link: np.ndarray
    cost_s: np.ndarray
    grown: np.ndarray
    version: np.ndarray
    heap: Heap


class Rules(NamedTuple):
    """Numbers of the travel part, and `density_frac (DENSITY_STEPS,)`, speed by crowding as a share of the free speed."""

    spill: bool
    hold_s: float
    retry_s: float
    tries_most_n: int
    helped_mps: float
    wet_until_s: float
    density_frac: np.ndarray


class Crowd(NamedTuple):
    """Everything the journey's kernel reads and writes."""

    groups: Groups
    streets: Streets
    network: Network
    doors: Doors
    ways: Ways
    heap: Heap
    rules: Rules


def density_frac(least_frac: float) -> np.ndarray:
    """Weidmann's speed by density, in DENSITY_STEPS steps up to the jam density, never below `least_frac`."""
    per_m2 = np.arange(1, DENSITY_STEPS) * (JAM_PER_M2 / DENSITY_STEPS)
    frac = 1.0 - np.exp(-WEIDMANN_GAMMA * (1.0 / per_m2 - 1.0 / JAM_PER_M2))
    return np.maximum(np.concatenate([[1.0], frac]), least_frac)


def groups_of(world: Any) -> Groups:
    """The groups of a world, nobody under way."""
    own = {"steps": np.zeros(world.households.n, STEPS), "tried": np.full((world.households.n, DOORS), -1, np.int32)}
    for name in ("link", "wanted", "behind", "after"):
        own["steps"][name] = -1
    own["steps"]["blocked_s"] = np.inf
    homes = {name: getattr(world.buildings, name) for name in ("depth_m", "sill_m")}
    columns = {name: getattr(world.households, name) for name in Groups._fields if name not in own | homes}
    return Groups(**columns, **homes, **own)


def streets_of(links: Any, flow_pmps: float, jam_per_m2: float) -> Streets:
    """The streets: exit capacity is flow per metre of width, storage is area by jam density, at least one person."""
    queues = np.full(links.n, -1, QUEUES)
    area_m2 = links.length_m.astype(np.float64) * links.width_m
    storage_n = np.maximum(area_m2 * jam_per_m2, 1.0).astype(np.int64)
    return Streets(links.width_m.astype(np.float64) * flow_pmps, storage_n, area_m2, links.free_s, links.inside_n, queues)


def doors_of(sites: Any) -> Doors:
    """The doors of all sites; only designated shelters have a tree."""
    shelters = np.flatnonzero(sites.shelter).astype(np.int32)
    row = np.full(sites.n, -1, np.int32)
    row[shelters] = np.arange(shelters.size)
    return Doors(sites.node, sites.open, sites.room_n, sites.inside_n, sites.peak_n, sites.refused_n, shelters, row)


def ways_of(shelters_n: int, nodes_n: int) -> Ways:
    """Trees not grown yet."""
    shape = (shelters_n, nodes_n)
    grown = np.full(shelters_n, -1, np.int64)
    return Ways(np.empty(shape, np.int32), np.empty(shape), grown, np.zeros(1, np.int64), empty_heap(nodes_n))


def crowd_of(world: Any, rules: Rules, flow_pmps: float) -> Crowd:
    """The crowd of a world before anybody moves."""
    doors = doors_of(world.sites)
    return Crowd(
        groups_of(world),
        streets_of(world.links, flow_pmps, JAM_PER_M2),
        network_of(world.links, world.nodes.n),
        doors,
        ways_of(doors.shelters.size, world.nodes.n),
        empty_heap(world.households.n),
        rules,
    )
