"""Sites: schools, gyms, parks, clinics, depots, stations, each with an everyday and a disaster function."""

import numpy as np

from sim.community.form import RecipeForm, SiteForm
from sim.community.land import cell_of
from sim.community.lots import Luck, Plots, plot_of
from sim.community.stock import nearest
from sim.documents import Document
from sim.errors import Mistake
from sim.world.community import Grid
from sim.world.tables import BuildingClass, SiteKind

# Roberts' two-dimensional low-discrepancy sequence: inverse powers of the plastic number
SPREAD_X, SPREAD_Y = 0.7548776662466927, 0.5698402909980532
INSET_FRAC = 0.08  # sites that are spread keep this share of the extent from the boundary (assumed)
SITE_FLOORS, SITE_AGE_YR = 3, 25.0  # assumed


def positions(form: SiteForm, row: int, luck: Luck, extent_m: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Where the sites of one entry stand, east and north in m: as given, else spread evenly."""
    if form.at is not None:
        return np.array([form.at.east_m]), np.array([form.at.north_m])
    start = luck.streams.block("community.sites", np.array([row]))[0]
    step = np.arange(form.count)
    share = np.stack([(start[0] + step * SPREAD_X) % 1, (start[1] + step * SPREAD_Y) % 1])
    x_frac, y_frac = INSET_FRAC + (1 - 2 * INSET_FRAC) * share
    return x_frac * extent_m[0], y_frac * extent_m[1]


def names_of(form: SiteForm) -> list[str]:
    """Their names."""
    return [form.name] if form.count == 1 else [f"{form.name} {i + 1}" for i in range(form.count)]


def site_columns(recipe: RecipeForm, luck: Luck, zones: Plots, extent_m: tuple[float, float], grid: Grid) -> dict[str, np.ndarray]:
    """The table of sites, without road and power."""
    places = [positions(form, row, luck, extent_m) for row, form in enumerate(recipe.sites)]
    counts = [form.count for form in recipe.sites]
    x_m, y_m = (np.concatenate(axis) for axis in zip(*places, strict=True))

    def each(name: str) -> np.ndarray:
        return np.repeat([getattr(form, name) for form in recipe.sites], counts)

    return {
        "kind": each("kind"),
        "shelter": each("shelter"),
        "indoor": each("indoor"),
        "zone": plot_of(zones, x_m, y_m),
        "x_m": x_m,
        "y_m": y_m,
        "cell": cell_of(grid, x_m, y_m),
        "floor_area_m2": each("floor_area_m2"),
        "toilets_n": each("toilets"),
        "staff_n": each("staff"),
        "sill_m": each("sill_m"),
    }


def on_roads(
    recipe: RecipeForm, sites: dict[str, np.ndarray], nodes: dict[str, np.ndarray], document: Document
) -> tuple[np.ndarray, list[Mistake]]:
    """Road node at every site's door, and a mistake for each that stands on no road."""
    node, distance_m = nearest(sites["x_m"], sites["y_m"], nodes["x_m"], nodes["y_m"])
    reach_m = recipe.roads.block_m.most
    mistakes, first = [], 0
    for row, form in enumerate(recipe.sites):
        if distance_m[first] > reach_m and form.at is not None:
            got = f"{form.at.east_m:g} m east, {form.at.north_m:g} m north, {distance_m[first]:.0f} m from the nearest junction"
            path = ("sites", row, "at")
            mistakes.append(Mistake(document.where(path), f"sites.{row}.at", "is on no road", got, f"at most {reach_m:g} m"))
        first += form.count
    return node, mistakes


def site_buildings(sites: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The public building of every site with a roof: wind, water and fire meet it like any other."""
    roofed = sites["indoor"] & (sites["kind"] != SiteKind.PARK)
    n = int(np.count_nonzero(roofed))
    place = {name: sites[name][roofed] for name in ("zone", "x_m", "y_m", "sill_m")}
    return {
        **place,
        "compound": np.full(n, -1),
        "kind": np.full(n, int(BuildingClass.PUBLIC)),
        "floors_n": np.full(n, SITE_FLOORS),
        "age_yr": np.full(n, SITE_AGE_YR),
    }


def parks(sites: dict[str, np.ndarray]) -> np.ndarray:
    """(n, 3) float64: east, north and radius in m of the green of every park, a disc of its area."""
    green = sites["kind"] == SiteKind.PARK
    radius_m = np.sqrt(sites["floor_area_m2"][green] / np.pi)
    return np.column_stack([sites["x_m"][green], sites["y_m"][green], radius_m])
