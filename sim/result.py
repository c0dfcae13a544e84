"""A result: what a run saves, in memory and as a folder that never changes once it is there."""

import io
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import EnvironmentMistake, InputError, Mistake, mistake_in
from sim.indices.summary import SCHEMA, replication_rows, scored, summary
from sim.indices.tables import stacked, tables_of
from sim.trajectory import Trajectory
from sim.world.community import Community
from sim.world.places import places_of, zone_ids, zones_geojson

MANIFEST_SCHEMA = "sim-manifest/1"
FRAMES = ("need", "ledger", "replications", "series", "events", "places")
TEXTS = {"manifest": "manifest.json", "summary": "summary.json", "stories": "stories.json", "zones": "zones.geojson"}
# columns without which a frame cannot be read
REQUIRED = {
    "need": {"replication", "service", "zone", "group", "need", "people", "standing_unmet"},
    "ledger": {
        "replication", "service", "spell", "cause", "zone", "group", "start_s", "end_s", "persons", "target_s", "censored",
    },
    "replications": {"replication", "window_start_s", "window_end_s"},
    "series": {"replication", "time_s", "zone"},
    "events": {"time_s", "kind", "entity", "zone", "detail"},
    "places": {"table", "id", "kind", "name", "wkb"},
}  # fmt: skip
# keys without which a text cannot be shown
KEYS = {
    "summary": {"scenario", "seed", "replications", "window", "indices", "services", "causes", "people", "zones", "unverified"},
    "manifest": {"community", "program", "scenario"},
}
FIELDS = "fields.npz"
IMPROVED = "improved"  # the folder of the improved run's tables
IMPROVED_FRAMES = ("need", "ledger", "replications")
RUNS = "runs"  # shards of a run that is not finished
MOST_FIELDS_BYTES = 20_000_000
STAGING = ".writing"


@dataclass(frozen=True)
class Result:
    """summary and manifest as in their files; frames as in theirs; fields: arrays of the detailed replication for maps; improved:
    need, ledger and replications of the run with the scenario's `improvement`, empty where it declares none."""

    summary: dict[str, Any]
    need: pd.DataFrame
    ledger: pd.DataFrame
    replications: pd.DataFrame
    series: pd.DataFrame
    events: pd.DataFrame
    places: pd.DataFrame
    zones: dict[str, Any]
    stories: list[dict[str, Any]] = field(default_factory=list)
    improved: dict[str, pd.DataFrame] = field(default_factory=dict)
    fields: dict[str, np.ndarray] = field(default_factory=dict)
    manifest: dict[str, Any] = field(default_factory=lambda: {"schema": MANIFEST_SCHEMA})

    def with_manifest(self, manifest: dict[str, Any]) -> "Result":
        """The same result with its provenance, beside what the result says of its community."""
        return replace(self, manifest=self.manifest | manifest)

    def write(self, folder: str | Path) -> None:
        """Write into a folder that is new or empty; all or nothing. EnvironmentMistake where it cannot be written."""
        folder = Path(folder)
        if folder.exists() and (not folder.is_dir() or any(child.name != RUNS for child in folder.iterdir())):
            raise EnvironmentMistake(f"--out: {folder} is not an empty folder; results are never overwritten")
        staging = folder / STAGING
        try:
            staging.mkdir(parents=True)
            for name, content in self._files():
                (staging / name).parent.mkdir(exist_ok=True)
                write_durably(staging / name, content)
                del content
            for path in sorted(staging.iterdir(), key=lambda path: (path.name == TEXTS["summary"], path.name)):
                path.replace(folder / path.name)  # summary.json last: a folder with it is whole
            staging.rmdir()
        except OSError as error:
            discard(folder)
            raise EnvironmentMistake(f"--out: {folder} cannot be written: {(error.strerror or str(error)).lower()}") from None
        except BaseException:
            discard(folder)
            raise

    def _files(self) -> Any:
        """(name, bytes) of each file, one at a time."""
        for name in FRAMES:
            yield f"{name}.parquet", parquet_bytes(getattr(self, name))
        for name, frame in self.improved.items():
            yield f"{IMPROVED}/{name}.parquet", parquet_bytes(frame)
        yield FIELDS, npz_bytes(self.fields)
        for name, file in TEXTS.items():
            yield file, json_bytes(getattr(self, name))


def discard(folder: Path) -> None:
    """Take away what was written; the folder itself stays, empty."""
    if folder.is_dir():
        for name in (STAGING, IMPROVED):
            shutil.rmtree(folder / name, ignore_errors=True)
        for name in (*(f"{name}.parquet" for name in FRAMES), FIELDS, *TEXTS.values()):
            (folder / name).unlink(missing_ok=True)


def write_durably(path: Path, content: bytes) -> None:
    """Write and wait until it is on the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def json_bytes(value: Any) -> bytes:
    """The same bytes for the same value; numbers in their shortest exact form, never NaN."""
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as parquet."""
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()


def npz_bytes(fields: Mapping[str, np.ndarray]) -> bytes:
    """Arrays, compressed, at most 20 MB: every other map at a time is left out until they fit."""
    kept = {name: fields[name] for name in sorted(fields)}
    while True:
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **kept)
        timed = [name for name in kept if name.rpartition("_")[2].rstrip("h").isdigit()]
        if buffer.tell() <= MOST_FIELDS_BYTES or not timed:
            return buffer.getvalue()
        for name in timed[::2]:
            del kept[name]


def read(folder: str | Path) -> Result:
    """Read a result folder; InputError lists every file that is missing or that this version cannot read."""
    folder = Path(folder)
    texts: dict[str, Any] = {name: read_json(folder / file) for name, file in TEXTS.items()}
    frames: dict[str, Any] = {name: read_frame(folder / f"{name}.parquet", REQUIRED[name]) for name in FRAMES}
    fields: Any = read_fields(folder / FIELDS)
    names = IMPROVED_FRAMES if (folder / IMPROVED).is_dir() else ()
    improved: dict[str, Any] = {name: read_frame(folder / IMPROVED / f"{name}.parquet", REQUIRED[name]) for name in names}
    found = (*texts.values(), *frames.values(), *improved.values(), fields)
    mistakes = [value for value in found if isinstance(value, Mistake)]
    for name, wanted in (("summary", SCHEMA), ("manifest", MANIFEST_SCHEMA)):
        if not isinstance(texts[name], Mistake):
            mistakes += schema_mistakes(folder / TEXTS[name], texts[name], wanted, KEYS[name])
    if mistakes:
        raise InputError(*mistakes)
    return Result(**texts, **frames, improved=improved, fields=fields)


def schema_mistakes(path: Path, value: Any, wanted: str, keys: set[str]) -> list[Mistake]:
    """Whether a text is of the version that this program reads, and whole."""
    got = value.get("schema") if isinstance(value, dict) else value
    if got == wanted:
        missing = sorted(keys - set(value))
        return [Mistake(str(path), "", "lacks keys", missing)] if missing else []
    name = wanted.partition("/")[0]
    newer = isinstance(got, str) and got.startswith(f"{name}/")
    what = "was written by another version of renxing, which can read it" if newer else "is not a result's"
    return [Mistake(str(path), "schema", what, got, wanted)]


def read_json(path: Path) -> Any:
    """A text file's value, or what is wrong with it."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        return unreadable(path, error, "JSON")


def read_frame(path: Path, required: set[str]) -> pd.DataFrame | Mistake:
    """A frame, or what is wrong with it."""
    try:
        frame = pd.read_parquet(path)
    except (OSError, ValueError) as error:  # pyarrow's errors are ValueErrors
        return unreadable(path, error, "parquet")
    missing = sorted(required - set(frame.columns))
    return Mistake(str(path), "", "lacks columns", missing) if missing else frame


def read_fields(path: Path) -> dict[str, np.ndarray] | Mistake:
    """Arrays of an npz, or what is wrong with it; pickled objects are refused."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        return unreadable(path, error, "npz")


def unreadable(path: Path, error: Exception, kind: str) -> Mistake:
    """Why a file of a result cannot be read."""
    if isinstance(error, FileNotFoundError):
        return Mistake(str(path), "", "is not there", None, "a result folder that a run has finished")
    return Mistake(str(path), "", f"cannot be read as {kind}: {str(error).splitlines()[0] if str(error) else type(error).__name__}")


def assemble(facts: Mapping[str, Any], community: Community, trajectories: Sequence[Trajectory]) -> Result:
    """Score replications and gather all that is saved. `facts`: name, seed, start (aware datetime), given, unverified (names)."""
    if not trajectories:
        raise mistake_in("--replications", "leaves nothing to score", 0, "at least 1")
    ordered = sorted(trajectories, key=lambda each: each.replication)
    ids = zone_ids(community)
    residents = community.tables["zones"].residents_n.tolist()
    zones = [
        {"id": own, "name": name, "residents": n} for own, name, n in zip(ids, community.zone_names, residents, strict=True)
    ]
    unverified = {figure["name"] for figure in community.figures if not figure.get("verified", False)}
    facts = {**facts, "unverified": unverified | set(facts.get("unverified", ()))}
    tables = tables_of(ordered, ids)
    score = scored(tables, zones)
    rows = replication_rows(score, [numbers_of(each) for each in ordered])
    whole = summary(facts, score, rows)
    detailed = next((each for each in ordered if each.fields), ordered[0])
    return Result(
        summary=whole,
        need=tables.need,
        ledger=tables.ledger,
        replications=rows,
        series=stacked([(each.replication, each.series) for each in ordered], ids),
        events=stacked([(detailed.replication, detailed.events)], ids).drop(columns="replication"),
        places=places_of(community),
        zones=zones_geojson(community, whole["zones"]),
        stories=[{**story, "zone": ids[story["zone"]]} for story in detailed.stories],
        fields=detailed.fields,
        manifest={"schema": MANIFEST_SCHEMA, "community": community_facts(community)},
    )


def community_facts(community: Community) -> dict[str, Any]:
    """What the manifest says of the community: where it lies, its grid, the figures it was made from."""
    return {
        "name": community.name,
        "title": community.title,
        "synthetic": community.synthetic,
        "latitude_deg": community.latitude_deg,
        "longitude_deg": community.longitude_deg,
        "datum": community.datum,
        "digest": community.digest,
        "grid": community.grid._asdict(),
        "figures": community.figures,
    }


# numbers of a replication that summary.json has under `people`, whatever part counted them
PEOPLE = ("deaths", "injured", "evacuated", "sheltered_peak", "displaced_person_nights")


def numbers_of(trajectory: Trajectory) -> dict[str, float]:
    """Numbers and balances of a replication by their dotted paths."""
    named = {f"people.{name}" if name in PEOPLE else name: float(value) for name, value in trajectory.numbers.items()}
    return named | {f"balances.{name}": float(value) for name, value in trajectory.balances.items()}
