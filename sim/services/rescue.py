"""Rescue: calls are noticed, wait for wind, for a crew and for its way, and are answered when somebody who can help arrives.

The life of a call: not detected -> stood down while the wind is above the limit -> no crew free -> on the way (route closed
where every road to it is) -> answered; the crew stays until the work is done. Neighbours and volunteers come first for what
needs no tools; if they cannot cope the community's squads do. Each kind of crew has one line: priority, who joined first, number.
"""

from collections import Counter
from collections.abc import Generator
from typing import Any, ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from sim.services.calls import PRIORITY, Call, CallKind
from sim.services.crews import DETOUR, Calm, Pool, cut_off, passable
from sim.services.jobs import AT_HEIGHT, HANDS, INSTEAD, Answer, Finding, Jobs, Pace, first_of
from sim.services.muster import brigade, helpers_by_building, street_pools, volunteers
from sim.services.perils import Perils
from sim.trajectory import Cause, Service, name_of
from sim.units import Count, CountPositive, MetresPerSecond, Seconds, Share
from sim.world.casebook import Casebook
from sim.world.clock import Rank
from sim.world.letters import Casualty, Reached
from sim.world.part import Part
from sim.world.readiness import NIGHT_H, Readiness
from sim.world.window import window
from sim.world.world import World


class Desk:
    """The street's rescue desk in one replication: open calls, the crews, who waits for calm."""

    def __init__(self, world: World, rescue: "Rescue") -> None:
        """Nobody has called."""
        self.cases = Casebook(world, Service.RESCUE)
        self.seen = rescue.perils.seen(world)
        self.pools = rescue.pools(world)
        self.volunteers = volunteers(world, rescue.on_call_frac)
        self.helped_at_home = helpers_by_building(world)
        limits_mps = {np.inf, rescue.height_limit_mps, *(rescue.pace(answer).wind_limit_mps for answer in Answer)}
        self.calms = {limit_mps: Calm(world, limit_mps) for limit_mps in sorted(limits_mps)}
        self.called: Counter[CallKind] = Counter()
        self.answered: Counter[Answer] = Counter()
        self.open: set[int] = set()


class Errand(NamedTuple):
    """Somebody sent to a call: its number in the casebook, who goes, their work there, whether they can help."""

    call: Call
    number: int
    answer: Answer
    pool: Pool
    work_s: float
    helps: bool = True


class Rescue(Part):
    """Who answers calls, how many they are, how they get there."""

    rank: ClassVar[Rank] = Rank.RESCUE
    reads: ClassVar[tuple[str, ...]] = (
        *("town.wind_mps", "town.first_signal_s", "town.warning_stage_m", "areas.on", "areas.telecom_on", "households.place"),
        *("forcing.time_s", "forcing.wind_mps", "forcing.rain_mps", "forcing.stage_m", "buildings.gust_mps", "buildings.depth_m"),
        *("links.fallen_n", "links.debris_s", "links.open", "links.speed_frac"),
    )

    perils: Perils = Perils()
    finding: Finding = Finding()
    jobs: Jobs = Jobs()
    readiness: Readiness = Field(
        Readiness(night_frac=0.5, working_frac=0.6), description="of volunteers and squads; the shares who can come are assumed"
    )
    on_call_frac: Share = Field(0.05, description="of a committee's registered volunteers, how many can be out at once (assumed)")
    squads: Count = Field(4, description="community squads of the street (assumed)")
    squad_members: CountPositive = Field(6, description="a smaller squad takes longer, a larger one no less (assumed)")
    engines: CountPositive = Field(2, description="engines of each fire station (assumed)")
    technicians: Count = Field(3, description="lift technicians of the property companies on duty (assumed)")
    tree_crews: Count = Field(3, description="crews with saws and a lorry for trees off the road (assumed)")
    volunteer: Pace = Field(Pace(turnout="10 min", speed="1.2 m/s", wind_limit="17 m/s"), description="on foot (assumed)")
    squad: Pace = Field(Pace(turnout="5 min", speed="15 km/h", wind_limit="24.5 m/s"), description="e-bike, light lorry (assumed)")
    engine: Pace = Field(
        Pace(turnout="150 s", speed="25 km/h", wind_limit="28.4 m/s"),
        description="set so that a call as far off as the city's stations are on average (27.8 km2 each) is reached in about the"
        " city's 8 min 40 s inside the Outer Ring (unverified)",
    )
    technician: Pace = Field(Pace(turnout="10 min", speed="15 km/h", wind_limit="24.5 m/s"), description="assumed")
    tree_crew: Pace = Field(Pace(turnout="10 min", speed="20 km/h", wind_limit="17 m/s"), description="assumed")
    height_limit_mps: MetresPerSecond = Field(17.0, description="no work at height or under trees above this mean wind; assumed")
    cut_off_s: Seconds = Field(1800.0, description="longer on foot or by boat where every road to the call is closed; assumed")

    def begin(self, world: World) -> None:
        """Open the desk."""
        world.own[self.rank] = Desk(world, self)

    def step(self, world: World, dt_s: float) -> None:
        """What this tick brings, and whether the wind has fallen."""
        desk: Desk = world.own[self.rank]
        for call in self.perils.calls(world, desk.seen):
            self.take(world, desk, call)
        for area in self.perils.newly_dark(world, desk.seen):
            for call in self.perils.stopped_lifts(world, area):
                self.take(world, desk, call)
            world.spawn(self.patience(world, desk, area))
        for calm in desk.calms.values():
            calm.look()

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Hear of trapped casualties."""
        desk: Desk = world.own[self.rank]
        for process in (self.any_day(world, desk), self.end_of_storm(world, desk), self.close(world, desk)):
            world.spawn(process)
        while True:
            letter = yield world.inboxes[self.rank].get()
            if isinstance(letter, Casualty):
                self.take(world, desk, self.trapped(world, letter))

    def any_day(self, world: World, desk: Desk) -> Generator[Any, Any, None]:
        """Routine calls go on."""
        for time_s, call in self.perils.routine(world):
            yield world.clock.wait_until(time_s, self.rank, call.entity)
            self.take(world, desk, call)

    def patience(self, world: World, desk: Desk, area: int) -> Generator[Any, Any, None]:
        """The frail of an area gone dark call one after the other, as long as it is dark."""
        began_s = world.now_s
        for row in desk.seen.frail.in_area(area):
            yield world.clock.wait_until(began_s + float(desk.seen.frail.patience_s[row]), self.rank, int(row))
            if world.areas.on[area]:
                return
            call = self.perils.impatient(world, desk.seen, row)
            if call is not None:
                self.take(world, desk, call)

    def end_of_storm(self, world: World, desk: Desk) -> Generator[Any, Any, None]:
        """No wind is played any more: everybody may go out."""
        yield world.clock.wait_until(world.times.storm_s, self.rank)
        for calm in desk.calms.values():
            calm.look()

    def trapped(self, world: World, letter: Casualty) -> Call:
        """A casualty who cannot get out, in the building of the household, whose luck it is: the casualty's number would hang on
        who was hurt before."""
        homes, buildings = world.households, world.buildings
        building, household = int(homes.building[letter.household]), letter.household
        x_m, y_m = float(buildings.x_m[building]), float(buildings.y_m[building])
        phone, node = bool(homes.any_phone[household]), int(buildings.node[building])
        return Call(CallKind.TRAPPED, household, letter.zone, letter.group, building, node, x_m, y_m, phone, letter.number)

    def take(self, world: World, desk: Desk, call: Call) -> None:
        """Somebody is in need: a case, whether anybody knows of it or not."""
        number = desk.cases.call(call.zone, call.group, Cause.NOT_DETECTED)
        desk.called[call.kind] += 1
        desk.open.add(number)
        world.recorder.event(world.now_s, "rescue_call", call.building, call.zone, name_of(call.kind))
        world.spawn(self.attend(world, desk, call, number))

    def attend(self, world: World, desk: Desk, call: Call, number: int) -> Generator[Any, Any, None]:
        """The life of one call."""
        luck = world.streams.block(f"rescue.{name_of(call.kind)}", np.array([call.entity]))[0]
        found_s = self.finding.found_s(call, luck, self.night(world), self.line_works(world, call))
        yield world.clock.wait(found_s, self.rank, number)
        work_s = self.jobs.work_s(call, luck)
        answer, pool = self.sent(desk, call, first_of(call))
        if answer == Answer.VOLUNTEER and not self.copes(world, call):
            yield from self.go(world, desk, Errand(call, number, answer, pool, 0.0, helps=False))
            answer, pool = self.sent(desk, call, Answer.SQUAD)
        yield from self.go(world, desk, Errand(call, number, answer, pool, work_s))
        if call.casualty >= 0:
            world.post(Rank.HARM, Reached(call.casualty))

    def go(self, world: World, desk: Desk, errand: Errand) -> Generator[Any, Any, None]:
        """Wait for calm and for a crew, send it, let it work. Who helps in the own building minds neither wind nor road."""
        call, number, pool = errand.call, errand.number, errand.pool
        at_home = errand.answer == Answer.VOLUNTEER and call.building >= 0 and bool(desk.helped_at_home[call.building])
        calm = desk.calms[np.inf if at_home else self.limit_mps(call, errand.answer)]
        key: Any = (PRIORITY[call.kind], world.now_s, number)  # SimPy orders by any key; its types know integers only
        while True:
            while calm.windy():
                desk.cases.waits_for(number, Cause.STOOD_DOWN)
                yield calm.lull
            desk.cases.waits_for(number, Cause.NO_CREW_FREE)
            with pool.queue.request(priority=key) as turn:
                yield turn
                if calm.windy():
                    continue  # the wind rose while it waited: it keeps its place, the crew helps others
                crew, away_m = pool.take(call.x_m, call.y_m, world.now_s)
                way_s = self.way_s(world, desk, errand, 0.0 if at_home else away_m)
                yield world.clock.wait(way_s, self.rank, number)
                if errand.helps:
                    self.arrived(desk, number, errand.answer)
                busy_s = self.busy_s(errand, crew.worked_s)
                yield world.clock.wait(busy_s, self.rank, number)
                place = (crew.x_m, crew.y_m) if errand.answer == Answer.VOLUNTEER else (call.x_m, call.y_m)
                pool.give_back(crew, *place, way_s + busy_s, world.now_s)
                return

    def arrived(self, desk: Desk, number: int, answer: Answer) -> None:
        """Somebody who can help is there: the call is answered."""
        desk.cases.answer(number)
        desk.answered[answer] += 1
        desk.open.remove(number)

    def way_s(self, world: World, desk: Desk, errand: Errand, away_m: float) -> float:
        """Turning out and the way, longer on wet roads, on foot at the end where every road is closed."""
        pace, on_foot = self.pace(errand.answer), errand.answer == Answer.VOLUNTEER
        turnout_s = pace.turnout_s
        if on_foot:  # the fewer can come at this hour, the longer until one is found
            turnout_s /= self.readiness.free_frac(world.times.hour_of_day(world.now_s))
        closed = away_m > 0.0 and cut_off(world, errand.call.node)
        desk.cases.waits_for(errand.number, Cause.ROUTE_CLOSED if closed else Cause.ON_THE_WAY)
        slower = 1.0 if on_foot else passable(world)
        return turnout_s + away_m * DETOUR / (pace.speed_mps * slower) + (self.cut_off_s if closed else 0.0)

    def busy_s(self, errand: Errand, worked_s: float) -> float:
        """Time on the spot: volunteers and squads by readiness, squads also by their hands."""
        if errand.answer > Answer.SQUAD:
            return errand.work_s
        hands = max(1.0, HANDS / self.squad_members) if errand.answer == Answer.SQUAD else 1.0
        return self.readiness.task_s(errand.work_s * hands, worked_s)

    def limit_mps(self, call: Call, answer: Answer) -> float:
        """Mean wind above which nobody goes to this call."""
        limit_mps = self.pace(answer).wind_limit_mps
        return min(limit_mps, self.height_limit_mps) if call.kind in AT_HEIGHT else limit_mps

    def pace(self, answer: Answer) -> Pace:
        """How this kind of crew gets on."""
        found: Pace = getattr(self, name_of(answer))
        return found

    def copes(self, world: World, call: Call) -> bool:
        """Can neighbours and volunteers do it without more help?"""
        return self.readiness.perfect or not bool(
            self.readiness.fails(world.streams.uniform(f"rescue.copes.{name_of(call.kind)}", np.array([call.entity])))[0]
        )

    def sent(self, desk: Desk, call: Call, wanted: Answer) -> tuple[Answer, Pool]:
        """Those wanted, or who comes instead where there are none."""
        while True:
            pool = desk.volunteers[call.zone] if wanted == Answer.VOLUNTEER else desk.pools.get(wanted)
            if pool is not None:
                return wanted, pool
            wanted = INSTEAD[wanted]

    def night(self, world: World) -> bool:
        """Few are about."""
        hour = world.times.hour_of_day(world.now_s)
        return hour >= NIGHT_H[0] or hour < NIGHT_H[1]

    def line_works(self, world: World, call: Call) -> bool:
        """A telephone gets through from there."""
        area = world.buildings.area[call.building] if call.building >= 0 else -1
        return area < 0 or bool(world.areas.telecom_on[area])

    def pools(self, world: World) -> dict[Answer, Pool]:
        """The crews but volunteers; no entry where there are none."""
        counts = {Answer.SQUAD: self.squads, Answer.TECHNICIAN: self.technicians, Answer.TREE_CREW: self.tree_crews}
        return street_pools(world, counts) | {Answer.ENGINE: brigade(world, self.engines)}

    def close(self, world: World, desk: Desk) -> Generator[Any, Any, None]:
        """At the run's end: need, spells, numbers, and whether every call is answered or open."""
        yield world.clock.wait_until(world.times.end_s, Rank.RECORD)
        desk.cases.book(window(world))
        numbers, answered_n = world.recorder.numbers, sum(desk.answered.values())
        numbers["rescue.calls"] = float(len(desk.cases.cases))
        numbers["rescue.open"] = float(len(desk.open))
        numbers |= {f"rescue.calls_{name_of(kind)}": float(desk.called[kind]) for kind in CallKind}
        numbers |= {f"rescue.by_{name_of(answer)}": float(desk.answered[answer]) for answer in Answer}
        world.recorder.balances["calls"] = float(sum(desk.called.values()) - answered_n - len(desk.open))
