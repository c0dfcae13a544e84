"""Where those who answer calls start from, and how many there are."""

import numpy as np

from sim.services.crews import Pool, homes_of
from sim.services.jobs import Answer
from sim.world.tables import SiteKind
from sim.world.world import World


def street_pools(world: World, counts: dict[Answer, int]) -> dict[Answer, Pool]:
    """Tree crews at the depots, squads and technicians over the committees; none of which there are none."""
    depots, zones = homes_of(world, SiteKind.DEPOT), zone_middles(world)
    homes = {answer: depots if answer == Answer.TREE_CREW else spread(zones, crews_n) for answer, crews_n in counts.items()}
    return {answer: Pool(world, crews_n, homes[answer]) for answer, crews_n in counts.items() if crews_n}


def brigade(world: World, engines_n: int) -> Pool:
    """`engines_n` at every fire station, or in the middle of a community that has none."""
    stations = homes_of(world, SiteKind.FIRE_STATION)
    return Pool(world, engines_n * len(stations), stations)


def volunteers(world: World, on_call_frac: float) -> list[Pool | None]:
    """Those of each committee who can be out at once, mustered at its middle; None where there are none."""
    people = world.people
    home = people.household[np.flatnonzero(people.volunteer)]
    out_n = np.floor(np.bincount(world.households.zone[home], minlength=world.zones.n) * on_call_frac).astype(int).tolist()
    return [Pool(world, n, [middle]) if n else None for n, middle in zip(out_n, zone_middles(world), strict=True)]


def helpers_by_building(world: World) -> np.ndarray:
    """(n_buildings,) int64: volunteers and first-aiders who live there."""
    people = world.people
    home = people.household[np.flatnonzero(people.volunteer | people.trained)]
    return np.bincount(world.households.building[home], minlength=world.buildings.n)


def zone_middles(world: World) -> list[tuple[float, float]]:
    """(x_m, y_m) of every committee."""
    return list(zip(world.zones.x_m.tolist(), world.zones.y_m.tolist(), strict=True))


def spread(places: list[tuple[float, float]], n: int) -> list[tuple[float, float]]:
    """`n` of the places, evenly over their list."""
    return [places[number * len(places) // n] for number in range(n)]
