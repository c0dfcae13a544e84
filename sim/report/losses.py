"""Where the index points went: the causes of a saved summary as a waterfall from 100 down to the score."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

SHOWN = 8


class Step(NamedTuple):
    """One cause: it takes the score from `top` to `bottom`; `service` is empty for what is summed as the rest of `n` causes."""

    service: str
    cause: str
    points: float
    amount: float
    top: float
    bottom: float
    n: int = 1


def waterfall(causes: Sequence[Mapping[str, Any]], column: str, shown: int = SHOWN) -> list[Step]:
    """Causes with points in `column` (m_points or r_points), largest first, the tail summed; steps begin at 100."""
    rows = sorted((row for row in causes if (row[column] or 0) > 0), key=lambda row: (-row[column], row["service"], row["cause"]))
    if len(rows) > shown + 1:
        tail = rows[shown:]
        rest = {"service": "", "cause": "", column: sum(row[column] for row in tail), "person_hours": 0.0, "n": len(tail)}
        rows = [*rows[:shown], rest]
    steps, level = [], 100.0
    for row in rows:
        below = level - row[column]
        steps.append(Step(row["service"], row["cause"], row[column], row["person_hours"], level, below, row.get("n", 1)))
        level = below
    return steps


def floor_of(steps: Sequence[Step]) -> float:
    """Where the scale of a waterfall begins: a round ten below its lowest step, so that small losses can be seen."""
    lowest = min((step.bottom for step in steps), default=100.0)
    return min(max(0.0, 10.0 * (lowest // 10) - (10.0 if lowest % 10 < 1 else 0.0)), 90.0) if lowest >= 0 else 10.0 * (lowest // 10)
