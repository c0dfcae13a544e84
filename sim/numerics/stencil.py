"""Shallow water on a raster of square cells: one substep of the local-inertial equations, in float32.

Bates, Horritt, Fewtrell 2010 (J. Hydrol. 387) with the q-centred weighting of de Almeida et al. 2012 and the magnitude of
the flow as a vector in the friction term. The raster lies row by row from the south-west in flat arrays, padded all round
by one cell whose ground is a wall, so that every pass is one branch-free loop; qx stands on the east face of its cell, qy
on the north face. Passes: flow, share of it that may leave a cell (plain max(h, 0) would create water), depth with what
rounding left out.
"""

from typing import NamedTuple

import numpy as np

from sim.numerics.jit import njit

F32 = np.float32
ZERO, ONE, HALF, QUARTER = F32(0), F32(1), F32(0.5), F32(0.25)
THIRD, TWO_NINTHS = F32(1 / 3), F32(2 / 9)
GRAVITY = F32(9.80665)  # m/s2
NEARLY_ALL = F32(1 - 1e-6)  # share of a cell's water that may leave in one substep, so that rounding never makes it negative
TINY = F32(1e-20)
WALL_M = F32(1e4)  # ground of the padding: nothing flows over it
CUBE_ROOT_BITS = F32(1419967116.0)  # starts x^(-1/3) from the bits of x within 4 %


class Pool(NamedTuple):
    """Water on a padded raster, each ((rows + 2) (columns + 2),) float32."""

    ground_m: np.ndarray
    depth_m: np.ndarray
    residue_m: np.ndarray  # depth is depth_m + residue_m
    qx_m2ps: np.ndarray
    qy_m2ps: np.ndarray
    next_qx: np.ndarray  # scratch
    next_qy: np.ndarray  # scratch
    leaving: np.ndarray  # scratch: share of the wanted outflow that there is water for


class Law(NamedTuple):
    """Numbers of the scheme."""

    dt_s: np.float32  # substep
    size_m: np.float32  # cell
    friction: np.float32  # gravity x substep x Manning n squared
    theta: np.float32  # weight of a face's own flow
    dry_m: np.float32  # shallower water does not flow


def law(dt_s: float, size_m: float, manning: float, dry_m: float = 1e-3) -> Law:
    """The scheme's numbers (dry depth 1 mm: Bates et al. 2010); flow is smoothed where friction is too weak to."""
    theta = 1.0 if manning >= 0.02 else 0.9
    return Law(F32(dt_s), F32(size_m), F32(float(GRAVITY) * dt_s * manning**2), F32(theta), F32(dry_m))


@njit
def inverse_cube_root(x: np.float32) -> np.float32:
    """x^(-1/3) for x > 0, to 2e-7: from the bits of x, one cubic and one quadratic correction; no pow, no division."""
    y = np.int32(CUBE_ROOT_BITS - np.float32(np.float32(x).view(np.int32)) * THIRD).view(np.float32)
    error = ONE - x * y * y * y
    y += y * error * (THIRD + TWO_NINTHS * error)
    return y + y * THIRD * (ONE - x * y * y * y)


@njit
def face_flow(q, around, across, head_m, flow_depth_m, numbers):
    """New flow over a face in m2/s: q' = (q - g dt h_f d(eta)/dx) / (1 + g dt n2 |q| / h_f^(7/3)), Froude number at most 1.

    `around` is the mean of the neighbouring faces' flows, `across` the flow along the face, `head_m` eta ahead minus eta behind."""
    h = max(flow_depth_m, numbers.dry_m)
    y = inverse_cube_root(h)
    y2 = y * y
    size = np.sqrt(q * q + across * across)
    steady = numbers.theta * q + (ONE - numbers.theta) * around
    push = steady - GRAVITY * numbers.dt_s / numbers.size_m * h * head_m
    new = push / (ONE + numbers.friction * size * (y2 * y2 * y2 * y))
    most = h * np.sqrt(GRAVITY * h)
    new = min(max(new, -most), most)
    return new if flow_depth_m > numbers.dry_m else ZERO


@njit
def flow_east(ground_m, depth_m, qx, qy, qy_south, out, numbers):
    """New flow over the east faces of a span of cells; each (n + 2,) float32, the first and the last are only read."""
    for k in range(1, out.size - 1):
        behind, ahead = ground_m[k] + depth_m[k], ground_m[k + 1] + depth_m[k + 1]
        deep = max(behind, ahead) - max(ground_m[k], ground_m[k + 1])
        across = QUARTER * (qy[k] + qy[k + 1] + qy_south[k] + qy_south[k + 1])
        out[k] = face_flow(qx[k], HALF * (qx[k - 1] + qx[k + 1]), across, ahead - behind, deep, numbers)


@njit
def flow_north(ground_m, depth_m, north, qy_rows, qx, out, numbers):
    """New flow over the north faces of a span. `north`: ground, depth and qx of the cells north; `qy_rows`: south, here, north."""
    ground_north, depth_north, qx_north = north
    south, here, beyond = qy_rows
    for k in range(1, out.size - 1):
        behind, ahead = ground_m[k] + depth_m[k], ground_north[k] + depth_north[k]
        deep = max(behind, ahead) - max(ground_m[k], ground_north[k])
        across = QUARTER * (qx[k] + qx[k - 1] + qx_north[k] + qx_north[k - 1])
        out[k] = face_flow(here[k], HALF * (south[k] + beyond[k]), across, ahead - behind, deep, numbers)


@njit
def share_leaving(depth_m, qx, qy, qy_south, out, numbers):
    """What share of the wanted outflow of a span of cells there is water for."""
    keep = NEARLY_ALL * numbers.size_m / numbers.dt_s
    for k in range(1, out.size - 1):
        wanted = max(qx[k], ZERO) + max(-qx[k - 1], ZERO) + max(qy[k], ZERO) + max(-qy_south[k], ZERO)
        out[k] = min(ONE, max(depth_m[k], ZERO) * keep / (wanted + TINY))


@njit
def limit(q, leaving, leaving_ahead, out):
    """The flow over the faces of a span, each cut by the share of the cell it leaves, here or ahead of the face."""
    for k in range(1, q.size - 1):
        out[k] = q[k] * (leaving[k] if q[k] > ZERO else leaving_ahead[k])


@njit
def fill(depth_m, residue_m, qx, qy, qy_south, numbers):
    """New depth of a span from the flow over its faces, with what rounding leaves out kept in `residue_m`."""
    rate = numbers.dt_s / numbers.size_m
    for k in range(1, depth_m.size - 1):
        gain = rate * ((qx[k - 1] - qx[k]) + (qy_south[k] - qy[k])) + residue_m[k]
        before = depth_m[k]
        after = before + gain
        residue_m[k] = gain - (after - before)
        depth_m[k] = after


@njit
def substep(pool, low, high, width, numbers):
    """Move the water of rows [low, high) once; no other row may hold water that flows."""
    first, last = max(low - 1, 1) * width, min(high + 1, pool.depth_m.size // width - 1) * width
    south, here, north = slice(first - width, last - width), slice(first, last), slice(first + width, last + width)
    east = slice(first + 1, last + 1)
    z, h, qx, qy = pool.ground_m, pool.depth_m, pool.qx_m2ps, pool.qy_m2ps
    flow_east(z[here], h[here], qx[here], qy[here], qy[south], pool.next_qx[here], numbers)
    beyond = (z[north], h[north], qx[north])
    flow_north(z[here], h[here], beyond, (qy[south], qy[here], qy[north]), qx[here], pool.next_qy[here], numbers)
    share_leaving(h[here], pool.next_qx[here], pool.next_qy[here], pool.next_qy[south], pool.leaving[here], numbers)
    limit(pool.next_qx[here], pool.leaving[here], pool.leaving[east], qx[here])
    limit(pool.next_qy[here], pool.leaving[here], pool.leaving[north], qy[here])
    fill(h[here], pool.residue_m[here], qx[here], qy[here], qy[south], numbers)


@njit
def flows(depth_m, row, width, dry_m):
    """Whether a row has water deep enough to flow."""
    n = 0
    for k in range(row * width, (row + 1) * width):
        n += depth_m[k] > dry_m
    return n > 0


@njit
def still(pool, first, last):
    """No flow outside the cells [first, last): what flowed there when more rows were moved would be taken from the first row and
    reach nobody."""
    for q in (pool.qx_m2ps, pool.qy_m2ps, pool.next_qy):
        q[:first] = ZERO
        q[last:] = ZERO


@njit
def move(pool, width, n_substeps, numbers):
    """Move all water `n_substeps` times, only in the span of rows where some is deep enough to flow; rows moved in all."""
    end = pool.depth_m.size // width - 1
    low, high = 1, end
    while low < high and not flows(pool.depth_m, low, width, numbers.dry_m):
        low += 1
    while high > low and not flows(pool.depth_m, high - 1, width, numbers.dry_m):
        high -= 1
    if low == high:
        pool.qx_m2ps[:] = ZERO
        pool.qy_m2ps[:] = ZERO
        return 0
    still(pool, max(low - 1, 1) * width, min(high + 1, end) * width)
    moved = 0
    for _ in range(n_substeps):
        substep(pool, low, high, width, numbers)
        moved += high - low
        low -= low > 1 and flows(pool.depth_m, low - 1, width, numbers.dry_m)
        high += high < end and flows(pool.depth_m, high, width, numbers.dry_m)
    return moved


def pool_on(ground_m: np.ndarray) -> Pool:
    """A dry pool on ground (rows, columns), within walls that no water overtops."""
    walled = np.pad(np.asarray(ground_m, F32), 1, constant_values=WALL_M)
    return Pool(walled.ravel(), *(np.zeros(walled.size, F32) for _ in Pool._fields[1:]))


def inside(column: np.ndarray, columns_n: int) -> np.ndarray:
    """The (rows, columns) view of a padded column without its edge."""
    return column.reshape(-1, columns_n + 2)[1:-1, 1:-1]
