"""Ambulances: the way by car, in water, in wind, around what is closed; who is sent."""

import numpy as np
import pytest

from sim.services.ambulances import FORD_M, OUTSIDE, Fleet, Garage, Streets, depth_frac, stations
from tests.ward_town import FLEET, street


def streets_of(world, fleet=FLEET):
    """Ways from the stations of a world."""
    return Streets(world, fleet, stations(world))


def test_the_way_on_dry_streets_is_length_over_speed():
    way = streets_of(street()).way(0, 3)
    assert way.drive_s == 2000.0 / 5.0
    assert way.carry_s == 0.0


def test_cars_slow_in_water_as_the_formula_says():
    # v = 0.0009 w^2 - 0.5529 w + 86.9448 km/h: 86.9448 dry, 40.66 at 0.1 m, 2.07 at 0.3 m
    frac = depth_frac(np.array([0.0, 0.1, 0.3]))
    assert frac == pytest.approx([1.0, 40.6548 / 86.9448, 2.0748 / 86.9448])


def test_deeper_water_never_makes_a_way_shorter():
    world = street()
    streets, before_s = streets_of(world), 0.0
    for depth_m in np.linspace(0.0, 0.29, 12):
        world.links.depth_m[:] = depth_m
        world.town.routes_version[0] += 1
        way = streets.way(0, 3)
        assert way.total_s >= before_s
        before_s = way.total_s


def test_where_no_road_is_open_the_crew_carries_from_the_nearest_node_it_reaches():
    world = street()
    past = (world.links.tail == 2) | (world.links.head == 2)
    world.links.depth_m[past] = FORD_M
    way = streets_of(world).way(0, 3)
    assert way.drive_s == 500.0 / 5.0  # as far as the second node
    assert way.carry_s == pytest.approx(1500.0 * 1.3 / 0.8)


def test_a_tree_closes_the_way_until_it_is_cleared():
    world = street()
    streets = streets_of(world)
    world.links.open[:] = False
    world.town.routes_version[0] += 1
    assert streets.way(0, 1).carry_s > 0
    world.links.open[:] = True
    world.town.routes_version[0] += 1
    assert streets.way(0, 1).carry_s == 0.0


@pytest.mark.parametrize(("wind_mps", "frac"), [(0.0, 1.0), (17.0, 1.0), (24.85, 0.7), (32.7, 0.4), (60.0, 0.4)])
def test_wind_slows_down_to_a_floor(wind_mps, frac):
    assert Fleet().wind_frac(wind_mps) == pytest.approx(frac)



def test_the_nearest_station_and_of_equals_the_first():
    world = street(stations=(0, 3))
    garage = Garage(world, FLEET, streets_of(world))
    assert garage.send(1)[0] == 0
    garage = Garage(world, FLEET, streets_of(world))
    assert garage.send(2)[0] == 0  # 1,000 m from both


def test_calls_that_find_the_own_vehicles_out_are_served_from_outside():
    world = street()
    fleet = FLEET.model_copy(update={"outside_n": 1})
    garage = Garage(world, fleet, streets_of(world))
    base, way = garage.send(0, away=True)
    assert base == OUTSIDE
    assert way.drive_s == fleet.outside_m / fleet.speed_mps
    assert garage.send(0, away=True)[0] == 0  # no other is left


def test_a_community_without_any_ambulance_is_served_from_outside():
    world = street()
    assert Garage(world, FLEET.model_copy(update={"per_station_n": 0}), streets_of(world)).free == [OUTSIDE]


@pytest.mark.parametrize(("per_station_n", "away_frac"), [(4, 0.2), (2, 0.4), (1, 0.8), (0, 1.0)])
def test_the_fewer_vehicles_the_more_calls_find_them_out(per_station_n, away_frac):
    assert Fleet(per_station_n=per_station_n).away_frac() == pytest.approx(away_frac)
