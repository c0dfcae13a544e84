"""Supplies: goods come down from city, district and street to shelters and community centres and are handed out there.

Four levels of stock and (s, S) orders (stocks.py), convoys (convoys.py), points with staff (points.py), agreements
(agreements.py), households' own stock (larders.py), need (needed.py). At rounds of some hours everybody in an open shelter is
due the next hours' water and food, and medicine where the own is used up; so is, at the nearest open point, who stays at home
with dry taps or no way out and has run out. Between rounds nothing happens but deliveries and batches at counters.
"""

from collections.abc import Generator
from typing import Any, ClassVar

from sim.errors import mistake_under
from sim.services.desk import Desk
from sim.services.plan import Plan
from sim.world.clock import Rank
from sim.world.letters import AllClear, Opened, Vacate
from sim.world.part import Part
from sim.world.tables import SiteKind
from sim.world.window import window
from sim.world.world import World

LOOK_S = 3600.0  # after the storm dry taps are looked at this often while any are


class Supplies(Plan, Part):
    """The plan at work."""

    rank: ClassVar[Rank] = Rank.SUPPLIES
    reads: ClassVar[tuple[str, ...]] = (
        *("households.place", "households.site", "households.sheltered_s", "sites.room_n", "sites.depth_m"),
        *("areas.on", "areas.main_on", "areas.lifted_on", "links.open", "links.speed_frac", "town.routes_version"),
        *("town.wind_mps", "town.first_signal_s", "town.warning_stage_m"),
        *("forcing.time_s", "forcing.wind_mps", "forcing.rain_mps", "forcing.stage_m"),
    )
    writes: ClassVar[tuple[str, ...]] = ("sites.stock_n",)

    def begin(self, world: World) -> None:
        """Put the stocks where they lie; InputError without a depot."""
        if not (world.sites.kind == SiteKind.DEPOT).any():
            wanted = "a site of kind depot in the community"
            raise mistake_under("services.supplies", "has no depot for the street's stock", 0, wanted)
        world.own[self.rank] = Desk(world, self)

    def step(self, world: World, dt_s: float) -> None:
        """Water spoils what lies low; dry taps are seen."""
        desk: Desk = world.own[self.rank]
        desk.spoil()
        if desk.larders.watch_taps():
            desk.water_back()

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Shelters open and close."""
        desk: Desk = world.own[self.rank]
        desk.start()
        for process in (self.rounds(world, desk), self.taps(world, desk), self.close(world, desk)):
            world.spawn(process)
        while True:
            letter = yield world.inboxes[self.rank].get()
            if isinstance(letter, Opened):
                desk.open_shelter(letter.site)
            elif isinstance(letter, Vacate):
                desk.close_shelters([letter.site])
            elif isinstance(letter, AllClear):
                desk.close_shelters(sorted(desk.opened))

    def rounds(self, world: World, desk: Desk) -> Generator[Any, Any, None]:
        """At fixed hours of the day everybody in need is due the next ration; ends when the storm has gone and nobody will be."""
        offset_s = world.times.hour_of_day(0.0) * 3600.0
        while not (world.now_s >= world.times.storm_s and desk.quiet()):
            number = (world.now_s + offset_s) // self.round_s + 1
            yield world.clock.wait_until(number * self.round_s - offset_s, self.rank)
            desk.round()

    def taps(self, world: World, desk: Desk) -> Generator[Any, Any, None]:
        """After the storm: look at dry taps until all run."""
        yield world.clock.wait_until(world.times.storm_s, self.rank)
        while not desk.quiet():
            if desk.larders.watch_taps():
                desk.water_back()
            yield world.clock.wait(LOOK_S, self.rank)

    def close(self, world: World, desk: Desk) -> Generator[Any, Any, None]:
        """At the run's end: need, spells, balance, numbers."""
        yield world.clock.wait_until(world.times.end_s, Rank.RECORD)
        desk.finish(window(world))
