"""Counting, and playing in this process."""

from sim.sweep.hands import Alone, Count, Task
from sim.sweep.store import Memory, jobs_of
from tests.sweep.played import scenario_in, trajectories


def test_done_and_total_are_told():
    told = []
    count = Count(lambda done, total: told.append((done, total)))
    count.expect(3)
    count.add(0)
    count.add(2)
    count.expect(4)
    count.add(1)
    assert told == [(2, 3), (3, 7)]


def test_windows_of_the_reference_run_hold(tmp_path, monkeypatch):
    monkeypatch.setenv("SIM_CHECK", "0")
    store, (job,) = Memory(), jobs_of("improved", [0, 1])
    Alone().play([Task(job, scenario_in(tmp_path), windows_s={0: (3600.0, 7200.0), 1: (0.0, 10.0)})], store, Count(None))
    assert [(each.window_start_s, each.window_end_s) for each in store.take(job)] == [(3600.0, 7200.0), (0.0, 10.0)]
    assert trajectories()[0].window_end_s > 7200.0
