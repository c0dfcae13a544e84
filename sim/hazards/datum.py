"""Levels in the community's own datum; two datums never mix without a stated offset."""

from sim.errors import mistake_under
from sim.units import Elevation


def level_in(datum: str, level: Elevation, offset_m: float | None, where: str) -> float:
    """Metres above `datum`; `offset_m` is what must be added to `level`. InputError where it is needed and not given."""
    if level.datum == datum:
        return level.value_m
    if offset_m is None:
        shown = f"{level.value_m:g} m {level.datum}"
        raise mistake_under(where, "stands on another vertical datum than the community", shown, f"{datum}, or `datum_offset`")
    return level.value_m + offset_m
