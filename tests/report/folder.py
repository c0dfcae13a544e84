"""A small result folder made by hand, by the contract of the result files: six committees, four live services."""

import json
from pathlib import Path
from struct import pack
from typing import Any

import numpy as np
import pandas as pd

START = "2024-09-15T00:00:00+08:00"
HOUR_S, TICK_S, STORM_H, END_H = 3600.0, 600.0, 60, 240
COLUMNS, ROWS, SIZE_M = 30, 24, 40.0
ZONES = [f"cn-{i}" for i in range(6)]
NAMES = ["齐河居委", "上南一居", "云台一居", "雪野一居", "昌里一居", "都市花园居委"]
LIVE = ("warning", "evacuation", "shelter", "lifelines")
GROUPS = ("not_resident", "off_register", "alone_old", "other")
CAUSES = {
    "warning": ("not_reached", "not_on_register", "channel_dead"),
    "evacuation": ("too_far", "route_closed"),
    "shelter": ("shelter_full", "declined", "preparing", "on_the_way", "not_open"),
    "lifelines": ("damage", "no_crew_free"),
}


def point(x_m: float, y_m: float) -> bytes:
    """A well-known-binary point."""
    return pack("<BI2d", 1, 1, x_m, y_m)


def line(*points_m: tuple[float, float]) -> bytes:
    """A well-known-binary line."""
    return pack("<BII", 1, 2, len(points_m)) + b"".join(pack("<2d", *point_m) for point_m in points_m)


def places() -> pd.DataFrame:
    """Zones, sites and links in local metres."""
    rows: list[dict[str, Any]] = []
    for i, (zone, name) in enumerate(zip(ZONES, NAMES, strict=True)):
        rows.append(
            {"table": "zones", "id": zone, "kind": "", "name": name, "wkb": point(200 + 400 * (i % 3), 240 + 480 * (i // 3))}
        )
    for i in range(5):
        site = {"table": "sites", "id": f"s{i}", "kind": "school", "name": f"第{i + 1}中学", "shelter": i < 4}
        rows.append(site | {"wkb": point(150 + 230 * i, 200 + 130 * i)})
    for i in range(8):
        across, along = line((0, 120 * i), (1200, 120 * i)), line((150 * i, 0), (150 * i, 960))
        back = line((1200, 120 * i), (0, 120 * i))
        rows += [
            {"table": "links", "id": f"l{i}{k}", "kind": "", "name": "", "wkb": wkb} for k, wkb in enumerate((across, along, back))
        ]
    return pd.DataFrame(rows).astype({"shelter": "boolean"}).fillna({"shelter": False})


def fields() -> dict[str, np.ndarray]:
    """Greatest depth, shelters and closures."""
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    depth = np.clip(
        1.3 * np.exp(-((x - 8) ** 2 + (y - 9) ** 2) / 30.0) + 0.4 * np.exp(-((x - 22) ** 2 + (y - 18) ** 2) / 8.0) - 0.05, 0, None
    )
    return {
        "depth_max_m": depth.astype(np.float32),
        "site_peak_n": np.array([149, 80, 220, 0, 0]),
        "site_room_n": np.array([149, 200, 260, 0, 0]),
        "site_refused_n": np.array([31, 0, 0, 0, 0]),
        "link_closed": np.arange(24) == 6,
    }


def series(replications: int) -> pd.DataFrame:
    """Forcing, people, power and service levels over the storm and the tail."""
    time_s = np.concatenate([np.arange(0, STORM_H * HOUR_S, TICK_S), np.arange(STORM_H, END_H, 2) * HOUR_S])
    hour = time_s / HOUR_S
    pulse = np.exp(-(((hour - 31.5) / 9.0) ** 2))
    storm = hour < STORM_H
    frames = []
    for replication in range(replications):
        scale = 1.0 + 0.06 * np.sin(replication)
        wind = np.where(storm, 3 + 17 * pulse * scale, np.nan)
        columns = {
            "wind_mps": wind,
            "gust_mps": 1.5 * wind,
            "rain_mmph": np.where(storm, 30 * pulse**3 * scale, np.nan),
            "stage_m": np.where(storm, 2.8 + 1.4 * np.sin(2 * np.pi * hour / 12.4) + 1.1 * pulse, np.nan),
            "buildings_flooded": np.round(80 * pulse * (hour > 26) * scale),
            "customers_out": np.round(2600 * np.exp(-np.clip(hour - 32, 0, None) / 20) * (hour > 28) * scale),
            "n_waiting": np.round(60 * pulse),
            "n_moving": np.round(150 * np.exp(-(((hour - 22) / 3) ** 2))),
            "n_sheltered": np.round(449 * ((hour > 20) & (hour < 54)) * scale),
            "n_stranded": np.round(9 * pulse),
            "q_warning": np.where((hour > 20) & (hour < 50), 1 - 0.4 * pulse, np.nan),
            "q_evacuation": np.where((hour > 20) & (hour < 50), 1 - 0.2 * pulse, np.nan),
            "q_shelter": np.where((hour > 20) & (hour < 50), 0.4 + 0.5 * (hour - 20) / 30, np.nan),
            "q_lifelines": 1 - 0.05 * np.exp(-np.clip(hour - 32, 0, None) / 20) * (hour > 28),
        }
        frames.append(pd.DataFrame({"replication": replication, "time_s": time_s, "zone": "all", **columns}))
    return pd.concat(frames, ignore_index=True)


def need_and_ledger(replications: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every live service needed by every group of every committee, each short for some hours for each of its causes."""
    need, ledger = [], []
    for replication in range(replications):
        for k, service in enumerate(LIVE):
            for zone in range(6):
                for g, group in enumerate(GROUPS):
                    key = {"replication": replication, "service": service, "zone": ZONES[zone], "group": group}
                    people = 20.0 + 5 * zone + 10 * g
                    need.append(key | {"need": 30 * people, "people": people, "standing_unmet": 0.0})
                    start_h = 24.0
                    for c, cause in enumerate(CAUSES[service]):
                        end_h = start_h + (3.0 - 0.5 * c) * (1 + 0.1 * g) * (1 + 0.2 * k)
                        spell = {"spell": len(ledger), "cause": cause, "start_s": start_h * HOUR_S, "end_s": end_h * HOUR_S}
                        ledger.append(key | spell | {"persons": people / 3, "target_s": np.nan, "censored": False})
                        start_h = end_h
    return pd.DataFrame(need), pd.DataFrame(ledger)


def summary(replications: int) -> dict[str, Any]:
    """What the indices room would have written."""
    score = {"lo": 84.1, "hi": 86.9, "p5": 79.0, "p95": 90.2, "given": "Bebinca"}
    services = {
        name: {"m": None, "r": None, "tested": False, "need": 0.0, "unmet": 0.0, "people": 0.0}
        for name in ("rescue", "supplies", "medical")
    }
    services |= {"housing": {"m": None, "r": None, "tested": False, "need": 0.0, "unmet": 0.0, "people": 0.0}}
    for k, name in enumerate(LIVE):
        m = 92.0 - 6 * k
        row = {"m": m, "r": None if name == "warning" else 70.0 - 4 * k, "tested": True, "need": 2e4 * replications}
        services[name] = row | {
            "m_lo": m - 1.5,
            "m_hi": m + 1.5,
            "unmet": 2e4 * replications * (1 - m / 100),
            "people": 1140.0 * replications,
            "t50_h": 3.4,
            "t90_h": 27.0,
        }
    for row in services.values():
        row.update({key: row.get(key) for key in ("t50_h", "t90_h", "lost", "slow")})
    pairs = [(service, cause) for service in LIVE for cause in CAUSES[service]]
    weights = np.array([1.0 / (i + 1) for i in range(len(pairs))])
    causes = [
        {
            "service": s,
            "cause": c,
            "m_points": 14.5 * w,
            "r_points": 0.0 if s == "warning" else 30.0 * w,
            "person_hours": 900.0 * w * replications,
        }
        for (s, c), w in zip(pairs, weights / weights.sum(), strict=True)
    ]
    lost = sum(row["r_points"] for row in causes)
    people = {
        name: {"value": value, "lo": 0.97 * value, "hi": 1.03 * value}
        for name, value in (("evacuated", 640.0), ("sheltered_peak", 449.0))
    }
    return {
        "schema": "sim-summary/1",
        "scenario": "typhoon",
        "seed": 7,
        "replications": replications,
        "index_standard": "0123456789abcdef",
        "window": {"start": "2024-09-15T17:00:00+08:00", "end": "2024-09-16T22:00:00+08:00"},
        "indices": {
            "maintenance": score | {"value": 85.5},
            "recovery": score | {"value": 100.0 - lost, "lo": 98 - lost, "hi": 102 - lost, "p5": 94 - lost, "p95": 104 - lost},
            "development": None,
            "why": {"development": "no improvement declared"},
        },
        "services": services,
        "causes": sorted(causes, key=lambda row: -row["m_points"]),
        "relieved": [],
        "improvement": None,
        "briefing": briefing(),
        "people": {
            "residents": 14220,
            "present": 15100,
            "deaths": None,
            "injured": None,
            "displaced_person_nights": None,
            **people,
        },
        "balances": {"people": 0.0, "water_m3": 3.2e-7, "goods": 0.0, "beds": 0.0},
        "zones": [
            {"id": zone, "name": name, "residents": 2370, "maintenance": 80.0 + 2 * i, "recovery": None if i == 5 else 60.0 + 3 * i}
            | zone_briefing(i)
            for i, (zone, name) in enumerate(zip(ZONES, NAMES, strict=True))
        ],
        "equity": [
            {
                "group": group,
                "service": name,
                "need": 5e3,
                "unmet": 1e3 + 200 * g,
                "people": 300.0 * replications,
                "m": 80.0 - 4 * g,
            }
            for g, group in enumerate(GROUPS)
            for name in LIVE
        ],
        "unverified": ["shelter.area_per_person", "decision.trust"],
    }


def briefing() -> dict[str, Any]:
    """What a duty officer counts."""
    counts = {"to_move": 1530, "moved": 1200, "moved_in_time": 1100, "sheltered": 1900, "no_place": 75}
    counts |= {"alone": 269, "alone_unreached": 4, "alone_dark_peak": 31, "dependent": 1137, "dependent_unreached": 20}
    counts |= {"dependent_dark_peak": 140, "pumps": 4, "pumps_unpowered_peak": 1.5, "pumps_stopped_peak": 0.5}
    times = {"deadline": "2024-09-16T04:50:00+08:00", "last_in": "2024-09-16T07:10:00+08:00"}
    found: dict[str, Any] = {name: {"value": float(n), "lo": 0.9 * n, "hi": 1.1 * n} for name, n in counts.items()}
    late = {"last": "2024-09-16T09:00:00+08:00", "outcomes": 4}
    return found | {name: {"middle": at, "first": at, **late} for name, at in times.items()}


def zone_briefing(i: int) -> dict[str, Any]:
    """The same of a committee; nobody of the last one moved."""
    numbers = {"to_move": 300.0 - 20 * i, "moved": 250.0 - 20 * i, "moved_in_time": 240.0 - 20 * i, "no_place": 12.5}
    numbers |= {"alone_unreached": 0.7, "dependent_dark": 23.0}
    return numbers | {"last_in": None if i == 5 else f"2024-09-16T0{i + 3}:30:00+08:00"}


def relieved() -> list[dict[str, Any]]:
    """Gains of four causes, two by one lever, one not certain, and one cause without a lever."""
    keys = ("service", "cause", "gain_m", "gain_r", "gain", "lo", "hi")
    rows = [
        ("shelter", "shelter_full", 1.3, 0.4, 0.85, 0.5, 1.2),
        ("evacuation", "shelter_full", 1.3, 0.4, 0.85, 0.5, 1.2),
        ("shelter", "declined", 0.2, 0.1, 0.15, -0.1, 0.4),
        ("warning", "not_reached", -0.2, -0.1, -0.15, -0.3, 0.1),
    ]
    none = {"service": "shelter", "cause": "preparing"} | dict.fromkeys(keys[2:])
    why = "no key of a scenario takes this constraint away alone"
    return [dict(zip(keys, row, strict=True)) for row in rows] + [none | {"why": why}]


def improvement() -> dict[str, Any]:
    """A declared improvement that gained something."""
    gain = {"value": 1.25, "lo": 0.8, "hi": 1.6}
    points = {"gain_m": gain, "gain_r": None, "gain": gain}
    changes = {"community.people.register_old": 0.995, "services.new.key": "2 h"}
    return {"changes": changes, "maintenance_after": 86.7, "recovery_after": None, "points": points, "deaths_avoided": gain}


def stories() -> list[dict[str, Any]]:
    """One household that was turned away once."""
    moments = [
        {"time_s": 3600.0 * (20 + i), "what": what}
        for i, what in enumerate(("warned", "advice", "ready", "left", "unsafe", "sheltered"))
    ]
    moments.append(
        {"time_s": 3600.0 * 26, "what": "unmet", "service": "shelter", "cause": "shelter_full", "until_s": 3600.0 * 27.5}
    )
    who = {
        "household": 3,
        "zone": ZONES[0],
        "who": "resident",
        "building": "old_lane",
        "persons": 2,
        "group": "old",
        "ground_floor": True,
    }
    return [who | {"needs_help": False, "on_register": False, "declined": False, "refused": 1, "moments": moments}]


def manifest() -> dict[str, Any]:
    """What the sweep room would have written."""
    resolved = {
        "title": "台风贝碧嘉（2024）",
        "given": "给定这一路径与这一场雨",
        "notes": ["雨量按实况幅度模拟", "预警时刻部分为假定"],
        "run": {"start": START, "resolution_m": SIZE_M},
        "services": {"helpers": {"wind_limit_mps": 17.0}},
        "hazards": {"typhoon": {"track": ["best.csv", [0.0]]}, "surge": {"warning_stage": [4.55, "Wusong"]}},
    }
    return {
        "schema": "sim-manifest/1",
        "program": {"name": "renxing", "version": "0.1.0", "commit": "0" * 40, "dirty": False},
        "scenario": {"name": "typhoon", "sha256": "ab" * 32, "resolved": resolved},
        "community": {"title": "周家渡样例街道", "synthetic": True},
        "made": "2026-01-01T00:00:00+00:00",
        "libraries": {"numpy": "2.0"},
        "platform": {"system": "Linux", "machine": "x86_64", "cpu": "generic"},
        "cost": {"cpu_s": 3.2, "wall_s": 4.1, "peak_memory_mb": 310.0},
    }


def write_folder(folder: Path, replications: int = 4, **changed: Any) -> Path:
    """Write the result; `changed` replaces keys of summary.json."""
    folder.mkdir(parents=True, exist_ok=True)
    need, ledger = need_and_ledger(replications)
    window = {"window_start_s": 17 * HOUR_S, "window_end_s": 46 * HOUR_S}
    tables = {"need": need, "ledger": ledger, "series": series(replications), "places": places()}
    tables["replications"] = pd.DataFrame([{"replication": r, **window} for r in range(replications)])
    tables["events"] = pd.DataFrame({"time_s": [0.0], "kind": ["signal"], "entity": [1], "zone": ["all"], "detail": ["blue"]})
    for name, frame in tables.items():
        frame.to_parquet(folder / f"{name}.parquet")
    texts = {
        "summary": summary(replications) | changed,
        "manifest": manifest(),
        "stories": stories(),
        "zones": {"type": "FeatureCollection", "features": []},
    }
    for name, value in texts.items():
        (folder / ("zones.geojson" if name == "zones" else f"{name}.json")).write_text(
            json.dumps(value, ensure_ascii=False), encoding="utf-8"
        )
    np.savez(folder / "fields.npz", **fields())
    return folder
