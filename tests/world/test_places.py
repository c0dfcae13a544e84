"""Places as readers get them: binary geometry, hulls, GeoJSON."""

from struct import unpack

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.places import hull, line_wkb, places_of, point_wkb, turn, zones_geojson
from tests.worlds import small_world

POINTS = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), max_size=30)


def test_a_point_and_a_line_in_well_known_binary():
    assert unpack("<BIdd", point_wkb(1.5, 2.5)) == (1, 1, 1.5, 2.5)
    assert unpack("<BII4d", line_wkb([(0, 1), (2, 3)])) == (1, 2, 2, 0, 1, 2, 3)


@given(POINTS)
def test_a_hull_turns_left_and_holds_every_point(points):
    ring = hull(np.array(points, float).reshape(-1, 2))
    if len(ring) < 3:
        return
    sides = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    assert all(turn(a, b, c) > 0 for (a, b), c in zip(sides, [*ring[2:], *ring[:2]], strict=True))
    assert all(turn(a, b, point) >= 0 for a, b in sides for point in points)


def test_every_table_has_its_rows():
    places = places_of(small_world().community)
    assert places.groupby("table").size().to_dict() == {"buildings": 2, "links": 2, "sites": 2, "zones": 2}
    assert list(places)[:5] == ["table", "id", "kind", "name", "wkb"]
    assert places.id.is_unique


def test_zones_are_rings_in_degrees_or_points():
    community = small_world().community
    properties = [{"id": "z001", "maintenance": 90.0}, {"id": "z002", "maintenance": None}]
    collection = zones_geojson(community, properties)
    assert [feature["geometry"]["type"] for feature in collection["features"]] == ["Point", "Point"]
    assert collection["features"][0]["properties"] == properties[0]
    assert collection["features"][0]["geometry"]["coordinates"] == pytest.approx([121.5, 31.2], abs=0.01)
