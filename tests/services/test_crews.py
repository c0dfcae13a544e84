"""Crews: the nearest free one, rest, waiting for calm, closed roads."""

import numpy as np
import pytest

from sim.services.crews import RESTED_S, Calm, Pool, cut_off, homes_of, passable
from sim.world.tables import SiteKind
from tests.places import place

FAR, NEAR = (3000.0, 0.0), (1000.0, 0.0)


def test_the_nearest_free_crew_goes_and_stays_where_it_worked():
    pool = Pool(place(), 2, [FAR, NEAR])
    crew, away_m = pool.take(0.0, 0.0, 0.0)
    assert (crew.x_m, away_m) == (1000.0, 1000.0)
    assert pool.take(0.0, 0.0, 0.0)[1] == 3000.0
    pool.give_back(crew, 0.0, 0.0, 60.0, 60.0)
    assert pool.take(0.0, 0.0, 60.0)[1] == 0.0


def test_crews_share_their_homes_in_turn():
    assert [crew.x_m for crew in Pool(place(), 3, [FAR, NEAR]).free] == [3000.0, 1000.0, 3000.0]


def test_work_adds_up_until_a_rest():
    pool = Pool(place(), 1, [NEAR])
    for start_s in (0.0, 7200.0):
        crew, _ = pool.take(0.0, 0.0, start_s)
        pool.give_back(crew, 0.0, 0.0, 3600.0, start_s + 3600.0)
    assert pool.take(0.0, 0.0, 10800.0)[0].worked_s == 7200.0
    pool.give_back(crew._replace(worked_s=9e4), 0.0, 0.0, 0.0, 10800.0)
    assert pool.take(0.0, 0.0, 10800.0 + RESTED_S)[0].worked_s == 0.0


def waiters(world, calm, woken):
    """Two who wait for calm, in turn."""

    def wait(name):
        while calm.windy():
            yield calm.lull
        woken.append((world.now_s, name))

    for name in ("first", "second"):
        world.spawn(wait(name))


def test_who_waits_for_calm_is_woken_in_order():
    world, woken = place(), []
    world.town.wind_mps[0] = 20.0
    calm = Calm(world, 17.0)
    waiters(world, calm, woken)
    world.clock.run(until=600.0)
    calm.look()
    world.clock.run(until=1200.0)
    assert woken == []
    world.town.wind_mps[0] = 16.0
    calm.look()
    world.clock.run(until=1800.0)
    assert woken == [(1200.0, "first"), (1200.0, "second")]


def test_no_wind_blows_after_the_storm():
    world = place(storm_h=1.0)
    world.town.wind_mps[0] = 20.0
    assert Calm(world, 17.0).windy()
    world.clock.run(until=3600.0)
    assert not Calm(world, 17.0).windy()


def test_a_community_without_the_site_starts_from_its_middle():
    world = place(zones={"x_m": [0.0, 400.0], "y_m": [100.0, 100.0]}, sites={"kind": [6], "x_m": [7.0], "y_m": [8.0]})
    assert homes_of(world, SiteKind.DEPOT) == [(7.0, 8.0)]
    assert homes_of(world, SiteKind.FIRE_STATION) == [(200.0, 100.0)]


def test_a_junction_is_cut_off_when_its_last_road_closes():
    world = place(nodes={"x_m": [0.0, 1.0, 2.0]}, links={"tail": [0, 0, 1], "head": [1, 1, 0]})
    world.links.open[0] = False
    assert not cut_off(world, 0)
    world.links.open[1] = False
    assert [cut_off(world, node) for node in range(3)] == [True, False, False]


@pytest.mark.parametrize(("speed", "share"), [(1.0, 1.0), (0.6, 0.6), (0.1, 0.25)])
def test_wet_roads_slow_crews_down(speed, share):
    world = place(links={"tail": [0, 0]})
    world.links.speed_frac[:] = np.float32(speed)
    assert passable(world) == pytest.approx(share)
