"""Rescue: who notices, who waits for what, who answers when, and what one more squad is worth."""

from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.services.calls import CallKind
from sim.services.jobs import Finding, Jobs, Pace
from sim.services.perils import LooseGusts, Perils
from sim.services.rescue import Rescue
from sim.trajectory import Cause, Service
from sim.world.clock import Rank
from sim.world.letters import Casualty, Reached, Triage
from sim.world.part import Part
from sim.world.readiness import Readiness
from sim.world.tables import BuildingClass, SiteKind
from tests.places import Weather, place, play

QUIET = {"routine": "0 1/d", "frail_frac": 0.0, "lifts": 0}
SURE = Finding(phone="10 min", neighbour="10 min", night_factor=1.0, spread=0.0, sensor_frac=0.0)
AT_ONCE = Pace(turnout="0 s", speed="10 m/s", wind_limit="17 m/s")
PLAIN = {
    "finding": SURE,
    "jobs": Jobs(spread=0.0),
    "readiness": Readiness(),
    **{name: AT_ONCE for name in ("volunteer", "squad", "engine", "technician", "tree_crew")},
}


class Around(Part):
    """Switches areas and posts casualties at given times: (time_s, function of the world); hears what harm is told."""

    rank: ClassVar[Rank] = Rank.HARM
    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = (
        "areas.on",
        "areas.telecom_on",
        "links.open",
        "links.fallen_n",
        "links.debris_s",
        "buildings.gust_mps",
    )
    acts: tuple[tuple[float, Any], ...] = ()
    heard: Any = ()

    def run(self, world):
        """Do, then listen."""
        for time_s, act in self.acts:
            world.spawn(self.later(world, time_s, act))
        while True:
            letter = yield world.inboxes[self.rank].get()
            self.heard.append((world.now_s, letter))

    def later(self, world, time_s, act):
        """Wait and act."""
        yield world.clock.wait_until(time_s, self.rank)
        act(world)


def street(kind=BuildingClass.WALK_UP, n=1, storm_h=6.0, people=None, **given):
    """n buildings of five storeys, one household each, in one zone with a fire station at the same place."""
    each = range(n)
    columns: dict[str, Any] = {
        "buildings": {"kind": [kind] * n, "floors_n": [5] * n, "area": [0] * n, "sill_m": [0.1] * n},
        "households": {"building": list(each), "area": [0] * n, "persons_n": [1] * n, "any_phone": [True] * n, "group": [5] * n},
        "people": {"household": list(each), "group": [5] * n, **(people or {})},
        "sites": {"kind": [SiteKind.FIRE_STATION, SiteKind.DEPOT]},
        "links": {"tail": [0], "head": [0]},
    }
    for name, more in given.items():
        columns[name] = columns.get(name, {}) | more
    return place(storm_h=storm_h, **columns)


def rescued(world, *acts, wind=(0.0,), weather=None, heard=None, perils=None, **fields):
    """The ledger and the numbers after a play: rows (cause, start_s, end_s) by spell."""
    rescue = Rescue(**(PLAIN | {"perils": Perils(**(QUIET | (perils or {})))} | fields))
    around = Around(acts=acts, heard=[] if heard is None else heard)
    play(world, weather or Weather(wind_by_hour=wind), around, rescue)
    record = world.recorder.finish()
    own = record.ledger[record.ledger.service == Service.RESCUE]
    spells = {
        spell: [(Cause(row.cause), row.start_s, row.end_s) for row in rows.itertuples()] for spell, rows in own.groupby("spell")
    }
    assert record.balances["calls"] == 0.0
    return list(spells.values()), record.numbers


def trapped(number=0, household=0):
    """A letter from harm."""
    return lambda world: world.post(Rank.RESCUE, Casualty(number, household, 0, 5, Triage.IMMEDIATE, world.now_s, True))


def falls(link=0, n=1, across=False):
    """Trees fall."""

    def act(world):
        world.links.fallen_n[link] += n
        if across:
            world.links.debris_s[link] = world.now_s

    return act


def dark(world):
    """The power goes."""
    world.areas.on[0] = False


def lit(world):
    """It comes back."""
    world.areas.on[0] = True


def ends(spells):
    """When each call was answered."""
    return [spell[-1][2] for spell in spells]


def test_a_trapped_casualty_is_found_reached_and_freed():
    heard: list = []
    spells, numbers = rescued(street(), (100.0, trapped(7)), heard=heard)
    assert spells == [[(Cause.NOT_DETECTED, 100.0, 700.0)]]
    assert heard == [(700.0 + 3600.0, Reached(7))]
    assert (numbers["rescue.calls_trapped"], numbers["rescue.by_engine"], numbers["rescue.open"]) == (1, 1, 0)


def test_a_trapped_casualtys_luck_is_their_own_whatever_their_number():
    """The number counts who was hurt before, which another policy changes."""
    calls = [Rescue().trapped(street(n=2), Casualty(number, 1, 0, 5, Triage.MINOR, 0.0, True)) for number in (0, 9)]
    assert calls[0].entity == calls[1].entity == 1
    assert [call.casualty for call in calls] == [0, 9]


def test_the_second_waits_for_the_only_engine():
    spells, _ = rescued(street(n=2), (0.0, trapped(0)), (1.0, trapped(1, 1)), engines=1)
    assert spells[1] == [(Cause.NOT_DETECTED, 1.0, 601.0), (Cause.NO_CREW_FREE, 601.0, 4200.0)]


def test_the_way_takes_its_time():
    world = street(buildings={"x_m": [1000.0]})
    spells, _ = rescued(world, (0.0, trapped()))
    assert spells[0][-1] == (Cause.ON_THE_WAY, 600.0, 600.0 + 130.0)


def test_closed_roads_are_booked_as_such():
    def shut(world):
        world.links.open[:] = False

    world = street(buildings={"x_m": [100.0]})
    spells, _ = rescued(world, (0.0, shut), (0.0, trapped()), cut_off="30 min")
    cause, start_s, end_s = spells[0][-1]
    assert (cause, start_s) == (Cause.ROUTE_CLOSED, 600.0)
    assert end_s == pytest.approx(600.0 + 1800.0 + 13.0 / 0.25, abs=1e-3)


def test_nobody_goes_out_into_the_storm_until_it_falls():
    spells, _ = rescued(street(), (0.0, trapped()), wind=(20.0, 20.0, 5.0))
    assert spells == [[(Cause.NOT_DETECTED, 0.0, 600.0), (Cause.STOOD_DOWN, 600.0, 7200.0)]]


def test_at_the_storm_s_end_they_go_whatever_blew_last():
    spells, _ = rescued(street(storm_h=2.0), (0.0, trapped()), wind=(20.0,))
    assert ends(spells) == [7200.0]


def test_the_wind_that_rises_while_one_waits_sends_it_back_to_wait():
    world = street(n=2)
    spells, _ = rescued(world, (0.0, trapped()), (0.0, trapped(1, 1)), wind=(5.0, 20.0, 20.0, 5.0), engines=1)
    assert ends(spells) == [600.0, 3 * 3600.0]
    assert [cause for cause, *_ in spells[1]] == [Cause.NOT_DETECTED, Cause.NO_CREW_FREE, Cause.STOOD_DOWN]


def test_trees_are_for_tree_crews_and_roads_are_cordoned_by_squads():
    spells, numbers = rescued(street(), (0.0, falls(n=3, across=True)))
    assert (numbers["rescue.calls_tree"], numbers["rescue.calls_road_tree"]) == (2, 1)
    assert (numbers["rescue.by_tree_crew"], numbers["rescue.by_squad"]) == (2, 1)
    assert len(spells) == 3


def test_without_tree_crews_and_squads_the_brigade_comes():
    _, numbers = rescued(street(), (0.0, falls()), tree_crews=0, squads=0)
    assert numbers["rescue.by_engine"] == 1


def test_things_come_loose_once_where_the_gust_is_strong_enough():
    weak = {"loose": LooseGusts(walk_up="20 m/s", sigma=0.0), **QUIET}
    gusty = lambda world: world.buildings.gust_mps.__setitem__(slice(None), [19.0, 25.0])  # noqa: E731
    _, numbers = rescued(street(n=2), (0.0, gusty), perils=weak)
    assert numbers["rescue.calls_loose"] == numbers["rescue.by_squad"] == 1


def test_a_loose_thing_high_up_needs_a_ladder():
    weak = {"loose": LooseGusts(high_rise="20 m/s", sigma=0.0), **QUIET}
    gusty = lambda world: world.buildings.gust_mps.__setitem__(0, 25.0)  # noqa: E731
    _, numbers = rescued(street(BuildingClass.HIGH_RISE, buildings={"floors_n": [20]}), (0.0, gusty), perils=weak)
    assert numbers["rescue.by_engine"] == 1


def test_water_in_the_ground_floor_is_one_call_and_one_more_where_it_meets_power():
    wet = Weather(depth=0.4, from_hour=1.0)
    _, numbers = rescued(street(), weather=wet)
    assert (numbers["rescue.calls_water"], numbers["rescue.calls_live_water"]) == (1, 1)
    _, numbers = rescued(street(), (0.0, dark), weather=wet)
    assert (numbers["rescue.calls_water"], numbers["rescue.calls_live_water"]) == (1, 0)
    _, numbers = rescued(street(), weather=Weather(depth=0.2))
    assert (numbers["rescue.calls_water"], numbers["rescue.calls_live_water"]) == (1, 0)


def test_lifts_stop_with_somebody_in_them_when_the_power_goes():
    always = {"lifts": 3, "lift_busy_day_frac": 1.0, "lift_levelling_frac": 0.0}
    spells, numbers = rescued(street(BuildingClass.HIGH_RISE), (1200.0, dark), perils=always, technicians=1)
    assert numbers["rescue.calls_lift"] == numbers["rescue.by_technician"] == 3
    assert ends(spells) == [1800.0, 3300.0, 4800.0]
    _, numbers = rescued(street(BuildingClass.WALK_UP), (1200.0, dark), perils=always)
    assert numbers["rescue.calls"] == 0


FRAIL = {"frail_frac": 1.0, "patience": "2 h", "patience_sigma": 0.0}


def test_the_frail_upstairs_call_when_their_patience_ends_in_the_dark():
    world = street(BuildingClass.HIGH_RISE, people={"chronic": [True], "group": [2]})
    spells, numbers = rescued(world, (600.0, dark), perils=FRAIL)
    assert numbers["rescue.calls_frail"] == 1
    assert spells == [[(Cause.NOT_DETECTED, 7800.0, 8400.0)]]
    assert set(world.recorder.finish().ledger.group) == {2}


@pytest.mark.parametrize(
    ("kind", "people", "acts"),
    [
        (BuildingClass.HIGH_RISE, {"chronic": [True]}, ((600.0, dark), (6600.0, lit))),
        (BuildingClass.WALK_UP, {"chronic": [True]}, ((600.0, dark),)),
        (BuildingClass.HIGH_RISE, {}, ((600.0, dark),)),
    ],
    ids=["power back in time", "no lift to lose", "not frail"],
)
def test_who_is_not_frail_upstairs_in_the_dark_does_not_call(kind, people, acts):
    assert rescued(street(kind, people=people), *acts, perils=FRAIL)[1]["rescue.calls"] == 0


def volunteers(n, level=1.0, error_frac=0.1):
    """A frail person's call with n neighbours of whom each is a volunteer, all of whom may be out."""
    people = {
        "household": [0] * (n + 1),
        "chronic": [True] + [False] * n,
        "volunteer": [False] + [True] * n,
        "group": [5] * (n + 1),
    }
    world = street(BuildingClass.HIGH_RISE, people=people)
    return rescued(world, (600.0, dark), perils=FRAIL, on_call_frac=1.0, readiness=Readiness(level=level, error_frac=error_frac))


def test_neighbours_come_first_for_what_needs_no_tools():
    assert volunteers(2)[1]["rescue.by_volunteer"] == 1
    assert volunteers(0)[1]["rescue.by_squad"] == 1


def test_neighbours_who_cannot_cope_leave_it_to_a_squad():
    spells, numbers = volunteers(2, level=0.0, error_frac=1.0)
    assert (numbers["rescue.by_volunteer"], numbers["rescue.by_squad"]) == (0, 1)
    assert len(spells) == 1


def test_a_dead_telephone_leaves_it_to_the_neighbours():
    slow = Finding(phone="1 min", neighbour="1 h", night_factor=1.0, spread=0.0, sensor_frac=0.0)
    silent = lambda world: world.areas.telecom_on.__setitem__(0, False)  # noqa: E731
    assert ends(rescued(street(), (1.0, trapped()), finding=slow)[0]) == [61.0]
    assert ends(rescued(street(), (0.0, silent), (1.0, trapped()), finding=slow)[0]) == [3601.0]


def test_a_sensor_sees_water_in_a_minute_and_neighbours_take_longer_by_night():
    luck, call = np.full(4, 0.5), Rescue().trapped(street(), Casualty(0, 0, 0, 5, Triage.MINOR, 0.0, True))
    finding = Finding(sensor_frac=1.0)
    water = call._replace(kind=CallKind.WATER, phone=False)
    assert finding.found_s(water, luck, False, True) == 60.0
    deaf = call._replace(phone=False)
    assert finding.found_s(deaf, luck, True, True) == pytest.approx(3.0 * finding.found_s(deaf, luck, False, True))


def test_routine_calls_go_on_at_their_rate():
    world = street(n=1, storm_h=1.0, households={"persons_n": [1000]})
    _, numbers = rescued(world, perils={"routine": "0.05 1/d"}, engines=50)
    assert numbers["rescue.calls_routine"] == pytest.approx(50 * 25 / 24, abs=4 * np.sqrt(52))


def crowd(level=1.0, squads=1, n=8, members=6):
    """Eight roads blocked at one place, found at different times: when each call was answered."""
    spread_out = Finding(neighbour="30 min", night_factor=1.0, spread=0.8, sensor_frac=0.0)
    world = street(n=1, links={"tail": list(range(n)), "head": list(range(n))}, nodes={"x_m": [0.0] * n})
    acts = [(0.0, falls(link, across=True)) for link in range(n)]
    fields = {"finding": spread_out, "squads": squads, "squad_members": members, "jobs": Jobs()}
    spells, _ = rescued(world, *acts, readiness=Readiness(level=level), **fields)
    return np.array(ends(spells))


@pytest.mark.parametrize("squads", [1, 2, 3, 6])
def test_one_more_squad_makes_no_call_wait_longer(squads):
    assert (crowd(squads=squads + 1) <= crowd(squads=squads)).all()


@settings(max_examples=8, deadline=None)
@given(st.floats(0, 1), st.integers(1, 3))
def test_lower_readiness_makes_no_call_wait_less(level, squads):
    assert (crowd(level, squads) >= crowd(1.0, squads)).all()


def test_a_small_squad_takes_longer_a_large_one_no_less():
    assert crowd(members=2).max() > crowd(members=6).max() == crowd(members=12).max()


def test_two_squads_are_worth_something_where_one_binds():
    assert crowd(squads=2).sum() < crowd(squads=1).sum()


def test_the_brigade_reaches_the_average_call_in_the_city_s_time():
    """198 stations, 27.8 km2 each: the mean distance in a disc is two thirds of its radius."""
    radius_m = np.sqrt(27.8e6 / np.pi)
    pace = Rescue().engine
    assert pace.turnout_s + radius_m * 2 / 3 * 1.3 / pace.speed_mps == pytest.approx(520.0, rel=0.02)


def test_need_counts_calls_of_the_window_and_the_ledger_all():
    world = street(storm_h=6.0)
    weather = Weather(wind_by_hour=(12.0, 0.0))
    rescued(world, (3600.0, trapped()), (20 * 3600.0, trapped(1)), weather=weather)
    record = world.recorder.finish()
    assert record.need[record.need.service == Service.RESCUE].need.sum() == 1
    assert record.ledger[record.ledger.service == Service.RESCUE].spell.nunique() == 2
