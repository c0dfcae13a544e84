"""Shallow water: closed forms of the local-inertial equations, laws, compiled against interpreted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from sim.numerics import stencil
from sim.numerics.stencil import inside, inverse_cube_root, law, move, pool_on

G = float(stencil.GRAVITY)


def pool_of(ground_m, depth_m):
    """A pool with water on it."""
    pool = pool_on(ground_m)
    inside(pool.depth_m, ground_m.shape[1])[:] = depth_m
    return pool


def volume(pool):
    return pool.depth_m.sum(dtype=np.float64) + pool.residue_m.sum(dtype=np.float64)


@pytest.mark.parametrize("root", [inverse_cube_root, inverse_cube_root.py_func])
@pytest.mark.parametrize("x", [1e-3, 0.02, 0.5, 1.0, 7.0, 30.0])
def test_inverse_cube_root_is_right_to_float32(root, x):
    assert float(root(np.float32(x))) == pytest.approx(x ** (-1 / 3), rel=4e-7)


def test_lake_over_humps_stays_at_rest():
    ground = np.random.default_rng(0).random((30, 40)) * 2.0
    pool = pool_of(ground, np.maximum(1.2 - ground, 0.0))
    before = pool.depth_m.copy()
    move(pool, 42, 400, law(1.0, 10.0, 0.03))
    assert np.abs(pool.depth_m - before).max() < 1e-6


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**31), manning=st.sampled_from([0.01, 0.03, 0.1]))
def test_water_is_neither_made_nor_lost_and_never_negative(seed, manning):
    luck = np.random.default_rng(seed)
    pool = pool_of(luck.random((12, 17)) * 3.0, luck.random((12, 17)) * (luck.random((12, 17)) < 0.3))
    before = volume(pool)
    move(pool, 19, 300, law(1.0, 10.0, manning))
    assert volume(pool) == pytest.approx(before, rel=1e-6)
    assert pool.depth_m.min() >= 0.0


def test_drop_spreads_alike_in_all_directions():
    depth = np.full((21, 21), 0.2)
    depth[10, 10] = 1.0
    pool = pool_of(np.zeros((21, 21)), depth)
    move(pool, 23, 60, law(1.0, 10.0, 0.03))
    h = inside(pool.depth_m, 21)
    for other in (h[::-1], h[:, ::-1], h.T):
        assert np.abs(h - other).max() < 1e-6


def test_seiche_has_the_period_of_a_long_wave():
    length_m, depth_m, n = 1000.0, 10.0, 100
    x = (np.arange(n) + 0.5) * length_m / n
    pool = pool_of(np.zeros((1, n)), depth_m + 0.05 * np.cos(np.pi * x / length_m))
    numbers = law(0.5, length_m / n, 0.0)
    level = []
    for _ in range(900):
        move(pool, n + 2, 1, numbers)
        level.append(inside(pool.depth_m, n)[0, 0] - depth_m)
    level = np.array(level)
    rising = np.flatnonzero((level[:-1] < 0) & (level[1:] >= 0))
    assert np.diff(rising).mean() * 0.5 == pytest.approx(2 * length_m / np.sqrt(G * depth_m), rel=0.01)


def test_uniform_flow_has_mannings_depth():
    """n 0.03, slope 0.001, 1 m2/s: 0.96889 m (Manning's wide channel)."""
    n, slope, size_m, numbers = 60, 0.001, 50.0, law(8.0, 50.0, 0.03)
    ground = slope * size_m * np.arange(n)[::-1][None, :]
    pool = pool_of(ground, 0.96888616)
    h = inside(pool.depth_m, n)
    for _ in range(3000):
        h[0, 0] += 8.0 / size_m  # 1 m2/s enters the first cell
        h[0, -1] = 0.96888616
        move(pool, n + 2, 1, numbers)
    assert inside(pool.qx_m2ps, n)[0, 10:40] == pytest.approx(1.0, rel=1e-3)
    assert h[0, 10:40] == pytest.approx(0.96888616, rel=2e-3)


def exact_wave(xi_m, manning=0.03, u_mps=1.0, g=G):
    """Depth of the travelling wave of the local-inertial equations, xi behind its bore of height 2 u^2 / g."""
    bore = 2 * u_mps**2 / g

    def miss(h):
        rise = 3 / 7 * g * (h ** (7 / 3) - bore ** (7 / 3)) - 3 / 4 * u_mps**2 * (h ** (4 / 3) - bore ** (4 / 3))
        return rise - g * manning**2 * u_mps**2 * xi_m

    return brentq(miss, bore, 20.0) if xi_m > 0 else bore


@pytest.mark.parametrize(("xi_m", "h_m"), [(10, 0.29881533), (100, 0.59969155), (1000, 1.45451527), (3600, 2.45814297)])
def test_exact_wave_is_the_tabled_one(xi_m, h_m):
    assert exact_wave(xi_m, g=9.81) == pytest.approx(h_m, abs=2e-8)


def wave_error(size_m, end_s=1200.0):
    """Mean error over the wet reach of a wave driven by its exact stage at the left end."""
    n = int(1400 / size_m)
    dt_s = size_m / 10.0
    numbers, pool = law(dt_s, size_m, 0.03), pool_of(np.zeros((1, n)), 0.0)
    h = inside(pool.depth_m, n)
    for step in range(round(end_s / dt_s)):
        h[0, 0] = exact_wave(step * dt_s - size_m / 2)
        move(pool, n + 2, 1, numbers)
    centres = (np.arange(n) + 0.5) * size_m
    truth = np.array([exact_wave(end_s - x) if x < end_s else 0.0 for x in centres])
    return np.abs(h[0] - truth).mean()


def test_travelling_wave_converges_to_the_exact_one():
    coarse, fine = wave_error(20.0), wave_error(5.0)
    assert fine < 0.02
    assert fine < coarse / 2.2


@pytest.mark.parametrize("name", ["flow_east", "share_leaving", "limit", "fill"])
def test_kernels_compiled_equal_interpreted(name):
    luck = np.random.default_rng(3)
    spans = [luck.random(40).astype(np.float32) for _ in range(6)]
    spans[2] -= np.float32(0.5)
    numbers = law(2.0, 20.0, 0.03)
    five = (*spans[:5], numbers)
    arguments = {"flow_east": (*spans, numbers), "share_leaving": five, "limit": tuple(spans[2:6]), "fill": five}
    results = []
    for kernel in (getattr(stencil, name), getattr(stencil, name).py_func):
        copies = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in arguments[name])
        kernel(*copies)
        results.append([a for a in copies if isinstance(a, np.ndarray)])
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-9)


def test_north_is_east_turned():
    """Flow in a town and in its mirror image about the diagonal is the same."""
    luck = np.random.default_rng(5)
    ground, depth = luck.random((9, 9)), luck.random((9, 9))
    one, other = pool_of(ground, depth), pool_of(ground.T, depth.T)
    for pool in (one, other):
        move(pool, 11, 50, law(1.0, 10.0, 0.04))
    np.testing.assert_allclose(inside(one.depth_m, 9), inside(other.depth_m, 9).T, atol=2e-6)


def test_dry_rows_are_not_moved():
    depth = np.zeros((50, 8))
    depth[25] = 0.5
    pool = pool_of(np.where(np.arange(50)[:, None] == 25, 0.0, 5.0) * np.ones((50, 8)), depth)
    assert move(pool, 10, 100, law(1.0, 10.0, 0.03)) == 100
    assert move(pool_on(np.zeros((50, 8))), 10, 100, law(1.0, 10.0, 0.03)) == 0


@pytest.mark.parametrize("downhill", [1.0, -1.0])
def test_what_flowed_in_rows_gone_dry_takes_no_water_from_their_neighbours(downhill):
    """Water runs through all rows; the drains take it from half of them; the rest flows on, and nothing is lost or negative."""
    ground = downhill * 0.05 * np.arange(12)[:, None] * np.ones((12, 6))
    pool, numbers = pool_of(ground, 0.05), law(1.0, 10.0, 0.03)
    move(pool, 8, 30, numbers)
    half = slice(0, 6) if downhill > 0 else slice(6, 12)
    for column in (pool.depth_m, pool.residue_m):
        inside(column, 6)[half] = 0.0
    for _ in range(5):
        inside(pool.depth_m, 6)[5:7] = 5e-4  # too shallow to flow
        before = volume(pool)
        move(pool, 8, 10, numbers)
        assert volume(pool) == pytest.approx(before, rel=1e-6)
        assert pool.depth_m.min() >= 0.0


def test_interpreted_substeps_move_the_same_water():
    depth = np.zeros((5, 6))
    depth[2, 2] = 1.0
    compiled, interpreted = pool_of(np.zeros((5, 6)), depth), pool_of(np.zeros((5, 6)), depth)
    numbers = law(1.0, 10.0, 0.03)
    move(compiled, 8, 10, numbers)
    move.py_func(interpreted, 8, 10, numbers)
    np.testing.assert_array_equal(compiled.depth_m, interpreted.depth_m)
