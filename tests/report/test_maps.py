"""What the map shows is what the places and fields hold."""

from struct import pack

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.maps import FULL, OPENED, UNUSED, Shelter, depth_classes, depth_rgba, geometry, merged, town_map
from sim.report.palette import DEPTHS
from tests.report.folder import COLUMNS, NAMES, ROWS, SIZE_M, fields, line, places, point

COORDINATE = st.floats(-1e6, 1e6, allow_nan=False)


@given(st.lists(st.tuples(COORDINATE, COORDINATE), min_size=2, max_size=9))
def test_lines_come_back(points):
    assert geometry(line(*points)).tolist() == [list(pair) for pair in points]


def test_points_come_back_in_either_byte_order():
    assert geometry(point(3.5, -2.0)).tolist() == [[3.5, -2.0]]
    assert geometry(pack(">BI2d", 0, 1, 3.5, -2.0)).tolist() == [[3.5, -2.0]]


def test_other_geometries_are_refused():
    with pytest.raises(ValueError, match="geometry code 3 is neither a point"):
        geometry(pack("<BII", 1, 3, 0))


@pytest.mark.parametrize(("forth", "back"), [(True, False), (False, True), (True, True), (False, False)])
def test_a_road_is_blocked_if_either_direction_was(forth, back):
    way = np.array([[0.0, 0.0], [10.0, 5.0]])
    roads, blocked = merged([way, way[::-1]], [forth, back])
    assert len(roads) == 1
    assert blocked.tolist() == [forth or back]


def test_depths_fall_into_their_classes():
    depth = np.array([[0.0, 0.049, 0.05, 0.2], [0.3, 0.99, 1.0, np.nan]], np.float32)
    assert depth_classes(depth).tolist() == [[-1, -1, 0, 1], [2, 3, 4, -1]]


def test_dry_is_transparent_and_wet_has_its_colour():
    colours = depth_rgba(np.array([[0.0, 2.0]], np.float32)).view(np.uint8).reshape(1, 2, 4)
    assert colours[0, 0].tolist() == [0, 0, 0, 0]
    assert colours[0, 1, :3].tolist() == list(bytes.fromhex(DEPTHS[-1][1][1:]))


@pytest.mark.parametrize(
    ("held", "room", "refused", "state"), [(0, 0, 0, UNUSED), (5, 9, 0, OPENED), (9, 9, 0, FULL), (5, 9, 2, FULL)]
)
def test_a_shelter_is_full_when_it_is_or_turned_people_away(held, room, refused, state):
    assert Shelter("", 0, 0, held, room, refused).state == state


def test_the_town_is_to_scale_and_whole():
    town = town_map(places(), fields(), SIZE_M)
    assert (town.width_m, town.height_m) == (COLUMNS * SIZE_M, ROWS * SIZE_M)
    assert [name for name, _, _ in town.zones] == NAMES
    assert len(town.roads) == 16  # eight across (two directions each) and eight along
    assert town.blocked.sum() == 1
    assert [shelter.held_n for shelter in town.shelters] == [149, 80, 220, 0]


def test_without_depth_there_is_no_map():
    assert town_map(places(), {}, SIZE_M) is None
