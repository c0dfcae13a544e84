"""Wind against distance from a typhoon's centre, and its rain: laws of one number each, over arrays.

Holland 1980 (Mon. Wea. Rev. 108), Holland 2008 (Mon. Wea. Rev. 136, eq. 7-11), Holland, Belanger, Fritz 2010 (Mon. Wea.
Rev. 138, eq. 6 and 10); R-CLIPER: Tuleya, DeMaria, Kuligowski 2007 (Wea. Forecasting 22). Winds are means as the data are.
"""

import numpy as np

AIR_KGM3 = 1.15  # Holland 1980
EARTH_TURN_PER_S = 7.292e-5
# central pressure, hPa -> radius of maximum wind, nautical miles: CLIMADA's fallback where no radius is reported
RADIUS_HPA = (872.0, 940.0, 980.0, 1021.0)
RADIUS_NM = (14.91, 15.73, 25.74, 56.86)
LEAST_EXPONENT = 0.4  # CLIMADA's floor of H10's x


def radius_of_maximum_wind_m(pressure_pa: np.ndarray) -> np.ndarray:
    """From the central pressure alone."""
    return np.interp(np.asarray(pressure_pa) / 100.0, RADIUS_HPA, RADIUS_NM) * 1852.0


def coriolis_per_s(lat_deg: np.ndarray) -> np.ndarray:
    """Coriolis parameter, positive in both hemispheres."""
    return 2.0 * EARTH_TURN_PER_S * np.abs(np.sin(np.radians(lat_deg)))


def holland_1980_b(vmax_mps: np.ndarray, drop_pa: np.ndarray) -> np.ndarray:
    """B = rho e v^2 / dp, within 1 to 2.5."""
    return np.clip(AIR_KGM3 * np.e * np.square(vmax_mps) / drop_pa, 1.0, 2.5)


def holland_2008_b(drop_pa: np.ndarray, filling_pa_h: np.ndarray, lat_deg: np.ndarray, motion_mps: np.ndarray) -> np.ndarray:
    """b_s of the surface wind from pressure drop, its change in an hour, latitude and forward speed; within 0.8 to 2.5."""
    drop_hpa = np.asarray(drop_pa) / 100.0
    x = 0.6 * (1.0 - drop_hpa / 215.0)
    motion = 0.15 * np.asarray(motion_mps) ** x
    b = -4.4e-5 * drop_hpa**2 + 0.01 * drop_hpa + 3e-4 * np.asarray(filling_pa_h) - 0.014 * np.abs(lat_deg) + motion + 1.0
    return np.clip(b, 0.8, 2.5)


def holland_vmax_mps(b: np.ndarray, drop_pa: np.ndarray) -> np.ndarray:
    """Largest wind of a pressure profile: sqrt(b dp / (rho e))."""
    return np.sqrt(np.asarray(b) * drop_pa / (AIR_KGM3 * np.e))


def gradient_wind_mps(
    r_m: np.ndarray, radius_m: np.ndarray, b: np.ndarray, drop_pa: np.ndarray, coriolis: np.ndarray
) -> np.ndarray:
    """Holland's wind in balance with the pressure and the earth's turning."""
    s = (radius_m / r_m) ** b
    turn = 0.5 * r_m * coriolis
    return np.sqrt(b / AIR_KGM3 * s * drop_pa * np.exp(-s) + turn**2) - turn


def holland_2010_exponent(
    r_m: np.ndarray, radius_m: np.ndarray, b: np.ndarray, inner: np.ndarray, outer: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """x(r): 0.5 inside the radius of maximum wind (`inner` is that wind), then linear through the exponent that gives
    `outer` = (wind, distance) there; at least 0.4."""
    outer_mps, outer_m = outer
    s = (radius_m / outer_m) ** b
    at_outer = np.log(outer_mps / inner) / (np.log(s) + 1.0 - s)
    x = 0.5 + (r_m - radius_m) * (at_outer - 0.5) / (outer_m - radius_m)
    return np.where(r_m <= radius_m, 0.5, np.maximum(x, LEAST_EXPONENT))


def holland_2010_mps(
    r_m: np.ndarray, radius_m: np.ndarray, b: np.ndarray, vmax_mps: np.ndarray, outer: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """V = vmax [(R/r)^b exp(1 - (R/r)^b)]^x."""
    s = (radius_m / r_m) ** b
    return vmax_mps * (s * np.exp(1.0 - s)) ** holland_2010_exponent(r_m, radius_m, b, vmax_mps, outer)


def pressure_drop_pa(r_m: np.ndarray, radius_m: np.ndarray, b: np.ndarray, drop_pa: np.ndarray) -> np.ndarray:
    """Sea-level pressure below the surroundings: dp (1 - exp(-(R/r)^b))."""
    return drop_pa * (1.0 - np.exp(-((radius_m / r_m) ** b)))


def rcliper_mm_h(r_km: np.ndarray, vmax_kt: np.ndarray) -> np.ndarray:
    """Mean rain of many storms by distance and intensity (1-min wind): linear to r_m, exponential beyond."""
    u = 1.0 + (np.asarray(vmax_kt) - 35.0) / 33.0
    centre, most = -1.10 + 3.96 * u, -1.60 + 4.80 * u  # inches a day
    r_most, fall = 64.5 - 13.0 * u, 150.0 - 16.0 * u  # km
    inside = centre + (most - centre) * r_km / r_most
    rain = np.where(r_km < r_most, inside, most * np.exp(-(r_km - r_most) / fall))
    return np.maximum(rain, 0.0) * 25.4 / 24.0
