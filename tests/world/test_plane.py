"""The tangent plane: exact both ways, and close to the ellipsoid's degree."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.plane import plane_at

METRES = st.floats(-50_000, 50_000)


@given(METRES, METRES, st.floats(-60, 60))
def test_there_and_back(x_m, y_m, latitude_deg):
    plane = plane_at(latitude_deg, 121.5, 3000, 2000)
    back = plane.metres(*plane.degrees(x_m, y_m))
    assert back == pytest.approx([x_m, y_m], abs=1e-6)


def test_the_middle_is_the_communitys_place():
    assert plane_at(31.2, 121.5, 3000, 2000).degrees(1500, 1000) == pytest.approx([121.5, 31.2], abs=1e-12)


@pytest.mark.parametrize(("latitude_deg", "east_m", "north_m"), [
    (0, 111_319.5, 110_574.3), (30, 96_486.3, 110_852.4), (60, 55_800.0, 111_412.2),
])  # fmt: skip
def test_length_of_a_degree(latitude_deg, east_m, north_m):
    """Tabulated lengths of a degree on WGS 84."""
    plane = plane_at(latitude_deg, 0, 0, 0)
    assert (plane.east_m_per_deg, plane.north_m_per_deg) == (pytest.approx(east_m, abs=1), pytest.approx(north_m, abs=1))


def test_many_at_once():
    assert plane_at(31.2, 121.5, 0, 0).degrees(np.zeros(4), np.ones(4)).shape == (4, 2)
