"""Shelters: everyday places that become shelters, fill, close when water comes in, and send people home (平灾转换).

Conversion starts at a signal level for the sites opened first, and for a site in reserve when a door turned somebody away
or nobody could name a place. It takes the staff's call-out and the work of clearing and laying out the floor. Room is the
least of what floor area, toilets and staff allow. The danger is over for a site when wind, rain and river have been below
the forcing limits for a while after they were above, and the signal in force no longer opens shelters; at the latest when
the storm's forcing ends. Refusal at the door is movement: it happens in population.travel.
"""

from collections.abc import Generator
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from sim.reference.standard import standard
from sim.services.signals import Level
from sim.units import CountPositive, Factor, Seconds, SquareMetres
from sim.world.clock import Rank
from sim.world.letters import AllClear, Notice, NoticeKind, Opened, Return, SignalIssued, Vacate
from sim.world.part import Part
from sim.world.tables import Place, Signal, SiteKind
from sim.world.world import World

NIGHT_S = 86400.0
COUNT_HOUR = 2.0  # local hour at which those away from home are counted, once a night (assumed)

Kind = Literal["school", "gym", "community_centre", "park"]


class Keys:
    """Who holds the keys: what is open, being opened, closed for water; when it was last rough. One a replication."""

    def __init__(self, sites_n: int) -> None:
        """Everything shut, no storm yet."""
        self.opening = np.zeros(sites_n, bool)
        self.flooded = np.zeros(sites_n, bool)
        self.full = np.zeros(sites_n, bool)
        self.opening_n = 0
        self.spare = True  # some site in reserve may be left
        self.rough_s = -np.inf  # forcing above the limits, last; -inf: not since the first site opened
        self.clear = True
        self.sheltered_peak_n = 0


class Shelters(Part):
    """When sites open, how many they hold, when they close."""

    rank: ClassVar[Rank] = Rank.SHELTERS
    reads: ClassVar[tuple[str, ...]] = (
        "sites.depth_m",
        "sites.inside_n",
        "sites.peak_n",
        "town.wind_mps",
        "town.rain_mps",
        "town.stage_m",
        "town.warning_stage_m",
        "town.signal",
        "households.place",
    )
    writes: ClassVar[tuple[str, ...]] = ("sites.open", "sites.open_s", "sites.room_n")

    open_at: Level = Field(Signal.ORANGE, description="signal level at which conversion starts")
    first: tuple[Kind, ...] = Field(
        ("community_centre", "school"), strict=False, description="kinds opened at that signal; others are in reserve (assumed)"
    )
    reserve_at: Level = Field(Signal.RED, description="signal level at which the reserve opens too, unless called before")
    indoor_only: bool = Field(True, description="only sites with a roof that stands a typhoon")
    call_out_s: Seconds = Field(1800.0, description="from the decision until the staff is on site (assumed)")
    prepare_100m2_s: Seconds = Field(3600.0, description="work of one person to clear and lay out 100 m2 (assumed)")
    spread: Factor = Field(0.4, description="standard deviation of the log of the opening time (assumed)")
    area_per_person_m2: SquareMetres = Field(
        2.0, gt=0, description="floor for each person: short-term class, GB 51143 table (unverified; vary 1.5-3.5)"
    )
    persons_per_toilet: CountPositive = Field(50, description="first days: 1 toilet for 50 (model page; unverified)")
    persons_per_staff: CountPositive = Field(25, description="persons one member of staff can look after (assumed)")
    all_clear_after_s: Seconds = Field(14400.0, description="calm for so long before people are sent home (assumed)")

    def begin(self, world: World) -> None:
        """Shut, everywhere."""
        world.own[self.rank] = Keys(world.sites.n)

    def step(self, world: World, dt_s: float) -> None:
        """Close what floods; count who is in; send home when it is calm."""
        keys: Keys = world.own[self.rank]
        keys.sheltered_peak_n = max(keys.sheltered_peak_n, int(world.sites.inside_n.sum()))
        if keys.clear:
            return
        self.close_flooded(world, keys)
        if self.rough(world):
            keys.rough_s = world.now_s
        elif self.calm(world, keys):
            self.send_home(world, keys)

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Signals open the first sites, a refusal calls the reserve."""
        keys: Keys = world.own[self.rank]
        world.spawn(self.end_of_storm(world, keys))
        world.spawn(self.nights(world, keys))
        while True:
            letter = yield world.inboxes[self.rank].get()
            if isinstance(letter, SignalIssued):
                self.signalled(world, keys, letter.level)
            elif isinstance(letter, Notice):
                self.hear(world, keys, letter)

    def usable(self, world: World, keys: Keys) -> np.ndarray:
        """(n_sites,) bool: designated, of the right build, shut, not flooded, not being opened."""
        sites = world.sites
        return sites.shelter & (sites.indoor | (not self.indoor_only)) & ~(sites.open | keys.opening | keys.flooded)

    def signalled(self, world: World, keys: Keys, level: int) -> None:
        """Start conversion where this level asks for it."""
        if level < self.open_at:
            return
        if keys.clear:
            keys.clear, keys.spare, keys.rough_s = False, True, -np.inf
        chosen = self.usable(world, keys)
        if level < self.reserve_at:
            chosen &= np.isin(world.sites.kind, [SiteKind[kind.upper()] for kind in self.first])
        for site in np.flatnonzero(chosen):
            self.convert(world, keys, int(site))

    def hear(self, world: World, keys: Keys, notice: Notice) -> None:
        """A door refused, or nobody could name a place: the nearest site in reserve is called."""
        sites = world.sites
        if notice.kind == NoticeKind.TURNED_AWAY and not keys.full[notice.site]:
            keys.full[notice.site] = True
            world.recorder.event(notice.time_s, "shelter_full", notice.site, int(sites.zone[notice.site]))
        if notice.kind == NoticeKind.STRANDED:
            world.recorder.event(notice.time_s, "stranded", notice.household, int(world.households.zone[notice.household]))
        elif keys.spare and not keys.clear and keys.opening_n == 0:
            self.call_reserve(world, keys, int(world.households.node[notice.household]))

    def call_reserve(self, world: World, keys: Keys, node: int) -> None:
        """One site at a time: the usable one nearest to where the refused live."""
        spare = np.flatnonzero(self.usable(world, keys))
        keys.spare = spare.size > 0
        if keys.spare:
            away_m = np.hypot(world.sites.x_m[spare] - world.nodes.x_m[node], world.sites.y_m[spare] - world.nodes.y_m[node])
            self.convert(world, keys, int(spare[np.argmin(away_m)]))

    def convert(self, world: World, keys: Keys, site: int) -> None:
        """Begin to open a site."""
        keys.opening[site] = True
        keys.opening_n += 1
        world.recorder.event(world.now_s, "shelter_called", site, int(world.sites.zone[site]))
        world.spawn(self.opening(world, keys, site))

    def opening(self, world: World, keys: Keys, site: int) -> Generator[Any, Any, None]:
        """Call out the staff, clear the floor, unlock the door; not if water came first or the danger is over."""
        yield world.clock.wait(self.opening_s(world, site), self.rank, site)
        keys.opening[site] = False
        keys.opening_n -= 1
        if keys.clear or keys.flooded[site]:
            return
        sites = world.sites
        sites.room_n[site] = self.room_n(world, site)
        sites.open[site], sites.open_s[site] = True, min(sites.open_s[site], world.now_s)
        for to in (Rank.TRAVEL, Rank.SUPPLIES):
            world.post(to, Opened(site))
        world.recorder.event(world.now_s, "shelter_opened", site, int(sites.zone[site]), f"room {sites.room_n[site]}")

    def opening_s(self, world: World, site: int) -> float:
        """Call-out, and the floor's work shared by the staff, lognormal."""
        work_s = float(world.sites.floor_area_m2[site]) / 100.0 * self.prepare_100m2_s / max(int(world.sites.staff_n[site]), 1)
        luck = world.streams.normal("shelters.opening", np.array([site]))[0]
        return (self.call_out_s + work_s) * float(np.exp(self.spread * luck))

    def room_n(self, world: World, site: int) -> int:
        """The least of what area, toilets and staff allow."""
        sites = world.sites
        by_area = int(float(sites.floor_area_m2[site]) / self.area_per_person_m2)
        return min(by_area, int(sites.toilets_n[site]) * self.persons_per_toilet, int(sites.staff_n[site]) * self.persons_per_staff)

    def close_flooded(self, world: World, keys: Keys) -> None:
        """Water above the floor: shut, and those inside go on."""
        sites = world.sites
        wet = sites.shelter & (sites.depth_m > sites.sill_m) & ~keys.flooded
        for site in np.flatnonzero(wet):
            keys.flooded[site] = True
            if sites.open[site]:
                sites.open[site] = False
                for to in (Rank.SUPPLIES, Rank.TRAVEL):  # counted before they go
                    world.post(to, Vacate(int(site)))
                world.recorder.event(world.now_s, "shelter_flooded", int(site), int(sites.zone[site]))

    def rough(self, world: World) -> bool:
        """Is any forcing above the standard's onset?"""
        town, rules = world.town, standard()
        return bool(
            town.wind_mps[0] >= rules.onset_wind_mps
            or town.rain_mps[0] >= rules.onset_rain_mps
            or town.stage_m[0] >= town.warning_stage_m[0]
        )

    def calm(self, world: World, keys: Keys) -> bool:
        """Has the storm come and gone, and has the signal been lowered?"""
        return world.now_s - keys.rough_s >= self.all_clear_after_s and np.isfinite(keys.rough_s) and self.lowered(world)

    def lowered(self, world: World) -> bool:
        """The signal in force would not open shelters."""
        return int(world.town.signal[0]) < self.open_at

    def send_home(self, world: World, keys: Keys) -> None:
        """All clear: shut the doors, let everybody go."""
        keys.clear = True
        keys.full[:] = False
        sites = world.sites
        occupied = np.flatnonzero(sites.open | (sites.inside_n > 0))
        sites.open[:] = False
        world.recorder.event(world.now_s, "all_clear", -1)
        for to in (Rank.SUPPLIES, Rank.TRAVEL, Rank.HELPERS):  # supplies first: they count who is in before they go
            world.post(to, AllClear(world.now_s))
        for site in occupied:
            world.post(Rank.TRAVEL, Return(int(site)))

    def end_of_storm(self, world: World, keys: Keys) -> Generator[Any, Any, None]:
        """When no more forcing is played, the danger is over."""
        yield world.clock.wait_until(world.times.storm_s, self.rank)
        if not keys.clear:
            self.send_home(world, keys)

    def nights(self, world: World, keys: Keys) -> Generator[Any, Any, None]:
        """Count every night those who are not at home; write down the numbers at the end."""
        persons_n = world.households.persons_n
        wait_s = (COUNT_HOUR - world.times.hour_of_day(0.0)) % 24.0 * 3600.0
        away_n = 0
        while wait_s < world.times.end_s:
            yield world.clock.wait_until(wait_s, Rank.RECORD)
            place = world.households.place
            away_n += int(persons_n[(place != Place.HOME) & (place != Place.WAITING)].sum())
            wait_s += NIGHT_S
        yield world.clock.wait_until(world.times.end_s, Rank.RECORD)
        world.recorder.numbers["displaced_person_nights"] = float(away_n)
        world.recorder.numbers["sheltered_peak"] = float(max(keys.sheltered_peak_n, int(world.sites.inside_n.sum())))
        world.recorder.numbers["shelter.place_peak"] = float(world.sites.peak_n.max(initial=0))
