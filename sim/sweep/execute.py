"""Replications of one scenario: in this process with one worker, on Dask's local cluster with more.

Replication r depends on (scenario, seed, r) alone, so workers, order and number change no bit.
"""

import json
import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

import sim
from sim.community.cache import community_of
from sim.engine import play
from sim.errors import InputError, Mistake
from sim.numerics.jit import cpu_name
from sim.reference.standard import standard_hash
from sim.result import Result, assemble
from sim.scenario import Scenario
from sim.trajectory import Trajectory
from sim.world.community import Community

Progress = Callable[[int, int], None]
LIBRARIES = ("numpy", "scipy", "pandas", "numba", "llvmlite", "simpy", "pydantic", "pyarrow")
MOST_WORKERS = 256


def run(
    scenario: Scenario,
    *,
    seed: int | None = None,
    replications: int | None = None,
    only: int | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Result:
    """Play a scenario and score it. `only` plays that one replication, in full detail. Seed and replications default to the
    scenario's; one worker plays in this process. Raises InputError for a community that cannot be built."""
    for option, value, least, most in (
        ("--seed", seed, 0, 2**63 - 1),
        ("--replications", replications, 1, 10**9),
        ("--only", only, 0, 10**9),
        ("--workers", workers, 1, MOST_WORKERS),
    ):
        if value is not None and not least <= value <= most:
            raise InputError(Mistake(option, "", "is out of range", value, f"{least} to {most}"))
    given = {key: value for key, value in {"seed": seed, "replications": replications}.items() if value is not None}
    scenario = scenario.model_copy(update={"run": scenario.run.model_copy(update=given)})
    started, cpu_started = time.perf_counter(), time.process_time()
    community = community_for(scenario)
    numbers = [only] if only is not None else list(range(scenario.run.replications))
    trajectories = list(counted(trajectories_of(scenario, community, numbers, workers), len(numbers), progress))
    result = assemble(scenario_facts(scenario), community, trajectories)
    cost = {"wall_s": time.perf_counter() - started, "cpu_s": time.process_time() - cpu_started, "workers": workers}
    return result.with_manifest(manifest(scenario, community, cost))


def community_for(scenario: Scenario) -> Community:
    """The scenario's community at its resolution, from the cache when it was built before."""
    return community_of(scenario.community.path, scenario.community.text, scenario.run.resolution_m)


def counted(trajectories: Iterator[Trajectory], total: int, progress: Progress | None) -> Iterator[Trajectory]:
    """Pass trajectories on, telling `progress` how many are done."""
    for done, trajectory in enumerate(trajectories, 1):
        if progress is not None:
            progress(done, total)
        yield trajectory


def trajectories_of(scenario: Scenario, community: Community, numbers: list[int], workers: int) -> Iterator[Trajectory]:
    """Replications in order; the first, in detail, also compiles the kernels before workers fan out."""
    yield play(scenario, community, numbers[0], detailed=True)
    rest = numbers[1:]
    if workers == 1 or len(rest) <= 1:
        for number in rest:
            yield play(scenario, community, number)
        return
    yield from on_cluster(scenario, rest, min(workers, len(rest)))


def on_cluster(scenario: Scenario, numbers: list[int], workers: int) -> Iterator[Trajectory]:
    """Replications on a local Dask cluster, one thread a worker, dashboard off, in order."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None, host="127.0.0.1", silence_logs=50) as cluster,
        Client(cluster) as client,
    ):
        futures = [client.submit(play_on_worker, scenario, number, pure=False) for number in numbers]
        for future in futures:
            yield future.result()
            future.release()


def play_on_worker(scenario: Scenario, number: int) -> Trajectory:
    """One replication; the community is loaded once a worker."""
    return play(scenario, _community_of_worker(scenario.community.path, scenario.community.text, scenario.run.resolution_m), number)


_community_of_worker = cache(community_of)


def scenario_facts(scenario: Scenario) -> dict[str, Any]:
    """What a result says of its scenario, without the engine's types."""
    settings = scenario.run
    return {
        "name": scenario.name,
        "title": scenario.title,
        "given": scenario.given,
        "notes": list(scenario.notes),
        "seed": settings.seed,
        "start": settings.start,
        "storm_s": settings.storm_s,
        "end_s": settings.times().end_s,
    }


def manifest(scenario: Scenario, community: Community, cost: dict[str, Any]) -> dict[str, Any]:
    """Everything that says how the result came to be: text, resolved form, versions, platform, cost."""
    return {
        "schema": "sim-manifest/1",
        "program": {"name": "renxing", "version": sim.__version__, **git_state()},
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
        "libraries": {name: version(name) for name in LIBRARIES} | {"python": platform.python_version()},
        "platform": {"system": platform.system(), "machine": platform.machine(), "cpu": cpu_name()},
        "cost": cost | {"peak_memory_mb": peak_memory_mb()},
    }


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
        commit = subprocess.run(["git", "-C", str(here), "rev-parse", "HEAD"], capture_output=True, text=True, timeout=10, check=True)
        status = subprocess.run(["git", "-C", str(here), "status", "--porcelain"], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return {"commit": None, "dirty": None}
    return {"commit": commit.stdout.strip(), "dirty": bool(status.stdout.strip())}


def default_workers() -> int:
    """min(cores, 8), for the command line."""
    return min(os.cpu_count() or 1, 8)
