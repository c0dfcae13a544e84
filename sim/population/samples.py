"""Samples of the town's state for drawing: forcing, water, power and where people are, by zone and for all."""

import numpy as np

from sim.world.tables import Place
from sim.world.world import Times, World

MMPH_PER_MPS = 3.6e6
PLACES = {"n_waiting": Place.WAITING, "n_moving": Place.MOVING, "n_sheltered": Place.SHELTERED, "n_stranded": Place.STRANDED}


def tail_times_s(times: Times, every_s: float) -> np.ndarray:
    """Sample times after the storm, from its end to before the run's end."""
    return np.arange(times.storm_s, times.end_s, every_s)


def sample_state(world: World, flooded: np.ndarray) -> None:
    """Sample everything now. Forcing, water and power hold over the tick; people are where they are at its start; after the
    storm forcing and water are not played and have no value."""
    recorder, now_s, town = world.recorder, world.now_s, world.town
    playing = now_s < world.times.storm_s
    for name, value in (
        ("wind_mps", town.wind_mps[0]),
        ("gust_mps", town.gust_mps[0]),
        ("rain_mmph", town.rain_mps[0] * MMPH_PER_MPS),
        ("stage_m", town.stage_m[0]),
    ):
        known = playing and np.isfinite(value)
        recorder.sample(now_s, name, np.full(world.zones.n + 1, value if known else np.nan))
    water = by_zone(world, world.buildings.zone, flooded) if playing else np.full(world.zones.n + 1, np.nan)
    recorder.sample(now_s, "buildings_flooded", water)
    sample_power(world)
    sample_people(world)


def sample_power(world: World) -> None:
    """Customers without power, and the service level of the lifelines: power, telecom and water, each a third."""
    areas = world.areas
    customers = by_zone(world, areas.zone, areas.customers_n)
    out = by_zone(world, areas.zone, areas.customers_n * ~areas.on)
    world.recorder.sample(world.now_s, "customers_out", out)
    others_out = by_zone(world, areas.zone, areas.customers_n * ~areas.telecom_on + areas.waterless_n)
    with np.errstate(invalid="ignore"):
        world.recorder.sample(world.now_s, "q_lifelines", 1.0 - (out + others_out) / (3 * customers))


def sample_people(world: World) -> None:
    """Persons away from home by where they are; households at home, nearly all, are not looked at."""
    households = world.households
    away = np.flatnonzero(households.place)
    slot = households.zone[away] * len(Place) + households.place[away]
    counts = np.bincount(slot, weights=households.persons_n[away], minlength=world.zones.n * len(Place)).reshape(-1, len(Place))
    for name, at in PLACES.items():
        world.recorder.sample(world.now_s, name, np.append(counts[:, at], counts[:, at].sum()))


def by_zone(world: World, zone: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """(n_zones + 1,) float64: amounts summed by zone, the last of all."""
    sums = np.bincount(zone, weights=amount, minlength=world.zones.n)
    return np.append(sums, sums.sum())
