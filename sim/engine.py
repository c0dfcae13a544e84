"""THE clock: one SimPy environment and one heap of movement events, played in one order.

Within an instant: movement before it, then SimPy's events by rank (sim.world.clock.Rank): hazards, lifelines (power, roads,
telecom, water, homes), needs and harm, warning, decision, travel, services; consequences of an event (a grant, a letter
read) before the next ranked one; equal ranks by entity. Movement events at an instant follow SimPy's events at it.

1. t = the earlier of SimPy's next event and the run's end.
2. travel plays movement events with time < t in (time, household) order and stops right after the first one that a
   service must hear of (a notice).
3. Stopped at t' < t: the clock goes to t', the notice into the inbox, SimPy's events at t' are played. Else all of
   SimPy's events at t are played.
4. So errands and columns written at t act on movement events at t or later.
"""

import os
from collections.abc import Callable, Generator, Iterable
from functools import partial
from typing import Any

from sim.errors import InputError, Mistake
from sim.population.travel import Travel
from sim.scenario import Scenario
from sim.streams import Streams
from sim.trajectory import Recorder, Trajectory
from sim.world.community import Community
from sim.world.guard import SeenWorld
from sim.world.letters import Notice
from sim.world.part import Part
from sim.world.world import World

Advance = Callable[[float], Notice | None]

def play(
    scenario: Scenario,
    community: Community,
    replication: int,
    detailed: bool = False,
    window_s: tuple[float, float] | None = None,
) -> Trajectory:
    """One replication: (scenario, seed, replication) alone decide what happens; `detailed` only what is kept of it, `window_s`
    (the reference run's, where policies are compared) only in which hours it is judged."""
    world = new_world(scenario, community, replication, detailed)
    world.given_window_s = window_s
    try:
        play_parts(world, scenario.parts())
    except InputError as error:
        raise scenario.placed(error) from None
    return world.recorder.finish()


def rehearse(scenario: Scenario, community: Community) -> None:
    """Begin every part and play nothing: what fits together only in a world (a track that ends too soon, mixed datums, no depot)
    is found before anything is played. InputError lists what each part finds, with its place."""
    world, mistakes = new_world(scenario, community, 0, False), list[Mistake]()
    for part in sorted(scenario.parts(), key=lambda part: part.rank):
        try:
            part.begin(world)
        except InputError as error:
            mistakes += scenario.placed(error).mistakes
    if mistakes:
        raise InputError(*mistakes)


def new_world(scenario: Scenario, community: Community, replication: int, detailed: bool) -> World:
    """The world of a replication before anything has begun."""
    streams = Streams(scenario.run.seed, replication)
    return World(community, scenario.run.times(), streams, Recorder(replication, detailed))


def play_parts(world: World, parts: Iterable[Part]) -> None:
    """Play `parts` over the world until its end."""
    checked = os.environ.get("SIM_CHECK") == "1"
    advance: Advance = nothing_moves
    for part in sorted(parts, key=lambda part: part.rank):
        seen: Any = SeenWorld(world, part) if checked else world
        call = seen.call if checked else directly
        start(seen, part, call)
        if isinstance(part, Travel):
            advance = partial(call, part.advance, seen)
    drive(world, advance)


def directly(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call without watching."""
    return function(*arguments)


def nothing_moves(until_s: float) -> None:
    """The movement of a world without travel."""


def start(world: World, part: Part, call: Callable[..., Any]) -> None:
    """Begin a part and start its step and its run as processes of the clock."""
    call(part.begin, world)
    if type(part).step is not Part.step:
        world.spawn(ticking(world, part))
    generator = part.run(world)
    if generator is not None:
        world.spawn(generator)


def ticking(world: World, part: Part) -> Generator[Any, Any, None]:
    """Step the part at every tick of the storm."""
    times = world.times
    for tick in range(times.ticks_n):
        yield world.clock.wait_until(tick * times.tick_s, part.rank)
        part.step(world, times.tick_s)


def drive(world: World, advance: Advance) -> None:
    """The protocol above, until the end of the run."""
    clock, end_s = world.clock, world.times.end_s
    events_n = notices_n = 0
    while True:
        until_s = min(clock.peek(), end_s)
        notice = advance(until_s)
        if notice is not None:
            until_s = notice.time_s
            if until_s > clock.now:
                clock.run(until=until_s)
            world.post(notice.to, notice)
            notices_n += 1
        while clock.peek() <= until_s:
            clock.step()
            events_n += 1
        if notice is None and until_s >= end_s:
            break
    world.recorder.numbers["engine.simpy_events"] = events_n
    world.recorder.numbers["engine.notices"] = notices_n
