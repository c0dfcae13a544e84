"""Need of three people's services, played over a tiny town whose columns are set by hand."""

from datetime import UTC, datetime

import numpy as np
import pytest

from sim.engine import play_parts
from sim.population.needs import Needs
from sim.population.spans import SPANS_N
from sim.streams import Streams
from sim.trajectory import Cause, Group, Recorder, Service
from sim.world.clock import Rank
from sim.world.community import Community, Grid
from sim.world.part import Part
from sim.world.tables import TABLES, BuildingClass, HouseholdKind
from sim.world.world import Times, World

TICK_S, HOUR_S = 600.0, 3600.0
UNSAFE_FROM_S, UNSAFE_TO_S = 10 * HOUR_S, 14 * HOUR_S


def town(n_households=1, storm_h=24, start_hour=0, **households):
    """One old lane house by a road of two nodes (300 m) to a school that is a shelter; `households` sets static columns."""
    ones = np.ones(n_households, np.int32)
    people = {"persons_n": 2 * ones, "to_h": 24 * ones}
    people |= dict.fromkeys(("speed_mps", "ground_floor", "on_register", "any_phone"), ones)
    people["group_n"] = np.tile([0, 0, 0, 0, 0, 2], (n_households, 1))
    people |= households
    tables = {
        "zones": TABLES["zones"](1),
        "buildings": TABLES["buildings"](1, {"kind": [BuildingClass.OLD_LANE], "sill_m": [0.2]}),
        "households": TABLES["households"](n_households, people),
        "people": TABLES["people"](2),
        "nodes": TABLES["nodes"](2, {"x_m": [0, 300]}),
        "links": TABLES["links"](2, {"tail": [0, 1], "head": [1, 0], "length_m": [300, 300]}),
        "sites": TABLES["sites"](1, {"shelter": [1], "indoor": [1], "node": [1]}),
        "areas": TABLES["areas"](1, {"customers_n": [4]}),
    }
    tables |= {name: table(1) for name, table in TABLES.items() if name not in tables}
    community = Community("t", "t", True, 31.2, 121.5, "Wusong", 8.0, Grid(1, 1, 40.0), ["a"], ["s"], tables)
    times = Times(datetime(2024, 9, 15, start_hour, tzinfo=UTC), storm_h * HOUR_S, 48 * HOUR_S, TICK_S)
    return World(community, times, Streams(1, 0), Recorder(0, True))


class Water(Part):
    """Half a metre of water at the house from 10 h to 14 h; a gale that makes the window wide."""

    rank = Rank.FLOOD
    writes = ("buildings.depth_m", "forcing.wind_mps")
    gale_ticks_n: int = 0  # too rough to walk out for so many ticks

    def begin(self, world):
        """The window is the whole storm and 4 h."""
        world.forcing.wind_mps[:] = 12.0
        world.forcing.wind_mps[: self.gale_ticks_n] = 20.0

    def step(self, world, dt_s):
        """Up and down again."""
        world.buildings.depth_m[:] = 0.5 if UNSAFE_FROM_S <= world.now_s < UNSAFE_TO_S else 0.0


class Columns(Part):
    """Sets columns of other parts at the start: {"table.column": value}; `later` at the given times."""

    rank = Rank.POWER
    changes: tuple = ()

    @property
    def writes(self):
        """Whatever is asked for."""
        return tuple(name for _, name, _ in self.changes)

    def run(self, world):
        """Apply the changes in order of time."""
        for time_s, name, value in sorted(self.changes, key=lambda change: change[0]):
            yield world.clock.wait_until(time_s, self.rank)
            table, column = name.split(".")
            getattr(getattr(world, table), column)[:] = value


OPEN = ((0, "sites.open", True), (0, "sites.room_n", 10))


def played(world, *changes, needs=None):
    """The trajectory of `changes` (time_s, table.column, value) under four hours of water."""
    play_parts(world, [Water(), Columns(changes=changes), needs or Needs()])
    return world.recorder.finish()


def ledger(trajectory, service):
    """[(cause name, start in h, end in h, persons)] of a service, in order."""
    rows = trajectory.ledger[trajectory.ledger.service == service].sort_values(["spell", "start_s"])
    return [(Cause(r.cause).name, r.start_s / HOUR_S, r.end_s / HOUR_S, r.persons) for r in rows.itertuples()]


def need(trajectory, service):
    """Person-hours of a service."""
    return trajectory.need[trajectory.need.service == service].need.sum()


def told(at_h, ready_h=np.inf, willing=1, **more):
    """Changes of a household warned, advised and ready at these hours."""
    columns = {"warned_s": at_h, "advice_s": at_h, "ready_s": ready_h, **more}
    back = more.get("returned_s", np.inf)
    spans = {"away_s": (more.get("left_s", np.inf), back), "inside_s": (more.get("sheltered_s", np.inf), back)}
    columns |= {name: np.append(span, np.full(2 * SPANS_N - 2, np.inf)) for name, span in spans.items() if name not in more}
    changes = [(0, f"households.{name}", hour * HOUR_S) for name, hour in columns.items()]
    return (*OPEN, (0, "town.first_signal_s", HOUR_S), (0, "households.willing", willing), *changes)


def test_need_is_the_hazards_and_nobodys_warning():
    cold, warned = played(town()), played(town(), *told(2, 3, left_s=3, sheltered_s=4))
    for trajectory in (cold, warned):
        needs = [need(trajectory, service) for service in (Service.WARNING, Service.EVACUATION, Service.SHELTER)]
        assert needs == [12.0, 10.0, 8.0]
    assert len(cold.ledger) > 0
    assert len(warned.ledger) == 0


def test_a_household_that_nobody_reaches_is_unmet_to_the_end_of_danger():
    trajectory = played(town(), *OPEN, (0, "town.first_signal_s", 9 * HOUR_S))
    assert ledger(trajectory, Service.WARNING) == [("NOT_DETECTED", 8, 9, 2), ("NOT_REACHED", 9, 14, 2)]
    assert ledger(trajectory, Service.SHELTER) == [("NOT_REACHED", 10, 14, 2)]
    assert ledger(trajectory, Service.EVACUATION) == []


@pytest.mark.parametrize(("columns", "dead", "cause"), [
    ({"on_register": [0], "any_phone": [0]}, False, "NOT_ON_REGISTER"),
    ({"on_register": [0]}, True, "CHANNEL_DEAD"),
    ({"on_register": [0]}, False, "NOT_REACHED"),
])  # fmt: skip
def test_why_nobody_reached_them(columns, dead, cause):
    changes = (*OPEN, (0, "town.first_signal_s", 0.0), (0, "households.channel_dead", dead))
    assert ledger(played(town(**columns), *changes), Service.WARNING) == [(cause, 8, 14, 2)]


def test_a_late_warning_then_preparing_then_the_way_then_shelter():
    trajectory = played(town(), *told(11, 12, left_s=12, sheltered_s=12.5))
    assert ledger(trajectory, Service.WARNING) == [("NOT_REACHED", 8, 11, 2)]
    expected = [("NOT_REACHED", 10, 11, 2), ("PREPARING", 11, 12, 2), ("ON_THE_WAY", 12, 12.5, 2)]
    assert ledger(trajectory, Service.SHELTER) == expected
    assert trajectory.ledger.groupby("service").spell.nunique()[Service.SHELTER] == 1


def test_told_and_chose_to_stay():
    assert ledger(played(town(), *told(9, willing=0)), Service.SHELTER) == [("DECLINED", 10, 14, 2)]


def test_warned_of_the_storm_but_never_told_that_this_place_is_unsafe():
    changes = (*OPEN, (0, "households.warned_s", 3600.0), (0, "town.first_signal_s", 0.0))
    assert ledger(played(town(), *changes), Service.SHELTER) == [("NOT_DETECTED", 10, 14, 2)]


def test_waiting_for_a_helper_who_stands_down_in_the_wind():
    world = town(needs_help=[1])
    play_parts(world, [Water(gale_ticks_n=72), Columns(changes=told(8, 9, helper_s=13, left_s=13, sheltered_s=13.5)), Needs()])
    trajectory = world.recorder.finish()
    waiting = [("STOOD_DOWN", 12), ("NO_CREW_FREE", 13)]
    assert [(cause, end) for cause, _, end, _ in ledger(trajectory, Service.EVACUATION)] == waiting
    assert [(cause, end) for cause, _, end, _ in ledger(trajectory, Service.SHELTER)] == [*waiting, ("ON_THE_WAY", 13.5)]


def test_stranded_on_a_road_that_closed():
    trajectory = played(town(), *told(8, 9, left_s=9, stranded_s=9.5, sheltered_s=11))
    assert ledger(trajectory, Service.EVACUATION) == [("ROUTE_CLOSED", 9.5, 11, 2)]
    assert ledger(trajectory, Service.SHELTER) == [("ROUTE_CLOSED", 10, 11, 2)]


def test_turned_away():
    trajectory = played(town(), *told(8, 9, left_s=9, sheltered_s=13), (0, "households.refused_n", 1))
    assert ledger(trajectory, Service.SHELTER) == [("SHELTER_FULL", 10, 13, 2)]


@pytest.mark.parametrize(("changes", "columns", "cause"), [
    (((0, "sites.open", False),), {}, "NOT_OPEN"),
    (((0, "sites.inside_n", 10),), {}, "SHELTER_FULL"),
    (((0, "links.open", False),), {}, "ROUTE_CLOSED"),
    ((), {"speed_mps": [0.1]}, "TOO_FAR"),
])  # fmt: skip
def test_no_way_out(changes, columns, cause):
    trajectory = played(town(**columns), *told(8, 9), *changes)
    assert ledger(trajectory, Service.EVACUATION) == [(cause, 9, 14, 2)]
    assert ledger(trajectory, Service.SHELTER) == [(cause, 10, 14, 2)]


def test_a_door_that_opens_ends_the_want_of_a_way_out():
    changes = (*told(8, 9), (0, "sites.open", False), (11 * HOUR_S, "sites.open", True))
    assert ledger(played(town(), *changes), Service.EVACUATION) == [("NOT_OPEN", 9, 11, 2)]


def test_home_again_before_the_water_has_gone():
    trajectory = played(town(), *told(8, 9, left_s=9, sheltered_s=9.5, returned_s=12))
    assert ledger(trajectory, Service.SHELTER) == [("NOT_DETECTED", 12, 14, 2)]


def test_sent_out_of_a_shelter_and_home_again_for_want_of_room():
    """In at 9.5 h, out at 11, home at 11.5, away anew at 13 and in at 13.5: unmet while not inside, no way out at home."""
    away, inside = (9, 11.5, 13, np.inf), (9.5, 11, 13.5, np.inf)
    spans = {name: np.append(span, np.full(4, np.inf)) for name, span in (("away_s", away), ("inside_s", inside))}
    doors = ((11 * HOUR_S, "sites.inside_n", 10), (13 * HOUR_S, "sites.inside_n", 0))
    trajectory = played(town(), *told(8, 9, left_s=9, sheltered_s=9.5, **spans), *doors)
    full = ("SHELTER_FULL", 11.5, 13, 2)
    assert ledger(trajectory, Service.SHELTER) == [("ON_THE_WAY", 11, 11.5, 2), full, ("ON_THE_WAY", 13, 13.5, 2)]
    assert ledger(trajectory, Service.EVACUATION) == [full]


def test_visitors_need_only_while_they_are_there():
    world = town(kind=[HouseholdKind.VISITOR], from_h=[8], to_h=[12], group_n=[[2, 0, 0, 0, 0, 0]])
    trajectory = played(world)
    assert need(trajectory, Service.SHELTER) == 4.0  # 10 to 12 h
    assert need(trajectory, Service.WARNING) == 8.0  # 8 to 12 h: 2 h ahead of the danger, when they come
    assert set(trajectory.need.group) == {Group.NOT_RESIDENT}


def test_night_shift_across_midnight():
    world = town(kind=[HouseholdKind.VISITOR], start_hour=12, from_h=[22], to_h=[6])
    assert need(played(world), Service.SHELTER) == 8.0  # danger from 22 h to 2 h of the day


def test_upper_floors_stay_dry():
    assert played(town(ground_floor=[0])).need.empty


@pytest.mark.parametrize(("kind", "age_yr", "unsafe"), [
    (BuildingClass.HUT, 5, True),
    (BuildingClass.CAMP, 1, True),
    (BuildingClass.OLD_LANE, 90, True),
    (BuildingClass.OLD_LANE, 30, False),
    (BuildingClass.HIGH_RISE, 90, False),
])  # fmt: skip
def test_wind_by_class_and_age(kind, age_yr, unsafe):
    world = town()
    world.buildings.kind, world.buildings.age_yr = np.array([kind], np.uint8), np.array([age_yr], np.float32)
    world.buildings.gust_mps[:] = 30.0
    needs = Needs(strength_spread=0.0)
    needs.begin(world)
    needs.step(world, TICK_S)
    assert np.isfinite(world.buildings.wind_from_s[0]) == unsafe


def test_strength_spreads_about_the_class_and_stays_with_the_building():
    world = town()
    world.buildings.n, world.buildings.kind = 20_000, np.full(20_000, BuildingClass.HUT, np.uint8)
    world.buildings.age_yr = np.zeros(20_000, np.float32)
    limit_mps = Needs(hut_gust="25 m/s", strength_spread=0.2).limit_gust_mps(world)
    assert np.median(limit_mps) == pytest.approx(25, rel=0.01)
    assert np.log(limit_mps).std() == pytest.approx(0.2, rel=0.03)
    assert (Needs(hut_gust="50 m/s", strength_spread=0.2).limit_gust_mps(world) == 2 * limit_mps).all()


def test_people_of_one_fate_share_a_row_and_each_group_has_its_own():
    world = town(3, group_n=[[0, 0, 0, 0, 1, 1]] * 3)
    trajectory = played(world, *OPEN)
    shelter = trajectory.ledger[trajectory.ledger.service == Service.SHELTER]
    assert shelter[["group", "persons"]].to_numpy().tolist() == [[Group.OLD, 3], [Group.OTHER, 3]]
    assert shelter.spell.is_unique


def test_segments_follow_one_another_and_stay_inside_the_need():
    trajectory = played(town(4, needs_help=[0, 1, 0, 1]), *told(9, 11, left_s=12, sheltered_s=13))
    for _, rows in trajectory.ledger.groupby(["service", "spell", "zone", "group"]):
        rows = rows.sort_values("start_s")
        assert (rows.start_s.to_numpy()[1:] == rows.end_s.to_numpy()[:-1]).all()
        assert (rows.cause.to_numpy()[1:] != rows.cause.to_numpy()[:-1]).all()
        assert rows.persons.nunique() == 1


def test_unmet_never_exceeds_need():
    trajectory = played(town(5))
    hours = (trajectory.ledger.end_s - trajectory.ledger.start_s) * trajectory.ledger.persons / HOUR_S
    unmet = hours.groupby(trajectory.ledger.service).sum()
    assert (unmet <= trajectory.need.groupby("service").need.sum() + 1e-9).all()


def test_service_levels_are_drawn_and_the_window_is_the_forcings():
    trajectory = played(town(), *told(11))
    assert (trajectory.window_start_s, trajectory.window_end_s) == (0.0, 28 * HOUR_S)
    level = trajectory.series[trajectory.series.zone == -1].set_index("time_s").q_warning
    assert np.isnan(level[0])
    assert level[9 * HOUR_S] == 0.0
    assert level[12 * HOUR_S] == 1.0


def test_a_story_tells_the_moments_in_order():
    (story,) = played(town(), *told(8, 9, left_s=9, sheltered_s=9.5)).stories
    assert [moment["what"] for moment in story["moments"]] == ["warned", "advice", "ready", "left", "sheltered", "unsafe", "safe"]
    assert (story["building"], story["persons"], story["declined"]) == ("old_lane", 2, False)
