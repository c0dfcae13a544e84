"""Places of a community for readers: one frame of zones, sites, links and buildings, and zones as polygons.

Geometry in the frame is well-known binary (OGC 06-103r4) in local metres, as x_m and y_m are; zones.geojson is in degrees
(EPSG:4326, RFC 7946).
"""

from collections.abc import Sequence
from struct import pack
from typing import Any

import numpy as np
import pandas as pd

from sim.trajectory import name_of
from sim.world.columns import Table
from sim.world.community import Community
from sim.world.plane import plane_of
from sim.world.tables import BuildingClass, SiteKind

LITTLE_ENDIAN, POINT, LINE = 1, 1, 2  # byte order and geometry codes of well-known binary


def zone_ids(community: Community) -> list[str]:
    """z001, z002, ... by row."""
    return [f"z{row:03d}" for row in range(1, len(community.zone_names) + 1)]


def point_wkb(x_m: float, y_m: float) -> bytes:
    """A point."""
    return pack("<BIdd", LITTLE_ENDIAN, POINT, x_m, y_m)


def line_wkb(points: Sequence[tuple[float, float]]) -> bytes:
    """A line of two or more points."""
    return pack(f"<BII{2 * len(points)}d", LITTLE_ENDIAN, LINE, len(points), *(value for point in points for value in point))


def places_of(community: Community) -> pd.DataFrame:
    """table (zones, sites, links, buildings), id, kind, name, wkb, then every static column of any of them (else NaN)."""
    tables = community.tables
    zones, sites, buildings, links = (tables[name] for name in ("zones", "sites", "buildings", "links"))
    site_kinds = [name_of(SiteKind(int(kind))) for kind in sites.kind]
    building_kinds = [name_of(BuildingClass(int(kind))) for kind in buildings.kind]
    frames = [
        frame_of("zones", zones, zone_ids(community), [""] * zones.n, community.zone_names, points_of(zones)),
        frame_of("sites", sites, numbered("s", sites.n), site_kinds, community.site_names, points_of(sites)),
        frame_of("links", links, numbered("l", links.n), [""] * links.n, [""] * links.n, lines_of(links, tables["nodes"])),
        frame_of(
            "buildings", buildings, numbered("b", buildings.n), building_kinds, [""] * buildings.n,
            points_of(buildings),
        ),
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def frame_of(table_name: str, table: Table, ids: list[str], kinds: list[str], names: list[str], wkb: list[bytes]) -> pd.DataFrame:
    """Rows of one table; its static columns as float64."""
    columns = {name: values.astype(np.float64) for name, values in table.static_arrays().items() if name != "kind"}
    return pd.DataFrame({"table": table_name, "id": ids, "kind": kinds, "name": list(names), "wkb": wkb, **columns})


def numbered(letter: str, n: int) -> list[str]:
    """Ids by row, from 1."""
    return [f"{letter}{row:05d}" for row in range(1, n + 1)]


def points_of(table: Any) -> list[bytes]:
    """A point a row."""
    return [point_wkb(x_m, y_m) for x_m, y_m in zip(table.x_m, table.y_m, strict=True)]


def lines_of(links: Any, nodes: Any) -> list[bytes]:
    """A straight line a link, from tail to head."""
    ends = np.column_stack([nodes.x_m[links.tail], nodes.y_m[links.tail], nodes.x_m[links.head], nodes.y_m[links.head]])
    return [line_wkb([(a, b), (c, d)]) for a, b, c, d in ends.tolist()]


def zones_geojson(community: Community, properties: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A FeatureCollection: each zone the hull of its buildings (its centroid where there are fewer than three apart)."""
    plane, zones, buildings = plane_of(community), community.tables["zones"], community.tables["buildings"]
    features = []
    for row, own in enumerate(properties):
        mine = np.flatnonzero(buildings.zone == row)
        ring = hull(np.column_stack([buildings.x_m[mine], buildings.y_m[mine]]))
        if len(ring) >= 3:
            closed = np.array([*ring, ring[0]])
            shape = {"type": "Polygon", "coordinates": [plane.degrees(closed[:, 0], closed[:, 1]).tolist()]}
        else:
            shape = {"type": "Point", "coordinates": plane.degrees(zones.x_m[row], zones.y_m[row]).tolist()}
        features.append({"type": "Feature", "id": own["id"], "geometry": shape, "properties": own})
    return {"type": "FeatureCollection", "features": features}


def hull(points: np.ndarray) -> list[tuple[float, float]]:
    """Convex hull of (n, 2) points, counter-clockwise, without points on its edges (Andrew 1979, monotone chain)."""
    ordered = sorted({(float(x), float(y)) for x, y in points})
    if len(ordered) < 3:
        return ordered
    return half_hull(ordered)[:-1] + half_hull(ordered[::-1])[:-1]


def half_hull(ordered: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The side of the hull to the right of the way from the first point to the last."""
    chain: list[tuple[float, float]] = []
    for x, y in ordered:
        while len(chain) > 1 and turn(chain[-2], chain[-1], (x, y)) <= 0:
            chain.pop()
        chain.append((x, y))
    return chain


def turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Positive where a, b, c turn left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
