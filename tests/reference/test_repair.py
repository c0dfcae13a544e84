"""The engine's repair equals its slow reference exactly, ties and breaks for wind included."""

from typing import Any, ClassVar

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.services.repair import Repair
from sim.world.clock import Rank
from sim.world.letters import Fault, Line, Mended
from sim.world.part import Part
from tests.places import place, play
from tests.reference.repair import TICK_S, Broken, Storm, Town

SPEED_MPS = 5.0
NODES_M = [(0.0, 0.0), (500.0, 0.0), (500.0, 1200.0)]
minutes = st.integers(0, 60).map(lambda n: n * 300.0)
durations = st.one_of(minutes, st.floats(0.0, 20_000.0).map(lambda s: round(s * 1024) / 1024))
faults_of = st.lists(st.tuples(st.sampled_from([1, 20, 300]), st.integers(0, 2), minutes, durations), min_size=1, max_size=12)


class Given(Repair):
    """Repair whose durations are given, not drawn."""

    durations: Any

    def durations_s(self, world, fault):
        """As given for its number."""
        return self.durations[fault.number]


class Ticks(Part):
    """Wind as given; breaks everything at the start and keeps when it is mended."""

    rank: ClassVar[Rank] = Rank.POWER
    writes: ClassVar[tuple[str, ...]] = ("town.wind_mps",)

    windy: Any
    faults: Any
    ends: Any

    def step(self, world, dt_s):
        """20 m/s or none."""
        world.town.wind_mps[0] = 20.0 if self.windy[world.tick] else 0.0

    def run(self, world):
        """Post, then listen."""
        for fault in self.faults:
            world.post(Rank.REPAIR, fault)
        while True:
            letter = yield world.inboxes[Rank.POWER].get()
            if isinstance(letter, Mended):
                self.ends[letter.number] = world.now_s


def engine_s(faults, crews_n, windy):
    """Number -> time by the engine."""
    columns = np.array(NODES_M).T
    world = place(
        storm_h=len(windy) * TICK_S / 3600.0,
        recovery_h=400.0,
        nodes={"x_m": columns[0], "y_m": columns[1]},
        sites={"kind": [6], "x_m": [0.0], "y_m": [0.0]},
    )
    letters = [Fault(k, Line.AREA, k, node, customers, 0.0) for k, (customers, node, _, _) in enumerate(faults)]
    mended_s: dict = {}
    given_s = {k: (found, work) for k, (_, _, found, work) in enumerate(faults)}
    repair = Given(durations=given_s, power_crews_n=crews_n, speed=f"{SPEED_MPS} m/s")
    play(world, Ticks(windy=windy, faults=letters, ends=mended_s), repair)
    return mended_s


def reference_s(faults, crews_n, windy):
    """Number -> time by the reference."""
    broken = [Broken(k, customers, *NODES_M[node], found, work) for k, (customers, node, found, work) in enumerate(faults)]
    return Town(broken, crews_n, SPEED_MPS, Storm(windy)).play()


@settings(max_examples=60, deadline=None)
@given(faults_of, st.integers(1, 4), st.lists(st.booleans(), min_size=1, max_size=24))
def test_every_fault_is_mended_at_the_same_moment(faults, crews_n, windy):
    assert engine_s(faults, crews_n, windy) == reference_s(faults, crews_n, windy)


def test_all_at_once_with_one_crew():
    faults = [(20, 0, 600.0, 3600.0)] * 5 + [(300, 0, 600.0, 3600.0)]
    ends = engine_s(faults, 1, [False] * 6)
    assert ends == reference_s(faults, 1, [False] * 6)
    assert ends[5] == 4200.0
    assert ends[4] == 600.0 + 6 * 3600.0
