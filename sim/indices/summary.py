"""The summary of a result: every number of summary.json, a function of the saved tables and of what the run was given."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.indices.briefing import briefing, with_briefing
from sim.indices.causes import causes
from sim.indices.maintenance import maintenance, maintenance_of_services, tested
from sim.indices.numbers import interval, mean_with_interval, percentiles, plain, resamples
from sim.indices.recovery import back_h, recoverable, recovery, recovery_of_services
from sim.indices.sums import Amounts, Spells, Sums, amounts_of, spells_of, sums_of
from sim.indices.tables import SERVICES, Tables
from sim.indices.zones import equity_rows, zone_rows
from sim.reference.standard import Standard, standard, standard_hash

SCHEMA = "sim-summary/1"
MEANS = ("deaths", "injured", "evacuated", "sheltered_peak", "displaced_person_nights")
BALANCES = ("people", "water_m3", "goods", "beds")
WHY = {
    "untested": "no service had enough people in need",
    "no_loss": "no measurable loss",
    "no_improvement": "no improvement declared",
}


class Scored(NamedTuple):
    """Tables brought to sums: by replication, zone, group and service."""

    tables: Tables
    zones: Sequence[Mapping[str, Any]]  # {id, name, residents}
    spells: Spells
    amounts: Amounts
    sums: Sums
    standard: Standard


def scored(tables: Tables, zones: Sequence[Mapping[str, Any]], rules: Standard | None = None) -> Scored:
    """Sum the tables up by the standard in force, or another."""
    rules = rules or standard()
    ids = [zone["id"] for zone in zones]
    spells = spells_of(tables, ids)
    amounts = amounts_of(spells, rules)
    return Scored(tables, zones, spells, amounts, sums_of(tables, spells, amounts, ids), rules)


def replication_rows(score: Scored, numbers: Sequence[Mapping[str, float]]) -> pd.DataFrame:
    """One row a replication, scored alone: its window, its indices, services, zones, and `numbers` by their dotted paths."""
    rules, sums = score.standard, score.sums.over(1, 2)
    which = tested(sums, rules)
    columns: dict[str, np.ndarray] = {
        "indices.maintenance": maintenance(sums, which, rules),
        "indices.recovery": recovery(sums, which, rules),
        "indices.development": np.full(len(which), np.nan),
    }
    m = np.where(which, maintenance_of_services(sums), np.nan)
    r = np.where(recoverable(which, rules), recovery_of_services(sums, rules), np.nan)
    times = np.array([[times_back(score.spells, k, number) for k in range(len(SERVICES))] for number in range(len(which))])
    for k, name in enumerate(SERVICES):
        values = {"m": m, "r": r, **slow_undefined(sums, rules)._asdict(), "tested": which.astype(np.float64)}
        columns |= {f"services.{name}.{key}": value[:, k] for key, value in values.items()}
        columns |= {f"services.{name}.t50_h": times[:, k, 0], f"services.{name}.t90_h": times[:, k, 1]}
    by_zone = score.sums.over(2)
    zone_tested = tested(by_zone, rules)
    m, r = maintenance(by_zone, zone_tested, rules), recovery(by_zone, zone_tested, rules)
    for z, zone in enumerate(score.zones):
        columns |= {f"zones.{zone['id']}.maintenance": m[:, z], f"zones.{zone['id']}.recovery": r[:, z]}
    own = pd.DataFrame(list(numbers), dtype=np.float64)[sorted({key for row in numbers for key in row})]
    return pd.concat([score.tables.windows.reset_index(drop=True), pd.DataFrame(columns), own], axis=1)


def times_back(spells: Spells, service: int, replication: int | None = None) -> tuple[float, float]:
    """t50 and t90 in hours of a service, pooled or of one replication's row."""
    chosen = spells.service == service
    if replication is not None:
        chosen &= spells.replication == replication
    return back_h(spells, chosen, 0.5), back_h(spells, chosen, 0.9)


def slow_undefined(sums: Sums, rules: Standard) -> Sums:
    """The sums with NaN for the slowness of services that have no target."""
    return sums._replace(slow=np.where(recoverable(np.ones(len(SERVICES), bool), rules), sums.slow, np.nan))


def summary(facts: Mapping[str, Any], score: Scored, rows: pd.DataFrame) -> dict[str, Any]:
    """summary.json. `facts`: name, seed, given, start (aware datetime), unverified (names); `rows` as from replication_rows."""
    rules, pooled = score.standard, score.sums.over(0, 1, 2)
    which = tested(pooled, rules)
    counts = resamples(facts["seed"], len(rows))
    return {
        "schema": SCHEMA,
        "scenario": facts["name"],
        "seed": facts["seed"],
        "replications": len(rows),
        "index_standard": standard_hash(),
        "window": window_of(rows, facts["start"]),
        "indices": indices(facts, score, rows, counts),
        "services": services(score, pooled, which, counts),
        "causes": causes(score.spells, score.amounts, pooled, which, rules),
        "relieved": [],
        "improvement": None,
        "people": people(rows, counts),
        "briefing": briefing(rows, facts["start"], counts),
        "balances": {name: worst(rows, f"balances.{name}") for name in BALANCES},
        "zones": with_briefing(zone_rows(score.sums.over(0, 2), score.zones, rules), rows, facts["start"]),
        "equity": equity_rows(score.sums.over(0, 1), rules),
        "unverified": sorted(facts.get("unverified", ())),
    }


def window_of(rows: pd.DataFrame, start: datetime) -> dict[str, str]:
    """The widest window; replications without one do not count unless all are without."""
    real = rows[rows.window_end_s > rows.window_start_s]
    real = real if len(real) else rows
    moments = (float(real.window_start_s.min()), float(real.window_end_s.max()))
    first, last = ((start + timedelta(seconds=time_s)).isoformat() for time_s in moments)
    return {"start": first, "end": last}


def indices(facts: Mapping[str, Any], score: Scored, rows: pd.DataFrame, counts: np.ndarray) -> dict[str, Any]:
    """Maintenance and recovery with interval and spread, or None and why. The pool's tested services are held in every resample."""
    rules, sums = score.standard, score.sums.over(1, 2)
    which = tested(sums.over(0), rules)
    found: dict[str, Any] = {}
    why: dict[str, str] = {}
    for name, index in (("maintenance", maintenance), ("recovery", recovery)):
        value = float(index(sums.over(0), which, rules))
        if not np.isfinite(value):
            found[name] = None
            why[name] = WHY["no_loss" if name == "recovery" and recoverable(which, rules).any() else "untested"]
            continue
        estimates = index(sums.weighed(counts), which, rules) if len(rows) > 1 else np.array([value])
        p5, p95 = percentiles(rows[f"indices.{name}"].to_numpy(), 5, 95, value)
        found[name] = {"value": value, **interval(estimates, value), "p5": p5, "p95": p95, "given": facts.get("given", "")}
    return {**found, "development": None, "why": why | {"development": WHY["no_improvement"]}}


def services(score: Scored, pooled: Sums, which: np.ndarray, counts: np.ndarray) -> dict[str, dict[str, Any]]:
    """Each service with its scores and their intervals, sums and times; not tested: m and r None, no weight."""
    m, r = maintenance_of_services(pooled), recovery_of_services(pooled, score.standard)
    drawn = score.sums.over(1, 2).weighed(counts) if counts.shape[1] > 1 else None
    m_drawn = m[None] if drawn is None else maintenance_of_services(drawn)
    r_drawn = r[None] if drawn is None else recovery_of_services(drawn, score.standard)
    scored_r, shown = recoverable(which, score.standard), slow_undefined(pooled, score.standard)
    found = {}
    for k, name in enumerate(SERVICES):
        t50_h, t90_h = times_back(score.spells, k)
        found[name] = {
            **score_with_interval("m", m[k], m_drawn[:, k], which[k]),
            **score_with_interval("r", r[k], r_drawn[:, k], scored_r[k]),
            **{key: plain(value[k]) for key, value in shown._asdict().items()},
            "tested": bool(which[k]),
            "t50_h": plain(t50_h),
            "t90_h": plain(t90_h),
        }
    return found


def score_with_interval(name: str, value: float, estimates: np.ndarray, given: bool) -> dict[str, float | None]:
    """A service's score and its interval, or None three times where it has no score."""
    if not given:
        return {name: None, f"{name}_lo": None, f"{name}_hi": None}
    return {name: plain(value), **{f"{name}_{side}": bound for side, bound in interval(estimates, float(value)).items()}}


def people(rows: pd.DataFrame, counts: np.ndarray) -> dict[str, Any]:
    """Residents and those present, then what happened to them; None for what no part of the run measures."""
    found: dict[str, Any] = {key: plain(column(rows, f"people.{key}").max()) for key in ("residents", "present")}
    return found | {key: mean_with_interval(column(rows, f"people.{key}"), counts) for key in MEANS}


def column(rows: pd.DataFrame, name: str) -> np.ndarray:
    """A column of the rows, NaN where there is none."""
    return rows[name].to_numpy(np.float64) if name in rows else np.full(len(rows), np.nan)


def worst(rows: pd.DataFrame, name: str) -> float | None:
    """The balance farthest from zero over replications; None where nothing is balanced yet."""
    values = column(rows, name)
    known = values[np.isfinite(values)]
    return float(known[np.argmax(np.abs(known))]) if known.size else None
