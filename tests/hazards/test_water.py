"""One tick of water: sources, sinks and walls."""

import numpy as np
import pytest

from sim.hazards.water import Sinks, Weather, exchange, play_tick, schedule, worst
from sim.numerics.stencil import inside, pool_on


def basin(rows_n=4, columns_n=5, ground_m=2.0, drain_mps=0.0, wall_per_m=0.0):
    """A level basin and its sinks."""
    pool = pool_on(np.full((rows_n, columns_n), ground_m))
    full = np.full((3, rows_n * columns_n), 1.0, np.float32) * np.array([[drain_mps], [0.0], [wall_per_m]], np.float32)
    return pool, Sinks(full[0], np.zeros(full.shape[1], np.int32), np.ones(1, np.bool_), full[1], full[2])


@pytest.mark.parametrize("kernel", [exchange, exchange.py_func])
def test_rain_fills_and_drains_empty(kernel):
    pool, sinks = basin(drain_mps=1e-5)
    volumes = np.zeros(3)
    kernel(pool, sinks, Weather(3e-5, -np.inf, 9.0, 0.0), (100.0, 1.0), volumes)
    assert inside(pool.depth_m, 5) == pytest.approx(2e-3)
    assert volumes == pytest.approx([20 * 3e-3, 0.0, 20 * 1e-3])
    kernel(pool, sinks, Weather(0.0, -np.inf, 9.0, 0.0), (1000.0, 1.0), volumes)
    assert inside(pool.depth_m, 5) == pytest.approx(0.0)
    assert volumes[2] == pytest.approx(volumes[0])


@pytest.mark.parametrize("kernel", [exchange, exchange.py_func])
def test_river_comes_over_the_wall_by_a_weir(kernel):
    pool, sinks = basin(wall_per_m=1 / 40)
    volumes = np.zeros(3)
    kernel(pool, sinks, Weather(0.0, 6.25, 6.0, 0.0), (10.0, 1.0), volumes)
    assert inside(pool.depth_m, 5) == pytest.approx(1.7 * 0.25**1.5 / 40 * 10.0)


def test_river_never_stands_higher_inside_than_outside():
    pool, sinks = basin(wall_per_m=1.0)
    volumes = np.zeros(3)
    for _ in range(50):
        exchange(pool, sinks, Weather(0.0, 6.25, 6.0, 0.0), (100.0, 1.0), volumes)
    assert inside(pool.depth_m, 5) == pytest.approx(4.25, abs=1e-5)


def test_tick_closes_and_keeps_the_deepest():
    pool, sinks = basin(drain_mps=4e-6, wall_per_m=1.0)
    inside(pool.ground_m, 5)[:] += np.random.default_rng(0).random((4, 5)).astype(np.float32)
    steps, numbers = schedule(600.0, 20.0, 3.0, 0.05, 1e-3)
    volumes, deepest = np.zeros(3), np.zeros_like(pool.depth_m)
    play_tick(pool, deepest, 7, sinks, Weather(2e-5, 6.05, 6.0, 0.0), steps, numbers, volumes)
    stored = pool.depth_m.sum(dtype=np.float64) + pool.residue_m.sum(dtype=np.float64)
    assert stored == pytest.approx(volumes[0] + volumes[1] - volumes[2], rel=1e-6)
    assert np.all(deepest >= pool.depth_m)


def test_schedule_does_not_look_at_the_water_and_fills_the_tick():
    steps, numbers = schedule(600.0, 40.0, 3.0, 0.05, 1e-3)
    assert steps.blocks_n * steps.block_s == 600.0
    assert steps.substeps_n * float(numbers.dt_s) == pytest.approx(steps.block_s)
    assert float(numbers.dt_s) <= 0.7 * 40 / np.sqrt(9.80665 * 3.0)


def test_water_as_deep_as_the_schedule_does_not_rock_higher():
    """A heap on water nearly as deep as the steps were made for dies down."""
    steps, numbers = schedule(600.0, 40.0, 3.0, 0.05, 1e-3)
    pool, sinks = basin(20, 20)
    h = inside(pool.depth_m, 20)
    h[:] = 2.9
    h[8:12, 8:12] += 0.1
    for _ in range(30):
        play_tick(pool, np.zeros_like(pool.depth_m), 22, sinks, Weather(0.0, -np.inf, 9.0, 0.0), steps, numbers, np.zeros(3))
    assert np.ptp(h) < 0.05


def test_worst_is_the_deepest_or_the_first_that_is_no_number():
    assert worst(np.array([0.0, 3.0, 1.0])) == (1, 3.0)
    assert worst(np.array([0.0, 3.0, np.nan]))[0] == 2
