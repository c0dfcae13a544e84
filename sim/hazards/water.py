"""One tick of water on the ground: rain, river walls, drains and soil, and flow between cells.

Sources and sinks act every SOURCE_S or less and the flow in between, in substeps of one fixed length (the same for every
policy, so that a far cell never changes a result by way of the step). Volumes are summed in float64.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.numerics.jit import njit
from sim.numerics.stencil import WALL_M, Law, law, move

SOURCE_S = 120.0  # sources and sinks act at least this often: 1.7 mm of a 50 mm hour (assumed fine enough)
WEIR = 1.7  # m^0.5/s, broad-crested weir: critical flow, (2/3)^1.5 sqrt(g) = 1.70
COURANT = 0.7  # alpha in dt = alpha dx / sqrt(g h): Bates et al. 2010


class Sinks(NamedTuple):
    """What takes and brings water: (cells,) float32 but where said."""

    drain_mps: np.ndarray  # what inlets take while their catchment works
    catchment: np.ndarray  # (cells,) int32, -1 none
    working: np.ndarray  # (catchments,) bool
    pervious_frac: np.ndarray
    wall_m: np.ndarray  # length of river wall along the cell


class Weather(NamedTuple):
    """What holds during a tick: rain, river stage, crest of the wall, what unsealed ground takes."""

    rain_mps: float
    stage_m: float
    crest_m: float
    soil_mps: float


class Schedule(NamedTuple):
    """A tick cut into `blocks_n` blocks of `substeps_n` substeps."""

    blocks_n: int
    substeps_n: int
    block_s: float


def schedule(tick_s: float, size_m: float, depth_cap_m: float, manning: float, dry_m: float) -> tuple[Schedule, Law]:
    """The fixed steps: water as deep as `depth_cap_m` is moved stably. It does not look at the water."""
    longest_s = COURANT * size_m / math.sqrt(9.80665 * depth_cap_m)
    blocks_n = math.ceil(tick_s / SOURCE_S)
    block_s = tick_s / blocks_n
    substeps_n = math.ceil(block_s / longest_s)
    return Schedule(blocks_n, substeps_n, block_s), law(block_s / substeps_n, size_m, manning, dry_m)


@njit
def taken_mps(sinks, soil_mps, cell):
    """What drain and soil of a cell take now."""
    basin = sinks.catchment[cell]
    drain_mps = np.float64(sinks.drain_mps[cell]) if basin >= 0 and sinks.working[basin] else 0.0
    return drain_mps + soil_mps * sinks.pervious_frac[cell]


@njit
def exchange(pool, sinks, weather, times, volumes):
    """Rain and river in, drains and soil out, over one block; `volumes (3,)` m of water summed over cells: in, over walls, out.

    Where the river stands above the wall's crest each metre of wall lets 1.7 head^1.5 m3/s in, until the cell is as high.
    `times` is the block's length and the area of a cell."""
    block_s, area_m2 = times
    head_m = max(weather.stage_m - weather.crest_m, 0.0)
    weir_m2 = WEIR * head_m * math.sqrt(head_m) * block_s
    rain_m = weather.rain_mps * block_s
    cell = 0
    for k in range(pool.depth_m.size):
        if pool.ground_m[k] >= WALL_M:
            continue
        depth_m = np.float64(pool.depth_m[k]) + np.float64(pool.residue_m[k]) + rain_m
        outside_m = weather.stage_m - pool.ground_m[k]
        over_m = min(weir_m2 * sinks.wall_m[cell] / area_m2, max(outside_m - depth_m, 0.0))
        depth_m += over_m
        out_m = min(taken_mps(sinks, weather.soil_mps, cell) * block_s, max(depth_m, 0.0))
        depth_m -= out_m
        pool.depth_m[k] = depth_m
        pool.residue_m[k] = depth_m - np.float64(pool.depth_m[k])
        volumes[0] += rain_m
        volumes[1] += over_m
        volumes[2] += out_m
        cell += 1


@njit
def deepen(depth_m, deepest_m):
    """Keep the deepest so far; both (n,) float32."""
    for k in range(depth_m.size):
        deepest_m[k] = max(deepest_m[k], depth_m[k])


@njit
def play_tick(pool, deepest_m, width, sinks, weather, steps, numbers, volumes):
    """All blocks of one tick; how many rows were moved by a substep, in all."""
    moved = 0
    for _ in range(steps.blocks_n):
        exchange(pool, sinks, weather, (steps.block_s, float(numbers.size_m) ** 2), volumes)
        moved += move(pool, width, steps.substeps_n, numbers)
        deepen(pool.depth_m, deepest_m)
    return moved


def worst(depth_m: np.ndarray) -> tuple[int, float]:
    """The cell that is deepest, or not finite, and its depth."""
    bad = np.flatnonzero(~np.isfinite(depth_m))
    cell = int(bad[0]) if bad.size else int(depth_m.argmax())
    return cell, float(depth_m[cell])
