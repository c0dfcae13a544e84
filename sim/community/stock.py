"""Buildings: compounds by class, dwellings in them, camps, huts, public buildings."""

from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from sim.community.crowd import Parties
from sim.community.form import DwellingForm, RecipeForm
from sim.community.lots import Luck, Plots, plot_of, shared_out, split, within
from sim.world.tables import BuildingClass, HouseholdKind

NO_COMPOUND = -1
UNEVEN = (0.7, 1.3)  # compounds of one class differ in residents by these factors (assumed)
PUBLIC_FLOORS = (2, 6)  # storeys of public buildings (assumed)
PUBLIC_AGE_YR = (5.0, 40.0)  # assumed
PUBLIC_SILL_M = 0.3  # assumed
HUT_SILL_M = 0.05  # assumed
LIGHT_AGE_YR = 3.0  # huts and dormitories are young (assumed)
MARGIN_FRAC = 0.04  # nothing is put nearer to the boundary than this share of the extent (assumed)


class Compounds(NamedTuple):
    """Compounds: plot, zone, class (BuildingClass), each (n,)."""

    plots: Plots
    zone: np.ndarray
    kind: np.ndarray


class Stock(NamedTuple):
    """Columns of buildings, and of households: its building and whether it lives on the ground floor."""

    buildings: dict[str, np.ndarray]
    building: np.ndarray
    ground_floor: np.ndarray


def class_counts(recipe: RecipeForm) -> np.ndarray:
    """Compounds that are high-rise, walk-up, old lane, (3,) int64: `old_frac` of all are walk-ups and lanes."""
    form = recipe.compounds
    old_n = round(form.old_frac.value * form.count.value)
    return np.array([form.count.value - old_n, old_n - form.lane_count, form.lane_count])


def dwelling_forms(recipe: RecipeForm) -> tuple[DwellingForm, DwellingForm, DwellingForm]:
    """The forms in the order of BuildingClass."""
    return recipe.dwellings.high_rise, recipe.dwellings.walk_up, recipe.dwellings.old_lane


def compounds_of(recipe: RecipeForm, luck: Luck, zones: Plots) -> Compounds:
    """Cut the zones into compounds and give each a class, at random."""
    zones_n = zones.west_m.size
    counts = shared_out(recipe.compounds.count.value, np.ones(zones_n))[luck.order("compounds.zone", zones_n)]
    kind = np.repeat([BuildingClass.HIGH_RISE, BuildingClass.WALK_UP, BuildingClass.OLD_LANE], class_counts(recipe))
    return Compounds(
        split(zones, counts), np.repeat(np.arange(zones_n), counts), kind[luck.order("compounds.kind", kind.size)].astype(np.int64)
    )


def compound_residents(recipe: RecipeForm, luck: Luck, kind: np.ndarray) -> np.ndarray:
    """Residents of each compound, (n,) int64; by class as the recipe says."""
    totals = shared_out(recipe.residents.value, np.array([form.residents_frac for form in dwelling_forms(recipe)]))
    weights = luck.between("compounds.size", kind.size, *UNEVEN)
    result = np.zeros(kind.size, np.int64)
    for building_class, total in enumerate(totals):
        mine = kind == building_class
        result[mine] = shared_out(int(total), weights[mine])
    return result


def dwellings(recipe: RecipeForm, luck: Luck, compounds: Compounds, persons_n: np.ndarray) -> Stock:
    """Resident households, in their order, fill the compounds; each compound is built in one piece."""
    n = compounds.kind.size
    ends = np.cumsum(compound_residents(recipe, luck, compounds.kind))
    compound = np.minimum(np.searchsorted(ends, np.cumsum(persons_n) - persons_n, side="right"), n - 1)
    homes_n = np.bincount(compound, minlength=n)
    forms = dwelling_forms(recipe)
    floors_least, floors_most = (
        np.array([getattr(form.floors, end) for form in forms])[compounds.kind] for end in ("least", "most")
    )
    floors = floors_least + np.floor((floors_most - floors_least + 1) * luck.uniform("compounds.floors", n)).astype(np.int64)
    per_floor = np.array([form.homes_per_floor for form in forms])[compounds.kind]
    blocks_n = -(-homes_n // (floors * per_floor))
    first = np.cumsum(blocks_n) - blocks_n
    place = within(homes_n)
    block = place * blocks_n[compound] // np.maximum(homes_n[compound], 1)
    first_home = -(-block * homes_n[compound] // np.maximum(blocks_n[compound], 1))
    return Stock(
        block_columns(recipe, luck, compounds, blocks_n, floors), first[compound] + block, place - first_home < per_floor[compound]
    )


def block_columns(
    recipe: RecipeForm, luck: Luck, compounds: Compounds, blocks_n: np.ndarray, floors: np.ndarray
) -> dict[str, np.ndarray]:
    """Residential buildings, compound by compound, on a loose grid within the plot."""
    compound = np.repeat(np.arange(blocks_n.size), blocks_n)
    west_m, south_m, east_m, north_m = (side[compound] for side in compounds.plots)
    columns_n = np.ceil(np.sqrt(blocks_n[compound] * (east_m - west_m) / (north_m - south_m)))
    rows_n = np.ceil(blocks_n[compound] / columns_n)
    place, n = within(blocks_n), compound.size
    kind = compounds.kind[compound]
    forms = dwelling_forms(recipe)
    ages = [luck.between(f"compounds.age.{i}", blocks_n.size, form.age_yr.least, form.age_yr.most) for i, form in enumerate(forms)]
    sills = [luck.between(f"buildings.sill.{i}", n, form.sill_m.least, form.sill_m.most) for i, form in enumerate(forms)]
    return {
        "zone": compounds.zone[compound],
        "compound": compound,
        "x_m": west_m + (east_m - west_m) * (place % columns_n + luck.between("buildings.x", n, 0.3, 0.7)) / columns_n,
        "y_m": south_m + (north_m - south_m) * (place // columns_n + luck.between("buildings.y", n, 0.3, 0.7)) / rows_n,
        "kind": kind,
        "floors_n": floors[compound],
        "age_yr": np.choose(kind, [age[compound] for age in ages]),
        "sill_m": np.choose(kind, sills),
    }


def scattered(luck: Luck, name: str, n: int, extent_m: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """East and north of `n` points anywhere inside the boundary."""
    low, high = MARGIN_FRAC, 1 - MARGIN_FRAC
    return luck.between(f"{name}.x", n, low * extent_m[0], high * extent_m[0]), luck.between(
        f"{name}.y", n, low * extent_m[1], high * extent_m[1]
    )


def loose(
    zones: Plots, x_m: np.ndarray, y_m: np.ndarray, kind: BuildingClass, **values: np.ndarray | float
) -> dict[str, np.ndarray]:
    """Buildings that belong to no compound."""
    n = x_m.size
    given = {name: np.broadcast_to(value, n) for name, value in values.items()}
    return {
        "zone": plot_of(zones, x_m, y_m),
        "compound": np.full(n, NO_COMPOUND),
        "x_m": x_m,
        "y_m": y_m,
        "kind": np.full(n, int(kind)),
        **given,
    }


def light_and_public(
    recipe: RecipeForm, luck: Luck, zones: Plots, extent_m: tuple[float, float], huts_n: int
) -> list[dict[str, np.ndarray]]:
    """Camps, huts and public buildings, in this order."""
    camps = scattered(luck, "camps", recipe.camps.count, extent_m)
    huts = scattered(luck, "huts", huts_n, extent_m)
    public_n = recipe.public_buildings
    public = scattered(luck, "public", public_n, extent_m)
    return [
        loose(zones, *camps, BuildingClass.CAMP, floors_n=recipe.camps.floors_n, age_yr=LIGHT_AGE_YR, sill_m=recipe.camps.sill_m),
        loose(zones, *huts, BuildingClass.HUT, floors_n=1, age_yr=LIGHT_AGE_YR, sill_m=HUT_SILL_M),
        loose(
            zones,
            *public,
            BuildingClass.PUBLIC,
            floors_n=luck.whole("public.floors", public_n, *PUBLIC_FLOORS),
            age_yr=luck.between("public.age", public_n, *PUBLIC_AGE_YR),
            sill_m=PUBLIC_SILL_M,
        ),
    ]


def stock_of(
    recipe: RecipeForm, luck: Luck, zones: Plots, compounds: Compounds, extent_m: tuple[float, float], parties: Parties
) -> Stock:
    """All buildings, and where every household stays."""
    kind = parties.kind
    homes = dwellings(recipe, luck, compounds, (parties.old_n + parties.young_n)[kind == HouseholdKind.RESIDENT])
    huts_n = int(np.count_nonzero(kind == HouseholdKind.HUT))
    others = light_and_public(recipe, luck, zones, extent_m, huts_n)
    buildings = {name: np.concatenate([homes.buildings[name], *(block[name] for block in others)]) for name in homes.buildings}
    homes_n = homes.buildings["kind"].size
    rooms_n, parties_n = np.count_nonzero(kind == HouseholdKind.CAMP), int(np.count_nonzero(kind == HouseholdKind.VISITOR))
    per_camp = shared_out(int(rooms_n), luck.between("camps.size", recipe.camps.count, *UNEVEN))
    camp, room = np.repeat(np.arange(recipe.camps.count), per_camp), within(per_camp)
    public = luck.whole("visitors.building", parties_n, 0, recipe.public_buildings - 1)
    public_floors = others[2]["floors_n"][public]
    first_hut, first_public = homes_n + recipe.camps.count, homes_n + recipe.camps.count + huts_n
    building = np.concatenate([homes.building, homes_n + camp, first_hut + np.arange(huts_n), first_public + public])
    low = [homes.ground_floor, room * recipe.camps.floors_n < per_camp[camp], np.ones(huts_n, bool)]
    return Stock(buildings, building, np.concatenate([*low, luck.uniform("visitors.floor", parties_n) * public_floors < 1]))


def nearest(x_m: np.ndarray, y_m: np.ndarray, to_x_m: np.ndarray, to_y_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row of the nearest of some points, and how far it is in m, for each of (n,) places."""
    distance_m, row = cKDTree(np.column_stack([to_x_m, to_y_m])).query(np.column_stack([x_m, y_m]))
    return row.astype(np.int64), distance_m
