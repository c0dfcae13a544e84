"""Perils of a typhoon that make people call for rescue: things in the wind, lifts in the dark, water, the frail upstairs.

Everything that luck decides is drawn beforehand for the thing or the person it happens to, so that a tick only compares.
"""

from collections.abc import Iterator

import numpy as np
from pydantic import Field
from scipy.special import ndtri

from sim.services.calls import Call, CallKind, call_at, call_in_street
from sim.units import Count, Factor, Length, MetresPerSecond, Model, PerSecond, Seconds, Share
from sim.world.tables import BuildingClass, Place
from sim.world.world import World

DAY_S = 86400.0
DAY_H = (6.0, 22.0)
STOREYS_A_LOOSE_THING = 5  # exposure to wind grows with height: as many loose things as there are five storeys (assumed)
TREES_MOST = 1 << 10  # trees of one road, for the entity of a call
LIFTS_MOST = 1 << 6  # lifts of one building, for the entity of a call


class LooseGusts(Model):
    """Gust at which a hanging object, a pane or a sheet works loose, median by building class. No counts are published."""

    high_rise_mps: MetresPerSecond = Field(75.0, description="frames and panes, kept up by an owners' committee (assumed)")
    walk_up_mps: MetresPerSecond = Field(65.0, description="flower racks, drying racks, air conditioners (assumed)")
    old_lane_mps: MetresPerSecond = Field(55.0, description="tiles, signs (assumed)")
    hut_mps: MetresPerSecond = Field(45.0, description="sheets (assumed)")
    camp_mps: MetresPerSecond = Field(50.0, description="sheets and hoardings (assumed)")
    public_mps: MetresPerSecond = Field(65.0, description="signboards, glass (assumed)")
    sigma: Factor = Field(0.25, description="log-spread among buildings of a class (assumed)")

    def limits_mps(self, world: World) -> np.ndarray:
        """(n_buildings,) float64: gust at which the first loose thing of each building is about to fall."""
        middle = np.array([getattr(self, f"{name.lower()}_mps") for name in BuildingClass.__members__])
        things = np.maximum(world.buildings.floors_n / STOREYS_A_LOOSE_THING, 1.0)
        first = -np.expm1(np.log1p(-world.streams.uniform("rescue.loose", world.buildings.n)) / things)
        return middle[world.buildings.kind] * np.exp(self.sigma * ndtri(np.maximum(first, 2.0**-54)))


class Seen:
    """What has already been called about, in one replication, and what was drawn for it."""

    def __init__(self, world: World, limits_mps: np.ndarray, frail: "Frail") -> None:
        """Nothing has happened yet."""
        self.loose_mps, self.frail = limits_mps, frail
        self.wet = np.zeros(world.buildings.n, bool)
        self.live = np.zeros(world.buildings.n, bool)
        self.dark = np.zeros(world.areas.n, bool)
        self.fallen_n = np.zeros(world.links.n, np.int32)


class Frail:
    """The frail upstairs who will call when their patience ends in the dark: (n,) household and patience, by area."""

    def __init__(self, world: World, frac: float, patience_s: float, sigma: float) -> None:
        """Chronically ill and disabled persons above the ground floor of a high-rise; `frac` of them cannot wait."""
        people, homes, buildings = world.people, world.households, world.buildings
        person = np.flatnonzero(people.chronic | people.disabled)
        home = people.household[person]
        tall = (buildings.kind[homes.building[home]] == BuildingClass.HIGH_RISE) & ~homes.ground_floor[home]
        luck = world.streams.block("rescue.frail", person[tall])
        needs = luck[:, 0] < frac
        self.person, self.household = person[tall][needs], home[tall][needs]
        self.area = homes.area[self.household]
        self.patience_s = patience_s * np.exp(sigma * ndtri(np.maximum(luck[needs, 1], 2.0**-54)))
        self.called = np.zeros(self.person.size, bool)

    def in_area(self, area: int) -> list[int]:
        """Rows of those who have not called yet, the least patient first."""
        rows = np.flatnonzero((self.area == area) & ~self.called)
        return [int(row) for row in rows[np.argsort(self.patience_s[rows], kind="stable")]]


class Perils(Model):
    """How often what happens. Press counts exist for trees only (10,000+ in the city in Bebinca); the rest is assumed."""

    loose: LooseGusts = LooseGusts()
    lifts: Count = Field(2, description="lifts of a high-rise (assumed)")
    lift_busy_day_frac: Share = Field(0.05, description="share of the time that a lift carries somebody by day (assumed)")
    lift_busy_night_frac: Share = Field(0.01, description="the same from 22:00 to 06:00 (assumed)")
    lift_levelling_frac: Share = Field(0.3, description="lifts with a battery that takes them to the next floor (assumed)")
    wet_m: Length = Field(0.05, description="water above a ground floor from which somebody calls (assumed)")
    live_m: Length = Field(0.2, description="water above a ground floor that reaches sockets, where there is power (assumed)")
    frail_frac: Share = Field(
        0.02, description="of the chronically ill and disabled upstairs, who cannot do without lift or power (assumed)"
    )
    patience_s: Seconds = Field(4 * 3600.0, description="median time until they call (assumed)")
    patience_sigma: Factor = Field(0.8, description="log-spread of that (assumed)")
    routine_per_s: PerSecond = Field(
        1.1e-5 / DAY_S,
        description="calls of a person on any day: about 500 a year for each of 198 stations (assumed) over 24.87 million people",
    )

    def seen(self, world: World) -> Seen:
        """The start: everything drawn, nothing called."""
        return Seen(world, self.loose.limits_mps(world), Frail(world, self.frail_frac, self.patience_s, self.patience_sigma))

    def calls(self, world: World, seen: Seen) -> Iterator[Call]:
        """What the wind and the water of this tick make people call for."""
        yield from self.loose_things(world, seen)
        yield from self.water(world, seen)
        yield from self.trees(world, seen)

    def loose_things(self, world: World, seen: Seen) -> Iterator[Call]:
        """Hanging objects and glass."""
        loose = np.flatnonzero(world.buildings.gust_mps >= seen.loose_mps)
        seen.loose_mps[loose] = np.inf
        for building in loose:
            yield call_at(world, CallKind.LOOSE, int(building), int(building))

    def water(self, world: World, seen: Seen) -> Iterator[Call]:
        """Water in ground floors and garages, once a building; and where it reaches live power."""
        buildings = world.buildings
        above_m = buildings.depth_m - buildings.sill_m
        wet = (above_m > self.wet_m) & ~seen.wet
        live = (above_m > self.live_m) & ~seen.live
        if not (wet.any() or live.any()):
            return
        live &= (buildings.area >= 0) & world.areas.on[buildings.area]
        for kind, rows in ((CallKind.WATER, wet), (CallKind.LIVE_WATER, live)):
            for building in np.flatnonzero(rows):
                yield call_at(world, kind, int(building), int(building))
        seen.wet |= wet
        seen.live |= live

    def trees(self, world: World, seen: Seen) -> Iterator[Call]:
        """Trees fallen beside a road, and the one across it."""
        links = world.links
        for link in np.flatnonzero(links.fallen_n > seen.fallen_n):
            first, last = int(seen.fallen_n[link]), int(links.fallen_n[link])
            across = links.debris_s[link] == world.now_s
            for tree in range(first, last):
                kind = CallKind.ROAD_TREE if across and tree == last - 1 else CallKind.TREE
                yield call_in_street(world, kind, int(link) * TREES_MOST + tree, int(link))
            seen.fallen_n[link] = last

    def newly_dark(self, world: World, seen: Seen) -> list[int]:
        """Areas that have lost power since the last look."""
        off = ~world.areas.on
        found = np.flatnonzero(off & ~seen.dark)
        seen.dark[:] = off
        return [int(area) for area in found]

    def stopped_lifts(self, world: World, area: int) -> Iterator[Call]:
        """Lifts of an area gone dark that stop with somebody in them; the luck is that hour's."""
        hour = world.times.hour_of_day(world.now_s)
        busy = self.lift_busy_day_frac if DAY_H[0] <= hour < DAY_H[1] else self.lift_busy_night_frac
        stuck_frac = busy * (1.0 - self.lift_levelling_frac)
        tall = np.flatnonzero((world.buildings.area == area) & (world.buildings.kind == BuildingClass.HIGH_RISE))
        lift = (tall[:, None] * LIFTS_MOST + np.arange(min(self.lifts, LIFTS_MOST))).ravel()
        luck = world.streams.uniform("rescue.lift", lift, block=int(world.now_s // 3600.0))
        for entity in lift[luck < stuck_frac]:
            yield call_at(world, CallKind.LIFT, int(entity), int(entity) // LIFTS_MOST)

    def impatient(self, world: World, seen: Seen, row: int) -> Call | None:
        """The call of one of the frail whose patience has ended, if still in the dark and at home."""
        frail, homes = seen.frail, world.households
        household = int(frail.household[row])
        at_home = homes.place[household] in (Place.HOME, Place.WAITING)
        if world.areas.on[frail.area[row]] or frail.called[row] or not at_home:
            return None
        frail.called[row] = True
        call = call_at(world, CallKind.FRAIL, int(frail.person[row]), int(homes.building[household]), household)
        return call._replace(group=int(world.people.group[frail.person[row]]))

    def routine(self, world: World) -> list[tuple[float, Call]]:
        """(time_s, call) of the whole run, in order: a Poisson number a day, each at a time of that day and from a household."""
        days_n, homes_n = int(np.ceil(world.times.end_s / DAY_S)), world.households.n
        mean_n = self.routine_per_s * DAY_S * float(world.households.persons_n.sum())
        found = []
        for day, calls_n in enumerate(poisson(world.streams.uniform("rescue.routine_n", days_n), mean_n)):
            luck = world.streams.block("rescue.routine", int(calls_n), block=day)
            for number, (when, who, *_) in enumerate(luck):
                household = min(int(who * homes_n), homes_n - 1)
                entity = day * TREES_MOST + number
                call = call_at(world, CallKind.ROUTINE, entity, int(world.households.building[household]), household)
                found.append(((day + float(when)) * DAY_S, call))
        return sorted((item for item in found if item[0] < world.times.end_s), key=lambda item: item[0])


def poisson(uniform: np.ndarray, mean: float) -> np.ndarray:
    """(n,) int64 Poisson numbers by inverse of the distribution function, for `uniform (n,)` in [0, 1)."""
    most = int(mean + 12.0 * np.sqrt(mean) + 20.0)
    numbers = np.arange(1, most + 1)
    log_terms = np.concatenate([[0.0], np.cumsum(np.log(mean / numbers))]) if mean > 0 else np.zeros(1)
    return np.searchsorted(np.cumsum(np.exp(log_terms - mean)), uniform, side="right")
