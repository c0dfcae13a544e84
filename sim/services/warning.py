"""Warning: signals go out by channels of different reach and speed, at doors, and from neighbour to neighbour.

A warning is detection first (a recorded list, thresholds, water seen by a sensor or a caller), then a message, then the
moment at which each household is reached. Who is never reached, and why, is what the warning service is judged by.
"""

from collections.abc import Generator
from typing import Any, ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from sim.services.channels import MassChannel, Who, audience, note_reached, reach
from sim.services.doors import DoorRound, Doors
from sim.services.signals import Change, Delay, Level, RecordedSignal, from_thresholds, recorded
from sim.units import Factor, Length, Model, PerSecond, Seconds, Share
from sim.world.clock import Rank
from sim.world.letters import SignalIssued, Told
from sim.world.part import Part
from sim.world.risk import named_groups
from sim.world.tables import Channel, HouseholdKind, Signal
from sim.world.world import World

WATER_MESSAGE = len(Signal)  # the draws of a local flood message, after those of the signals


def channel(level: Signal, who: Who, used: float, used_old: float, mains: bool, median: str) -> MassChannel:
    """A channel with Rayleigh delays, for the defaults below."""
    return MassChannel(
        from_level=level, audience=who, used_frac=used, used_old_frac=used_old, mains=mains, delay=Delay(median=median, shape=2.0)
    )


class Channels(Model):
    """The channels of a community. Shares and medians are assumed; a single public channel needs about an hour, telephones about
    half an hour to cover most people (Rogers and Sorensen 1988)."""

    broadcast: MassChannel = Field(
        channel(Signal.BLUE, "everyone", 0.5, 0.7, True, "60 min"), description="television and radio: the old watch more"
    )
    sms: MassChannel = Field(
        channel(Signal.YELLOW, "any_phone", 0.5, 0.3, False, "30 min"), description="text message to all phones"
    )
    app: MassChannel = Field(
        channel(Signal.BLUE, "smart_phone", 0.4, 0.4, False, "40 min"), description="community app and chat groups"
    )
    loudspeaker: MassChannel = Field(
        channel(Signal.ORANGE, "everyone", 0.3, 0.25, True, "20 min"), description="loudspeakers in the compounds"
    )
    siren: MassChannel = Field(channel(Signal.RED, "everyone", 0.6, 0.45, True, "5 min"), description="sirens")

    def speaking(self, level: Signal) -> dict[Channel, MassChannel]:
        """Those that speak at a level."""
        models = ((Channel[name.upper()], getattr(self, name)) for name in type(self).model_fields)
        return {which: model for which, model in models if level >= model.from_level}


class Water(Model):
    """Local flood warning: water at buildings is noticed by the committee's sensor, or later by a call."""

    deeper_than_m: Length = Field(0.15, description="water outside a building that is reported; assumed")
    sensor_frac: Share = Field(0.5, description="committees with water sensors; assumed")
    sensor_s: Seconds = Field(600.0, description="from water to message with a sensor; assumed")
    call_s: Seconds = Field(2400.0, description="from water to message by residents' calls; assumed")


class Wet(NamedTuple):
    """warning -> itself: water has reached these buildings."""

    buildings: np.ndarray


class Warnings(Part):
    """Signals, channels, door-knocking, neighbours, local flood warning."""

    rank: ClassVar[Rank] = Rank.WARNING
    reads: ClassVar[tuple[str, ...]] = (
        *("forcing.time_s", "forcing.wind_mps", "forcing.rain_mps"),
        *("town.wind_mps", "areas.on", "areas.telecom_on", "buildings.depth_m"),
    )
    writes: ClassVar[tuple[str, ...]] = (
        *("households.warned_s", "households.warned_by", "households.visited_s"),
        *("households.channel_dead", "households.rumour_left", "buildings.homes_n"),
        *("buildings.flood_known", "town.signal", "town.first_signal_s"),
    )

    signals: tuple[RecordedSignal, ...] | None = Field(
        None, strict=False, description="as issued; without it thresholds issue them"
    )
    issue_delay: Delay = Field(
        Delay(median="20 min", shape=2.0), description="from a threshold to its signal, only without a list; assumed"
    )
    channels: Channels = Channels()
    warns_from: Level = Field(
        Signal.ORANGE, description="from this signal on a message says that one's place is unsafe; lower ones are news; assumed"
    )
    night_slower: Factor = Field(2.0, description="every channel's delay is this much longer between 23 h and 6 h; assumed")
    doors: Doors = Doors()
    neighbour_rate_per_s: PerSecond = Field(
        0.1 / 3600.0, description="rate of being told by neighbours when all others in the building know; assumed 0.1 an hour"
    )
    water: Water = Water()

    def begin(self, world: World) -> None:
        """Draw how long each household stays out of the neighbours' talk, and count who could talk."""
        world.buildings.homes_n[:] = np.bincount(world.households.building, minlength=world.buildings.n)
        world.households.rumour_left[:] = world.streams.exponential("warning.neighbour", world.households.n)

    def step(self, world: World, dt_s: float) -> None:
        """Neighbours talk; water at a building is noticed, once in a storm."""
        self.talk(world, dt_s)
        buildings = world.buildings
        wet = np.flatnonzero((buildings.depth_m > self.water.deeper_than_m) & ~buildings.flood_known)
        if wet.size:
            buildings.flood_known[wet] = True
            world.post(Rank.WARNING, Wet(wet))

    def talk(self, world: World, dt_s: float) -> None:
        """Contagion within a building: the hazard is the rate times the share of its households that know."""
        homes = world.households
        unaware = np.flatnonzero(homes.warned_s > world.now_s)
        if unaware.size in (0, homes.n):
            return
        where = homes.building[unaware]
        unaware_n = np.bincount(where, minlength=world.buildings.n)
        know_frac = 1.0 - unaware_n[where] / world.buildings.homes_n[where]
        rate_per_s = self.neighbour_rate_per_s / self.slower(world)
        homes.rumour_left[unaware] -= (rate_per_s * dt_s * know_frac).astype(np.float32)
        told = unaware[homes.rumour_left[unaware] <= 0]
        if told.size:
            self.tell(world, told, np.full(told.size, world.now_s), Channel.NEIGHBOUR)

    def tell(self, world: World, rows: np.ndarray, times_s: np.ndarray, by: np.ndarray | Channel, flood: bool = False) -> None:
        """These are warned at these times (inf: never); those whom it concerns think about leaving."""
        note_reached(world.households, rows, times_s, by)
        self.advise(world, rows, times_s, flood)

    def advise(self, world: World, rows: np.ndarray, times_s: np.ndarray, flood: bool = False) -> None:
        """Those whom it concerns think about leaving from these times on."""
        concerned = np.isfinite(times_s) & (flood | named_groups(world, rows))
        if concerned.any():
            world.post(Rank.DECISION, Told(rows[concerned], times_s[concerned], flood))

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Issue the signals in their time; the highest of all kinds is in force."""
        doors = DoorRound(world, self.doors)
        world.spawn(self.flood_watch(world, doors))
        world.spawn(self.close(world, doors))
        in_force: dict[str, Signal] = {}
        for change in self.changes(world):
            yield world.clock.wait_until(change.time_s, Rank.WARNING)
            in_force[change.kind] = change.level
            level = max(in_force.values())
            if level != world.town.signal[0]:
                self.issue(world, level, doors)

    def changes(self, world: World) -> list[Change]:
        """The scenario's list, else what the thresholds give."""
        return from_thresholds(world, self.issue_delay) if self.signals is None else recorded(self.signals, world.times)

    def issue(self, world: World, level: Signal, doors: DoorRound) -> None:
        """A signal is in force; a higher one than before is a new message."""
        town, now_s = world.town, world.now_s
        rises = level > town.signal[0]
        town.signal[0] = level
        town.first_signal_s[0] = min(town.first_signal_s[0], now_s)
        for service in (Rank.HELPERS, Rank.SHELTERS):
            world.post(service, SignalIssued(level, now_s))
        world.recorder.event(now_s, "signal", int(level), detail=level.name.lower())
        if rises:
            self.send(world, level)
        if level >= self.doors.from_level:
            doors.begin()

    def send(self, world: World, level: Signal) -> None:
        """Say it on all channels that speak at this level; whom it can tell nothing new is left out."""
        homes, now_s = world.households, world.now_s
        warns = level >= self.warns_from
        rows = np.flatnonzero(((homes.warned_s > now_s) & warns) | named_groups(world))
        listeners = audience(homes, rows, world.areas)
        found = reach(self.channels.speaking(level), listeners, int(level), self.slower(world), world.streams)
        homes.channel_dead[rows[found.silenced]] = True
        if warns:
            self.tell(world, rows, now_s + found.delay_s, found.channel)
        else:
            self.advise(world, rows, now_s + found.delay_s)

    def slower(self, world: World) -> float:
        """How much longer everything takes at this hour."""
        return self.night_slower if not 6.0 <= world.times.hour_of_day(world.now_s) < 23.0 else 1.0

    def flood_watch(self, world: World, doors: DoorRound) -> Generator[Any, Any, None]:
        """Each committee learns of water after its delay."""
        sensed = world.streams.uniform("warning.sensor", world.zones.n) < self.water.sensor_frac
        while True:
            letter = yield world.inboxes[Rank.WARNING].get()
            zones = world.buildings.zone[letter.buildings]
            for zone in np.unique(zones):
                delay_s = self.water.sensor_s if sensed[zone] else self.water.call_s
                world.spawn(self.flood_message(world, doors, letter.buildings[zones == zone], delay_s))

    def flood_message(self, world: World, doors: DoorRound, buildings: np.ndarray, delay_s: float) -> Generator[Any, Any, None]:
        """Once known: loudspeaker and knocks at the ground floors, to leave them."""
        yield world.clock.wait(delay_s, Rank.WARNING, int(buildings[0]))
        homes = world.households
        low = homes.ground_floor & (homes.kind != HouseholdKind.VISITOR)
        rows = np.flatnonzero(low & np.isin(homes.building, buildings))
        spoken = {Channel.LOUDSPEAKER: self.channels.loudspeaker}
        found = reach(spoken, audience(homes, rows, world.areas), WATER_MESSAGE, self.slower(world), world.streams)
        homes.channel_dead[rows[found.silenced]] = True
        self.tell(world, rows, world.now_s + found.delay_s, found.channel, flood=True)
        doors.water(rows)
        zone = int(world.buildings.zone[buildings[0]])
        world.recorder.event(world.now_s, "flood_message", int(buildings[0]), zone, f"{rows.size} homes")

    def close(self, world: World, doors: DoorRound) -> Generator[Any, Any, None]:
        """At the run's end: how many were reached by what."""
        yield world.clock.wait_until(world.times.end_s, Rank.RECORD, Rank.WARNING)
        numbers, homes = world.recorder.numbers, world.households
        reached = homes.warned_s <= world.times.end_s
        numbers["warning.doors"] = doors.knocked_n
        numbers["warning.households_reached"] = int(reached.sum())
        for which in Channel:
            numbers[f"warning.by_{which.name.lower()}"] = int((reached & (homes.warned_by == which)).sum())
