"""Signals, doors, neighbours and water: who is warned, when, by what."""

from datetime import timedelta

import numpy as np
import pytest

from sim.services.warning import Channels, Warnings
from sim.world.clock import Rank
from sim.world.letters import SignalIssued, Told, Visited
from sim.world.tables import BuildingClass, Channel, HouseholdKind, Signal
from tests.places import START, Weather, place, play

NOBODY = {"from_level": "red", "audience": "smart_phone", "used_frac": 0.0, "used_old_frac": 0.0, "mains": False}
NOBODY["delay"] = {"median": "1 min", "shape": 1.0}
SILENT = {name: NOBODY for name in Channels.model_fields}
ORANGE = [{"time": "1 h", "level": "orange"}]


def homes(n=24, building=BuildingClass.OLD_LANE, workers=1, **columns):
    """n households in two buildings of one committee."""
    given = {"building": np.arange(n) % 2, "on_register": np.ones(n, bool), "any_phone": np.ones(n, bool), **columns}
    return place(
        zones={"grid_workers_n": [workers]},
        buildings={"kind": [building] * 2, "sill_m": [0.5] * 2, "age_yr": [80.0] * 2},
        households=given,
    )


def warnings(signals=ORANGE, channels=SILENT, **fields):
    """Only what a test names can warn."""
    still = {"neighbour_rate": "0 1/h", "doors": {"from_level": "red"}}
    return Warnings.model_validate({"signals": signals, "channels": channels, **still, **fields})


def told(world, kind=Told):
    """Letters to decision."""
    return [letter for letter in world.inboxes[Rank.DECISION].items if isinstance(letter, kind)]


DOORS = {"from_level": "orange", "per_hour": 12, "home_frac": 1.0}


def test_no_signal_no_warning():
    world = play(homes(), Weather(), warnings(signals=[], channels={}))
    assert np.isinf(world.households.warned_s).all()
    assert np.isinf(world.town.first_signal_s[0])


def test_a_signal_is_posted_to_those_who_act_on_it():
    world = play(homes(), Weather(), warnings(signals=[*ORANGE, {"time": "2 h", "level": "none"}]))
    for rank in (Rank.HELPERS, Rank.SHELTERS):
        assert world.inboxes[rank].items == [SignalIssued(Signal.ORANGE, 3600.0), SignalIssued(Signal.NONE, 7200.0)]
    assert world.town.first_signal_s[0] == 3600.0
    assert world.town.signal[0] == Signal.NONE


def test_the_highest_of_all_kinds_is_in_force():
    rows = [
        {"time": "1 h", "level": "red", "kind": "rain"},
        {"time": "2 h", "level": "blue", "kind": "gale"},
        {"time": "3 h", "level": "none", "kind": "rain"},
    ]
    world = play(homes(), Weather(), warnings(signals=rows))
    assert [letter.level for letter in world.inboxes[Rank.SHELTERS].items] == [Signal.RED, Signal.BLUE]


def test_a_low_signal_is_news_and_no_warning_but_some_may_act_on_it():
    world = play(homes(), Weather(), warnings(signals=[{"time": "1 h", "level": "yellow"}], channels={}))
    assert np.isinf(world.households.warned_s).all()
    assert len(told(world)) == 1


def test_named_groups_are_told_to_leave_others_only_warned():
    lanes = play(homes(200), Weather(), warnings(channels={}))
    flats = play(homes(200, building=BuildingClass.HIGH_RISE), Weather(), warnings(channels={}))
    assert 100 < np.isfinite(lanes.households.warned_s).sum() == told(lanes)[0].households.size
    assert np.isfinite(flats.households.warned_s).sum() > 100
    assert told(flats) == []


def test_loss_of_power_silences_what_needs_mains():
    dark = homes(200)
    dark.areas.on[:] = False
    world = play(dark, Weather(), warnings(channels={}))
    assert world.households.channel_dead.sum() > 100
    assert not np.isin(world.households.warned_by, [Channel.BROADCAST, Channel.LOUDSPEAKER]).any()


def test_at_night_everything_takes_longer():
    late = {"start": START + timedelta(hours=15)}
    day = play(homes(300, building=BuildingClass.WALK_UP), Weather(), warnings(channels={}))
    columns = {"building": np.arange(300) % 2, "on_register": np.ones(300, bool), "any_phone": np.ones(300, bool)}
    night = place(buildings={"kind": [BuildingClass.WALK_UP] * 2}, households=columns, **late)
    play(night, Weather(), warnings(channels={}))
    reached = np.isfinite(day.households.warned_s)
    assert (night.households.warned_s[reached] - 3600.0) == pytest.approx(2 * (day.households.warned_s[reached] - 3600.0))


def test_a_worker_does_his_doors_one_after_another():
    world = play(homes(24), Weather(), warnings(doors=DOORS))
    assert sorted(world.households.visited_s) == [3600.0 + 300.0 * (k + 1) for k in range(24)]
    assert len(told(world, Visited)) == 24
    assert (world.households.warned_by == Channel.DOOR).all()


def test_twice_the_workers_halve_the_time():
    one, two = (play(homes(24, workers=n), Weather(), warnings(doors=DOORS)) for n in (1, 2))
    assert two.households.visited_s.max() - 3600.0 == (one.households.visited_s.max() - 3600.0) / 2


def test_off_the_register_nobody_knocks():
    listed = np.arange(24) % 3 > 0
    world = play(homes(24, on_register=listed), Weather(), warnings(doors=DOORS))
    assert (np.isfinite(world.households.visited_s) == listed).all()


def test_some_do_not_open():
    world = play(homes(400, workers=20), Weather(), warnings(doors={**DOORS, "home_frac": 0.8}))
    assert np.isfinite(world.households.visited_s).mean() == pytest.approx(0.8, abs=0.06)
    assert world.recorder.numbers["warning.doors"] == 400


def test_workers_stay_in_while_it_blows_and_go_out_after():
    world = play(homes(24), Weather(wind_by_hour=(5.0, 5.0, 20.0, 5.0)), warnings(doors=DOORS))
    visits = np.sort(world.households.visited_s)
    assert ((visits <= 7200.0) | (visits > 3 * 3600.0)).all()
    assert (visits > 3 * 3600.0).sum() == 12


def test_the_old_alone_are_warned_at_the_door_but_not_asked_to_leave():
    world = play(homes(24, building=BuildingClass.WALK_UP, old_alone=np.arange(24) < 6), Weather(), warnings(doors=DOORS))
    assert np.isfinite(world.households.warned_s).sum() == 6
    assert told(world, Visited) == []


def test_neighbours_spread_it_within_a_building_only():
    alone = np.zeros(40, bool)
    alone[0] = True  # in building 0, on the list
    world = homes(40, building=BuildingClass.WALK_UP, old_alone=alone)
    play(world, Weather(), warnings(doors=DOORS, neighbour_rate="20 1/h"))
    homes_ = world.households
    assert np.isfinite(homes_.warned_s[homes_.building == 0]).mean() > 0.9
    assert np.isinf(homes_.warned_s[homes_.building == 1]).all()
    assert (homes_.warned_by[homes_.building == 0][1:] != Channel.DOOR).all()


def test_talk_is_the_logistic_curve_of_its_rate():
    """With everyone in one building dN/dt = r N (1 - N/n): half know after ln(n/N0 - 1) / r."""
    n, first = 4000, 400
    world = place(
        storm_h=12.0,
        zones={"grid_workers_n": [400]},
        buildings={"kind": [BuildingClass.WALK_UP], "sill_m": [0.5]},
        households={"building": np.zeros(n, int), "on_register": np.ones(n, bool), "old_alone": np.arange(n) < first,
                    "any_phone": np.ones(n, bool)},
    )  # fmt: skip
    play(world, Weather(), warnings(signals=[{"time": "0 h", "level": "orange"}], doors=DOORS, neighbour_rate="0.5 1/h"))
    half_h = np.median(world.households.warned_s) / 3600.0
    assert half_h == pytest.approx(np.log(n / first - 1) / 0.5 + 0.5, abs=0.4)


def test_water_at_a_building_is_told_to_its_ground_floors_after_the_delay():
    floors = np.arange(24) < 12
    world = homes(24, building=BuildingClass.WALK_UP, ground_floor=floors)
    rules = {"sensor_frac": 1.0, "sensor": "10 min"}
    play(world, Weather(depth=0.3, from_hour=2.0), warnings(signals=[], doors=DOORS, water=rules))
    visited = told(world, Visited)
    assert {letter.household for letter in visited} == set(range(12))
    assert world.households.visited_s.min() == 7200.0 + 600.0 + 300.0
    assert world.buildings.flood_known.all()


def test_without_a_sensor_water_is_known_later():
    seen = []
    for share in (1.0, 0.0):
        world = homes(4, building=BuildingClass.WALK_UP, ground_floor=np.ones(4, bool))
        play(world, Weather(depth=0.3), warnings(signals=[], doors=DOORS, water={"sensor_frac": share}))
        seen.append(world.households.warned_s.min())
    assert seen[1] - seen[0] == 1800.0


def test_visitors_are_on_no_list():
    world = homes(24, kind=np.full(24, HouseholdKind.VISITOR))
    play(world, Weather(depth=0.3), warnings(doors=DOORS))
    assert np.isinf(world.households.visited_s).all()


def test_numbers_add_up():
    world = play(homes(200), Weather(), warnings(channels={}, doors=DOORS))
    numbers = world.recorder.numbers
    assert sum(numbers[f"warning.by_{which.name.lower()}"] for which in Channel) == numbers["warning.households_reached"]
