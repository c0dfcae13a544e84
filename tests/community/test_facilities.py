import numpy as np
import pytest

from sim.community import facilities
from sim.errors import InputError
from sim.world.tables import BuildingClass, SiteKind
from tests.community.recipes import made, recipe, shipped

AT = {"east": "200 m", "north": "300 m"}


def test_a_site_stands_where_it_is_put():
    sites = made(("sites.0.at", AT)).tables["sites"]
    assert (sites.x_m[0], sites.y_m[0]) == (200.0, 300.0)


def test_a_shelter_on_no_road_is_an_error_with_its_place():
    with pytest.raises(InputError, match=r"hamlet:\d+:\d+: sites\.0\.at: is on no road \(got '9000 m east, 300 m north, \d+ m"):
        made(("sites.0.at", {"east": "9 km", "north": "300 m"}))


def test_two_sites_cannot_stand_at_one_place():
    with pytest.raises(InputError, match=r"sites\.0: .*count 1 where `at` is given \(got 2\)"):
        made(("sites.0.at", AT), ("sites.0.count", 2))


def test_several_like_one_are_numbered():
    form = recipe(("sites.0.count", 3)).sites[0]
    assert facilities.names_of(form) == ["School 1", "School 2", "School 3"]


def test_columns_say_what_the_recipe_says():
    sites = shipped().tables["sites"]
    assert sites.kind.tolist() == list(range(9))
    assert sites.shelter.tolist() == [True] * 4 + [False] * 5
    assert (sites.floor_area_m2[0], sites.toilets_n[0], sites.staff_n[0], sites.sill_m[0]) == (200, 8, 6, np.float32(0.4))


def test_spread_sites_keep_apart():
    sites = shipped("zhoujiadu_like").tables["sites"]
    schools = sites.kind == SiteKind.SCHOOL
    x_m, y_m = sites.x_m[schools], sites.y_m[schools]
    apart_m = np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)[~np.eye(12, dtype=bool)]
    assert apart_m.min() > 250
    assert np.unique(sites.zone[schools]).size >= 10


def test_every_site_with_a_roof_is_a_public_building():
    sites, buildings = shipped().tables["sites"], shipped().tables["buildings"]
    public = {
        (x, y) for x, y, kind in zip(buildings.x_m, buildings.y_m, buildings.kind, strict=True) if kind == BuildingClass.PUBLIC
    }
    for x, y, kind in zip(sites.x_m, sites.y_m, sites.kind, strict=True):
        assert ((x, y) in public) == (kind != SiteKind.PARK)


def test_a_park_is_a_disc_of_its_area():
    sites = {
        "kind": np.array([3, 0]),
        "x_m": np.array([1.0, 2.0]),
        "y_m": np.array([3.0, 4.0]),
        "floor_area_m2": np.array([np.pi * 100, 5.0]),
    }
    np.testing.assert_allclose(facilities.parks(sites), [[1.0, 3.0, 10.0]])


def test_every_site_has_power_from_an_area_near_by():
    sites, areas = shipped("zhoujiadu_like").tables["sites"], shipped("zhoujiadu_like").tables["areas"]
    apart_m = np.hypot(sites.x_m - areas.x_m[sites.area], sites.y_m - areas.y_m[sites.area])
    assert apart_m.max() < 600
