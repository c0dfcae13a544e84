"""How numbers are written for readers: as many digits as they are good for, an em dash for what is not known."""

import math
from datetime import datetime
from typing import Any

UNKNOWN = "—"
TEN_THOUSAND = 10_000


def known(value: Any) -> bool:
    """Whether there is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def count(value: Any) -> str:
    """Persons, cases, hours: whole, thousands apart."""
    return f"{value:,.0f}" if known(value) else UNKNOWN


def few(value: Any) -> str:
    """A mean of small counts: one decimal below ten."""
    return count(value) if not known(value) or abs(value) >= 10 or value == int(value) else f"{value:.1f}"


def signed(value: Any) -> str:
    """Index points gained or lost, with their sign."""
    if not known(value):
        return UNKNOWN
    text = f"{abs(value):.2f}" if abs(value) < 1 else f"{abs(value):.1f}"
    return text if float(text) == 0 else f"{'+' if value > 0 else '−'}{text}"


def points(value: Any) -> str:
    """Index points with one decimal; never a minus before zero."""
    return f"{round(value, 1) + 0.0:.1f}" if known(value) else UNKNOWN


def small_points(value: Any) -> str:
    """Index points lost to a cause: two decimals below one point, so that a small share does not show as nothing."""
    return f"{value:.2f}" if known(value) and abs(value) < 1 else points(value)


def share(value: Any) -> str:
    """A share of one as a percentage."""
    return f"{100 * value:.1f} %" if known(value) else UNKNOWN


def hours(value: Any) -> str:
    """Hours: one decimal below ten."""
    if not known(value):
        return UNKNOWN
    return f"{value:.1f}" if abs(value) < 10 else f"{value:,.0f}"


def tiny(value: Any) -> str:
    """A balance: 0 or its size in powers of ten."""
    return f"{value:.2g}" if known(value) else UNKNOWN


def local_time(value: str | datetime) -> str:
    """`2024-09-16 07:30` of an ISO 8601 time, in its own offset."""
    time = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return time.strftime("%Y-%m-%d %H:%M")
