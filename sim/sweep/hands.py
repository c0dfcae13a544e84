"""Who plays the replications: this process, or processes of a local Dask cluster. Neither order nor number changes a bit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from sim.community.cache import community_of
from sim.engine import play
from sim.errors import EnvironmentMistake
from sim.scenario import Scenario
from sim.sweep.store import Job, Store
from sim.trajectory import Trajectory

Progress = Callable[[int, int], None]
Windows = Mapping[int, tuple[float, float]]
_community = lru_cache(4)(community_of)  # as written, improved, and where a cause is relieved


class Task(NamedTuple):
    """A job and what is played in it: `windows_s` of the reference run by replication, where policies are compared."""

    job: Job
    scenario: Scenario
    detailed: int = -1  # the replication in full detail
    windows_s: Windows | None = None


class Count:
    """How many replications are done of how many, told to whoever wants to know."""

    def __init__(self, tell: Progress | None) -> None:
        """Nothing done, nothing to do."""
        self.tell, self.done, self.total = tell, 0, 0

    def expect(self, n: int) -> None:
        """There is more to do."""
        self.total += n

    def add(self, n: int) -> None:
        """So many more are done."""
        self.done += n
        if self.tell is not None and n:
            self.tell(self.done, self.total)


class Alone:
    """Plays in this process, one replication after the other."""

    def play(self, tasks: Sequence[Task], store: Store, count: Count) -> None:
        """Play tasks that are not done yet."""
        for task in tasks:
            store.accept(task.job, perform(task, store, count.add))


class Crew:
    """Plays on workers of a Dask cluster; each writes its own shards."""

    def __init__(self, client: Any) -> None:
        """With a client of the cluster."""
        self.client = client

    def play(self, tasks: Sequence[Task], store: Store, count: Count) -> None:
        """Play tasks that are not done yet; a worker that dies is replaced and its task played again. EnvironmentMistake where it
        dies each time."""
        from distributed import KilledWorker, as_completed

        futures = {self.client.submit(perform, task, store, pure=False): task.job for task in tasks}
        for future in as_completed(futures):
            job = futures[future]
            try:
                store.accept(job, future.result())
            except KilledWorker:
                message = "workers died while they played; fewer workers (--workers) need less memory"
                raise EnvironmentMistake(f"--workers: {message}") from None
            count.add(len(job.numbers))
            future.release()


def perform(task: Task, store: Store, tell: Callable[[int], None] | None = None) -> Any:
    """Play the replications of a task and put them into the store; gives its receipt."""
    own = task.scenario.community
    community = _community(own.path, own.text, task.scenario.run.resolution_m)
    played: list[Trajectory] = []
    for number in task.job.numbers:
        window_s = task.windows_s[number] if task.windows_s is not None else None
        played.append(play(task.scenario, community, number, number == task.detailed, window_s))
        if tell is not None:
            tell(1)
    return store.put(task.job, played)


@contextmanager
def hands(workers: int) -> Iterator[Alone | Crew]:
    """One worker is this process; more are a cluster on loopback, one thread each, dashboard off."""
    if workers == 1:
        yield Alone()
        return
    from distributed import Client, LocalCluster

    kept = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}  # else the scheduler asks for a port of its own
    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs=kept,
            silence_logs=50,
            memory_limit=0,
        ) as cluster,
        Client(cluster) as client,
    ):
        try:
            yield Crew(client)
        except BaseException:
            stop(cluster)
            raise


def stop(cluster: Any) -> None:
    """End the workers' processes at once: what they have not finished is not waited for."""
    for nanny in cluster.workers.values():
        if nanny.process is not None and nanny.process.process is not None:
            nanny.process.process._process.kill()
