import numpy as np
import pytest

from sim.community import mains
from sim.world.tables import BuildingClass, HouseholdKind
from tests.community.recipes import made, recipe, shipped


def test_neighbouring_blocks_share_an_area_and_areas_are_about_as_large_as_asked():
    form = recipe(("power.customers_per_area", 100)).power
    area, compound = mains.areas_of_blocks(form, np.array([0, 0, 0, 0, 1, 1]), np.array([50, 50, 50, 50, 20, 20]))
    np.testing.assert_array_equal(area, [0, 0, 1, 1, 2, 2])
    np.testing.assert_array_equal(compound, [0, 0, 1])


def test_an_area_has_at_least_one_block():
    form = recipe(("power.customers_per_area", 1)).power
    area, compound = mains.areas_of_blocks(form, np.array([0, 2]), np.array([500, 500]))
    np.testing.assert_array_equal(area, [0, 1])
    np.testing.assert_array_equal(compound, [0, 2])


@pytest.mark.parametrize(("name", "size"), [("hamlet", 100), ("zhoujiadu_like", 350)])
def test_every_household_that_stays_is_a_customer_once(name, size):
    areas, households = shipped(name).tables["areas"], shipped(name).tables["households"]
    stays = households.kind != HouseholdKind.VISITOR
    np.testing.assert_array_equal(areas.customers_n, np.bincount(households.area[stays], minlength=areas.n))
    assert areas.customers_n.mean() == pytest.approx(size, rel=0.15)


def test_an_area_lies_in_the_zone_of_its_homes():
    community = shipped("zhoujiadu_like")
    buildings, areas = community.tables["buildings"], community.tables["areas"]
    home = buildings.compound >= 0
    np.testing.assert_array_equal(areas.zone[buildings.area[home]], buildings.zone[home])


def test_old_lanes_hang_on_poles_and_high_rises_do_not():
    buildings, areas = shipped("zhoujiadu_like").tables["buildings"], shipped("zhoujiadu_like").tables["areas"]
    assert np.all(areas.overhead[buildings.area[buildings.kind == BuildingClass.OLD_LANE]])
    assert not np.any(areas.overhead[buildings.area[buildings.kind == BuildingClass.HIGH_RISE]])


def test_feeders_take_areas_evenly():
    areas = shipped("zhoujiadu_like").tables["areas"]
    counts = np.bincount(areas.feeder)
    assert counts.size == 13
    assert counts.max() - counts.min() <= 1


def test_there_are_never_more_feeders_than_areas():
    community = made(("power.feeders", 500))
    assert community.tables["feeders"].n == community.tables["areas"].n
