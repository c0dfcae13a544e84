"""Flood over tiny towns: where the water goes, and what failing drains do."""

from typing import ClassVar

import numpy as np
import pytest

from sim.engine import play_parts
from sim.errors import InputError, NumericalError
from sim.hazards.flood import Flood
from sim.units import Elevation
from sim.world.clock import Rank
from sim.world.part import Part
from tests.hazards.towns import town, world_of

MM_H = 1e-3 / 3600


class Weather(Part):
    """Rain, stage and power given by hand: rain over the first `wet_h` hours."""

    rank: ClassVar[Rank] = Rank.TYPHOON
    writes: ClassVar[tuple[str, ...]] = ("forcing.rain_mps", "town.stage_m", "areas.on")
    rain_mm_h: float = 0.0
    wet_h: float = 1e9
    stage_of_m: float = 2.0
    power: bool = True

    def begin(self, world):
        world.forcing.rain_mps[: round(self.wet_h * 6)] = self.rain_mm_h * MM_H

    def step(self, world, dt_s):
        world.town.stage_m[0] = self.stage_of_m
        world.areas.on[0] = self.power


def bumpy(**columns):
    """Ground with hollows, the same in every test."""
    ground = 4.0 + np.random.default_rng(2).random(48) * 0.4
    return town(cells={"ground_m": ground, **columns})


def played(community=None, storm_h=3.0, flood=None, replication=0, **weather):
    world = world_of(community or bumpy(), storm_h=storm_h, replication=replication)
    play_parts(world, [Weather.model_construct(**weather), flood or Flood()])
    return world


def test_water_closes_with_rain_drains_soil_and_river():
    wall = np.where(np.arange(48) % 8 == 0, 40.0, 0.0)
    community = bumpy(wall_m=wall, pervious_frac=np.full(48, 0.3))
    world = played(community, storm_h=6.0, rain_mm_h=60.0, wet_h=3.0, stage_of_m=7.0)
    town_row = world.town
    into_m3 = town_row.rained_m3[0] + town_row.overtopped_m3[0]
    assert town_row.rained_m3[0] == pytest.approx(0.18 * 48 * 1600, rel=1e-6)
    assert town_row.overtopped_m3[0] > 0
    assert town_row.drained_m3[0] > 0
    assert abs(world.recorder.balances["water_m3"]) < 1e-6 * into_m3


def test_rain_below_the_drains_leaves_clean_streets_dry():
    world = played(rain_mm_h=20.0, flood=Flood(blocked_inlet_frac=0.0))
    assert world.cells.depth_max_m.max() == 0.0
    assert world.recorder.numbers["flood.drained_m3"] == pytest.approx(0.06 * 48 * 1600, rel=1e-4)


def test_drains_that_lose_power_under_a_high_river_deepen_the_water():
    by_case = {}
    for name, case in {"mains": {}, "dark": {"power": False}, "dark, low river": {"power": False, "stage_of_m": 2.0}}.items():
        by_case[name] = played(rain_mm_h=40.0, **{"stage_of_m": 5.0, **case})
    depth = {name: world.cells.depth_m.astype(float).sum() for name, world in by_case.items()}
    assert depth["dark"] > 1.5 * depth["mains"]
    assert depth["dark, low river"] == depth["mains"]


def test_generator_carries_the_pump_for_its_hour():
    world = played(storm_h=3.0, rain_mm_h=30.0, stage_of_m=5.0, power=False, flood=Flood(blocked_inlet_frac=0.0))
    assert world.town.drained_m3[0] == pytest.approx(0.03 * 48 * 1600, rel=0.02)
    assert not world.catchments.working[0]
    assert world.catchments.unpowered_s[0] == 0.0


def test_more_blocked_inlets_never_leave_less_water():
    water = [played(rain_mm_h=45.0, flood=Flood(blocked_inlet_frac=share)) for share in (0.0, 0.2, 0.6, 1.0)]
    stored = [world.cells.depth_m.astype(float).sum() for world in water]
    assert stored == sorted(stored)
    assert stored[-1] > stored[0]


def test_blocked_inlets_are_drawn_anew_and_are_the_same_for_the_same_replication():
    one, same, other = (played(rain_mm_h=45.0, replication=r).cells.depth_m for r in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_places_show_the_depth_of_their_cell():
    world = played(rain_mm_h=80.0)
    np.testing.assert_array_equal(world.buildings.depth_m, world.cells.depth_m[world.buildings.cell])
    assert world.areas.depth_m[0] == world.cells.depth_m[0]
    assert world.recorder.numbers["flood.depth_max_m"] >= world.cells.depth_m.max()


def test_halving_the_tick_moves_little():
    depths = []
    for tick_s in (600.0, 300.0):
        world = world_of(bumpy(), storm_h=3.0, tick_s=tick_s)
        world.forcing.rain_mps[:] = 60 * MM_H
        play_parts(world, [Flood()])
        depths.append(world.cells.depth_m.astype(float))
    assert np.abs(depths[0] - depths[1]).max() < 2e-3


def test_dry_town_stays_untouched():
    world = played()
    assert world.town.rained_m3[0] == 0.0
    assert not world.cells.depth_m.any()


def test_maps_are_kept_at_map_times():
    world = played(rain_mm_h=60.0, storm_h=4.0, flood=Flood(map_every="2 h"))
    assert {"depth_2h", "depth_4h", "depth_max_m"} <= set(world.recorder.fields)
    assert world.recorder.fields["depth_2h"].shape == (6, 8)


def test_water_that_blows_up_stops_the_run_with_cell_time_and_advice():
    world = world_of(bumpy(), storm_h=1.0)
    flood = Flood()
    flood.begin(world)
    world.cells.depth_m[5] = np.nan
    with pytest.raises(NumericalError, match=r"cell \d+ at 2024-09-15T00:00:00\+08:00: the water blew up .*depth_cap"):
        flood.step(world, 600.0)


def test_water_deeper_than_the_steps_are_made_for_stops_the_run():
    with pytest.raises(NumericalError, match=r"depth 0\.\d+ m\), wanted at most depth_cap, 0\.05 m; set hazards\.flood\.depth_cap"):
        played(rain_mm_h=200.0, flood=Flood(depth_cap="5 cm"))


def test_ground_that_is_no_number_is_an_error():
    ground = np.full(48, 4.0)
    ground[7] = np.nan
    with pytest.raises(InputError, match="the ground of cell 7 is not a number"):
        played(town(cells={"ground_m": ground}))


def test_crest_on_another_datum_needs_an_offset():
    with pytest.raises(InputError, match=r"wall_crest: stands on another vertical datum .*'6.9 m Wusong'\), wanted 1985"):
        played(town(datum="1985"))
    assert Flood(wall_crest="6 m 1985").wall_crest == Elevation(6.0, "1985")
    assert played(town(datum="1985"), flood=Flood(datum_offset="-1.63 m")).recorder.balances["water_m3"] == 0.0
