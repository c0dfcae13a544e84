"""What a scenario is, before it is played: its parts, the columns they read and write, memory and time."""

import os
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

from sim.community.check import check as check_community
from sim.engine import play, rehearse
from sim.scenario import Scenario, load
from sim.sweep.execute import community_for
from sim.sweep.relief import RUNS_N, TOP_N
from sim.world.community import Community
from sim.world.part import Part

# Measured for the shipped hamlet and typhoon (python -m benchmarks): core-seconds a replication of any size, and for each million
# persons and each million cell-ticks; only good for an estimate.
SECONDS_AT_LEAST, LEAST_MB = 0.3, 400.0
SECONDS_A_MILLION_CELL_TICKS = 0.35
SECONDS_A_MILLION_PERSONS = 3.0


def describe(scenario: Scenario) -> Iterator[str]:
    """Lines for `sim check`."""
    community = community_for(scenario)
    rehearse(scenario, community)
    if scenario.improved is not None:
        rehearse(scenario.improved, community_for(scenario.improved))
    run = scenario.run
    yield f"{scenario.name}: {scenario.title or 'no title'}"
    hours, days = run.storm_s / 3600, run.recovery_s / 86400
    yield f"from {run.start.isoformat()}, storm {hours:g} h, recovery {days:g} d, tick {run.tick_s / 60:g} min"
    yield f"community: {community.title}"
    yield from (f"  {line}" for line in check_community(community))
    yield "parts, in the order of an instant:"
    for part in sorted(scenario.parts(), key=lambda part: part.rank):
        yield f"  {type(part).__name__.lower()}: {first_sentence(part)}"
        yield f"    reads  {', '.join(part.reads) or '-'}"
        yield f"    writes {', '.join(part.writes) or '-'}"
    yield f"estimate: {memory_mb(community):.0f} MB a worker, {core_seconds(scenario, community):.1f} core-seconds a replication"
    yield f"  {run.replications} replications, seed {run.seed}: with {arms_told(scenario)} {played_n(scenario)} are played"


def arms_told(scenario: Scenario) -> str:
    """What is played beside the scenario as written."""
    relief = f"up to {TOP_N} causes relieved" if scenario.run.replications >= RUNS_N else "no cause relieved"
    return relief if scenario.improved is None else f"the improvement and {relief}"


def played_n(scenario: Scenario) -> int:
    """Replications of all arms, at most."""
    own_n = scenario.run.replications
    return own_n * (1 if scenario.improved is None else 2) + (TOP_N * RUNS_N if own_n >= RUNS_N else 0)


def first_sentence(part: Part) -> str:
    """What a part is, from its docstring."""
    paragraph = " ".join((type(part).__doc__ or "").split("\n\n")[0].split())
    return paragraph.partition(". ")[0].removesuffix(".") + "."


def memory_mb(community: Community) -> float:
    """Columns twice (community and world) over what libraries, kernels and results of the smallest scenario take (measured)."""
    columns = sum(array.nbytes for table in community.tables.values() for array in vars(table).values() if hasattr(array, "nbytes"))
    return LEAST_MB + 2 * columns / 1e6


def core_seconds(scenario: Scenario, community: Community) -> float:
    """From the cells and the people."""
    cell_ticks, people_n = community.tables["cells"].n * scenario.run.times().ticks_n, community.tables["people"].n
    growth = SECONDS_A_MILLION_CELL_TICKS * cell_ticks + SECONDS_A_MILLION_PERSONS * people_n
    return SECONDS_AT_LEAST + growth / 1e6


def warm_up() -> Path:
    """Compile every kernel by playing the template, the smallest whole scenario; gives the cache folder."""
    with as_file(files("sim.templates")) as folder:
        scenario = load(folder / "scenario.yaml")
    play(scenario, community_for(scenario), 0)
    return Path(os.environ["NUMBA_CACHE_DIR"])
