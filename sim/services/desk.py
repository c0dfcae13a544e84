"""The supplies desk: who is due what at a round, where homes are served, what spoils, and the books at the end."""

from collections import defaultdict
from collections.abc import Generator, Iterable
from typing import Any

import numpy as np

from sim.services.agreements import Partner
from sim.services.convoys import STREET, Traffic, depot_of
from sim.services.depots import stores_of
from sim.services.larders import Larders, Short
from sim.services.needed import NeedBook
from sim.services.plan import Plan
from sim.services.points import GROUPS_N, Line, Lot, Point, Waiting, book_spells, by_key
from sim.services.stocks import DAY_S, Good, Store, Who
from sim.trajectory import Cause
from sim.world.clock import Rank
from sim.world.tables import Place, SiteKind
from sim.world.world import World

SPOILED_PARTS = 2  # water above the floor spoils one part in so many of what is stored: the lower shelves (assumed)
HOUR_S = 3600.0
HomeKey = tuple[int, Good, bool]  # zone, good, cut off


class Desk:
    """Who keeps, moves and hands out what, in one replication."""

    def __init__(self, world: World, plan: Plan) -> None:
        """Stocks in their places, nobody in need."""
        self.world, self.plan = world, plan
        self.rations_n = plan.norms.rations_n(plan.round_s)
        self.day_n = plan.norms.rations_n(DAY_S)[Who.SHELTERED]
        self.waiting = Waiting(world, plan.counter.turn)
        self.needs, self.larders = NeedBook(world), Larders(world, plan.homes)
        self.stores = stores_of(world, plan)
        self.lockers_n = np.tile(plan.norms.person_days_n(plan.lockers, 1.0, 0.0), (world.zones.n, 1))
        self.used_n, self.spoiled_n = np.zeros(len(Good), np.int64), np.zeros(len(Good), np.int64)
        self.initial_n = self.stores.held_n() + self.lockers_n.sum(axis=0)
        self.partners = [Partner(agreement, number, plan.norms) for number, agreement in enumerate(plan.agreements)]
        keepers = [*self.stores.upper, *self.stores.depots]
        fleets = [plan.outside_fleet if store.level < STREET else plan.street_fleet for store in keepers]
        depots = {store.number: depot_of(world, fleet) for store, fleet in zip(keepers, fleets, strict=True)}
        self.traffic = Traffic(world, depots, self.heard, self.call_off)
        self.connected = np.isfinite(self.traffic.cost_s(self.stores.depots[0].node))
        self.opened: set[int] = set()  # sites open as shelters
        self.wet: set[int] = set()
        self.centres_from_s = np.inf  # community centres hand out to homes from then on
        self.looked_s = 0.0  # need at homes and in shelters is told up to then
        self.short: list[Short] = []
        self.home_lines: dict[HomeKey, Line] = {}

    def start(self) -> None:
        """Counters and partners go to their places."""
        for point in self.stores.points.values():
            self.world.spawn(point.work(self.waiting, self.rations_n, self.plan.counter))
        for partner in self.partners:
            if partner.goods_n.any():
                self.world.spawn(partner.work(self.world, self.stores.depots, self.traffic.serve))

    # what others tell

    def heard(self, store: Store) -> None:
        """Goods came to a store, or a load on its way there waits for something else."""
        point = self.stores.points.get(store.number - STREET)
        if point is not None and store.level > STREET:
            point.look(self.world.now_s, self.rations_n)
            point.ring()

    def call_off(self, store: Store) -> None:
        """A store owes what it does not have."""
        if store.level == STREET:
            for partner in self.partners:
                partner.ring(store)

    def open_shelter(self, site: int) -> None:
        """Order for those who are expected."""
        self.opened.add(site)
        point = self.stores.points.get(site)
        if point is not None:
            persons = int(int(self.world.sites.room_n[site]) * self.plan.first_order_frac)
            self.order_for(point, persons, 0)

    def close_shelters(self, sites: Iterable[int]) -> None:
        """Nobody in them is in need here any more."""
        self.tell()
        for site in sites:
            self.opened.discard(site)
            point = self.stores.points.get(site)
            if point is not None:
                for line in point.sheltered:
                    self.waiting.empty(line)
                    line.given_n = 0
                point.guests = (0, 0)
        self.assign()

    # a round

    def round(self) -> None:
        """Everybody in need is due the next ration."""
        self.larders.watch_roads(self.traffic.cost_s(self.stores.depots[0].node), self.connected)
        last_s = self.tell()
        self.seat(self.sheltered())
        self.visit_homes(last_s)

    def sheltered(self) -> np.ndarray:
        """(m,) int64: households in shelters."""
        return np.flatnonzero(self.world.households.place == Place.SHELTERED)

    def tell(self) -> float:
        """Tell the need since the last look, of those in shelters and of those who were short at home then; when that was."""
        households, rows, last_s = self.world.households, self.sheltered(), self.looked_s
        from_s, group_n = np.maximum(households.sheltered_s[rows], last_s), households.group_n[rows].astype(np.int64)
        for good, people_n in ((Good.WATER, group_n), (Good.FOOD, group_n), (Good.MEDICINE, self.larders.chronic_n[rows])):
            self.needs.stay(good, rows, from_s, people_n)
        for short in self.short:
            self.needs.stay(short.good, short.rows, np.maximum(short.since_s, last_s), short.people_n)
        self.looked_s = self.world.now_s
        return last_s

    def seat(self, rows: np.ndarray) -> None:
        """Those in each open shelter are due what their own stock does not hold."""
        households, larders, now_s = self.world.households, self.larders, self.world.now_s
        stay_s = now_s - households.sheltered_s[rows]
        hungry = stay_s >= larders.kits_s(rows)
        ill = stay_s >= larders.medicine_s(rows, True)
        for site in sorted(self.opened & set(self.stores.points)):
            here = households.site[rows] == site
            eaters, patients, guests = rows[here & hungry], rows[here & ill], rows[here]
            fed = by_key(self.world, eaters, households.group_n[eaters])
            treated = by_key(self.world, patients, larders.chronic_n[patients])
            covered = by_key(self.world, guests, households.group_n[guests])
            point = self.stores.points[site]
            point.guests = (int(fed.sum()), int(treated.sum()))
            for line, people_n in zip(point.sheltered, (fed, fed, treated, covered), strict=True):
                self.waiting.update(line, people_n, [Lot(now_s + self.plan.counter.within_s, people_n)])

    def order_for(self, point: Point, eaters: int, patients: int) -> None:
        """(s, S) for so many guests, and for the homes that come here."""
        homes = sum(line.waiting_n() for line in point.homes)
        each_n = self.rations_n[:, Good.WATER]
        drinkers = eaters + homes * int(each_n[Who.HOME]) // max(int(each_n[Who.SHELTERED]), 1)
        day_n = np.array([drinkers, eaters, patients, 0]) * self.day_n
        store, plan = point.store, self.plan
        store.full_n = (day_n * plan.cover_days).astype(np.int64)
        store.least_n = (day_n * plan.reorder_days).astype(np.int64)
        store.full_n[Good.BLANKET] = store.least_n[Good.BLANKET] = point.sheltered[Good.BLANKET].waiting_n()
        store.priority = -eaters - homes if plan.first == "largest" else 0
        self.traffic.order(store, store.lacks_n())

    # homes

    def visit_homes(self, last_s: float) -> None:
        """A round: who at home has run out is due a ration; who has since the last look, at `last_s`, from then on."""
        now_s = self.world.now_s
        self.short = self.larders.short()
        lots: dict[HomeKey, list[Lot]] = defaultdict(list)
        for short in self.short:
            new = short.since_s > last_s
            self.needs.stay(short.good, short.rows[new], short.since_s[new], short.people_n[new])
            due_s = np.where(new, np.ceil(short.since_s / HOUR_S) * HOUR_S, now_s + self.plan.counter.within_s)
            self.sort_out(short, due_s, lots)
        self.update_homes(lots, lots)
        if self.short and self.centres_from_s == np.inf:
            self.centres_from_s = now_s + self.plan.set_up_s
            self.world.spawn(self.set_up())
        self.assign()

    def water_back(self) -> None:
        """Taps run again somewhere: who has water leaves the line."""
        still = [self.larders.still(short) for short in self.short]
        if any(one.rows.size < other.rows.size for one, other in zip(still, self.short, strict=True)):
            self.tell()
            self.short = [short for short in still if short.rows.size]
            there: dict[HomeKey, list[Lot]] = defaultdict(list)
            for short in self.short:
                self.sort_out(short, np.zeros(short.rows.size), there)
            self.update_homes(there, {})

    def update_homes(self, there: dict[HomeKey, list[Lot]], newcomers: dict[HomeKey, list[Lot]]) -> None:
        """Who is `there` stays in line or joins it with the `newcomers`; others leave."""
        nobody = np.zeros(self.waiting.keys_n, np.int64)
        for key in sorted({*self.home_lines, *newcomers}):
            line = self.home_lines.setdefault(key, Line(key[1], Who.HOME))
            present_n = sum((lot.people_n for lot in there.get(key, ())), nobody)
            self.waiting.update(line, present_n, sorted(newcomers.get(key, ()), key=lambda lot: lot.due_s))
            self.from_lockers(key, line)

    def sort_out(self, short: Short, due_s: np.ndarray, lots: dict[HomeKey, list[Lot]]) -> None:
        """Who is short, by line and by when they are due `(m,)`."""
        zone = self.world.households.zone[short.rows]
        kinds, kind = np.unique(np.column_stack([zone, short.cut_off, due_s]), axis=0, return_inverse=True)
        sums = np.zeros((len(kinds), GROUPS_N), np.int64)
        np.add.at(sums, kind.ravel(), short.people_n)
        for (zone, cut_off, since_s), people_n in zip(kinds, sums, strict=True):
            keyed_n = np.zeros(self.waiting.keys_n, np.int64)
            keyed_n[int(zone) * GROUPS_N : int(zone + 1) * GROUPS_N] = people_n
            lots[int(zone), short.good, bool(cut_off)].append(Lot(float(since_s), keyed_n))

    def from_lockers(self, key: HomeKey, line: Line) -> None:
        """A zone's smart lockers give without staff, as long as they hold anything."""
        zone, good, _ = key
        ration = int(self.rations_n[Who.HOME, good])
        if ration and self.lockers_n[zone, good] >= ration:
            goods = ration * self.waiting.serve(line, int(self.lockers_n[zone, good]) // ration, at_need=True)
            self.lockers_n[zone, good] -= goods
            self.used_n[good] += goods

    def set_up(self) -> Generator[Any, Any, None]:
        """Community centres begin to hand out to homes."""
        yield self.world.clock.wait_until(self.centres_from_s, Rank.SUPPLIES)
        self.assign()

    def assign(self) -> None:
        """Each zone's homes go to the nearest open point; points order and serve."""
        now_s = self.world.now_s
        ready = [point for site, point in self.stores.points.items() if self.hands_out(site)]
        for point in self.stores.points.values():
            point.homes = []
        for (zone, _, cut_off), line in self.home_lines.items():
            if cut_off or not ready:
                line.note(now_s, Cause.ROUTE_CLOSED if cut_off else Cause.NOT_OPEN)
            else:
                min(ready, key=lambda point: self.away_m(zone, point.site)).homes.append(line)
        for site, point in self.stores.points.items():
            if site in self.opened or point.homes:
                self.order_for(point, *point.guests)
                point.look(now_s, self.rations_n)
                point.ring()
            elif point.store.least_n.any() or point.store.coming_n.any():
                point.store.least_n = np.zeros_like(point.store.least_n)
                self.traffic.cancel(point.store)

    def hands_out(self, site: int) -> bool:
        """Is it open to homes: an open shelter, or a community centre set up and dry?"""
        centre = self.world.sites.kind[site] == SiteKind.COMMUNITY_CENTRE
        return site in self.opened or bool(centre and self.world.now_s >= self.centres_from_s and site not in self.wet)

    def away_m(self, zone: int, site: int) -> float:
        """From the middle of a zone to a site, as the crow flies."""
        zones, sites = self.world.zones, self.world.sites
        return float(np.hypot(zones.x_m[zone] - sites.x_m[site], zones.y_m[zone] - sites.y_m[site]))

    # the rest

    def spoil(self) -> None:
        """Water above a floor spoils part of what is stored there, once."""
        sites = self.world.sites
        for site in np.flatnonzero(sites.depth_m > sites.sill_m):
            if int(site) not in self.wet:
                self.wet.add(int(site))
                lost_n = sites.stock_n[site] // SPOILED_PARTS
                sites.stock_n[site] -= lost_n
                self.spoiled_n += lost_n

    def quiet(self) -> bool:
        """No shelter is open, every tap runs and will, every road is open: nobody will be in need unless something happens."""
        areas, larders = self.world.areas, self.larders
        running = bool(areas.on.all() and areas.main_on.all() and areas.lifted_on.all())
        return running and not self.opened and not self.short and not np.isfinite(larders.cut_since_s).any()

    def unaccounted_n(self) -> np.ndarray:
        """(4,) int64: stock + on the move + used + spoiled - initial - brought by partners; always zero."""
        points = self.stores.points.values()
        here_n = self.stores.held_n() + self.lockers_n.sum(axis=0) + self.traffic.moving_n
        gone_n = self.used_n + self.spoiled_n + sum(point.used_n for point in points)
        return here_n + gone_n - self.initial_n - sum(partner.brought_n for partner in self.partners)

    def finish(self, window_s: tuple[float, float]) -> None:
        """Book need, spells, balance and numbers."""
        self.tell()
        lines = [line for point in self.stores.points.values() for line in point.sheltered]
        for line in (*lines, *self.home_lines.values()):
            self.waiting.empty(line, True)
        self.needs.book(window_s)
        book_spells(self.waiting)
        recorder, used_n = self.world.recorder, self.used_n + sum(point.used_n for point in self.stores.points.values())
        recorder.balances["goods"] = float(np.abs(self.unaccounted_n()).max())
        recorder.numbers["supplies.loads"] = float(self.traffic.loads_n)
        recorder.numbers["supplies.called_off"] = float(sum(partner.calls_n for partner in self.partners))
        recorder.numbers |= {f"supplies.{good.name.lower()}_used": float(used_n[good]) for good in Good}
