"""Best tracks of typhoons: rows of a CSV, read strictly, and the storm between them."""

import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema

from sim.documents import FileError, file_beneath, read_csv
from sim.errors import Mistake
from sim.units import parse_time

WANTED = ("time_utc", "lat_deg", "lon_deg", "pmin_hpa", "vmax_mps", "wind_averaging_min")
# wind averaged over so many minutes per 10-min mean, at sea: Harper, Kepert, Ginger 2010 (WMO/TD 1555), table 1.1 (unverified)
PER_TEN_MIN = {1: 1.05, 2: 1.02, 3: 1.00, 10: 1.00}
NAUTICAL_MILE_M = 1852.0
EARTH_M = 6_371_000.0  # mean radius, IUGG
LIMITS = {
    "lat_deg": (-80.0, 80.0),
    "lon_deg": (-180.0, 360.0),
    "pmin_hpa": (850.0, 1030.0),
    "vmax_mps": (5.0, 120.0),
    "r30kt_nm": (0.0, 900.0),
}


class Track(NamedTuple):
    """A best track: rows by time (s since 1970, UTC). Winds are 10-min means; NaN where not reported."""

    name: str
    time_s: tuple[float, ...]
    lat_deg: tuple[float, ...]
    lon_deg: tuple[float, ...]
    pressure_pa: tuple[float, ...]
    vmax_mps: tuple[float, ...]
    gale_m: tuple[float, ...]  # radius of 30 kt


class Storm(NamedTuple):
    """The storm at instants, each (n,) float64: centre east and north of a place, its motion, pressure, wind and size."""

    lat_deg: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray
    u_mps: np.ndarray
    v_mps: np.ndarray
    pressure_pa: np.ndarray
    filling_pa_h: np.ndarray  # change of central pressure in an hour
    vmax_mps: np.ndarray
    gale_m: np.ndarray


def read_track(path: Path) -> Track:
    """The rows of a track file; FileError lists every mistake with its line."""
    rows = read_csv(path, WANTED)
    mistakes: list[Mistake] = []
    found = [_row(row, f"{path}:{row['line']}", mistakes) for row in rows]
    if len(rows) < 2:
        mistakes.append(Mistake(str(path), "", "is no track", f"{len(rows)} rows", "two rows or more"))
    if not mistakes:
        for before, after, row in zip(found, found[1:], rows[1:], strict=False):
            if after[0] <= before[0]:
                what = "stands twice" if after[0] == before[0] else "is earlier than the row before it"
                mistakes.append(Mistake(f"{path}:{row['line']}", "time_utc", what, row["time_utc"], "times that grow"))
    if mistakes:
        raise FileError(mistakes)
    time_s, lat, lon, pressure, vmax, gale = (np.array(column) for column in zip(*found, strict=True))
    lon = np.unwrap(lon, period=360.0)
    columns = (time_s, lat, lon, pressure * 100.0, vmax, gale * NAUTICAL_MILE_M)
    return Track(path.name, *(tuple(column.tolist()) for column in columns))


def _row(row: dict[str, str], where: str, mistakes: list[Mistake]) -> tuple[float, ...]:
    """One row as numbers; what is wrong is added to `mistakes`."""
    try:
        time_s = parse_time(row["time_utc"]).timestamp()
    except ValueError:
        time_s = math.nan
        mistakes.append(Mistake(where, "time_utc", "is not right", row["time_utc"], "such as 2024-09-16T00:00:00Z"))
    lat, lon, pressure = (_number(row, name, where, mistakes) for name in ("lat_deg", "lon_deg", "pmin_hpa"))
    vmax, gale = (_number(row, name, where, mistakes, optional=True) for name in ("vmax_mps", "r30kt_nm"))
    minutes = (row["wind_averaging_min"] or "").strip()
    if minutes not in map(str, PER_TEN_MIN):
        mistakes.append(Mistake(where, "wind_averaging_min", "is not right", minutes, "1, 2, 3 or 10 (JMA 10, CMA 2)"))
        return time_s, lat, lon, pressure, vmax, gale
    return time_s, lat, lon, pressure, vmax / PER_TEN_MIN[int(minutes)], gale or math.nan


def _number(row: dict[str, str], name: str, where: str, mistakes: list[Mistake], optional: bool = False) -> float:
    """A number within its limits; NaN where an optional one is blank."""
    text = (row.get(name) or "").strip()
    if optional and not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    low, high = LIMITS[name]
    if not low <= value <= high:
        mistakes.append(Mistake(where, name, "is not right", text, f"a number from {low:g} to {high:g}"))
    return value


def track_named(value: Any, info: ValidationInfo) -> Track:
    """The track in the file that a scenario names."""
    return value if isinstance(value, Track) else read_track(file_beneath(value, info))


TrackFile = Annotated[Track, BeforeValidator(track_named), WithJsonSchema({"type": "string", "description": "a CSV file"})]


def storm_at(track: Track, unix_s: np.ndarray, lat_deg: float, lon_deg: float) -> Storm:
    """The storm at instants `unix_s (n,)`, linear between rows, its centre seen from a place on the plane between the two."""
    times, lats, lons = (np.array(column) for column in (track.time_s, track.lat_deg, track.lon_deg))
    # half an hour either side, so that motion turns and does not jump at a row
    early, late = np.clip(unix_s - 1800.0, times[0], times[-1]), np.clip(unix_s + 1800.0, times[0], times[-1])

    def between(column: tuple[float, ...]) -> np.ndarray:
        return np.interp(unix_s, times, column)

    def change(column: Any) -> np.ndarray:
        return (np.interp(late, times, column) - np.interp(early, times, column)) / (late - early)

    lat = between(track.lat_deg)
    east = np.radians((between(track.lon_deg) - lon_deg + 180.0) % 360.0 - 180.0) * EARTH_M
    return Storm(
        lat,
        east * np.cos(np.radians((lat + lat_deg) / 2)),
        np.radians(lat - lat_deg) * EARTH_M,
        np.radians(change(lons)) * EARTH_M * np.cos(np.radians(lat)),
        np.radians(change(lats)) * EARTH_M,
        between(track.pressure_pa),
        change(track.pressure_pa) * 3600.0,
        between(track.vmax_mps),
        between(track.gale_m),
    )


def shown(unix_s: float) -> str:
    """An instant as text, UTC."""
    return datetime.fromtimestamp(unix_s, UTC).isoformat()
