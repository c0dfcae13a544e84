"""A reader with pandas alone recomputes M and R from need, ledger, replications and the standard: no word of sim in the sum."""

import io
from pathlib import Path

import pandas as pd
import pytest
import yaml

UNITS_S = {"min": 60.0, "h": 3600.0, "d": 86400.0}
SEGMENTS = ["replication", "service", "spell", "zone", "group"]


def seconds(text):
    """`2 h` in seconds."""
    number, unit = text.split()
    return float(number) * UNITS_S[unit]


def recomputed(need, ledger, replications, standard):
    """M and R of interfaces.md's definition, pooled over replications."""
    windows = replications.set_index("replication")[["window_start_s", "window_end_s"]]
    need, ledger = (frame.astype({name: str for name in ("service", "zone", "group")}) for frame in (need, ledger))
    ledger = ledger.join(windows, on="replication")
    overlap_s = ledger[["end_s", "window_end_s"]].min(axis=1) - ledger[["start_s", "window_start_s"]].max(axis=1)
    ledger["hours"] = ledger.persons * overlap_s.clip(lower=0) / 3600
    spells = ledger.groupby(SEGMENTS).agg(
        start_s=("start_s", "min"), end_s=("end_s", "max"), persons=("persons", "first"), target_s=("target_s", "first"),
        from_s=("window_start_s", "first"), to_s=("window_end_s", "first"),
    ).reset_index()  # fmt: skip
    spells["length_s"] = spells.end_s - spells.start_s
    inside = spells[(spells.start_s >= spells.from_s) & (spells.start_s < spells.to_s) & (spells.length_s > 0)]
    m, r, lost = {}, {}, 0.0
    for name, rule in standard["services"].items():
        people, needed = (need.loc[need.service == name, column].sum() for column in ("people", "need"))
        if people < standard["least_people"] or needed <= 0:
            continue
        own = inside[inside.service == name]
        late = own.loc[own.length_s > own.target_s, "persons"].sum()
        unmet = late if rule["kind"] == "flow" else ledger.loc[ledger.service == name, "hours"].sum()
        m[name] = (rule["weight"], 100 * (1 - unmet / needed))
        if rule["target"]:
            slow = (own.persons * (1 - 2 ** (-own.length_s / seconds(rule["target"])))).sum()
            floor = max(standard["floor_persons"], standard["floor_frac"] * people)
            r[name] = (rule["weight"], 100 * (1 - slow / max(own.persons.sum(), floor)))
            lost += own.persons.sum()
    return mean(m), mean(r) if lost else None


def mean(scores):
    """Weighted mean of (weight, score)."""
    total = sum(weight for weight, _ in scores.values())
    return sum(weight * score for weight, score in scores.values()) / total if scores else None


def test_every_index_of_a_made_up_disaster_from_its_files():
    from sim.reference.standard import standard_text
    from sim.result import parquet_bytes
    from tests.indices.frames import needs, spells, summed, tables

    need = needs(
        ("warning", 2000, 80), ("evacuation", 1500, 60, 1), ("shelter", 900, 45), ("shelter", 700, 40, 1, "z2", "old"),
        ("rescue", 40, 40, 1), ("lifelines", 24 * 60, 60), ("housing", 10, 5),
    )  # fmt: skip
    ledger = spells(
        ("warning", 10, -3, [("not_detected", 4), ("not_reached", 2)]),
        ("shelter", 5, 2, [("declined", 3), ("preparing", 1), ("on_the_way", 0.5)]),
        ("shelter", 7, 20, [("shelter_full", 30)], 1, "z2", "old"),
        ("rescue", 3, 4, [("no_crew_free", 2)], 1),
        ("rescue", 2, 4, [("on_the_way", 0.2)], 1),
        ("lifelines", 30, 5, [("not_detected", 1), ("damage", 40)]),
        ("lifelines", 8, 5, [("damage", 1e5)], 1),
    )
    result = summed(need, ledger, replications=2)
    frames = [pd.read_parquet(io.BytesIO(parquet_bytes(frame))) for frame in tables(need, ledger, 2)]
    m, r = recomputed(*frames, yaml.safe_load(standard_text()))
    assert result["indices"]["maintenance"]["value"] == pytest.approx(m, abs=1e-9)
    assert result["indices"]["recovery"]["value"] == pytest.approx(r, abs=1e-9)
    assert 0 < r < 100


def test_every_index_of_a_played_hamlet(tmp_path):
    from tests.hamlet import hamlet_result

    folder, result = tmp_path / "result", hamlet_result()
    result.write(folder)
    frames = [pd.read_parquet(folder / f"{name}.parquet") for name in ("need", "ledger", "replications")]
    standard = Path(__file__).resolve().parents[2] / "sim" / "reference" / "index_standard.yaml"
    m, r = recomputed(*frames, yaml.safe_load(standard.read_text(encoding="utf-8")))
    for name, value in (("maintenance", m), ("recovery", r)):
        index = result.summary["indices"][name]
        assert (index and index["value"]) == (value if value is None else pytest.approx(value, abs=1e-9))
