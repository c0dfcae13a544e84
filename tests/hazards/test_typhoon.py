"""Typhoon over a town: the published storm's numbers, laws of direction, and the chance of a cloudburst."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from sim.engine import play_parts
from sim.errors import InputError
from sim.hazards.exposure import BUILDINGS, GUST_FACTORS, OPEN, gust_factor
from sim.hazards.rainband import rainband, tick_means
from sim.hazards.track import Track, read_track
from sim.hazards.typhoon import CENTRE, OPEN_GUST, POINTS, Typhoon, blow
from sim.world.tables import BuildingClass
from tests.hazards.towns import START, town, world_of

BEBINCA = Path(__file__).resolve().parents[2] / "scenarios" / "tables" / "bebinca_2413_jma.csv"


def bebinca(**fields):
    return Typhoon(track=read_track(BEBINCA), **fields)


def forcing_of(typhoon, **settings):
    world = world_of(**{"storm_h": 60.0, **settings})
    typhoon.begin(world)
    return world.forcing


@pytest.fixture(scope="module")
def many():
    """The shipped storm in 400 replications: largest wind, total rain, wettest hour."""
    typhoon, community = bebinca(intensity_factor=1.1), town()
    found = []
    for replication in range(400):
        forcing = forcing_of(typhoon, community=community, replication=replication)
        millimetres = forcing.rain_mps * 600e3
        found.append((forcing.wind_mps.max(), millimetres.sum(), np.convolve(millimetres, np.ones(6), "valid").max()))
    return np.array(found).T


def test_bebinca_blows_over_a_street_as_it_did(many):
    assert 21.0 < np.median(many[0]) < 27.0
    assert 30.0 < np.median(many[0]) * OPEN_GUST < 40.0
    assert np.percentile(many[0], 5) > 16.0


def test_bebinca_rains_as_it_did(many):
    assert 65.0 < np.median(many[1]) < 90.0
    assert 130.0 < np.percentile(many[1], 95) < 190.0


def test_an_hour_of_50_mm_has_its_stated_chance(many):
    """0.05 as the description says; 400 draws of it lie within 0.025 to 0.085 with 99 % and more."""
    assert 0.025 <= np.mean(many[2] >= 50.0) <= 0.085


def test_wind_turns_as_the_centre_passes_south_of_the_town():
    forcing = forcing_of(bebinca(intensity_spread=0.0))
    at_h = {hour: forcing.wind_from_deg[round(hour * 6)] for hour in (24, 32, 36)}
    assert at_h[24] < 45.0
    assert 30.0 < at_h[32] < 90.0
    assert 150.0 < at_h[36] < 200.0


def test_the_same_seed_is_the_same_storm():
    one, other = forcing_of(bebinca(), replication=3), forcing_of(bebinca(), replication=3)
    np.testing.assert_array_equal(one.rain_mps, other.rain_mps)
    assert not np.array_equal(one.rain_mps, forcing_of(bebinca(), replication=4).rain_mps)


def test_stronger_storm_blows_harder():
    weak, strong = (forcing_of(bebinca(intensity_spread=0.0, intensity_factor=factor)) for factor in (0.9, 1.2))
    assert strong.wind_mps.max() > weak.wind_mps.max()
    assert strong.pressure_drop_pa.max() > weak.pressure_drop_pa.max()


def straight(vmax_mps, lon_step):
    """A storm at 20 N with a constant wind, moving west by `lon_step` degrees in six hours."""
    times = tuple(START.timestamp() + 21600.0 * k for k in range(3))
    lons = tuple(121.49 - lon_step * (k - 0.5) for k in range(3))
    return Track("straight", times, (20.0,) * 3, lons, (97000.0,) * 3, (vmax_mps,) * 3, (np.nan,) * 3)


def test_motion_is_not_counted_twice():
    """The strongest wind of the whole field is the track's, whatever the motion: it lies ahead on the right."""
    for step in (0.0, 1.5):
        typhoon = Typhoon(track=straight(40.0, step), intensity_spread=0.0, open_land_frac=1.0)
        storm, factor = typhoon.storm(world_of(storm_h=12.0))
        angles = np.linspace(0, 2 * np.pi, 73)
        radius, _, _ = typhoon.profile(storm, factor)
        ring = radius[5] * np.stack([np.cos(angles), np.sin(angles)], 1) + (storm.x_m[5], storm.y_m[5])
        u, v = typhoon.wind(storm, factor, ring)
        assert np.hypot(u, v)[5].max() == pytest.approx(40.0, rel=1e-3)


def test_still_storm_is_the_same_all_round():
    typhoon = Typhoon(track=straight(40.0, 0.0), intensity_spread=0.0)
    storm, factor = typhoon.storm(world_of(storm_h=12.0))
    ring = 90e3 * np.array([[1, 0], [0, 1], [-1, 0], [0, -1.0]]) + (storm.x_m[0], storm.y_m[0])
    u, v = typhoon.wind(storm, factor, ring)
    assert np.ptp(np.hypot(u, v)[0]) < 1e-9
    assert v[0, 0] > 0 > u[0, 1]  # anticlockwise


def test_track_without_wind_uses_the_pressure():
    blank = straight(np.nan, 1.0)
    storm, factor = (typhoon := Typhoon(track=blank, intensity_spread=0.0)).storm(world_of(storm_h=12.0))
    assert np.all((typhoon.vmax_mps(storm, factor) > 25) & (typhoon.vmax_mps(storm, factor) < 50))
    assert np.isfinite(forcing_of(typhoon, storm_h=12.0).wind_mps).all()


def test_track_that_ends_before_the_storm_is_an_error():
    with pytest.raises(InputError, match=r"bebinca_2413_jma\.csv does not cover the storm .*, wanted 2024-09-29T16"):
        forcing_of(bebinca(), start=START + timedelta(days=15))


def test_whole_part_keeps_to_its_declaration():
    world = world_of(storm_h=1.0, start=START + timedelta(hours=32))
    play_parts(world, [bebinca(intensity_spread=0.0)])
    assert world.town.wind_mps[0] == world.forcing.wind_mps[-1]
    assert world.town.gust_mps[0] == pytest.approx(1.534 * world.town.wind_mps[0], rel=1e-3)
    assert np.all(world.buildings.gust_max_mps >= world.buildings.gust_mps)
    assert world.areas.gust_mps[0] > world.town.wind_mps[0]


def test_buildings_take_the_point_they_stand_at():
    world = world_of(storm_h=1.0)
    bebinca().begin(world)
    first, last = world.buildings.wind_point[[0, -1]]
    assert (first, last) == (0, 8)
    assert tuple(POINTS[CENTRE]) == (0.5, 0.5)


@pytest.mark.parametrize("kernel", [blow, blow.py_func])
def test_gusts_follow_exposure_and_the_largest_is_kept(kernel):
    winds = np.array([10.0, 20.0], np.float32)
    gust, most = np.zeros(2, np.float32), np.array([99.0, 0.0], np.float32)
    kernel(winds, np.array([0, 1], np.uint8), np.array([0, 2], np.uint8), gust, most)
    assert gust == pytest.approx([10 * GUST_FACTORS[0], 20 * GUST_FACTORS[2]])
    assert most == pytest.approx([99.0, gust[1]])


def test_exposure_follows_the_code():
    """EN 1991-1-4: at 10 m in terrain II c_r = 0.19 ln 200 and I_v = 1 / ln 200."""
    assert gust_factor(OPEN) == pytest.approx(0.19 * 5.2983 * np.sqrt(1 + 7 / 5.2983), rel=1e-4)
    by_height = [gust_factor(BUILDINGS[kind]) for kind in (BuildingClass.OLD_LANE, BuildingClass.WALK_UP, BuildingClass.HIGH_RISE)]
    assert by_height == sorted(by_height)


def test_rain_bands_have_mean_one_and_their_memory():
    field = rainband(np.random.default_rng(0).standard_normal(400_000), 0.8, 3600.0)
    logs = np.log(field)
    assert field.mean() == pytest.approx(1.0, abs=0.03)
    assert logs.std() == pytest.approx(0.8, abs=0.02)
    assert np.corrcoef(logs[:-6], logs[6:])[0, 1] == pytest.approx(np.exp(-1), abs=0.02)


@pytest.mark.parametrize("tick_s", [300.0, 600.0, 900.0, 1800.0])
def test_rain_falls_alike_in_any_tick(tick_s):
    field = np.random.default_rng(1).random(18)
    means = tick_means(field, tick_s, int(10800 / tick_s))
    assert means.mean() == pytest.approx(field.mean())


def test_no_ten_minutes_are_wetter_than_the_sky_allows():
    drops = [forcing_of(bebinca(rain_factor=30.0, rain_most=most), replication=2).rain_mps for most in ("300 mm/h", "60 mm/h")]
    assert drops[0].max() == pytest.approx(300e-3 / 3600, rel=1e-6)
    assert drops[1].max() == pytest.approx(60e-3 / 3600, rel=1e-6)
    np.testing.assert_array_equal(np.minimum(drops[0], drops[1].max()), drops[1])
