"""A community: its static tables, its grid, the names of its things, and where it lies."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sim.world.columns import Table

# The ellipsoid of WGS 84 (NIMA TR8350.2): semi-major axis and first eccentricity squared.
SEMI_MAJOR_M = 6_378_137.0
ECCENTRICITY2 = 6.69437999014e-3


class Grid(NamedTuple):
    """Raster of square cells; cell (column, row) is row * columns_n + column, from the south-west."""

    columns_n: int
    rows_n: int
    size_m: float


@dataclass(frozen=True)
class Community:
    """What is there before anything happens. Tables by name are in `tables`; `figures` are the public figures it came from,
    each with its source and whether anyone could check it."""

    name: str
    title: str
    synthetic: bool
    latitude_deg: float
    longitude_deg: float
    datum: str
    utc_offset_h: float
    grid: Grid
    zone_names: list[str]
    site_names: list[str]
    tables: dict[str, Table]
    figures: list[dict[str, Any]] = field(default_factory=list)
    digest: str = ""
