"""Where replications are kept while a run lasts: in memory, or as shards in a folder that survive any end of the process.

Shard i holds replications [8i, 8i + 8) of one arm of the run (the scenario as written, improved, or relieved of one cause). It is
written under a temporary name, flushed to the disk and renamed: it is whole or it is not there.
"""

import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from sim.documents import make_folder
from sim.errors import EnvironmentMistake, InputError, Interrupted, Mistake
from sim.result import RUNS, TEXTS, discard, json_bytes, read_json, write_durably
from sim.sweep.lock import Lock
from sim.sweep.provenance import refuse_another
from sim.sweep.shard import Damaged, from_bytes, to_bytes
from sim.trajectory import Trajectory

SHARD_RUNS_N = 8
IDENTITY = "run.json"
log = logging.getLogger(__name__)


class Job(NamedTuple):
    """The replications of one shard of an arm."""

    arm: str
    shard: int
    numbers: tuple[int, ...]


def jobs_of(arm: str, numbers: Sequence[int]) -> list[Job]:
    """Replications of an arm by shard."""
    shards = sorted({number // SHARD_RUNS_N for number in numbers})
    return [Job(arm, shard, tuple(number for number in numbers if number // SHARD_RUNS_N == shard)) for shard in shards]


class Store(Protocol):
    """What keeps replications. `put` runs where they were played, `accept` where the run is driven."""

    def has(self, job: Job) -> bool:
        """Whether the job is done and whole."""

    def put(self, job: Job, trajectories: list[Trajectory]) -> Any:
        """Keep what was played, or make a receipt to be accepted."""

    def accept(self, job: Job, receipt: Any) -> None:
        """Take a receipt."""

    def take(self, job: Job) -> list[Trajectory]:
        """The trajectories of a job that is done."""


class Memory:
    """Keeps all in this process: the receipt is what was played."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.kept: dict[Job, list[Trajectory]] = {}

    def has(self, job: Job) -> bool:
        """Whether it was played."""
        return job in self.kept

    def put(self, job: Job, trajectories: list[Trajectory]) -> list[Trajectory]:
        """The receipt."""
        return trajectories

    def accept(self, job: Job, receipt: list[Trajectory]) -> None:
        """Keep it."""
        self.kept[job] = receipt

    def take(self, job: Job) -> list[Trajectory]:
        """What was played."""
        return self.kept[job]


class Shards:
    """Keeps shards beneath the `runs` of a result folder."""

    def __init__(self, folder: Path) -> None:
        """The result folder, which is there."""
        self.folder = folder

    @property
    def runs(self) -> Path:
        """Where the shards are."""
        return self.folder / RUNS

    @property
    def complete(self) -> bool:
        """The result itself is written: nothing is left to play."""
        return (self.folder / TEXTS["summary"]).exists()

    def path(self, job: Job) -> Path:
        """The shard of a job."""
        return self.runs / job.arm / f"part-{job.shard:05d}.shard"

    def has(self, job: Job) -> bool:
        """Whether the shard is there and whole; a damaged one is said and taken away."""
        path = self.path(job)
        try:
            found = tuple(each.replication for each in from_bytes(path.read_bytes()))
        except FileNotFoundError:
            return False
        except Damaged as error:
            log.warning("%s is damaged (%s): its replications are played again", path, error)
            path.unlink()
            return False
        return found == job.numbers

    def put(self, job: Job, trajectories: list[Trajectory]) -> None:
        """Write the shard; EnvironmentMistake where it cannot be written."""
        path = self.path(job)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(temporary, to_bytes(trajectories))
            temporary.replace(path)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink()
            raise EnvironmentMistake(f"--out: {path} cannot be written: {(error.strerror or str(error)).lower()}") from None

    def accept(self, job: Job, receipt: None) -> None:
        """The shard itself is the receipt."""

    def take(self, job: Job) -> list[Trajectory]:
        """Read the shard; EnvironmentMistake where it was damaged meanwhile."""
        try:
            return from_bytes(self.path(job).read_bytes())
        except (OSError, Damaged) as error:
            raise EnvironmentMistake(f"--out: {self.path(job)} was damaged while the run lasted: {error}; use --resume") from None

    def finished_n(self) -> int:
        """Shards that are there."""
        return sum(1 for _ in self.runs.glob("*/part-*.shard"))

    def clear(self) -> None:
        """Take the shards away: the result is written."""
        shutil.rmtree(self.runs, ignore_errors=True)


@contextmanager
def opened(folder: Path, identity: dict[str, Any], resume: bool) -> Iterator[Shards]:
    """The shards of a run, locked while it lasts. Interrupted says what is kept; without a finished shard nothing stays."""
    fresh, shards = not folder.exists(), Shards(folder)
    enter(folder, resume)
    shards.runs.mkdir(exist_ok=True)
    with Lock(shards.runs):
        try:
            recognise(shards, identity)
            yield shards
        except KeyboardInterrupt:
            raise Interrupted(told(shards)) from None
        finally:
            if shards.complete or not shards.finished_n():
                shards.clear()
            if fresh and not any(folder.iterdir()):
                folder.rmdir()


def enter(folder: Path, resume: bool) -> None:
    """Make the folder, or see that it is one that can be gone on with."""
    if not resume or not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        make_folder(folder)
    elif not (folder / RUNS).is_dir() and not (folder / TEXTS["manifest"]).is_file():
        wanted = "a folder that a run has begun, an empty or an absent one"
        raise InputError(Mistake("--resume", "", "finds no run", str(folder), wanted))


def recognise(shards: Shards, identity: dict[str, Any]) -> None:
    """Refuse a folder that another run has begun; put down whose this one is. What a broken-off writing left is taken away."""
    path = shards.runs / IDENTITY
    if shards.complete:
        refuse_another(text_of(shards.folder / TEXTS["manifest"]).get("run", {}), identity, shards.folder)
        return
    discard(shards.folder)
    if path.exists():
        refuse_another(text_of(path), identity, shards.folder)
        return
    temporary = path.with_suffix(".part")
    write_durably(temporary, json_bytes(identity))
    temporary.replace(path)


def text_of(path: Path) -> dict[str, Any]:
    """A JSON file that is an object; InputError where it is none."""
    found = read_json(path)
    if isinstance(found, dict):
        return found
    raise InputError(found if isinstance(found, Mistake) else Mistake(str(path), "", "is no JSON object", found))


def told(shards: Shards) -> str:
    """What is kept of an interrupted run."""
    n = shards.finished_n()
    if shards.complete:
        return f"interrupted: the result is written, in {shards.folder}"
    if not n:
        return "interrupted: nothing was finished, nothing was written"
    kept = f"{n} shard{'s' if n > 1 else ''} of up to {SHARD_RUNS_N} replications"
    return f"interrupted: {kept} kept in {shards.runs}; the same command with --out {shards.folder} --resume goes on from there"
