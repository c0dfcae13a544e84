"""From public figures to a synthetic community: the same recipe gives the same community to the bit.

Nothing here knows the grid before the raster is made, so people, buildings and roads are the same at every resolution.
"""

from typing import Any

import numpy as np
from pydantic import ValidationError

from sim.community import conduits, crowd, facilities, land, mains, stock, streets
from sim.community.figures import Figure
from sim.community.floors import floors_of
from sim.community.form import RecipeForm
from sim.community.lots import Luck, plots
from sim.documents import Document, mistakes_of, parse_yaml
from sim.errors import InputError, Mistake
from sim.units import Model
from sim.world.columns import Table
from sim.world.community import Community
from sim.world.tables import TABLES, HouseholdKind

Columns = dict[str, np.ndarray]
JUNCTIONS_MOST = 50_000  # ten times the densest community of a million people
HIGHEST_M = 5000.0  # nobody builds a community higher than this


def read_recipe(text: str, name: str) -> tuple[RecipeForm, Document]:
    """The recipe and where everything stands in it; InputError lists every mistake."""
    document = parse_yaml(text, name)
    return recipe_of(document), document


def recipe_of(document: Document) -> RecipeForm:
    """The recipe that a document holds; InputError lists every mistake."""
    if not isinstance(document.value, dict):
        raise InputError(
            Mistake(document.name, "", "is not a community", document.value, "a mapping that starts with `schema: community/1`")
        )
    try:
        recipe = RecipeForm.model_validate(document.value)
    except ValidationError as error:
        raise InputError(*mistakes_of(error, document)) from None
    if mistakes := contradictions(recipe, document):
        raise InputError(*mistakes)
    return recipe


def contradictions(recipe: RecipeForm, document: Document) -> list[Mistake]:
    """What cannot be true together."""
    counts = stock.class_counts(recipe)
    people, datum, block_m = recipe.people, recipe.origin.datum, recipe.roads.block_m
    junctions_n = recipe.area_m2.value / ((block_m.least + block_m.most) / 2) ** 2
    rules = [
        (recipe.compounds.count.value < recipe.zones.count.value, "compounds.count.value", "at least one compound in each zone"),
        (counts[1] < 0, "compounds.lane_count", f"at most the {counts[1] + counts[2]} compounds that are old"),
        (recipe.residents.value < recipe.compounds.count.value, "residents.value", "at least one resident in each compound"),
        (
            people.alone_frac.value > people.only_old_frac.value,
            "people.alone_frac.value",
            "at most people.only_old_frac, which includes it",
        ),
        (people.old_frac.value + people.child_frac.value > 1, "people.child_frac.value", "with people.old_frac at most 1"),
        (recipe.camps.count == 0 and recipe.camps.workers.value > 0, "camps.count", "a camp, or no workers"),
        (
            junctions_n > JUNCTIONS_MOST,
            "roads.block",
            f"blocks that make at most {JUNCTIONS_MOST:,} junctions (these make {junctions_n:,.0f})",
        ),
        (abs(recipe.origin.latitude_deg) >= 90, "origin.latitude", "less than 90 deg north or south"),
        (not abs(recipe.ground.mean.value_m) <= HIGHEST_M, "ground.mean", f"at most {HIGHEST_M:g} m from the datum"),
        (not abs(recipe.drains.invert.value_m) <= HIGHEST_M, "drains.invert", f"at most {HIGHEST_M:g} m from the datum"),
        (recipe.ground.mean.datum != datum, "ground.mean", f"the datum of the origin, {datum}"),
        (recipe.drains.invert.datum != datum, "drains.invert", f"the datum of the origin, {datum}"),
    ]
    found = [mistake_at(document, dotted, wanted) for broken, dotted, wanted in rules if broken]
    return found or empty_classes(recipe, document)


def empty_classes(recipe: RecipeForm, document: Document) -> list[Mistake]:
    """Classes of dwellings with residents and no compounds, or compounds and no residents."""
    counts = zip(recipe.dwellings, stock.class_counts(recipe), strict=True)
    wanted = "more than 0 where compounds are of the class, else 0 (there are {})"
    return [
        mistake_at(document, f"dwellings.{name}.residents_frac", wanted.format(count))
        for (name, form), count in counts
        if (count > 0) != (form.residents_frac > 0)
    ]


def mistake_at(document: Document, dotted: str, wanted: str) -> Mistake:
    """A mistake at a key, with its value."""
    value: Any = document.value
    for key in dotted.split("."):
        value = value[key]
    return Mistake(document.where(tuple(dotted.split("."))), dotted, "does not fit", value, wanted)


def build(text: str, name: str, resolution_m: float) -> Community:
    """Build the community that `text` (YAML) describes; `name` is the file's, for messages. InputError lists every mistake."""
    recipe, document = read_recipe(text, name)
    luck = Luck(recipe.seed)
    tables, grid = made(recipe, luck, document, resolution_m)
    zones_n = tables["zones"]["x_m"].size
    return Community(
        name=recipe.name,
        title=recipe.title,
        synthetic=True,
        latitude_deg=recipe.origin.latitude_deg,
        longitude_deg=recipe.origin.longitude_deg,
        datum=recipe.origin.datum,
        utc_offset_h=recipe.origin.utc_offset_h,
        grid=grid,
        zone_names=[f"{recipe.zones.name} {i + 1:02d}" for i in range(zones_n)],
        site_names=[name for form in recipe.sites for name in facilities.names_of(form)],
        tables=tabled(tables),
        figures=figures_of(recipe, document.value),
    )


def tabled(columns: dict[str, Columns]) -> dict[str, Table]:
    """Columns as tables; a table lacks no static column."""
    result = {}
    for name, table in TABLES.items():
        given = columns[name]
        if missing := [key for key, column in table.columns.items() if not column.state and key not in given]:
            raise ValueError(f"the recipe makes no {name}.{', '.join(missing)}")
        result[name] = table(len(next(iter(given.values()))), given)
    return result


def made(recipe: RecipeForm, luck: Luck, document: Document, resolution_m: float) -> tuple[dict[str, Columns], land.Grid]:
    """All static columns by table."""
    area_m2 = recipe.area_m2.value
    extent_m = ((area_m2 * recipe.aspect) ** 0.5, (area_m2 / recipe.aspect) ** 0.5)
    grid = land.grid_of(*extent_m, resolution_m)
    zones = plots(*extent_m, recipe.zones.count.value)
    compounds = stock.compounds_of(recipe, luck, zones)
    x_m, y_m, columns_n = streets.junctions(recipe.roads, luck, extent_m)
    nodes = streets.node_columns(x_m, y_m, grid)
    links = streets.link_columns(recipe.roads, luck, nodes, columns_n, grid)
    sites = facilities.site_columns(recipe, luck, zones, extent_m, grid)
    sites["node"], mistakes = facilities.on_roads(recipe, sites, nodes, document)
    if mistakes:
        raise InputError(*mistakes)
    parties = parties_of(recipe, luck)
    built = stock.stock_of(recipe, luck, zones, compounds, extent_m, parties)
    homes = connected(recipe, luck, compounds, built, parties, nodes, grid, sites)
    catchments = land.catchment_columns(recipe.drains, luck)
    centre = plots(*extent_m, recipe.drains.count)
    middle = ((centre.west_m + centre.east_m) / 2, (centre.south_m + centre.north_m) / 2)
    catchments["area"] = stock.nearest(*middle, homes["areas"]["x_m"], homes["areas"]["y_m"])[0]
    lanes = stock.Plots(*(side[compounds.kind == stock.BuildingClass.OLD_LANE] for side in compounds.plots))
    cells = land.cell_columns(recipe, luck, grid, extent_m, lanes, streets.road_cells(nodes, links, grid), facilities.parks(sites))
    homes["areas"]["tank_s"] = conduits.tanks_s(recipe.water, luck, homes["areas"]["x_m"].size)
    homes["masts"] = conduits.mast_columns(recipe.telecom, luck, extent_m, homes["buildings"], nodes)
    peopled = {**homes, **inhabited(recipe, luck, parties, built, homes["buildings"])}
    zone_table = zone_columns(recipe, zones, peopled["households"])
    return {
        **peopled,
        "zones": zone_table,
        "nodes": nodes,
        "links": links,
        "sites": sites,
        "catchments": catchments,
        "cells": cells,
    }, grid


def parties_of(recipe: RecipeForm, luck: Luck) -> crowd.Parties:
    """Households of residents, camps, huts and visitors, in this order."""
    visitors = [crowd.sized_parties(HouseholdKind.VISITOR, form.persons, form.party) for form in recipe.visitors]
    return crowd.joined(
        crowd.resident_parties(recipe.people, recipe.residents.value, luck),
        crowd.sized_parties(HouseholdKind.CAMP, recipe.camps.workers.value, recipe.camps.room),
        crowd.sized_parties(HouseholdKind.HUT, recipe.huts.dwellers.value, recipe.huts.per_hut),
        *visitors,
    )


def connected(
    recipe: RecipeForm,
    luck: Luck,
    compounds: stock.Compounds,
    built: stock.Stock,
    parties: crowd.Parties,
    nodes: Columns,
    grid: land.Grid,
    sites: Columns,
) -> dict[str, Columns]:
    """Buildings, transformer areas and feeders; every building and site gets its road, cell and area."""
    roofs = facilities.site_buildings(sites)
    buildings = {name: np.concatenate([values, roofs[name]]) for name, values in built.buildings.items()}
    customer = parties.kind != HouseholdKind.VISITOR
    customers_n = np.bincount(built.building[customer], minlength=buildings["kind"].size)
    buildings["cell"] = land.cell_of(grid, buildings["x_m"], buildings["y_m"])
    buildings["node"] = stock.nearest(buildings["x_m"], buildings["y_m"], nodes["x_m"], nodes["y_m"])[0]
    buildings["area"], area_compound = mains.building_areas(recipe.power, buildings, customers_n)
    areas = mains.area_columns(recipe, luck, compounds, area_compound, buildings, nodes, grid)
    areas["customers_n"] = np.bincount(buildings["area"], customers_n, area_compound.size).astype(np.int64)
    block, _ = stock.nearest(sites["x_m"], sites["y_m"], buildings["x_m"], buildings["y_m"])
    sites["area"] = buildings["area"][block]
    return {"buildings": buildings, "areas": areas, "feeders": mains.feeder_columns(recipe.power, luck, areas, nodes)}


def inhabited(recipe: RecipeForm, luck: Luck, parties: crowd.Parties, built: stock.Stock, buildings: Columns) -> dict[str, Columns]:
    """Households and persons in their homes."""
    on_register = crowd.registered(recipe.people, parties, luck)
    people = crowd.person_columns(recipe, parties, on_register, luck)
    households = crowd.household_columns(recipe, parties, on_register, people, luck)
    hours = [(form.from_h, form.to_h, -(-form.persons // form.party)) for form in recipe.visitors]
    always_n = int(np.count_nonzero(parties.kind != HouseholdKind.VISITOR))
    from_h, to_h, counts = (np.array(values) for values in zip((0.0, 24.0, always_n), *hours, strict=True))
    counts = counts.astype(np.int64)
    homes = {name: buildings[name][built.building] for name in ("zone", "node", "area")}
    stays = {
        "building": built.building,
        "ground_floor": built.ground_floor,
        "floor": floors_of(built.building, built.ground_floor, buildings["floors_n"]),
        "from_h": np.repeat(from_h, counts),
        "to_h": np.repeat(to_h, counts),
    }
    return {"households": {**households, **homes, **stays}, "people": people}


def zone_columns(recipe: RecipeForm, zones: stock.Plots, households: Columns) -> Columns:
    """The table of zones."""
    resident = households["kind"] == HouseholdKind.RESIDENT
    residents_n = np.bincount(households["zone"][resident], households["persons_n"][resident], zones.west_m.size)
    per_10000 = recipe.zones.grid_workers_per_10000.value + recipe.zones.building_heads_per_10000.value
    return {
        "x_m": (zones.west_m + zones.east_m) / 2,
        "y_m": (zones.south_m + zones.north_m) / 2,
        "residents_n": residents_n.astype(np.int64),
        "grid_workers_n": np.round(residents_n * per_10000 / 1e4).astype(np.int64),
    }


def figures_of(form: Model, values: dict[str, Any], path: str = "") -> list[dict[str, Any]]:
    """Every public figure as it was written: name (dotted key), value, source, verified."""
    result: list[dict[str, Any]] = []
    for name, info in type(form).model_fields.items():
        inner, key = getattr(form, name), info.alias or name
        if isinstance(inner, Figure):
            result.append({"name": path + key, **values[key]})
        elif isinstance(inner, Model) and key in values:
            result += figures_of(inner, values[key], f"{path}{key}.")
    return result
