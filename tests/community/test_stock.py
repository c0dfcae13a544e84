import numpy as np
import pytest

from sim.community import stock
from sim.community.lots import Luck, plot_of, plots
from sim.world.tables import BuildingClass, HouseholdKind
from tests.community.recipes import made, recipe, shipped

NAMES = ["hamlet", "zhoujiadu_like"]


def homes_of(community):
    """Resident households' floors are full or not: households by building."""
    households, buildings = community.tables["households"], community.tables["buildings"]
    stays = households.kind != HouseholdKind.VISITOR
    return np.bincount(households.building[stays], minlength=buildings.n)


def test_compounds_are_old_and_new_as_asked():
    form = recipe(("compounds.count.value", 76), ("compounds.old_frac.value", 0.73), ("compounds.lane_count", 4))
    np.testing.assert_array_equal(stock.class_counts(form), [21, 51, 4])


def test_every_zone_has_a_compound():
    form = recipe(("zones.count.value", 5), ("compounds.count.value", 6))
    compounds = stock.compounds_of(form, Luck(1), plots(600, 600, 5))
    assert np.bincount(compounds.zone).tolist() in (
        [2, 1, 1, 1, 1],
        [1, 2, 1, 1, 1],
        [1, 1, 2, 1, 1],
        [1, 1, 1, 2, 1],
        [1, 1, 1, 1, 2],
    )


def test_residents_of_the_compounds_are_shared_by_class():
    form = recipe(("residents.value", 1000))
    residents = stock.compound_residents(form, Luck(1), np.array([0, 1, 1, 2, 0]))
    assert [residents[[0, 4]].sum(), residents[[1, 2]].sum(), residents[3]] == [400, 500, 100]


@pytest.mark.parametrize("name", NAMES)
def test_no_building_holds_more_homes_than_it_has(name):
    community = shipped(name)
    buildings, per_floor = community.tables["buildings"], {"hamlet": (4, 6, 2), "zhoujiadu_like": (5, 10, 3)}[name]
    for kind, homes in enumerate(per_floor):
        mine = buildings.kind == kind
        assert np.all(homes_of(community)[mine] <= homes * buildings.floors_n[mine].astype(int))
        assert np.all(homes_of(community)[mine] >= 1)


@pytest.mark.parametrize("name", NAMES)
def test_the_ground_floor_holds_one_floor_of_homes(name):
    community = shipped(name)
    households, buildings = community.tables["households"], community.tables["buildings"]
    low = np.bincount(households.building[households.ground_floor], minlength=buildings.n)
    walk_up = buildings.kind == BuildingClass.WALK_UP
    per_floor = {"hamlet": 6, "zhoujiadu_like": 10}[name]
    np.testing.assert_array_equal(low[walk_up], np.minimum(homes_of(community), per_floor)[walk_up])
    assert np.all(households.ground_floor[households.kind == HouseholdKind.HUT])


@pytest.mark.parametrize("name", NAMES)
def test_a_household_has_the_zone_node_and_area_of_its_building(name):
    households, buildings = shipped(name).tables["households"], shipped(name).tables["buildings"]
    for column in ("zone", "node", "area"):
        np.testing.assert_array_equal(getattr(households, column), getattr(buildings, column)[households.building])


def test_who_stays_where():
    households, buildings = shipped("zhoujiadu_like").tables["households"], shipped("zhoujiadu_like").tables["buildings"]
    homes = {
        HouseholdKind.RESIDENT: {BuildingClass.HIGH_RISE, BuildingClass.WALK_UP, BuildingClass.OLD_LANE},
        HouseholdKind.CAMP: {BuildingClass.CAMP},
        HouseholdKind.HUT: {BuildingClass.HUT},
        HouseholdKind.VISITOR: {BuildingClass.PUBLIC},
    }
    for kind, classes in homes.items():
        assert set(buildings.kind[households.building[households.kind == kind]].tolist()) == {int(one) for one in classes}


@pytest.mark.parametrize("name", NAMES)
def test_a_building_stands_in_its_zone_and_at_its_nearest_junction(name):
    community = shipped(name)
    buildings, nodes = community.tables["buildings"], community.tables["nodes"]
    side_m = {"hamlet": 600.0, "zhoujiadu_like": 5.52e6**0.5}[name]
    zones = plots(side_m, side_m, community.tables["zones"].n)
    np.testing.assert_array_equal(plot_of(zones, buildings.x_m, buildings.y_m), buildings.zone)
    apart_m = np.hypot(buildings.x_m[:, None] - nodes.x_m, buildings.y_m[:, None] - nodes.y_m)
    np.testing.assert_array_equal(apart_m.argmin(axis=1), buildings.node)


def test_the_highest_camp_room_is_not_on_the_ground():
    households = shipped("zhoujiadu_like").tables["households"]
    rooms = households.kind == HouseholdKind.CAMP
    assert households.ground_floor[rooms].mean() == pytest.approx(0.5, abs=0.03)
    assert households.persons_n[rooms].sum() == 850


def test_a_community_without_camps_huts_and_visitors_has_residents_only():
    community = made(("camps.count", 0), ("camps.workers.value", 0), ("huts.dwellers.value", 0), ("visitors", []))
    assert set(community.tables["households"].kind.tolist()) == {int(HouseholdKind.RESIDENT)}


def test_residents_do_not_change_when_a_camp_comes():
    few, more = made(("camps.workers.value", 8)), made(("camps.workers.value", 80))
    for table, column in [("people", "age_yr"), ("people", "disabled"), ("people", "group"), ("households", "building")]:
        old, new = getattr(few.tables[table], column), getattr(more.tables[table], column)
        n = np.count_nonzero(few.tables["households"].kind == 0) if table == "households" else 1500
        np.testing.assert_array_equal(old[:n], new[:n])
