"""Quantities: text with a unit in, SI numbers out.

In YAML a quantity carries its unit in the value (`opening: 2 h`), so its key has none; in Python the field is named
with the unit (`opening_s`). `Model` strips the unit from the field's name to make the key. A bare number where a
quantity is wanted is an error: 2 could be hours or seconds.
"""

import re
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

KT_MPS = 0.514444  # m/s per knot (1852 m / 3600 s)
GRAVITY_MPS2 = 9.80665  # standard gravity, CGPM 1901

# dimension -> unit -> factor to SI
UNITS: dict[str, dict[str, float]] = {
    "s": {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0},
    "m": {"mm": 1e-3, "cm": 1e-2, "m": 1.0, "km": 1e3},
    "m2": {"m2": 1.0, "ha": 1e4, "km2": 1e6},
    "mps": {"m/s": 1.0, "km/h": 1 / 3.6, "kt": KT_MPS, "mm/h": 1e-3 / 3600.0, "mm/min": 1e-3 / 60.0},
    "m3ps": {"m3/s": 1.0, "L/s": 1e-3, "L/min": 1e-3 / 60.0, "m3/h": 1 / 3600.0},
    "per_s": {"1/s": 1.0, "1/min": 1 / 60.0, "1/h": 1 / 3600.0, "1/d": 1 / 86400.0},
    "pa": {"Pa": 1.0, "hPa": 100.0, "kPa": 1e3},
    "deg": {"deg": 1.0},
}
DATUMS = ("Wusong", "1985", "EGM96")

_NUMBER_AND_UNIT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(\S.*?)\s*$")
_SUFFIX = re.compile(r"_(" + "|".join(sorted(UNITS, key=len, reverse=True)) + r")$")


def parse_quantity(value: Any, dimension: str) -> float:
    """`"6 h"` -> 21600.0; ValueError says what units there are."""
    units = UNITS[dimension]
    match = _NUMBER_AND_UNIT.match(value) if isinstance(value, str) else None
    if not match or match[2] not in units:
        raise ValueError(f"a number with one of the units {', '.join(units)}, such as '6 {list(units)[-1]}' (got {value!r})")
    return float(match[1]) * units[match[2]]


def _quantity(dimension: str, ge: float | None = None) -> Any:
    def check(value: Any) -> float:
        return parse_quantity(value, dimension)

    schema = {"type": "string", "pattern": r"^[-+0-9.eE]+ ?(" + "|".join(map(re.escape, UNITS[dimension])) + ")$"}
    return Annotated[float, BeforeValidator(check), WithJsonSchema(schema), Field(allow_inf_nan=False, ge=ge)]


Seconds = _quantity("s", ge=0)
Metres = _quantity("m")
Length = _quantity("m", ge=0)
SquareMetres = _quantity("m2", ge=0)
MetresPerSecond = _quantity("mps", ge=0)
CubicMetresPerSecond = _quantity("m3ps", ge=0)
PerSecond = _quantity("per_s", ge=0)
Pascals = _quantity("pa")
Degrees = _quantity("deg")
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Factor = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]
CountPositive = Annotated[int, Field(ge=1)]


class Elevation(NamedTuple):
    """A height and the vertical datum it is measured from; two datums never mix without a stated offset."""

    value_m: float
    datum: str


def parse_elevation(value: Any) -> Elevation:
    """`"5.1 m Wusong"` -> Elevation(5.1, "Wusong"); ValueError where the datum is missing or unknown."""
    if isinstance(value, Elevation):
        return value
    number, _, datum = value.strip().rpartition(" ") if isinstance(value, str) else ("", "", "")
    if datum not in DATUMS:
        raise ValueError(f"an elevation with its datum ({', '.join(DATUMS)}), such as '5.1 m Wusong' (got {value!r})")
    return Elevation(parse_quantity(number, "m"), datum)


Level = Annotated[
    Elevation, BeforeValidator(parse_elevation), WithJsonSchema({"type": "string", "pattern": r"^.+ m (Wusong|1985|EGM96)$"})
]


def parse_time(value: Any) -> datetime:
    """ISO 8601 with its offset from UTC; ValueError where it is not."""
    try:
        time = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        time = None
    if time is None or time.tzinfo is None:
        raise ValueError(f"a time with its offset, such as '2024-09-15T00:00:00+08:00' (got {value!r})")
    return time


Instant = Annotated[datetime, BeforeValidator(parse_time)]


def yaml_key(field: str) -> str:
    """The key of a field in YAML: its name without the unit."""
    return _SUFFIX.sub("", field)


class Model(BaseModel):
    """A frozen, strict table of fields: the YAML schema of what it describes."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", alias_generator=yaml_key)


def as_written(value: Any) -> Any:
    """A model as one would write it in YAML: keys without units, quantities with theirs; other values as they are."""
    if isinstance(value, Model):
        found = {field: as_written(getattr(value, field)) for field in type(value).model_fields}
        return {yaml_key(field): with_unit(field, inner) for field, inner in found.items()}
    return [as_written(item) for item in value] if isinstance(value, list) else value


def with_unit(field: str, value: Any) -> Any:
    """`("opening_s", 7200.0)` -> `"7200.0 s"`; a field without a unit keeps its value."""
    suffix = _SUFFIX.search(field)
    if suffix is None or not isinstance(value, float):
        return value
    base = next(unit for unit, factor in UNITS[suffix[1]].items() if factor == 1.0)
    return f"{value!r} {base}"
