"""Wind and rain laws against numbers published with other codes (the rows are copied with their inputs)."""

import numpy as np
import pytest

from sim.hazards.wind_profile import (
    coriolis_per_s,
    gradient_wind_mps,
    holland_1980_b,
    holland_2008_b,
    holland_2010_exponent,
    holland_2010_mps,
    holland_vmax_mps,
    pressure_drop_pa,
    radius_of_maximum_wind_m,
    rcliper_mm_h,
)

H10 = (75e3, 1.75, 35.0, (17.0, 300e3))  # radius, b, vmax, outer wind and its distance


@pytest.mark.parametrize(
    ("r_km", "wind_mps", "exponent"),
    [(75, 35.0, 0.5), (220, 21.181497, 0.485077), (300, 17.0, 0.476844), (490, 12.103461, 0.457291)],
)
def test_holland_2010_profile(r_km, wind_mps, exponent):
    """CLIMADA test_trop_cyclone_windfields.py, numbers only."""
    assert holland_2010_mps(r_km * 1e3, *H10) == pytest.approx(wind_mps, abs=1e-5)
    assert holland_2010_exponent(r_km * 1e3, *H10) == pytest.approx(exponent, abs=1e-5)


def test_holland_2010_is_calm_in_the_eye():
    assert holland_2010_mps(np.array([1.0]), *H10)[0] == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize(("drop_hpa", "b", "vmax"), [(15, 2.5, 34.635341), (30, 1.67, 40.033421), (43, 1.345, 43.012948)])
def test_largest_wind_of_a_pressure_profile(drop_hpa, b, vmax):
    assert holland_vmax_mps(b, drop_hpa * 100) == pytest.approx(vmax, abs=1e-5)


@pytest.mark.parametrize(
    ("r_km", "turning", "still"),
    [(299.45, 11.28, 15.72), (291.07, 11.68, 16.04), (292.54, 11.61, 15.98), (40.665, 42.41, 43.13)],
)
def test_gradient_wind(r_km, turning, still):
    radius, b, drop = 40.665e3, 1.486076, 3912.0
    assert gradient_wind_mps(r_km * 1e3, radius, b, drop, 3.5492e-5) == pytest.approx(turning, abs=0.02)
    assert gradient_wind_mps(r_km * 1e3, radius, b, drop, 0.0) == pytest.approx(still, abs=0.02)


@pytest.mark.parametrize(("vmax", "drop_hpa", "b"), [(35, 15, 2.5), (40, 30, 1.667213)])
def test_holland_1980_b(vmax, drop_hpa, b):
    assert holland_1980_b(vmax, drop_hpa * 100) == pytest.approx(b, abs=1e-5)


def test_holland_2008_b_by_its_polynomial():
    """dp 30 hPa, filling 2 hPa/h, 31 deg, 6 m/s: -0.0396 + 0.3 + 0.06 - 0.434 + 0.15 6^0.516279 + 1."""
    assert holland_2008_b(3000.0, 200.0, 31.0, 6.0) == pytest.approx(0.8864 + 0.15 * 6 ** (0.6 * (1 - 30 / 215)), abs=1e-9)


@pytest.mark.parametrize(("hpa", "nm"), [(872, 14.91), (940, 15.73), (980, 25.74), (1021, 56.86), (960, 20.735)])
def test_radius_of_maximum_wind(hpa, nm):
    assert radius_of_maximum_wind_m(hpa * 100.0) == pytest.approx(nm * 1852, abs=18.5)


RAIN = {
    45: (4.296833, 4.627584, 4.833891, 3.282186, 1.513198),
    65: (6.836833, 7.572696, 7.342431, 4.831228, 2.091669),
    85: (9.376833, 10.718532, 9.390302, 5.954386, 2.394152),
}


@pytest.mark.parametrize("vmax_kt", RAIN)
def test_rcliper(vmax_kt):
    """NHC's bias-adjusted R-CLIPER, numbers evaluated from its equations, at 0, 25, 50, 100, 200 km."""
    assert rcliper_mm_h(np.array([0.0, 25, 50, 100, 200]), vmax_kt) == pytest.approx(RAIN[vmax_kt], abs=1e-6)


def test_pressure_falls_towards_the_centre():
    drop = pressure_drop_pa(np.array([1e3, 40e3, 100e3, 400e3]), 40e3, 1.4, 3000.0)
    assert drop[0] == pytest.approx(3000.0)
    assert drop[1] == pytest.approx(3000 * (1 - np.exp(-1)))
    assert np.all(np.diff(drop) < 0)


def test_coriolis_is_the_same_in_both_hemispheres():
    assert coriolis_per_s(-30.0) == pytest.approx(7.292e-5)
    assert coriolis_per_s(30.0) == coriolis_per_s(-30.0)
