"""The first screen: how did we do, what bound, what first. Values for the template, from a saved result alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sim.report.facts import Gaps
from sim.report.numbers import few, signed
from sim.report.saved import Saved
from sim.report.waits import Wait, waiting_for
from sim.report.words import Words
from sim.trajectory import Cause, Service, name_of

ZONES_SHOWN, GAINS_SHOWN = 10, 3
COLUMNS = (("moving", "frail"), ("places", "hands"), ("toll", "pumps", "improved"))
# lines shown with the crews: what was waited for, and in which service
LINES = (
    (Service.EVACUATION, Cause.NO_CREW_FREE),
    (Service.RESCUE, Cause.NO_CREW_FREE),
    (Service.MEDICAL, Cause.NO_VEHICLE),
    (Service.MEDICAL, Cause.NO_BED),
    (Service.LIFELINES, Cause.NO_CREW_FREE),
    (Service.SUPPLIES, Cause.NOT_STAFFED),
)


class Row(NamedTuple):
    """A line of a fact: its words, its number, a note, and whether it calls for attention."""

    text: str
    value: float | str | None
    note: str = ""
    alert: bool = False


class Fact(NamedTuple):
    """A block of the first screen."""

    key: str
    rows: list[Row]


def middle(saved: Saved, name: str) -> float | None:
    """The mean over replications of a number of the briefing; None where the result has none."""
    found = saved.summary.get("briefing", {}).get(name)
    return None if found is None else float(found["value"])


def when(saved: Saved, name: str, which: str = "middle") -> datetime | None:
    """A time of the briefing."""
    found = saved.summary.get("briefing", {}).get(name)
    return None if found is None else datetime.fromisoformat(found[which])


def clock(time: datetime | str | None) -> str | None:
    """`09-16 07:30`."""
    if time is None:
        return None
    return f"{time if isinstance(time, datetime) else datetime.fromisoformat(time):%m-%d %H:%M}"


def columns(facts: Sequence[Fact]) -> list[list[Fact]]:
    """The blocks in their columns, read down."""
    return [[fact for fact in facts if fact.key in keys] for keys in COLUMNS]


def facts_shown(saved: Saved, gaps: Gaps, lines: Mapping[str, list[Wait]], limit: str | None, words: Words) -> list[Fact]:
    """The blocks, in the order in which a duty officer asks; `limit` is the wind in m/s above which helpers stay in."""
    blocks = {
        "moving": moving(saved, gaps, words) + times(saved, limit, words),
        "places": places(saved, gaps, words),
        "toll": toll(saved, words),
        "frail": frail(saved, words),
        "hands": hands(lines, words),
        "pumps": pumps(saved, words),
        "improved": improved(saved, words),
    }
    return [Fact(key, rows) for key, rows in blocks.items() if rows]


def row(words: Words, key: str, value: Any, alert: bool = False, **places: Any) -> Row:
    """A line with the words of its key."""
    return Row(words(f"first.{key}", **places), value, alert=alert)


def moving(saved: Saved, gaps: Gaps, words: Words) -> list[Row]:
    """Who had to move, who was in before the wind held helpers in, who later, who never; last in against the deadline."""
    to_move, moved, in_time = (middle(saved, name) for name in ("to_move", "moved", "moved_in_time"))
    rows = [row(words, "to_move", gaps.to_move if to_move is None else to_move)]
    if to_move is not None and moved is not None and in_time is not None:
        rows.append(row(words, "in_time", in_time))
        rows.append(row(words, "late", moved - in_time, alert=moved - in_time >= 1))
        rows.append(row(words, "stayed", to_move - moved, alert=to_move - moved >= 1))
    return rows


def times(saved: Saved, limit: str | None, words: Words) -> list[Row]:
    """When the wind first held helpers in, and when the last was let in to a shelter: medians with the span of outcomes."""
    if "briefing" not in saved.summary:
        return []
    never, deadline, last = words("gaps.never"), when(saved, "deadline"), when(saved, "last_in")
    rows = [Row(words("first.deadline", limit=limit or words("none")), clock(deadline) or never, spread(saved, "deadline", words))]
    late = bool(deadline and last and last > deadline)
    return [*rows, Row(words("first.last_in"), clock(last) or words("none"), spread(saved, "last_in", words), late)]


def spread(saved: Saved, name: str, words: Words) -> str:
    """The first and last of a time over the outcomes."""
    found = saved.summary["briefing"].get(name)
    if found is None or found["first"] == found["last"]:
        return ""
    return words("first.spread", first=clock(found["first"]), last=clock(found["last"]), n=found["outcomes"])


def places(saved: Saved, gaps: Gaps, words: Words) -> list[Row]:
    """Places needed, had, and those who found none."""
    no_place, sheltered = middle(saved, "no_place"), middle(saved, "sheltered")
    missing = gaps.missing if no_place is None else no_place
    rows = [row(words, "needed", gaps.shelter_need), row(words, "held", gaps.held)]
    if sheltered is not None:
        rows.append(row(words, "inside", sheltered))
    return [*rows, row(words, "missing", missing, alert=missing >= 0.5)]


def toll(saved: Saved, words: Words) -> list[Row]:
    """Deaths and injuries with their intervals; nothing where no part of the run knows of them."""
    rows = []
    for name in ("deaths", "injured"):
        number = saved.summary["people"].get(name)
        if number is None:
            rows.append(Row(words(f"people.{name}"), None, words("people.unknown")))
            continue
        note = "" if number["lo"] == number["hi"] else words("first.interval", lo=f"{number['lo']:,.1f}", hi=f"{number['hi']:,.1f}")
        rows.append(Row(words(f"people.{name}"), f"{number['value']:,.1f}", note, number["value"] > 0))
    ill = saved.number("harm.power")
    return rows if ill is None else [*rows, Row(words("first.ill_power"), f"{ill:,.1f}")]


def frail(saved: Saved, words: Words) -> list[Row]:
    """The frail: how many, of them not reached by a warning in time, of them in dark homes at the worst moment."""
    rows = []
    for kind in ("alone", "dependent"):
        n = middle(saved, kind)
        if n is None:
            continue
        unreached, dark = middle(saved, f"{kind}_unreached"), middle(saved, f"{kind}_dark_peak")
        rows.append(row(words, f"{kind}_unreached", unreached, bool(unreached and unreached >= 1), n=f"{n:,.0f}"))
        rows.append(row(words, f"{kind}_dark", dark))
    return rows


def hands(lines: Mapping[str, list[Wait]], words: Words) -> list[Row]:
    """Who waited at once at the worst moment: one more team, ambulance or bed for each and nobody would have."""
    rows = []
    for service, cause in LINES:
        line = waiting_for(lines, name_of(service), cause)
        if line is not None:
            rows.append(row(words, f"line_{name_of(service)}_{name_of(cause)}", line.mean))
    return rows or [Row(words("first.no_lines"), "")]


def pumps(saved: Saved, words: Words) -> list[Row]:
    """Pump stations without mains and at a stand at the worst moment, customers in the dark."""
    n, unpowered, stopped = (middle(saved, f"pumps{name}") for name in ("", "_unpowered_peak", "_stopped_peak"))
    rows = []
    if n is not None and unpowered is not None and stopped is not None:
        rows += [row(words, "unpowered", f"{unpowered:,.1f}", n=f"{n:,.0f}")]
        rows += [row(words, "stopped", f"{stopped:,.1f}")]
    dark = saved.number("power.customers_out_peak")
    return rows if dark is None else [*rows, row(words, "customers_dark", dark)]


def improved(saved: Saved, words: Words) -> list[Row]:
    """What the declared improvement gained; nothing where none is declared."""
    block = saved.summary.get("improvement")
    if not block:
        return []
    gained = [(name, block["points"].get(name)) for name in ("gain_m", "gain_r")]
    rows = [Row(words(f"improvement.{name}"), signed(span["value"]), between(span, words)) for name, span in gained if span]
    avoided = block.get("deaths_avoided")
    return rows + ([Row(words("improvement.deaths_avoided"), few(avoided["value"]), between(avoided, words))] if avoided else [])


def between(span: Mapping[str, float], words: Words) -> str:
    """The 95 % interval of a gain; empty where it has no width."""
    if span["lo"] == span["hi"]:
        return ""
    return words("first.interval", lo=signed(span["lo"]), hi=signed(span["hi"]))


def zone_marks(saved: Saved, rows: Sequence[Mapping[str, Any]], axis_s: tuple[float, float]) -> list[dict[str, Any]]:
    """Committees with most to move: their numbers, and where on the axis (shares of its width) their last was let in."""
    deadline = when(saved, "deadline")
    shown = [zone for zone in rows if zone["to_move"] > 0][:ZONES_SHOWN]
    found = []
    for zone in shown:
        last = zone.get("last_in")
        late = bool(deadline and last and datetime.fromisoformat(last) > deadline)
        found.append(dict(zone) | {"last": clock(last), "late": late, "at": share_of(saved, last, axis_s)})
    return found


def share_of(saved: Saved, time: datetime | str | None, axis_s: tuple[float, float]) -> float | None:
    """A time as a percentage of the way along an axis in seconds from the run's start; None for none."""
    if time is None:
        return None
    at = time if isinstance(time, datetime) else datetime.fromisoformat(time)
    along = ((at - saved.start).total_seconds() - axis_s[0]) / max(axis_s[1] - axis_s[0], 1.0)
    return round(100.0 * min(max(along, 0.0), 1.0), 1)


def labels(saved: Saved, words: Words) -> list[tuple[str, str]]:
    """What of this result is real, what modelled, what synthetic: (kind, words)."""
    hazards = saved.resolved.get("hazards", {})
    track = (hazards.get("typhoon") or {}).get("track")
    name = str(track[0]) if isinstance(track, list) else ""
    found = [("real", words("labels.track", name=name))] if track else []
    found.append(("modelled", words("labels.modelled_what")))
    return found + ([("synthetic", words("labels.synthetic_what"))] if saved.synthetic else [("given", words("labels.register"))])


class Gain(NamedTuple):
    """What relieving a constraint alone would gain in points; causes that one lever relieves stand together."""

    text: str
    gain_m: float | None
    gain_r: float | None
    gain: float | None
    lo: float | None
    hi: float | None
    why: str = ""

    @property
    def first(self) -> bool:
        """Whether it gains at all: worth a place on the first screen."""
        return self.gain is not None and self.gain > 0

    @property
    def sure(self) -> bool:
        """Whether its interval lies above zero."""
        return self.lo is not None and self.lo > 0


def gains(saved: Saved, words: Words) -> list[Gain]:
    """Relieved gains, greatest first, then those that could not be tried, with the reason."""
    rows = saved.summary.get("relieved", [])
    tried = sorted((row for row in rows if total(row) is not None), key=lambda row: (-(total(row) or 0.0), row["service"]))
    found = []
    for _, alike in groupby(tried, key=lambda row: (row["gain_m"], row["gain_r"], row["lo"], row["hi"])):
        own = list(alike)
        text = words("first.and").join(named(row, words) for row in own)
        found.append(Gain(text, own[0]["gain_m"], own[0]["gain_r"], total(own[0]), own[0]["lo"], own[0]["hi"]))
    untried = (row for row in rows if total(row) is None)
    return found + [Gain(named(row, words), None, None, None, None, None, reason_of(row, words)) for row in untried]


def total(row: Mapping[str, Any]) -> float | None:
    """Points of S = (M + R) / 2 gained."""
    if "gain" in row:
        return None if row["gain"] is None else float(row["gain"])
    known = [row[name] for name in ("gain_m", "gain_r") if row.get(name) is not None]
    return sum(known) / 2 if known else None


def named(row: Mapping[str, Any], words: Words) -> str:
    """Service and cause."""
    return words("first.pair", service=words.name("service", row["service"]), cause=words.name("cause_short", row["cause"]))


def reason_of(row: Mapping[str, Any], words: Words) -> str:
    """Why a cause could not be relieved."""
    why = str(row.get("why", ""))
    return words.name("why", why) if words.knows("why", why) else words("first.not_tried")


def improvement(saved: Saved, words: Words) -> dict[str, Any] | None:
    """What the declared improvement changed and what it gained; None where none was declared."""
    block = saved.summary.get("improvement")
    if not block:
        return None
    points = {name: block["points"].get(name) for name in ("gain_m", "gain_r")}
    changes = [(words.name("improvement.keys", key), key, value) for key, value in block["changes"].items()]
    return {"changes": changes, "points": points, "deaths_avoided": block.get("deaths_avoided")}
