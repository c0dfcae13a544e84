"""Helpers: teams that call on the named groups to leave, and carriers who fetch those who cannot walk (组织转移).

From a signal level on, the named groups (camps, huts, worn lane houses, low ground floors) are a list of calls that the
teams work off by (priority, joined, household). A team goes to the door and asks; the household alone decides
(population.decision). Who refuses is called on once more, later. A group that is ready and cannot leave unaided waits for
carriers; they come, leave with it, and are free when it is in. Above the wind limit nobody is sent out.
"""

from collections.abc import Generator
from heapq import heappop, heappush
from typing import Any, ClassVar

import numpy as np
from pydantic import Field
from simpy import PriorityResource
from simpy.events import Event

from sim.services.rounds import Call, first_calls
from sim.services.signals import Level
from sim.units import Count, CountPositive, Factor, Length, MetresPerSecond, Seconds, Share
from sim.world.clock import Rank
from sim.world.letters import AllClear, Leave, Notice, NoticeKind, SignalIssued, Visited
from sim.world.part import Part
from sim.world.readiness import Readiness
from sim.world.tables import Place, Signal
from sim.world.world import World

HOME, WAITING = int(Place.HOME), int(Place.WAITING)


class Desk:
    """The helpers' desk in one replication: the list, who is fetched, whether the work goes on, what was done."""

    def __init__(self, carriers: PriorityResource) -> None:
        """Nothing to do yet."""
        self.calls: list[Call] = []
        self.later_n = 0  # second visits not yet due
        self.carriers = carriers
        self.arrived: dict[int, Event] = {}
        self.over = True
        self.listed_n = self.visits_n = self.carried_n = 0


class Helpers(Part):
    """How many there are, how they work, whom they call on."""

    rank: ClassVar[Rank] = Rank.HELPERS
    reads: ClassVar[tuple[str, ...]] = ("town.wind_mps", "households.place", "households.willing")
    writes: ClassVar[tuple[str, ...]] = ("households.helper_s",)

    start_at: Level = Field(Signal.ORANGE, description="signal level at which the named groups are moved")
    teams: Count = Field(40, description="teams of two who call on the list (assumed: one or two for each committee)")
    carriers: CountPositive = Field(12, description="teams with a wheelchair or a car for those who cannot walk (assumed)")
    ask_s: Seconds = Field(300.0, description="time at a door, or for a camp called together (assumed)")
    fetch_s: Seconds = Field(600.0, description="time to get someone ready and down the stairs (assumed)")
    second_visit_after_s: Seconds = Field(7200.0, description="a refusal is called on again after this time (assumed)")
    pace_mps: MetresPerSecond = Field(2.5, gt=0, description="teams on foot and by e-bike between doors (assumed)")
    detour: Factor = Field(1.3, ge=1, description="way by road over straight line (assumed)")
    wind_limit_mps: MetresPerSecond = Field(17.0, description="10-min mean wind above which nobody is sent out (assumed)")
    look_every_s: Seconds = Field(600.0, gt=0, description="stood down, teams look at the wind this often (assumed)")
    readiness: Readiness = Field(Readiness(), description="training, fatigue and hours of the teams; trained and always there: off")
    low_sill_m: Length = Field(0.05, description="ground floors lower than this above the ground outside are named (assumed)")
    camps_listed_frac: Share = Field(0.9, description="camps whose site office keeps a list of who is there (assumed)")

    def begin(self, world: World) -> None:
        """An empty desk."""
        world.own[self.rank] = Desk(PriorityResource(world.clock, self.carriers))

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Read signals, calls for help, arrivals and the all-clear."""
        desk: Desk = world.own[self.rank]
        world.spawn(self.closing_count(world, desk))
        while True:
            letter = yield world.inboxes[self.rank].get()
            if isinstance(letter, AllClear):
                desk.over = True
            elif isinstance(letter, SignalIssued) and letter.level >= self.start_at and desk.over:
                self.start(world, desk)
            elif isinstance(letter, Notice):
                self.hear(world, desk, letter)

    def start(self, world: World, desk: Desk) -> None:
        """Draw up the list and send the teams out."""
        desk.over = False
        desk.calls = sorted(first_calls(world, self.low_sill_m, self.camps_listed_frac))
        desk.listed_n += sum(len(call.households) for call in desk.calls)
        world.recorder.event(world.now_s, "transfer_ordered", -1, detail=f"{desk.listed_n} households")
        for team in range(self.teams):
            world.spawn(self.rounds(world, desk, team))

    def hear(self, world: World, desk: Desk, notice: Notice) -> None:
        """A group waits for help, or a helped one needs it no longer."""
        if notice.kind == NoticeKind.NEEDS_HELP:
            world.spawn(self.fetch(world, desk, notice.household))
        elif notice.household in desk.arrived:
            desk.arrived.pop(notice.household).succeed()

    def rounds(self, world: World, desk: Desk, team: int) -> Generator[Any, Any, None]:
        """One team: the next call on the list, as long as there is any or a second visit is to come."""
        node, worked_s = -1, 0.0
        while not desk.over and (desk.calls or desk.later_n):
            if not desk.calls or not self.fit_to_go(world) or not self.on_duty(world, team):
                yield world.clock.wait(self.look_every_s, self.rank, team)
                continue
            call = heappop(desk.calls)
            if not self.at_home(world, call):
                continue  # known to have left: ticked off
            door = int(world.households.node[call.entity])
            left_s = world.now_s
            yield world.clock.wait(self.way_s(world, node, door), self.rank, team)
            node = door
            yield from self.ask(world, desk, call, team, worked_s)
            worked_s += world.now_s - left_s

    def ask(self, world: World, desk: Desk, call: Call, team: int, worked_s: float) -> Generator[Any, Any, None]:
        """At the door: say it, stay a while; who will not leave is put down for a second visit."""
        at_home = self.found(world, call)
        for household in at_home:
            world.post(Rank.DECISION, Visited(household, call.visit))
        desk.visits_n += len(at_home)
        yield world.clock.wait(self.readiness.task_s(self.ask_s, worked_s), self.rank, team)
        refused = tuple(household for household in at_home if world.households.willing[household] == 0)
        if refused and call.visit == 0 and not desk.over:
            desk.later_n += 1
            due_s = world.now_s + self.second_visit_after_s
            world.spawn(self.again(world, desk, Call(call.priority, due_s, refused[0], refused, 1)))

    def again(self, world: World, desk: Desk, call: Call) -> Generator[Any, Any, None]:
        """A second visit joins the line when it is due."""
        yield world.clock.wait_until(call.joined_s, self.rank, call.entity)
        desk.later_n -= 1
        heappush(desk.calls, call)

    def fetch(self, world: World, desk: Desk, household: int) -> Generator[Any, Any, None]:
        """Carriers for one group: wait for a free team, go there, leave with it, stay until it is in."""
        with desk.carriers.request(priority=(0, world.now_s, household)) as turn:  # type: ignore[arg-type]
            yield turn
            yield from self.out_of_wind(world, household)
            way_s = self.way_s(world, -1, int(world.households.node[household]))
            yield world.clock.wait(self.readiness.task_s(self.fetch_s) + way_s, self.rank, household)
            if world.households.place[household] != WAITING:
                return  # all clear meanwhile
            # the first help counts: what a second waits for is no want of helpers
            world.households.helper_s[household] = min(world.households.helper_s[household], world.now_s)
            arrived = desk.arrived[household] = world.clock.event()
            world.post(Rank.TRAVEL, Leave(np.array([household]), np.array([world.now_s]), True))
            desk.carried_n += 1
            yield arrived

    def out_of_wind(self, world: World, household: int) -> Generator[Any, Any, None]:
        """Hold until the wind allows it."""
        while not self.fit_to_go(world):
            yield world.clock.wait(self.look_every_s, self.rank, household)

    def fit_to_go(self, world: World) -> bool:
        """Is the wind below the limit? After the storm no wind is played and they go."""
        return world.now_s >= world.times.storm_s or bool(world.town.wind_mps[0] <= self.wind_limit_mps)

    def on_duty(self, world: World, team: int) -> bool:
        """Is this team among those who can come at this hour?"""
        return team < self.teams * self.readiness.free_frac(world.times.hour_of_day(world.now_s))

    def found(self, world: World, call: Call) -> list[int]:
        """Those at home whose door the team does not miss; a missed one counts as called on."""
        at_home = self.at_home(world, call)
        if self.readiness.perfect or not at_home:
            return at_home
        missed = self.readiness.fails(world.streams.uniform("helpers.missed", np.array(at_home), block=call.visit))
        return [household for household, miss in zip(at_home, missed, strict=True) if not miss]

    @staticmethod
    def at_home(world: World, call: Call) -> list[int]:
        """Those of a call who have not left yet."""
        place = world.households.place
        return [household for household in call.households if place[household] == HOME]

    def way_s(self, world: World, start: int, door: int) -> float:
        """Time between two nodes by straight line and detour; from -1, the town's middle, where teams muster."""
        x_m, y_m = world.nodes.x_m, world.nodes.y_m
        if start < 0:
            away_m = np.hypot(x_m[door] - x_m.mean(), y_m[door] - y_m.mean())
        else:
            away_m = np.hypot(x_m[door] - x_m[start], y_m[door] - y_m[start])
        return float(away_m) * self.detour / self.pace_mps

    def closing_count(self, world: World, desk: Desk) -> Generator[Any, Any, None]:
        """At the end: how many were listed, called on and carried."""
        yield world.clock.wait_until(world.times.end_s, Rank.RECORD)
        numbers = {"transfer.listed": desk.listed_n, "transfer.visits": desk.visits_n, "transfer.carried": desk.carried_n}
        world.recorder.numbers.update({name: float(n) for name, n in numbers.items()})
