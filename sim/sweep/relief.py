"""Relief: what would be gained if one cause alone no longer bound, played again with the same draws.

Booked is not the same as worth buying: relieving one constraint exposes the next. Each lever (levers.py) takes a cause's constraint
away as far as the scenario's own keys can; a cause without one is listed with its reason, never with a number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sim.errors import InputError
from sim.indices.development import gains
from sim.indices.numbers import resamples
from sim.indices.tables import tables_of
from sim.reference.standard import standard
from sim.result import Result
from sim.scenario import Scenario, changed
from sim.sweep.compare import by_replication, score_of, sums_of_result, zones_of
from sim.sweep.levers import LEVERS
from sim.trajectory import Trajectory

TOP_N = 5  # causes relieved, those with most points
RUNS_N = 10  # replications played for each; a run of fewer relieves nothing
NO_LEVER = "no key of a scenario takes this constraint away alone"


class Relief(NamedTuple):
    """A cause and the scenario in which it does not bind; None and why where there is none. Causes with one lever share an arm."""

    service: str
    cause: str
    numbers: Sequence[int]
    scenario: Scenario | None
    arm: str = ""
    why: str = ""


def lost_points(row: Mapping[str, Any]) -> float:
    """Points of M and of R that a cause is booked with."""
    return float(row["m_points"]) + float(row["r_points"] or 0.0)


def reliefs(scenario: Scenario, causes: Sequence[Mapping[str, Any]], numbers: Sequence[int]) -> list[Relief]:
    """The causes with most points, each with its scenario; none where too few replications are played."""
    if len(numbers) < RUNS_N:
        return []
    ranked = sorted(causes, key=lambda row: (-lost_points(row), row["service"], row["cause"]))
    arms: dict[str, str] = {}
    return [relief(scenario, row["service"], row["cause"], numbers[:RUNS_N], arms) for row in ranked[:TOP_N]]


def relief(scenario: Scenario, service: str, cause: str, numbers: Sequence[int], arms: dict[str, str]) -> Relief:
    """One cause and the scenario in which it alone does not bind; `arms` has the arm of each lever so far."""
    changes = LEVERS.get((service, cause))
    if changes is None:
        return Relief(service, cause, numbers, None, why=NO_LEVER)
    arm = arms.setdefault(repr(changes), f"relieved-{service}-{cause}")
    try:
        return Relief(service, cause, numbers, changed(scenario, changes, "relief"), arm)
    except InputError as error:
        return Relief(service, cause, numbers, None, why=f"this scenario does not take the change: {error}")


def relieved_result(result: Result, found: Sequence[Relief], played: Mapping[str, Sequence[Trajectory]]) -> Result:
    """The result with the gain of each relieved cause, greatest first, then those that cannot be relieved."""
    if not found:
        return result
    rows = [gain_row(result, each, played.get(each.arm)) for each in found]
    rows.sort(key=lambda row: -row["gain"] if row["gain"] is not None else float("inf"))
    return replace(result, summary=result.summary | {"relieved": rows})


def gain_row(result: Result, one: Relief, played: Sequence[Trajectory] | None) -> dict[str, Any]:
    """Gains in points of M, of R and of S = (M + R)/2, lo and hi of the last: 95 %, paired; None and why without a lever."""
    row: dict[str, Any] = {"service": one.service, "cause": one.cause, "replications": len(one.numbers)}
    if played is None:
        return row | dict.fromkeys(("gain_m", "gain_r", "gain", "lo", "hi")) | {"why": one.why}
    ids = zones_of(result)
    after = by_replication(score_of(tables_of(played, ids), ids))
    before = sums_of_result(result, len(one.numbers))
    points = gains(before, after, resamples(result.summary["seed"], len(one.numbers)), standard())
    for name, span in points.items():
        row[name] = span and span["value"]
    spans = {f"{name}_{end}": span and span[end] for name, span in points.items() if name != "gain" for end in ("lo", "hi")}
    whole = points["gain"] or {}
    return row | {"lo": whole.get("lo"), "hi": whole.get("hi")} | spans
