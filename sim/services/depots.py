"""Depots: the stores of a community from city to shelter, stocked as the plan says, and the points that hand out from them."""

from typing import NamedTuple

import numpy as np

from sim.services.convoys import STREET
from sim.services.plan import Plan
from sim.services.points import Line, Point
from sim.services.stocks import Good, Level, Norms, Store, Who, shares_n
from sim.world.tables import SiteKind
from sim.world.world import World

CITY, DISTRICT = 0, 1


class Stores(NamedTuple):
    """All places where goods lie, but the lockers."""

    upper: list[Store]  # city, district
    depots: list[Store]  # of the street
    points: dict[int, Point]  # by site

    def held_n(self) -> np.ndarray:
        """(4,) int64: units in all of them."""
        stores = [*self.upper, *self.depots, *(point.store for point in self.points.values())]
        return np.sum([store.stock_n for store in stores], axis=0)


def stores_of(world: World, plan: Plan) -> Stores:
    """Put the stocks where they lie. The street's stock is split between its depots and its shelters."""
    city = kept(CITY, plan.city, plan.norms, None)
    district = kept(DISTRICT, plan.district, plan.norms, city)
    total_n = plan.norms.person_days_n(plan.street.persons, plan.street.days, plan.street.chronic_frac)
    shelters = np.flatnonzero(world.sites.shelter & (world.sites.kind != SiteKind.DEPOT))
    in_shelters_n = (total_n * plan.split.shelters).round().astype(np.int64) * bool(shelters.size)
    depots = street_depots(world, plan, total_n - in_shelters_n, district)
    if shelters.size:
        world.sites.stock_n[shelters] = shares_n(in_shelters_n, shelters.size)
    return Stores([city, district], depots, points_of(world, plan, depots))


def kept(number: int, level: Level, norms: Norms, source: Store | None) -> Store:
    """The store of a level outside the community."""
    stock_n = norms.person_days_n(level.persons, level.days, level.chronic_frac)
    return with_orders(Store(number, number, stock_n, source), level)


def with_orders(store: Store, level: Level) -> Store:
    """It orders up to what it holds now, from the level's share of it on."""
    store.full_n = store.stock_n.copy()
    store.least_n = (store.full_n * level.reorder_frac).astype(np.int64)
    return store


def street_depots(world: World, plan: Plan, stock_n: np.ndarray, district: Store) -> list[Store]:
    """The street's depots, which share its stock evenly."""
    sites = np.flatnonzero(world.sites.kind == SiteKind.DEPOT)
    world.sites.stock_n[sites] = shares_n(stock_n, sites.size)
    stores = (Store(STREET + int(i), STREET, world.sites.stock_n[i], district, int(world.sites.node[i])) for i in sites)
    return [with_orders(store, plan.street) for store in stores]


def points_of(world: World, plan: Plan, depots: list[Store]) -> dict[int, Point]:
    """A point at every shelter and community centre, which orders from the nearest depot."""
    sites, points, volunteers = world.sites, {}, volunteers_n(world)
    for site in np.flatnonzero((sites.shelter & (sites.kind != SiteKind.DEPOT)) | (sites.kind == SiteKind.COMMUNITY_CENTRE)):
        source = min(depots, key=lambda depot: away_m(world, depot.number - STREET, int(site)))
        store = Store(STREET + int(site), STREET + 1, sites.stock_n[site], source, int(sites.node[site]))
        staff = plan.counter.staff_frac * int(sites.staff_n[site]) + plan.counter.volunteers_frac * volunteers[sites.zone[site]]
        batch_n = int(staff * plan.counter.persons_per_staff_h * plan.counter.batch_s / 3600.0)
        points[int(site)] = Point(int(site), store, batch_n, [Line(good, Who.SHELTERED) for good in Good])
    return points


def away_m(world: World, site: int, other: int) -> float:
    """Between two sites as the crow flies."""
    return float(np.hypot(world.sites.x_m[site] - world.sites.x_m[other], world.sites.y_m[site] - world.sites.y_m[other]))


def volunteers_n(world: World) -> np.ndarray:
    """(n_zones,) float64: volunteers of each zone for each of its shelters."""
    people, sites, n = world.people, world.sites, world.zones.n
    living_n = np.bincount(world.households.zone[people.household[people.volunteer]], minlength=n)
    return living_n / np.maximum(np.bincount(sites.zone[sites.shelter], minlength=n), 1)
