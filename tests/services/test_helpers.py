"""Helpers: the list, the rounds, second visits, carriers, and the wind."""

from typing import ClassVar

import numpy as np
import pytest

from sim.engine import play_parts
from sim.population.travel import Travel
from sim.services.helpers import Helpers
from sim.services.rounds import Named, first_calls, named_groups
from sim.world.clock import Rank
from sim.world.letters import AllClear, Leave, SignalIssued, Visited
from sim.world.part import Part
from sim.world.readiness import Readiness
from sim.world.tables import BuildingClass, HouseholdKind, Place, Signal
from tests.streets import Doorkeeper, Orders, town

LINE = [(0, 1, 100.0, 2.0), (1, 2, 100.0, 2.0), (2, 3, 100.0, 2.0)]
ORANGE = SignalIssued(Signal.ORANGE, 0.0)
QUICK = {"teams": 1, "ask": "5 min", "pace": "1 m/s", "detour": 1.0, "second_visit_after": "2 h"}


class Doors(Part):
    """Answers at the door for a test: `stays` refuse at the first visit, `stubborn` always; others leave at once."""

    rank: ClassVar[Rank] = Rank.DECISION
    writes: ClassVar[tuple[str, ...]] = ("households.willing", "town.wind_mps")
    stays: tuple[int, ...] = ()
    stubborn: tuple[int, ...] = ()
    wind: float = 0.0
    calm: float = np.inf  # seconds

    def run(self, world):
        """Answer."""
        world.town.wind_mps[0] = self.wind
        world.spawn(self.abate(world))
        while True:
            letter = yield world.inboxes[self.rank].get()
            if isinstance(letter, Visited):
                no = letter.household in self.stubborn or (letter.household in self.stays and letter.visit == 0)
                world.households.willing[letter.household] = not no
                world.recorder.event(world.now_s, "asked", letter.household, letter.visit)
                if not no:
                    world.post(Rank.TRAVEL, Leave(np.array([letter.household]), np.array([world.now_s])))

    def abate(self, world):
        """The wind drops."""
        yield world.clock.wait_until(min(self.calm, world.times.end_s), self.rank)
        world.town.wind_mps[0] = 0.0


def ordered(world, doors=None, at_s=0.0, rooms=(99,), to=ORANGE, **helpers):
    """The world after an order at `at_s`, and who was asked when: (time_s, household, visit)."""
    world.spawn(order(world, at_s, to))
    play_parts(world, [Travel(), Doorkeeper(rooms=tuple(rooms)), doors or Doors(), Helpers(**(QUICK | helpers))])
    events = world.recorder.finish().events
    asked = events[events.kind == "asked"]
    return [tuple(row) for row in asked[["time_s", "entity", "zone"]].to_numpy().tolist()]


def order(world, at_s, letter):
    """Post a letter to the helpers."""
    yield world.clock.wait_until(at_s, Rank.WARNING)
    world.post(Rank.HELPERS, letter)


def huts(n, **more):
    """A town of n huts with two people each, at node 0, the mustering point 150 m away."""
    return town(LINE, [(3, 0)], [(0, 2, 1.0)] * n, households={"kind": [HouseholdKind.HUT] * n, **more})


def test_a_team_walks_asks_and_goes_on():
    asked = ordered(huts(3), at_s=1000.0)
    assert asked == [(1150.0, 0, 0), (1450.0, 1, 0), (1750.0, 2, 0)]


def test_two_teams_share_the_list():
    asked = ordered(huts(4), teams=2)
    assert [(time_s, home) for time_s, home, _ in asked] == [(150, 0), (150, 1), (450, 2), (450, 3)]


def test_a_refusal_is_called_on_once_more():
    world = huts(2)
    asked = ordered(world, Doors(stays=(0,)))
    assert [(home, visit) for _, home, visit in asked] == [(0, 0), (1, 0), (0, 1)]
    assert asked[2][0] >= 450.0 + 7200.0
    assert (world.households.place == Place.SHELTERED).all()


def test_a_second_refusal_is_the_last():
    asked = ordered(huts(1), Doors(stubborn=(0,)))
    assert [visit for _, _, visit in asked] == [0, 1]


def test_nobody_goes_out_above_the_wind_limit():
    asked = ordered(huts(1), Doors(wind=20.0, calm=5000.0))
    assert asked[0][0] == 5400.0 + 150.0  # looks every ten minutes


def test_a_low_signal_or_no_team_moves_nobody():
    assert ordered(huts(1), to=SignalIssued(Signal.YELLOW, 0.0)) == []
    assert ordered(huts(1), teams=0) == []


def test_the_all_clear_ends_the_rounds():
    world = huts(9)
    world.spawn(order(world, 1000.0, AllClear(1000.0)))
    asked = ordered(world)
    assert max(time_s for time_s, _, _ in asked) <= 1000.0
    assert world.recorder.numbers["transfer.listed"] == 9
    assert world.recorder.numbers["transfer.visits"] == len(asked) == 3


def test_off_the_register_nobody_comes():
    asked = ordered(huts(2, on_register=[True, False]))
    assert [home for _, home, _ in asked] == [0]


def mixed():
    """One of each: walk-up upstairs, low ground floor, old lane, hut, camp (two rooms), visitor in an old lane."""
    kinds = [HouseholdKind.RESIDENT] * 3 + [HouseholdKind.HUT] + [HouseholdKind.CAMP] * 2 + [HouseholdKind.VISITOR]
    walk_up, lane, camp = BuildingClass.WALK_UP, BuildingClass.OLD_LANE, BuildingClass.CAMP
    classes = [walk_up, walk_up, lane, BuildingClass.HUT, camp, camp, lane]
    homes = {"kind": kinds, "ground_floor": [False, True, False, True, True, True, True], "building": [0, 1, 2, 3, 4, 4, 6]}
    homes["on_register"] = [True, True, True, True, False, False, True]
    return town(
        LINE, [(3, 0)], [(0, 2, 1.0)] * 7, households=homes, buildings={"kind": classes, "sill_m": [0.05] * 7, "age_yr": [80.0] * 7}
    )


def test_the_list_names_the_most_exposed_first():
    found = [Named(named).name for named in named_groups(mixed(), 0.15)]
    assert found == ["NOT_NAMED", "LOW_GROUND_FLOOR", "WORN_LANE", "HUT", "CAMP", "CAMP", "NOT_NAMED"]
    calls = sorted(first_calls(mixed(), 0.15, 1.0))
    assert [call.households for call in calls] == [(4, 5), (3,), (2,), (1,)]


def test_a_camp_whose_office_keeps_no_list_is_missed():
    assert (4, 5) not in [call.households for call in first_calls(mixed(), 0.15, 0.0)]


def frail(n):
    """n people who cannot walk alone, 150 m from the middle."""
    return town(LINE, [(3, 0)], [(0, 1, 1.0)] * n, households={"needs_help": [True] * n})


def fetched(world, leave_s, rooms=(99,), **helpers):
    """The world after its people asked for help."""
    others = [Travel(helped="1 m/s"), Doorkeeper(rooms=tuple(rooms)), Orders(leave=tuple(leave_s))]
    play_parts(world, [*others, Helpers(**(QUICK | helpers))])
    return world.households


def test_carriers_come_and_stay_until_it_is_in():
    homes = fetched(frail(2), [0.0, 1.0], carriers=1, fetch="10 min")
    assert homes.helper_s.tolist() == [750.0, 750.0 + 300.0 + 750.0]
    assert homes.sheltered_s.tolist() == [1050.0, 2100.0]


def test_carriers_are_free_again_when_there_is_no_place():
    world = frail(3)
    homes = fetched(world, [0.0] * 3, rooms=(1,), carriers=1)
    assert np.isfinite(homes.helper_s).all()
    assert (homes.place == Place.SHELTERED).sum() == 1
    assert world.recorder.numbers["transfer.carried"] >= 3


@pytest.mark.parametrize("carriers", [1, 2, 5])
def test_more_carriers_make_nobody_wait_longer(carriers):
    fewer = fetched(frail(6), [0.0, 5.0, 5.0, 9.0, 9.0, 900.0], carriers=carriers).helper_s
    more = fetched(frail(6), [0.0, 5.0, 5.0, 9.0, 9.0, 900.0], carriers=carriers + 1).helper_s
    assert (more <= fewer).all()


def test_readiness_that_is_off_changes_nothing():
    assert ordered(huts(4), readiness=Readiness()) == ordered(huts(4))


@pytest.mark.parametrize("level", [0.0, 0.4, 0.9])
def test_less_ready_teams_are_never_earlier_at_a_door(level):
    ready, less = (
        {home: time_s for time_s, home, _ in ordered(huts(5), readiness=Readiness(level=at, error_frac=0.0))} for at in (1.0, level)
    )
    assert all(less[home] >= ready[home] for home in ready)
    assert max(less.values()) > max(ready.values())


def test_the_untrained_miss_doors():
    asked = ordered(huts(40), teams=4, readiness=Readiness(level=0.0, error_frac=0.5))
    assert 8 < len(asked) < 32


def test_by_night_only_some_of_the_teams_can_come():
    """The order comes at midnight."""
    asked = ordered(huts(2), teams=2, readiness=Readiness(night_frac=0.5))
    assert [time_s for time_s, *_ in asked] == [150.0, 450.0]


def test_tired_teams_slow_down():
    tired = ordered(huts(3), readiness=Readiness(tired_per_h=1.0).model_copy(update={"tired_after_s": 0.0}))
    assert [round(time_s) for time_s, *_ in tired] == [150, 450, round(450 + 300 * (1 + 450 / 3600))]
