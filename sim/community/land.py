"""The ground: grid, synthetic relief, the river wall, drain catchments."""

from typing import Any

import numpy as np
from scipy.interpolate import RegularGridInterpolator

from sim.community.form import DrainForm, GroundForm, RecipeForm
from sim.community.lots import Luck, Plots, plot_of, plots
from sim.world.community import Grid

LATTICES_M = ((400.0, 0.8), (120.0, 0.6))  # wave lengths of the relief and their weights (assumed; 0.8^2 + 0.6^2 = 1)
UNIFORM_SD = 12**-0.5  # standard deviation of a uniform draw
BILINEAR_SD = 4 / 9  # mean variance left of lattice noise by bilinear interpolation: (2/3)^2
HOLLOW_RADIUS_M = 40.0  # assumed
HOLLOW_REACH = 3.0  # radii; beyond, a hollow is shallower than 1.2 % of its depth
INVERT_SPREAD_M = 0.2  # outfalls differ by up to so much up and down (assumed)


def grid_of(width_m: float, height_m: float, size_m: float) -> Grid:
    """The grid that covers the extent, to the nearest cell."""
    return Grid(max(1, round(width_m / size_m)), max(1, round(height_m / size_m)), size_m)


def cell_of(grid: Grid, x_m: np.ndarray, y_m: np.ndarray) -> np.ndarray:
    """Cell of each point, (n,) int64; what lies beyond the edge counts to the edge's cell."""
    column = np.clip(np.floor(x_m / grid.size_m), 0, grid.columns_n - 1)
    row = np.clip(np.floor(y_m / grid.size_m), 0, grid.rows_n - 1)
    return (row * grid.columns_n + column).astype(np.int64)


def centres(grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """East and north of every cell's centre, (n_cells,) float64 m."""
    index = np.arange(grid.columns_n * grid.rows_n)
    return (index % grid.columns_n + 0.5) * grid.size_m, (index // grid.columns_n + 0.5) * grid.size_m


def relief_m(luck: Luck, x_m: np.ndarray, y_m: np.ndarray, extent_m: tuple[float, float]) -> np.ndarray:
    """Undulation of about unit standard deviation at points, from lattices that do not know the grid."""
    total = np.zeros(x_m.size)
    for step_m, weight in LATTICES_M:
        columns_n, rows_n = (int(np.ceil(side_m / step_m)) + 3 for side_m in extent_m)
        knots = luck.uniform(f"ground.{step_m:g}", columns_n * rows_n).reshape(rows_n, columns_n) - 0.5
        lattice = RegularGridInterpolator((np.arange(rows_n) * step_m, np.arange(columns_n) * step_m), knots)
        total += weight * lattice(np.column_stack([y_m, x_m])) / (UNIFORM_SD * BILINEAR_SD**0.5)
    return total


def ground_m(form: GroundForm, luck: Luck, grid: Grid, extent_m: tuple[float, float], lanes: Plots) -> np.ndarray:
    """Ground of every cell above the datum, with dips in old lanes and hollows, (n_cells,) float64 m."""
    x_m, y_m = centres(grid)
    level_m = form.mean.value_m + form.relief_m * relief_m(luck, x_m, y_m, extent_m)
    for west_m, south_m, east_m, north_m in zip(*lanes, strict=True):
        level_m[(x_m >= west_m) & (x_m < east_m) & (y_m >= south_m) & (y_m < north_m)] -= form.lane_dip_m
    return level_m - hollows_m(form, luck, grid, extent_m)


def hollows_m(form: GroundForm, luck: Luck, grid: Grid, extent_m: tuple[float, float]) -> np.ndarray:
    """How much deeper every cell lies for hollows, bell-shaped and cut off where they are shallow, (n_cells,) float64 m."""
    n = round(form.hollows_per_km2 * extent_m[0] * extent_m[1] / 1e6)
    x_m, y_m = (luck.between(f"hollow.{axis}", n, 0, side_m) for axis, side_m in zip("xy", extent_m, strict=True))
    reach = int(np.ceil(HOLLOW_REACH * HOLLOW_RADIUS_M / grid.size_m))
    steps = np.arange(-reach, reach + 1)
    middle = cell_of(grid, x_m, y_m)[:, None, None]
    column = middle % grid.columns_n + steps
    row = middle // grid.columns_n + steps[:, None]
    squared = ((column + 0.5) * grid.size_m - x_m[:, None, None]) ** 2 + ((row + 0.5) * grid.size_m - y_m[:, None, None]) ** 2
    inside = (
        (column >= 0)
        & (column < grid.columns_n)
        & (row >= 0)
        & (row < grid.rows_n)
        & (squared <= (HOLLOW_REACH * HOLLOW_RADIUS_M) ** 2)
    )
    depth_m = form.hollow_m * np.exp(-squared[inside] / (2 * HOLLOW_RADIUS_M**2))
    return np.bincount((row * grid.columns_n + column)[inside], depth_m, grid.columns_n * grid.rows_n)


def wall_m(form: GroundForm, grid: Grid) -> np.ndarray:
    """Length of river wall along every cell, (n_cells,) float64 m."""
    length_m = np.zeros((grid.rows_n, grid.columns_n))
    edges: dict[str, Any] = {"west": np.s_[:, 0], "east": np.s_[:, -1], "south": np.s_[0, :], "north": np.s_[-1, :]}
    if form.river_side is not None:
        length_m[edges[form.river_side]] = grid.size_m
    return length_m.ravel()


def catchment_columns(form: DrainForm, luck: Luck) -> dict[str, np.ndarray]:
    """Drains and pump stations, without the transformer area that feeds the pump."""
    n = form.count
    old = luck.chosen("drains.old", n, round(form.old_frac * n))
    generator = luck.chosen("drains.generator", n, round(form.generator_frac * n))
    spread_m = luck.between("drains.invert", n, -INVERT_SPREAD_M, INVERT_SPREAD_M)
    return {
        "capacity_mps": np.where(old, form.old_capacity_mps.value, form.capacity_mps.value),
        "invert_m": form.invert.value_m + spread_m,
        "generator_s": np.where(generator, form.generator_s, 0.0),
    }


def cell_columns(
    recipe: RecipeForm,
    luck: Luck,
    grid: Grid,
    extent_m: tuple[float, float],
    lanes: Plots,
    road_cells: np.ndarray,
    parks: np.ndarray,
) -> dict[str, np.ndarray]:
    """The raster. `road_cells` (n,) cells with a road; `parks` (n, 3) float64 east, north, radius in m."""
    x_m, y_m = centres(grid)
    pervious = np.full(x_m.size, recipe.ground.pervious_frac)
    for east_m, north_m, radius_m in parks:
        pervious[np.hypot(x_m - east_m, y_m - north_m) <= radius_m] = recipe.ground.pervious_park_frac
    inlet = np.full(x_m.size, recipe.drains.inlet_frac_off_road)
    inlet[road_cells] = 1.0
    return {
        "ground_m": ground_m(recipe.ground, luck, grid, extent_m, lanes),
        "catchment": plot_of(plots(*extent_m, recipe.drains.count), x_m, y_m),
        "inlet_frac": inlet,
        "pervious_frac": pervious,
        "wall_m": wall_m(recipe.ground, grid),
    }
