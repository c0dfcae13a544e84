"""A run: replications of a scenario, of its improvement and of its relieved causes, played with the same draws and scored.

Replication r depends on (scenario, seed, r) alone, so workers, order, number and interruptions change no bit.
"""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from sim.community.cache import community_of
from sim.engine import play, rehearse
from sim.errors import InputError, Mistake
from sim.result import Result, assemble, read
from sim.scenario import Scenario
from sim.sweep.compare import improved_result, windows_of
from sim.sweep.hands import Alone, Count, Crew, Progress, Task, Windows, hands
from sim.sweep.provenance import identity, manifest, peak_memory_mb, results_sha256
from sim.sweep.relief import reliefs, relieved_result
from sim.sweep.store import Memory, Store, jobs_of, opened
from sim.trajectory import Trajectory
from sim.world.community import Community
from sim.world.places import zone_ids

__all__ = ["community_for", "default_workers", "peak_memory_mb", "run"]
MOST_WORKERS = 256
WRITTEN, IMPROVED = "written", "improved"  # arms of a run, beside the relieved


class Arm(NamedTuple):
    """A scenario and its replications; `detailed` is kept in full detail, `windows_s` are those of the reference run."""

    name: str
    scenario: Scenario
    numbers: Sequence[int]
    windows_s: Windows | None = None
    detailed: int = -1


def run(
    scenario: Scenario,
    *,
    seed: int | None = None,
    replications: int | None = None,
    only: int | None = None,
    workers: int = 1,
    progress: Progress | None = None,
    out: str | Path | None = None,
    resume: bool = False,
) -> Result:
    """Play a scenario and score it. `only` plays that one replication, in full detail. Seed and replications default to the
    scenario's; one worker plays in this process. With `out` the result is written there, new or empty, and what is finished is
    kept on the way: `resume` plays only what is missing. Raises InputError for a community that cannot be built."""
    check_options({"--seed": seed, "--replications": replications, "--only": only, "--workers": workers})
    given = {key: value for key, value in {"seed": seed, "replications": replications}.items() if value is not None}
    scenario = scenario.with_run(**given)
    numbers = [only] if only is not None else list(range(scenario.run.replications))
    if out is None:
        if resume:
            raise InputError(Mistake("--resume", "", "has no folder to go on with", wanted="--out DIR"))
        return played(scenario, numbers, Memory(), workers, progress)
    own = identity(scenario, numbers)
    with opened(Path(out), own, resume) as shards:
        if shards.complete:
            return read(out)
        result = played(scenario, numbers, shards, workers, progress).with_manifest({"run": own})
        result.write(out)
        return result


def check_options(given: Mapping[str, int | None]) -> None:
    """InputError for every option out of range."""
    limits = {"--seed": (0, 2**63 - 1), "--replications": (1, 10**9), "--only": (0, 10**9), "--workers": (1, MOST_WORKERS)}
    wrong = [
        (name, value) for name, value in given.items() if value is not None and not limits[name][0] <= value <= limits[name][1]
    ]
    if wrong:
        wanted = {name: f"{least} to {most}" for name, (least, most) in limits.items()}
        raise InputError(*(Mistake(name, "", "is out of range", value, wanted[name]) for name, value in wrong))


def community_for(scenario: Scenario) -> Community:
    """The scenario's community at its resolution, from the cache when it was built before."""
    return community_of(scenario.community.path, scenario.community.text, scenario.run.resolution_m)


def played(scenario: Scenario, numbers: Sequence[int], store: Store, workers: int, progress: Progress | None) -> Result:
    """Play and score; what the store has is not played again."""
    started, cpu_started = time.perf_counter(), cpu_s()
    community, count, improved = community_for(scenario), Count(progress), scenario.improved
    rehearse(scenario, community)
    if improved is not None:
        rehearse(improved, community_for(improved))
    count.expect(len(numbers) * (1 if improved is None else 2))
    with hands(workers) as team:
        if workers > 1:
            compile_kernels(scenario, community, numbers[0])
        written = Arm(WRITTEN, scenario, numbers, detailed=numbers[0])
        found = play_arms([written], team, store, count)
        result = assemble(scenario_facts(scenario), community, found[WRITTEN])
        windows_s = windows_of(found[WRITTEN])
        relieved = reliefs(scenario, result.summary["causes"], numbers)
        named = {each.arm: each for each in relieved if each.scenario is not None}
        arms = [Arm(name, each.scenario, each.numbers, windows_s) for name, each in named.items() if each.scenario is not None]
        count.expect(sum(len(arm.numbers) for arm in arms))
        arms += [] if improved is None else [Arm(IMPROVED, improved, numbers, windows_s)]
        for arm in arms:
            community_for(arm.scenario)  # built once, before workers ask for it
        found |= play_arms(arms, team, store, count)
    if improved is not None:
        result = improved_result(result, scenario.improvement, found[IMPROVED], zone_ids(community_for(improved)))
    result = relieved_result(result, relieved, found)
    result = replace(result, summary=result.summary | {"results_sha256": results_sha256(result.replications)})
    cost = {"wall_s": time.perf_counter() - started, "cpu_s": cpu_s() - cpu_started, "workers": workers}
    return result.with_manifest(manifest(scenario, community, cost))


def cpu_s() -> float:
    """Processor time of this process and of workers that have ended, in seconds."""
    return sum(os.times()[:4])


def play_arms(arms: Sequence[Arm], team: Alone | Crew, store: Store, count: Count) -> dict[str, list[Trajectory]]:
    """Play what is missing of the arms; their trajectories by the arm's name, in order."""
    jobs = {arm.name: jobs_of(arm.name, arm.numbers) for arm in arms}
    tasks = [Task(job, arm.scenario, arm.detailed, arm.windows_s) for arm in arms for job in jobs[arm.name]]
    missing = [task for task in tasks if not store.has(task.job)]
    count.add(sum(len(task.job.numbers) for task in tasks) - sum(len(task.job.numbers) for task in missing))
    team.play(missing, store, count)
    return {name: [trajectory for job in own for trajectory in store.take(job)] for name, own in jobs.items()}


def compile_kernels(scenario: Scenario, community: Community, number: int) -> None:
    """Have every kernel in the cache before workers fan out: where nobody has yet, play one replication here."""
    stamp = Path(os.environ["NUMBA_CACHE_DIR"]) / "compiled"
    if not stamp.exists():
        play(scenario, community, number)
        with suppress(OSError):
            stamp.parent.mkdir(parents=True, exist_ok=True)
            stamp.touch()


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


def default_workers() -> int:
    """min(cores, 8), for the command line."""
    return min(os.cpu_count() or 1, 8)
