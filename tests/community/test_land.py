import numpy as np
import pytest

from sim.community import land
from sim.community.lots import Luck, Plots
from sim.world.community import Grid
from tests.community.recipes import made, recipe, shipped

NO_LANES = Plots(*np.empty((4, 0)))


def test_the_grid_covers_the_extent_to_the_nearest_cell():
    assert land.grid_of(610, 590, 40) == Grid(15, 15, 40)
    assert land.grid_of(5, 5, 40) == Grid(1, 1, 40)


def test_cells_are_numbered_by_rows_from_the_south_west_and_the_edge_takes_what_lies_beyond():
    grid = Grid(3, 2, 10.0)
    np.testing.assert_array_equal(land.cell_of(grid, np.array([0, 25, 5, 99]), np.array([0, 5, 15, 99])), [0, 2, 3, 5])


def test_the_centre_of_every_cell_lies_in_it():
    grid = Grid(7, 4, 25.0)
    np.testing.assert_array_equal(land.cell_of(grid, *land.centres(grid)), np.arange(28))


def test_the_relief_has_about_unit_spread_and_no_slope():
    x_m, y_m = land.centres(Grid(200, 200, 50.0))
    relief = np.array([land.relief_m(Luck(seed), x_m, y_m, (10_000.0, 10_000.0)) for seed in range(3)])
    assert relief.std() == pytest.approx(1.0, abs=0.05)
    assert relief.mean() == pytest.approx(0.0, abs=0.1)


def test_the_same_ground_lies_under_coarse_and_fine_cells():
    form, extent_m = recipe().ground, (600.0, 600.0)
    coarse = land.ground_m(form, Luck(7), Grid(5, 5, 120.0), extent_m, NO_LANES)
    fine = land.ground_m(form, Luck(7), Grid(15, 15, 40.0), extent_m, NO_LANES).reshape(15, 15)
    np.testing.assert_allclose(coarse.reshape(5, 5), fine[1::3, 1::3], atol=1e-12)


def test_old_lanes_lie_lower_by_their_dip():
    form, grid = recipe().ground, Grid(15, 15, 40.0)
    lane = Plots(*np.array([[100.0], [100.0], [300.0], [300.0]]))
    plain = land.ground_m(form, Luck(7), grid, (600.0, 600.0), NO_LANES)
    dipped = land.ground_m(form, Luck(7), grid, (600.0, 600.0), lane)
    assert set(np.round(plain - dipped, 9)) == {0.0, form.lane_dip_m}
    assert np.count_nonzero(plain != dipped) == 25


@pytest.mark.parametrize(("side", "cells"), [("west", 0), ("east", 14), ("south", 0), ("north", 14)])
def test_the_river_wall_runs_along_one_edge(side, cells):
    wall = land.wall_m(recipe(("ground.river_side", side)).ground, Grid(15, 15, 40.0)).reshape(15, 15)
    edge = wall[:, cells] if side in ("west", "east") else wall[cells]
    np.testing.assert_array_equal(edge, 40.0)
    assert wall.sum() == 600.0


def test_without_a_river_there_is_no_wall():
    assert made(("ground.river_side", None)).tables["cells"].wall_m.sum() == 0


def test_drains_are_old_or_new_in_the_asked_numbers():
    form = recipe(("drains.count", 10), ("drains.old_frac", 0.4), ("drains.generator_frac", 0.3)).drains
    drains = land.catchment_columns(form, Luck(1))
    np.testing.assert_allclose(np.unique(drains["capacity_mps"]), [27e-3 / 3600, 36e-3 / 3600])
    assert np.count_nonzero(drains["capacity_mps"] < 8e-6) == 4
    assert np.count_nonzero(drains["generator_s"] == 86400.0) == 3


def test_inlets_take_all_on_roads_and_less_elsewhere():
    cells, nodes = shipped().tables["cells"], shipped().tables["nodes"]
    assert set(np.unique(cells.inlet_frac)) == {0.5, 1.0}
    assert np.all(cells.inlet_frac[nodes.cell] == 1.0)


def test_parks_are_green():
    cells, sites = shipped().tables["cells"], shipped().tables["sites"]
    assert np.count_nonzero(cells.pervious_frac == np.float32(0.8)) in range(1, 6)  # 3,000 m2 of cells of 1,600 m2
    assert np.all(cells.pervious_frac[sites.cell[sites.kind != 3]] <= 0.81)


def test_a_hollow_is_a_bell_of_its_depth():
    form, grid, extent_m = (
        recipe(("ground.hollows_per_km2", 3), ("ground.hollow", "1 m")).ground,
        Grid(120, 120, 5.0),
        (600.0, 600.0),
    )
    depth_m = land.hollows_m(form, Luck(7), grid, extent_m)
    assert depth_m.max() == pytest.approx(1.0, abs=0.01)
    # 3 a km2 over 0.36 km2 is one hollow; its volume is 2 pi r2 times its depth, less 1.1 % beyond three radii
    x_m, y_m = Luck(7).between("hollow.x", 1, 0, 600)[0], Luck(7).between("hollow.y", 1, 0, 600)[0]
    near = np.hypot(land.centres(grid)[0] - x_m, land.centres(grid)[1] - y_m)
    assert np.all(depth_m[near > 3.1 * land.HOLLOW_RADIUS_M] == 0)
    np.testing.assert_allclose(depth_m[near < 100], np.exp(-((near[near < 100] / land.HOLLOW_RADIUS_M) ** 2) / 2), atol=1e-12)
