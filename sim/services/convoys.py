"""Convoys: goods go from store to store by vehicle and crew, over roads that flood, and stand down in wind.

The life of a load: no vehicle -> no crew -> loading -> stood down above the wind limit -> route closed -> on the way ->
unloaded; then the vehicle drives back. Outside the community the drive takes a fixed time.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import numpy as np
from pydantic import Field
from simpy import PriorityResource

from sim.numerics.paths import network_of, trees
from sim.services.stocks import Good, Order, Store, fill, owe, shares_n, weight_kg
from sim.trajectory import Cause
from sim.units import Count, Factor, MetresPerSecond, Model, Seconds
from sim.world.clock import Rank
from sim.world.world import World

STREET = 2  # level of the street's stores: below it goods go by the community's roads
LOADS = 1 << 20  # the clock's entities: rounds 0, points by store, partners, loads
LOOK_AFTER_S = 3600.0  # after the storm a closed road is looked at this often (assumed)


class Fleet(Model):
    """Vehicles and crews of one store, and how they work."""

    vehicles: Count = Field(4, description="vans or lorries at hand (assumed)")
    crews: Count = Field(4, description="driver and loader (assumed)")
    capacity_kg: Factor = Field(1500.0, gt=0, description="kg a vehicle carries: a light van (assumed)")
    load_s: Seconds = Field(1800.0, description="loading (assumed)")
    unload_s: Seconds = Field(900.0, description="unloading (assumed)")
    speed_mps: MetresPerSecond = Field(20 / 3.6, gt=0, description="on dry roads of the community, as repair crews (assumed)")
    drive_s: Seconds = Field(2700.0, description="drive outside the community, between city, district and street (assumed)")
    wind_limit_mps: MetresPerSecond = Field(17.0, description="no departure above this mean wind, as for other crews (assumed)")


@dataclass
class Load:
    """Goods on their way; `number` in order of departure from the stock."""

    number: int
    order: Order
    source: Store
    goods_n: np.ndarray  # (4,) int64


@dataclass
class Depot:
    """A store's vehicles and crews."""

    fleet: Fleet
    vehicles: PriorityResource
    crews: PriorityResource


@dataclass
class Traffic:
    """All goods on the move in one replication, and who hears of an arrival or of what a load waits for."""

    world: World
    depots: dict[int, Depot]  # by the store's number
    heard: Callable[[Store], None]
    short: Callable[[Store], None]
    moving_n: np.ndarray = field(default_factory=lambda: np.zeros(len(Good), np.int64))
    loads_n: int = 0
    costs_s: dict[Any, np.ndarray] = field(default_factory=dict)

    def order(self, store: Store, wanted_n: np.ndarray) -> None:
        """A store orders from the one above it."""
        if store.source is None or not wanted_n.any():
            return
        store.coming_n += wanted_n
        store.ordered_n += 1
        owe(store.source, Order(store.priority, self.world.now_s, store.number, store, wanted_n.copy()))
        self.serve(store.source)

    def cancel(self, store: Store) -> None:
        """A store wants no more than what is on its way."""
        if store.source is not None:
            for order in (order for order in store.source.owed if order.store is store):
                store.coming_n -= order.wanted_n
            store.source.owed = [order for order in store.source.owed if order.store is not store]

    def serve(self, store: Store) -> None:
        """Fill what is owed, send it out, order more where it runs low, call for help where it is out."""
        for order, taken_n in fill(store):
            self.send(store, order, taken_n)
        self.order(store, store.lacks_n())
        if store.owed:
            self.short(store)

    def send(self, store: Store, order: Order, goods_n: np.ndarray) -> None:
        """As many loads as vehicles can carry."""
        self.moving_n += goods_n
        loads = ceil(weight_kg(goods_n) / self.depots[store.number].fleet.capacity_kg)
        for part_n in shares_n(goods_n, max(loads, 1)):
            load = Load(self.loads_n, order, store, part_n)
            self.loads_n += 1
            self.world.spawn(self.carry(load))

    def carry(self, load: Load) -> Generator[Any, Any, None]:
        """The life of one load."""
        world, depot, turn = self.world, self.depots[load.source.number], LOADS + load.number
        fleet = depot.fleet
        key: Any = (load.order.priority, load.order.placed_s, load.number)  # SimPy orders by any key; its types know integers only
        self.stage(load, Cause.NO_VEHICLE)
        with depot.vehicles.request(priority=key) as vehicle:
            yield vehicle
            self.stage(load, Cause.NO_CREW_FREE)
            with depot.crews.request(priority=key) as crew:
                yield crew
                self.stage(load, Cause.ON_THE_WAY)
                yield world.clock.wait(fleet.load_s, Rank.SUPPLIES, turn)
                yield from self.passable(load, fleet)
                drive_s = self.drive_s(load, fleet)
                self.stage(load, Cause.ON_THE_WAY)
                yield world.clock.wait(drive_s + fleet.unload_s, Rank.SUPPLIES, turn)
                self.arrive(load)
                yield world.clock.wait(drive_s, Rank.SUPPLIES, turn)

    def passable(self, load: Load, fleet: Fleet) -> Generator[Any, Any, None]:
        """Wait until the wind and the roads let it go; both are looked at when they may have changed."""
        world = self.world
        while True:
            if world.now_s < world.times.storm_s and world.town.wind_mps[0] > fleet.wind_limit_mps:
                self.stage(load, Cause.STOOD_DOWN)
                yield world.clock.wait_until(calm_s(world, fleet.wind_limit_mps), Rank.SUPPLIES, LOADS + load.number)
            elif not np.isfinite(self.drive_s(load, fleet)):
                self.stage(load, Cause.ROUTE_CLOSED)
                yield world.clock.wait_until(next_look_s(world), Rank.SUPPLIES, LOADS + load.number)
            else:
                return

    def drive_s(self, load: Load, fleet: Fleet) -> float:
        """Seconds from door to door; inf where no way is open."""
        if load.source.level < STREET:
            return fleet.drive_s
        return float(self.cost_s(load.source.node)[load.order.store.node]) / fleet.speed_mps

    def cost_s(self, node: int) -> np.ndarray:
        """(n_nodes,) float64: seconds at 1 m/s between each node and this one, on roads as they were within the hour."""
        world = self.world
        key = (node, int(world.town.routes_version[0]), world.now_s // 3600.0)
        if key not in self.costs_s:
            self.costs_s[key] = trees(network_of(world.links, world.nodes.n), np.array([node]))[1][0]
        return self.costs_s[key]

    def stage(self, load: Load, cause: Cause) -> None:
        """What the load waits for now."""
        load.order.store.loads[load.number] = (cause, load.goods_n)
        self.heard(load.order.store)

    def arrive(self, load: Load) -> None:
        """Into the stock, and on to those who wait for it."""
        store = load.order.store
        del store.loads[load.number]
        self.moving_n -= load.goods_n
        store.coming_n -= load.goods_n
        store.stock_n += load.goods_n
        self.world.recorder.event(self.world.now_s, "goods_arrived", store.number, -1, f"{weight_kg(load.goods_n):.0f} kg")
        self.heard(store)
        self.serve(store)


def depot_of(world: World, fleet: Fleet) -> Depot:
    """A fleet at work; without vehicles or crews whoever waits for one waits for ever."""
    return Depot(fleet, pool(world, fleet.vehicles), pool(world, fleet.crews))


def pool(world: World, n: int) -> PriorityResource:
    """A queue for `n` things; SimPy knows no resource of none, so none is one that is never given back."""
    queue = PriorityResource(world.clock, max(n, 1))
    if n == 0:
        queue.request(priority=(-1, 0.0, -1))  # type: ignore[arg-type]  # keys as in Traffic.carry
    return queue


def next_look_s(world: World) -> float:
    """When wind or roads may change next: at the next tick, after the storm once an hour."""
    times = world.times
    later_s = (world.now_s // times.tick_s + 1) * times.tick_s
    return later_s if later_s <= times.storm_s else world.now_s + LOOK_AFTER_S


def calm_s(world: World, limit_mps: float) -> float:
    """The next tick at which the wind is below the limit, or the storm's end: who stands down is called then, not at every tick."""
    later = np.flatnonzero(world.forcing.wind_mps[world.tick + 1 :] <= limit_mps)
    return float(world.forcing.time_s[world.tick + 1 + later[0]]) if later.size else world.times.storm_s
