"""How a result came to be: program, scenario, libraries, machine, cost; and by what a run is known when it is resumed."""

import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import psutil

from sim.errors import InputError, Mistake
from sim.numerics.jit import cpu_name, source_hash
from sim.reference.standard import standard_hash
from sim.scenario import Scenario
from sim.version import VERSION
from sim.world.community import Community

LIBRARIES = ("numpy", "scipy", "pandas", "numba", "llvmlite", "simpy", "pydantic", "pyarrow")


def libraries() -> dict[str, str]:
    """Versions of what computes results."""
    return {name: version(name) for name in LIBRARIES} | {"python": platform.python_version()}


def machine() -> dict[str, str]:
    """What the last digits may depend on."""
    return {"system": platform.system(), "machine": platform.machine(), "cpu": cpu_name()}


def manifest(scenario: Scenario, community: Community, cost: dict[str, Any]) -> dict[str, Any]:
    """Everything that says how the result came to be: text, resolved form, versions, platform, cost."""
    return {
        "schema": "sim-manifest/1",
        "program": {"name": "renxing", "version": VERSION, **git_state()},
        "scenario": {
            "name": scenario.name,
            "text": scenario.text,
            "sha256": sha256(scenario.text.encode()).hexdigest(),
            "resolved": json.loads(scenario.model_dump_json(exclude={"community": {"path"}})),
        },
        "community": {
            "name": community.name,
            "title": community.title,
            "synthetic": community.synthetic,
            "datum": community.datum,
            "digest": community.digest,
        },
        "index_standard": standard_hash(),
        "seed": scenario.run.seed,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "libraries": libraries(),
        "platform": machine(),
        "cost": cost | {"peak_memory_mb": peak_memory_mb()},
    }


def identity(scenario: Scenario, numbers: Sequence[int]) -> dict[str, Any]:
    """What must be the same for replications of two sittings to stand in one result, by the name a message gives it."""
    resolved = scenario.model_dump_json(exclude={"community": {"path"}, "run": {"seed", "replications"}})
    return {
        "schema": "sim-shards/1",
        "scenario": sha256(resolved.encode()).hexdigest(),
        "seed": scenario.run.seed,
        "replications": [numbers[0], numbers[-1]],
        "program version": f"{VERSION} {source_hash()}",
        "index standard": standard_hash(),
        "libraries": libraries(),
        "platform": machine(),
    }


def refuse_another(begun: Mapping[str, Any], wanted: Mapping[str, Any], where: Path) -> None:
    """InputError names everything in which the run that was begun differs from the one that is wanted."""
    differ = [key for key in wanted if begun.get(key) != wanted[key]]
    if differ:
        what = "was begun with another {}, and is not gone on with"
        raise InputError(*(Mistake(str(where), "", what.format(key), begun.get(key), str(wanted[key])) for key in differ))


def results_sha256(rows: pd.DataFrame) -> str:
    """Hash of the canonical CSV of replications: floats by repr, rows by replication."""
    ordered = rows.sort_values("replication")
    columns = (ordered[name].tolist() for name in ordered)
    lines = [",".join(ordered.columns), *(",".join(map(repr, row)) for row in zip(*columns, strict=True))]
    return sha256("\n".join(lines).encode()).hexdigest()


def peak_memory_mb() -> float:
    """Largest resident size of this process so far, in MB."""
    try:
        import resource
    except ImportError:  # Windows
        return psutil.Process().memory_info().peak_wset / 1e6
    unit = 1 if platform.system() == "Darwin" else 1024  # macOS counts bytes, Linux KiB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def git_state() -> dict[str, Any]:
    """Commit and dirty flag of the checkout the program runs from; None where there is none."""
    here = Path(__file__).resolve().parents[2]
    if not (here / ".git").exists():
        return {"commit": None, "dirty": None}
    try:
        commit, status = (told_by_git(here, *words) for words in (("rev-parse", "HEAD"), ("status", "--porcelain")))
    except (OSError, subprocess.SubprocessError):
        return {"commit": None, "dirty": None}
    return {"commit": commit, "dirty": bool(status)}


def told_by_git(here: Path, *words: str) -> str:
    """What git answers."""
    done = subprocess.run(["git", "-C", str(here), *words], capture_output=True, text=True, timeout=10, check=True)
    return done.stdout.strip()
