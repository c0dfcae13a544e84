"""Rain bands: what makes an hour of a typhoon wetter or drier than the mean of many storms at that distance."""

import math

import numpy as np
from scipy.signal import lfilter

LATTICE_S = 600.0  # the field's own step, whatever the tick


def rainband(normals: np.ndarray, spread: float, memory_s: float) -> np.ndarray:
    """Mean-one lognormal factor on the lattice (n,): exp(sigma z - sigma^2/2), z stationary AR(1) of standard normals.

    `memory_s` is the time in which the correlation falls to 1/e."""
    carried = math.exp(-LATTICE_S / memory_s)
    shocks = normals * math.sqrt(1.0 - carried**2)
    shocks[0] = normals[0]
    return np.exp(spread * lfilter([1.0], [1.0, -carried], shocks) - spread**2 / 2)


def tick_means(on_lattice: np.ndarray, tick_s: float, ticks_n: int) -> np.ndarray:
    """Time means over ticks (n,) of a factor that is constant over each step of the lattice: exact for every tick."""
    edges_s = np.arange(on_lattice.size + 1) * LATTICE_S
    total = np.concatenate(([0.0], np.cumsum(on_lattice))) * LATTICE_S
    return np.diff(np.interp(np.arange(ticks_n + 1) * tick_s, edges_s, total)) / tick_s


def lattice_n(storm_s: float) -> int:
    """Steps of the lattice that cover the storm."""
    return math.ceil(storm_s / LATTICE_S)
