"""What stands where on the page: a saved result turned into the values that the template shows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sim.report.charts import TimeAxis
from sim.report.curves import Curve
from sim.report.facts import equity, gaps, people_by
from sim.report.first import GAINS_SHOWN, clock, columns, facts_shown, gains, improvement, labels, share_of, when, zone_marks
from sim.report.losses import Step, floor_of, waterfall
from sim.report.maps import TownMap
from sim.report.numbers import count, hours, local_time
from sim.report.palette import DEPTHS
from sim.report.saved import Saved
from sim.report.waits import Wait, waits
from sim.report.words import Words
from sim.trajectory import Service, name_of

HOUR_S = 3600.0
MARGIN_S = 6 * HOUR_S  # shown before and after the event window
SERVICE_KEYS = ("m", "m_lo", "m_hi", "r", "r_lo", "r_hi", "t50_h", "t90_h", "tested", "need", "unmet", "people")
UNITS = {"rescue": "cases", "medical": "cases", "lifelines": "customer_hours", "supplies": "goods_hours"}


def clip(value: float) -> float:
    """A score as a place on a scale of 0 to 100."""
    return round(min(max(value, 0.0), 100.0), 2)


def unit_of(service: str, words: Words) -> str:
    """What the need of a service is counted in."""
    return words(f"services.unit_{UNITS.get(service, 'person_hours')}")


def unit_lost(service: str, words: Words) -> str:
    """What a cause of a service is counted in: cases by the hours that they waited."""
    unit = UNITS.get(service, "person_hours")
    return words(f"services.unit_{'case_hours' if unit == 'cases' else unit}")


def headline(saved: Saved, words: Words) -> dict[str, Any]:
    """Who, what, when, given what."""
    start, end = (datetime.fromisoformat(saved.summary["window"][side]) for side in ("start", "end"))
    return {
        "community": words.own(saved.community_title),
        "synthetic": saved.synthetic,
        "title": words.own(saved.scenario_title),
        "given": words.own(saved.given),
        "notes": [words.own(note) for note in saved.notes],
        "start": local_time(start),
        "end": local_time(end),
        "zone": f"UTC{start:%z}"[:6],
        "made": saved.made,
        "version": saved.version,
    }


def service_rows(saved: Saved, lines: Mapping[str, list[Wait]], words: Words) -> list[dict[str, Any]]:
    """The eight services in the standard's order, per replication, with the longest line; the untested too."""
    rows = []
    for service, row in ((name_of(service), saved.summary["services"].get(name_of(service), {})) for service in Service):
        row = {key: row.get(key) for key in SERVICE_KEYS}
        row |= {key: None if row[key] is None else row[key] / saved.replications_n for key in ("need", "unmet", "people")}
        met = 1.0 - row["unmet"] / row["need"] if row["need"] else None
        rows.append(row | {"name": words(f"service.{service}"), "unit": unit_of(service, words), "met": met})
        rows[-1] |= {"has_recovery": service != name_of(Service.WARNING), "line": next(iter(lines.get(service, [])), None)}
    return rows


def fall_of(saved: Saved, index: str, column: str, words: Words) -> dict[str, Any] | None:
    """One waterfall with its sentences; None where the index has no score."""
    score = saved.summary["indices"][index]
    if score is None:
        return None
    steps = waterfall(saved.summary["causes"], column)
    foot = floor_of(steps)
    scale = 100.0 / (100.0 - foot)
    rows = [
        step._asdict()
        | {
            "text": sentence(step, saved.replications_n, words),
            "left": round((step.bottom - foot) * scale, 3),
            "width": round(max(step.points * scale, 0.3), 3),
        }
        for step in steps
    ]
    title = words(f"causes.{index}_title", value=f"{score['value']:.1f}")
    return {
        "index": index,
        "title": title,
        "steps": rows,
        "value": score["value"],
        "left": clip((score["value"] - foot) * scale),
        "foot": foot,
    }


def sentence(step: Step, replications: int, words: Words) -> str:
    """A cause in words, with its amount a replication."""
    if not step.service:
        return words("causes.rest", n=step.n)
    cause, amount, unit = words.name("cause", step.cause), count(step.amount / replications), unit_lost(step.service, words)
    return words("causes.sentence", service=words.name("service", step.service), cause=cause, amount=amount, unit=unit)


def zone_rows(saved: Saved) -> list[dict[str, Any]]:
    """Committees with their indices and who had to move or needed shelter, most to move first."""
    move, shelter = (
        people_by(saved.result.need, service, "zone", saved.replications_n) for service in (Service.EVACUATION, Service.SHELTER)
    )
    rows = [
        {"to_move": move.get(zone["id"], 0.0), "to_shelter": shelter.get(zone["id"], 0.0)} | dict(zone)
        for zone in saved.summary["zones"]
    ]
    return sorted(rows, key=lambda row: (-row["to_move"], -row["to_shelter"], str(row["id"])))


def story_views(saved: Saved, words: Words) -> list[dict[str, Any]]:
    """A few households: who they are and lines of (local time, what happened)."""
    names = {zone["id"]: words.own(zone["name"]) for zone in saved.summary["zones"]}
    return [{"title": who_of(story, names, words), "lines": lines_of(story, saved, words)} for story in saved.result.stories]


def who_of(story: Mapping[str, Any], zones: Mapping[str, str], words: Words) -> str:
    """Who a story is about."""
    marks = [key for key in ("ground_floor", "old_alone", "needs_help", "declined") if story.get(key)]
    marks += [] if story.get("on_register", True) else ["off_register"]
    parts = [
        zones.get(story["zone"], story["zone"]),
        words.name("stories.who", story["who"]),
        words.name("stories.building", story["building"]),
        words("stories.persons", n=story["persons"]),
        *(words(f"stories.marks.{key}") for key in marks),
    ]
    return " · ".join(parts)


def lines_of(story: Mapping[str, Any], saved: Saved, words: Words) -> list[tuple[str, str]]:
    """What happened to a household, hour by hour; what it lacked with its cause."""
    found = [(clock(saved.start + timedelta(seconds=at["time_s"])) or "", moment_in(at, words)) for at in story["moments"]]
    return found + ([("", words("stories.refused", n=story["refused"]))] if story.get("refused") else [])


def moment_in(at: Mapping[str, Any], words: Words) -> str:
    """A moment in words."""
    if at["what"] != "unmet":
        return words.name("stories.what", at["what"])
    hours_h = (at["until_s"] - at["time_s"]) / HOUR_S
    service, cause = words.name("service", at["service"]), words.name("cause", at["cause"])
    return words("stories.unmet", service=service, cause=cause, hours=hours(hours_h))


def identity(saved: Saved, words: Words) -> list[tuple[str, str]]:
    """What makes this result this result."""
    manifest, summary = saved.manifest, saved.summary
    program, scenario, cost = (manifest.get(key, {}) for key in ("program", "scenario", "cost"))
    commit = (program.get("commit") or words("none")) + (f" ({words('identity.dirty')})" if program.get("dirty") else "")
    spent = {"cpu_s": cost.get("cpu_s"), "wall_s": cost.get("wall_s"), "memory": cost.get("peak_memory_mb")}
    rows = {
        "scenario": summary["scenario"],
        "seed": summary["seed"],
        "replications": summary["replications"],
        "index_standard": summary["index_standard"],
        "commit": commit,
        "sha256": scenario.get("sha256", words("none")),
        "libraries": ", ".join(f"{name} {version}" for name, version in manifest.get("libraries", {}).items()),
        "platform": ", ".join(str(value) for value in manifest.get("platform", {}).values()),
        "cost": words("identity.cost_value", **{key: count(value) for key, value in spent.items()}),
    }
    return [(words(f"identity.{key}"), str(value)) for key, value in rows.items()]


def time_axis(saved: Saved, curves: dict[str, Curve]) -> TimeAxis:
    """The event window with a margin, no wider than what was sampled."""
    start, end = window_of(saved)
    times = [curve.time_s for curve in curves.values()]
    first, last = (min(time_s[0] for time_s in times), max(time_s[-1] for time_s in times)) if times else (start, end)
    return TimeAxis(saved.start, max(first, start - MARGIN_S), min(last, end + MARGIN_S), (start, end))


def window_of(saved: Saved) -> tuple[float, float]:
    """Start and end of the event window in seconds from the run's start."""
    start, end = (datetime.fromisoformat(saved.summary["window"][side]) - saved.start for side in ("start", "end"))
    return start.total_seconds(), end.total_seconds()


def depth_legend() -> list[tuple[float, str, str]]:
    """Depth classes: lower bound, colour, words."""
    bounds = [low for low, _ in DEPTHS]
    labels = [f"{low:g}–{high:g}" for low, high in pairwise(bounds)] + [f"≥ {bounds[-1]:g}"]
    return [(low, colour, label) for (low, colour), label in zip(DEPTHS, labels, strict=True)]


def view(saved: Saved, town: TownMap | None, words: Words) -> dict[str, Any]:
    """Everything the template shows but the charts."""
    tested = [name for name, row in saved.summary["services"].items() if row["tested"]]
    found = (fall_of(saved, index, column, words) for index, column in (("maintenance", "m_points"), ("recovery", "r_points")))
    falls = [fall for fall in found if fall]
    lines, rows = waits(saved.result.ledger, saved.replications_n), zone_rows(saved)
    room = gaps(saved.result.need, saved.result.ledger, saved.replications_n, town.shelters if town else [])
    limit = limits_of(saved)["wind"].get("work_limit")
    window_s, tried = window_of(saved), gains(saved, words)
    return {
        "summary": saved.summary,
        "head": headline(saved, words),
        "labels": labels(saved, words),
        "facts": columns(facts_shown(saved, room, lines, None if limit is None else f"{limit:g}", words)),
        "zone_marks": zone_marks(saved, rows, window_s),
        "deadline_at": share_of(saved, when(saved, "deadline"), window_s),
        "gains": tried,
        "leaders": [gain for gain in tried if gain.first][:GAINS_SHOWN],
        "improvement": improvement(saved, words),
        "services": service_rows(saved, lines, words),
        "tested": [name for name in map(name_of, Service) if name in tested],
        "falls": falls,
        "leading": [(words(f"indices.{fall['index']}"), fall["steps"][0]) for fall in falls if fall["steps"]],
        "zones": rows,
        "equity": equity(saved.summary.get("equity", []), saved.replications_n),
        "stories": story_views(saved, words),
        "identity": identity(saved, words),
        "depths": depth_legend(),
    }


def limits_of(saved: Saved) -> dict[str, dict[str, float]]:
    """Limits by panel, of the scenario as played: wind above which outdoor work stops, stage from which the river is dangerous."""
    helpers = saved.resolved.get("services", {}).get("helpers") or {}
    surge = saved.resolved.get("hazards", {}).get("surge") or {}
    wind, level = helpers.get("wind_limit_mps"), surge.get("warning_stage")
    return {
        "wind": {} if wind is None else {"work_limit": float(wind)},
        "stage": {} if not level else {"warning_stage": float(level[0])},
    }
