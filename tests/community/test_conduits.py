import numpy as np
import pytest

from sim.community.floors import floors_of
from sim.world.tables import BuildingClass
from tests.community.recipes import made, shipped


def test_floors_above_the_ground_are_filled_alike():
    building, ground = np.array([0, 0, 0, 0, 0, 1]), np.array([True, False, False, False, False, True])
    np.testing.assert_array_equal(floors_of(building, ground, np.array([3, 1])), [0, 1, 1, 2, 2, 0])


@pytest.mark.parametrize("name", ["hamlet", "zhoujiadu_like"])
def test_a_floor_agrees_with_the_ground_floor_and_the_building(name):
    homes, buildings = shipped(name).tables["households"], shipped(name).tables["buildings"]
    np.testing.assert_array_equal(homes.floor == 0, homes.ground_floor | (buildings.floors_n[homes.building] == 1))
    assert (homes.floor < buildings.floors_n[homes.building]).all()


def test_the_floors_of_a_high_rise_hold_about_as_many_homes_each():
    homes, buildings = shipped("zhoujiadu_like").tables["households"], shipped("zhoujiadu_like").tables["buildings"]
    tower = np.flatnonzero((buildings.kind == BuildingClass.HIGH_RISE) & (buildings.floors_n > 5))[0]
    counts = np.bincount(homes.floor[homes.building == tower], minlength=buildings.floors_n[tower])[1:]
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("per_km2", [5.0, 20.0])
def test_there_are_as_many_masts_as_the_area_asks_for(per_km2):
    community = made(("telecom", {"masts_per_km2": per_km2}))
    grid = community.grid
    area_km2 = grid.columns_n * grid.rows_n * grid.size_m**2 / 1e6
    assert community.tables["masts"].n == pytest.approx(per_km2 * area_km2, abs=1.0)


def test_a_mast_stands_on_a_building_and_lives_on_its_area():
    masts, buildings = shipped("zhoujiadu_like").tables["masts"], shipped("zhoujiadu_like").tables["buildings"]
    for x_m, y_m, area in zip(masts.x_m, masts.y_m, masts.area, strict=True):
        roof = np.flatnonzero((buildings.x_m == x_m) & (buildings.y_m == y_m))
        assert area in buildings.area[roof]


def test_batteries_and_fuel_are_as_the_recipe_says():
    form = {"battery": {"least": "2 h", "most": "3 h"}, "generator_frac": 1.0, "generator": "10 h"}
    reserve_h = made(("telecom", form)).tables["masts"].reserve_s / 3600.0
    assert ((reserve_h >= 12.0) & (reserve_h <= 13.0)).all()


@pytest.mark.parametrize(("frac", "least_h"), [(0.0, 5.0), (1.0, 0.0)])
def test_tanks_are_as_the_recipe_says(frac, least_h):
    tank_h = made(("water", {"tank": {"least": "5 h", "most": "6 h"}, "tankless_frac": frac})).tables["areas"].tank_s / 3600.0
    assert (tank_h >= least_h).all()
    assert (tank_h <= least_h + 1.0).all()
