"""The engine's door-knocking and decisions equal their slow reference exactly, standing down included."""

from typing import Any, ClassVar

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.population.decision import Decision
from sim.services.warning import Channels, Warnings
from sim.world.clock import Rank
from sim.world.part import Part
from sim.world.tables import BuildingClass
from tests.places import place, play
from tests.reference.warning import DOOR_S, TICK_S, Home, knock

SILENT = {"from_level": "red", "audience": "everyone", "used_frac": 0.0, "used_old_frac": 0.0, "mains": False}
SILENT["delay"] = {"median": "1 min", "shape": 1.0}
START_S = 1200.0
HOME_FRAC = 0.7


class Wind(Part):
    """Wind as given, tick by tick."""

    rank: ClassVar[Rank] = Rank.TYPHOON
    writes: ClassVar[tuple[str, ...]] = ("town.wind_mps",)

    windy: Any

    def step(self, world, dt_s):
        """20 m/s or none."""
        world.town.wind_mps[0] = 20.0 if self.windy[world.tick] else 0.0


def engine(homes_n, workers_n, windy):
    """The world after the run, and its decision part."""
    world = place(
        storm_h=len(windy) * TICK_S / 3600.0,
        recovery_h=72.0,
        zones={"grid_workers_n": [workers_n]},
        buildings={"kind": [BuildingClass.OLD_LANE], "age_yr": [80.0]},
        households={"building": np.zeros(homes_n, int), "on_register": np.ones(homes_n, bool), "any_phone": np.ones(homes_n, bool)},
    )
    rules = {
        "signals": [{"time": f"{START_S} s", "level": "orange"}],
        "channels": dict.fromkeys(Channels.model_fields, SILENT),
        "doors": {"per_hour": 3600.0 / DOOR_S, "home_frac": HOME_FRAC},
        "neighbour_rate": "0 1/h",
    }
    decision = Decision()
    return play(world, Wind(windy=windy), Warnings.model_validate(rules), decision), decision


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 90), st.integers(1, 5), st.lists(st.booleans(), min_size=3, max_size=20))
def test_every_door_opens_at_the_same_moment_and_answers_the_same(homes_n, workers_n, windy):
    world, decision = engine(homes_n, workers_n, windy)
    column = world.households
    opens = world.streams.uniform("warning.home", homes_n) < HOME_FRAC
    ready_after_s = column.preparing_s.astype(float) * decision.in_person
    listed = [Home(*row) for row in zip(opens.tolist(), column.reluctance.tolist(), ready_after_s.tolist(), strict=True)]
    wanted = knock(listed, workers_n, windy, START_S, decision.compliance.odds("visit"))
    never = [np.inf if each.visited_s is None else each.visited_s for each in wanted]
    assert column.visited_s.tolist() == never
    assert column.ready_s.tolist() == [np.inf if each.ready_s is None else each.ready_s for each in wanted]
