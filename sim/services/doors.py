"""Door to door: grid workers and building heads of each committee knock along a list made from the community register.

A household that is not on the register is never on the list. Named groups and those with water at the door are asked in
person to leave; for the others (low ground floors, old people alone, no phone) the knock is a warning. Workers stand down
while the wind is above the limit; a round of doors under way is finished.
"""

from collections.abc import Generator
from typing import Any, NamedTuple

import numpy as np
from pydantic import Field
from simpy import PriorityStore
from simpy.events import Event

from sim.services.channels import note_reached
from sim.services.signals import Level
from sim.units import Factor, Length, MetresPerSecond, Model, Share
from sim.world.clock import Rank
from sim.world.letters import Visited
from sim.world.readiness import Readiness
from sim.world.risk import named_groups
from sim.world.tables import Channel, HouseholdKind, Signal
from sim.world.world import World

ROUND_DOORS = 12  # doors a worker takes at a time, about an hour's work: only bounds the number of events


class Doors(Model):
    """Who knocks, how fast, until which wind."""

    from_level: Level = Field(Signal.ORANGE, description="knocking begins at this signal; assumed")
    per_hour: Factor = Field(12.0, gt=0, description="doors a worker does in an hour; assumed")
    home_frac: Share = Field(0.85, description="someone opens; assumed")
    wind_limit_mps: MetresPerSecond = Field(17.0, description="workers stay in above this mean wind; assumed")
    readiness: Readiness = Field(Readiness(), description="training and fatigue of who knocks; trained: off")
    low_sill_m: Length = Field(0.2, description="ground floors with a sill below this are on the list; assumed")


class Job(NamedTuple):
    """Doors that one worker does in a row; PriorityStore takes the lowest (priority, number)."""

    priority: int  # 0 water at the door, 1 named groups, 2 low ground floors and the old alone, 3 no phone
    number: int
    households: np.ndarray

    @property
    def in_person(self) -> bool:
        """They are asked to leave, one by one."""
        return self.priority <= 1


class DoorRound:
    """The lists of one replication and the workers on them, a process a worker."""

    def __init__(self, world: World, doors: Doors) -> None:
        """Empty lists; nobody is out yet."""
        self.world, self.doors = world, doors
        self.door_s = 3600.0 / doors.per_hour
        self.lists = [PriorityStore(world.clock) for _ in range(world.zones.n)]
        self.knocked_n = 0
        self.n_jobs = 0
        self.listed = self.staffed = False
        self.lull: Event | None = None

    def begin(self) -> None:
        """Make the list, once, and send the workers out."""
        if not self.listed:
            self.listed = True
            for priority, chosen in enumerate(self.wanted(), start=1):
                self.put(priority, np.flatnonzero(chosen))
        self.staff()

    def wanted(self) -> list[np.ndarray]:
        """(n_households,) bool for each priority from 1 on; nobody stands on two lists."""
        homes, sill_m = self.world.households, self.world.buildings.sill_m
        known = homes.on_register & (homes.kind != HouseholdKind.VISITOR)
        named = known & named_groups(self.world)
        frail = known & ~named & (homes.old_alone | (homes.ground_floor & (sill_m[homes.building] < self.doors.low_sill_m)))
        return [named, frail, known & ~named & ~frail & ~homes.any_phone]

    def put(self, priority: int, rows: np.ndarray) -> None:
        """Put doors on their committees' lists, building by building, in rounds."""
        homes = self.world.households
        rows = rows[np.lexsort((rows, homes.building[rows], homes.zone[rows]))]
        for zone in np.unique(homes.zone[rows]):
            there = rows[homes.zone[rows] == zone]
            for start in range(0, there.size, ROUND_DOORS):
                self.lists[zone].put(Job(priority, self.n_jobs, there[start : start + ROUND_DOORS]))
                self.n_jobs += 1

    def water(self, rows: np.ndarray) -> None:
        """Water stands at these doors: knock there first; only those on the register are known to live there."""
        self.put(0, rows[self.world.households.on_register[rows]])
        self.staff()

    def staff(self) -> None:
        """Send out every worker, once."""
        if self.staffed:
            return
        self.staffed = True
        worker = 0
        for zone, workers_n in enumerate(self.world.zones.grid_workers_n):
            for _ in range(workers_n):
                worker += 1
                self.world.spawn(self.knock(zone, worker))

    def knock(self, zone: int, worker: int) -> Generator[Any, Any, None]:
        """The life of a worker: wait for calm, take a round, do it."""
        worked_s = 0.0
        while True:
            yield from self.calm()
            job = yield self.lists[zone].get()
            door_s = self.doors.readiness.task_s(self.door_s, worked_s)
            if job.in_person:
                yield from self.ask(job, worker, door_s)
            else:
                yield from self.calm()
                yield from self.tell(job, worker, door_s)
            worked_s += door_s * job.households.size

    def ask(self, job: Job, worker: int, door_s: float) -> Generator[Any, Any, None]:
        """Door by door; whoever opens is asked to leave."""
        at_home = self.at_home(job)
        for household, opens in zip(job.households, at_home, strict=True):
            yield from self.calm()
            yield self.world.clock.wait(door_s, Rank.WARNING, worker)
            self.knocked_n += 1
            if opens:
                now_s = np.array([self.world.now_s])
                self.reached(np.array([household]), now_s)
                self.world.post(Rank.DECISION, Visited(int(household), 0))

    def tell(self, job: Job, worker: int, door_s: float) -> Generator[Any, Any, None]:
        """A round in one go: each is reached when its turn comes."""
        at_home = self.at_home(job)
        times_s = self.world.now_s + door_s * np.arange(1, job.households.size + 1)
        self.reached(job.households[at_home], times_s[at_home])
        self.knocked_n += job.households.size
        yield self.world.clock.wait(door_s * job.households.size, Rank.WARNING, worker)

    def at_home(self, job: Job) -> np.ndarray:
        """(n,) bool: who opens; the water's knock is another day's draw than the list's. The untrained miss doors."""
        streams, visit, readiness = self.world.streams, int(job.priority == 0), self.doors.readiness
        opens = streams.uniform("warning.home", job.households, block=visit) < self.doors.home_frac
        if not readiness.perfect:
            opens &= ~readiness.fails(streams.uniform("warning.missed", job.households, block=visit))
        return opens

    def reached(self, rows: np.ndarray, times_s: np.ndarray) -> None:
        """Told at the door."""
        homes = self.world.households
        note_reached(homes, rows, times_s, Channel.DOOR)
        homes.visited_s[rows] = times_s

    def windy(self) -> bool:
        """Too much wind to walk; after the storm none is simulated."""
        world = self.world
        return world.now_s < world.times.storm_s and bool(world.town.wind_mps[0] > self.doors.wind_limit_mps)

    def calm(self) -> Generator[Any, Any, None]:
        """Wait until the wind is below the limit; one watcher looks at every tick for all who wait."""
        while self.windy():
            if self.lull is None:
                self.lull = self.world.clock.event()
                self.world.spawn(self.watch(self.lull))
            yield self.lull

    def watch(self, lull: Event) -> Generator[Any, Any, None]:
        """Look at the wind at every tick, before any worker does, and send everyone out again when it has fallen."""
        tick_s = self.world.times.tick_s
        while self.windy():
            yield self.world.clock.wait_until((self.world.now_s // tick_s + 1) * tick_s, Rank.WARNING)
        self.lull = None
        lull.succeed()
