"""Speed of the flood: its kernel in cells moved a second, and a storm over a street at sweep resolution."""

from time import process_time

import numpy as np

from sim.hazards.water import Schedule, Sinks, Weather, play_tick, schedule
from sim.numerics.stencil import inside, law, move, pool_on


def triad_gb_per_s(n: int = 20_000_000) -> float:
    """Memory bandwidth of a = b + s c in float32, best of three."""
    b, c = np.ones(n, np.float32), np.ones(n, np.float32)
    a = np.empty_like(b)
    best_s = np.inf
    for _ in range(3):
        start_s = process_time()
        np.multiply(c, np.float32(3), out=a)
        np.add(a, b, out=a)
        best_s = min(best_s, process_time() - start_s)
    return 5 * 4 * n / best_s / 1e9


def kernel_mcells_per_s(rows_n: int, columns_n: int, substeps_n: int) -> float:
    """Million cells moved a second, limiter and vector friction on, one thread, every cell wet."""
    luck = np.random.default_rng(0)
    pool = pool_on(luck.random((rows_n, columns_n)) * 0.3)
    inside(pool.depth_m, columns_n)[:] = 0.3
    numbers = law(1.0, 10.0, 0.05)
    move(pool, columns_n + 2, 2, numbers)
    best_s = np.inf
    for _ in range(3):
        start_s = process_time()
        move(pool, columns_n + 2, substeps_n, numbers)
        best_s = min(best_s, process_time() - start_s)
    return rows_n * columns_n * substeps_n / best_s / 1e6


def wet_day_s(rows_n: int = 58, columns_n: int = 76, size_m: float = 40.0) -> float:
    """Core-seconds of 24 h of rain above the drains over 5 km2, 10 min ticks, the default fixed steps."""
    pool = pool_on(4.0 + np.random.default_rng(1).random((rows_n, columns_n)) * 0.3)
    n, none = rows_n * columns_n, np.zeros(rows_n * columns_n, np.float32)
    sinks = Sinks(np.full(n, 5e-6, np.float32), np.zeros(n, np.int32), np.ones(1, np.bool_), none, none)
    steps, numbers = schedule(600.0, size_m, 3.0, 0.05, 1e-3)
    deepest, volumes = np.zeros_like(pool.depth_m), np.zeros(3)
    play_tick(pool, deepest, columns_n + 2, sinks, Weather(0.0, -np.inf, 9.0, 0.0), Schedule(1, 1, 1.0), numbers, volumes)
    start_s = process_time()
    for _ in range(144):
        play_tick(pool, deepest, columns_n + 2, sinks, Weather(7e-6, -np.inf, 9.0, 0.0), steps, numbers, volumes)
    return process_time() - start_s


def measure() -> dict[str, float]:
    """Every number of this file."""
    large = kernel_mcells_per_s(500, 500, 60)
    return {
        "flood.kernel_500x500_mcells_per_s": large,
        "flood.kernel_58x76_mcells_per_s": kernel_mcells_per_s(58, 76, 3000),
        "flood.triad_gb_per_s": triad_gb_per_s(),
        "flood.wet_day_40m_core_s": wet_day_s(),
    }


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:40s} {value:10.3f}")
