"""Power as people meet it: transformer areas (台区) of a few hundred customers on medium-voltage feeders."""

import numpy as np

from sim.community.form import PowerForm, RecipeForm
from sim.community.land import cell_of
from sim.community.lots import Luck, within
from sim.community.stock import NO_COMPOUND, Compounds, dwelling_forms, nearest
from sim.world.community import Grid


def areas_of_blocks(form: PowerForm, compound: np.ndarray, customers_n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Area of each residential building (n,) int64, in compound order, and the compound of each area."""
    compounds_n = int(compound.max()) + 1
    blocks_n = np.bincount(compound, minlength=compounds_n)
    wanted_n = np.round(np.bincount(compound, customers_n, compounds_n) / form.customers_per_area).astype(np.int64)
    areas_n = np.minimum(np.maximum(wanted_n, 1), blocks_n)
    first = np.cumsum(areas_n) - areas_n
    area = first[compound] + within(blocks_n) * areas_n[compound] // blocks_n[compound]
    return area, np.repeat(np.arange(compounds_n), areas_n)


def building_areas(form: PowerForm, buildings: dict[str, np.ndarray], customers_n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Area of every building: that of its compound, else the nearest; and the compound of each area."""
    in_compound = buildings["compound"] != NO_COMPOUND
    area = np.zeros(in_compound.size, np.int64)
    area[in_compound], compound = areas_of_blocks(form, buildings["compound"][in_compound], customers_n[in_compound])
    x_m, y_m = buildings["x_m"], buildings["y_m"]
    block, _ = nearest(x_m[~in_compound], y_m[~in_compound], x_m[in_compound], y_m[in_compound])
    area[~in_compound] = area[in_compound][block]
    return area, compound


def mean_by(group: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    """Mean of `values` in each of `n` groups."""
    return np.bincount(group, values, n) / np.bincount(group, minlength=n)


def area_columns(
    recipe: RecipeForm,
    luck: Luck,
    compounds: Compounds,
    area_compound: np.ndarray,
    buildings: dict[str, np.ndarray],
    nodes: dict[str, np.ndarray],
    grid: Grid,
) -> dict[str, np.ndarray]:
    """The table of areas, without the count of customers; feeders take them in turn, neighbours together."""
    n, form = area_compound.size, recipe.power
    home = buildings["compound"] != NO_COMPOUND
    x_m, y_m = (mean_by(buildings["area"][home], buildings[axis][home], n) for axis in ("x_m", "y_m"))
    overhead_frac = np.array([dwelling.overhead_frac for dwelling in dwelling_forms(recipe)])[compounds.kind[area_compound]]
    return {
        "feeder": np.arange(n) * min(form.feeders, n) // n,
        "zone": compounds.zone[area_compound],
        "x_m": x_m,
        "y_m": y_m,
        "node": nearest(x_m, y_m, nodes["x_m"], nodes["y_m"])[0],
        "cell": cell_of(grid, x_m, y_m),
        "overhead": luck.uniform("areas.overhead", n) < overhead_frac,
        "plinth_m": luck.between("areas.plinth", n, form.plinth_m.least, form.plinth_m.most),
    }


def feeder_columns(
    form: PowerForm, luck: Luck, areas: dict[str, np.ndarray], nodes: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """The table of feeders; each stands in the middle of its areas."""
    n = int(areas["feeder"].max()) + 1
    x_m, y_m = (mean_by(areas["feeder"], areas[axis], n) for axis in ("x_m", "y_m"))
    return {
        "overhead_frac": luck.between("feeders.overhead", n, form.overhead_frac.least, form.overhead_frac.most),
        "x_m": x_m,
        "y_m": y_m,
        "node": nearest(x_m, y_m, nodes["x_m"], nodes["y_m"])[0],
    }
