"""Links under water and under trees."""

import numpy as np
import pytest

from sim.lifelines.fragility import Fragility
from sim.lifelines.roads import Roads, twins
from sim.services.repair import Repair
from tests.places import Weather, place, play

WEAK = Fragility(median="20 m/s", sigma=0.01)


def roads(trees=(0, 0, 0, 0), nodes=3):
    """A road between 0 and 1, one between 1 and 2, both ways."""
    return place(
        nodes={"x_m": np.arange(nodes) * 500.0},
        links={"tail": [0, 1, 1, 2], "head": [1, 0, 2, 1], "tree_n": list(trees)},
    )


def test_twins_are_the_other_direction():
    assert twins(np.array([0, 1, 1, 2]), np.array([1, 0, 2, 1])).tolist() == [1, 0, 3, 2]


def test_parallel_roads_pair_one_to_one():
    twin = twins(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]))
    assert sorted(twin.tolist()) == [0, 1, 2, 3]
    assert (twin[twin] == np.arange(4)).all()


def test_a_one_way_road_has_no_twin():
    assert twins(np.array([0, 1, 1]), np.array([1, 0, 2])).tolist() == [1, 0, -1]


def test_dry_calm_roads_stay_as_they_are():
    world = play(roads(), Weather(wind_by_hour=(5.0,)), Roads())
    assert world.links.open.all()
    assert (world.links.speed_frac == 1.0).all()
    assert world.town.routes_version[0] == 0


@pytest.mark.parametrize(("depth_m", "is_open"), [(0.49, True), (0.51, False)])
def test_a_link_closes_above_the_limit(depth_m, is_open):
    world = play(roads(), Weather(depth=depth_m), Roads())
    assert (world.links.open == is_open).all()


def test_walkers_lose_the_trial_s_speed_at_its_depth():
    world = play(roads(), Weather(depth=0.35), Roads())
    assert world.links.speed_frac == pytest.approx(1 - 0.417, abs=1e-6)


def test_a_link_opens_again_at_full_speed_when_the_water_has_gone():
    world = play(roads(), Weather(depth=0.6, from_hour=1.0, to_hour=2.0), Roads())
    assert world.links.open.all()
    assert (world.links.speed_frac == 1.0).all()
    assert world.town.routes_version[0] == 2


def test_immaterial_water_changes_no_route():
    world = play(roads(), Weather(depth=0.05), Roads())
    assert world.town.routes_version[0] == 0


def test_a_tree_blocks_both_directions_of_its_road_alone():
    world = play(roads(trees=(400, 400, 0, 0)), Weather(wind_by_hour=(0.0, 16.0)), Roads(tree=WEAK))
    assert world.links.open.tolist() == [False, False, True, True]
    assert (world.links.debris_s[:2] == 3600.0).all()


def test_road_crews_clear_it():
    weather = Weather(wind_by_hour=(0.0, 16.0, 4.0))
    world = play(roads(trees=(400, 400, 0, 0)), weather, Roads(tree=WEAK), Repair())
    assert world.links.open.all()
    assert np.isinf(world.links.debris_s).all()
    assert world.town.routes_version[0] == 2


def test_trees_fall_beside_the_road_as_often_as_they_do_not_lie_across():
    brittle = Roads(tree={"median": "57 m/s", "sigma": 0.22})
    world = play(roads(trees=(2000, 2000, 0, 0)), Weather(wind_by_hour=(38.0,)), brittle)
    assert world.links.fallen_n[0] == pytest.approx(2000 * 0.7 * 0.5 + 1, rel=0.1)  # the gust is the median
    assert world.links.fallen_n[1:].tolist() == [0, 0, 0]


def test_no_tree_falls_in_a_breeze():
    assert not play(roads(trees=(50, 50, 50, 50)), Weather(wind_by_hour=(6.0,)), Roads()).links.fallen_n.any()
