"""Runs that are broken off, by whom ever, end with the same bytes as undisturbed ones."""

import os
import signal
import subprocess
import sys
import time
from functools import cache

import pandas as pd
import psutil
import pytest

from sim.errors import InputError
from sim.result import json_bytes, read
from sim.sweep.execute import run
from tests.hamlet import ROOT, TEXT
from tests.sweep.played import scenario_in

RUNS_N = 18  # three shards
FRAMES = ("need", "ledger", "replications", "series", "events")
IMPROVED = TEXT + "improvement:\n  services.shelters.area_per_person: 0.5 m2\n  community.people.register_old: 1.0\n"
DRIVER = """
import sys
from sim.scenario import load
from sim.sweep.execute import run
path, replications, workers, out, *more = sys.argv[1:]
run(load(path, allow_outside=True), replications=int(replications), workers=int(workers), out=out, resume=bool(more))
"""


@pytest.fixture(autouse=True)
def _unwatched(monkeypatch):
    """Watching declarations takes most of the time; tests/whole/test_declarations.py does it once."""
    monkeypatch.setenv("SIM_CHECK", "0")


@cache
def undisturbed():
    """In memory, in this process."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        return run(scenario_in(Path(folder), IMPROVED), replications=RUNS_N)


def same(one, other):
    """Byte for byte."""
    assert json_bytes(one.summary) == json_bytes(other.summary)
    for name in FRAMES:
        pd.testing.assert_frame_equal(
            getattr(one, name), getattr(other, name), check_exact=True, check_dtype=False, check_categorical=False
        )
    assert one.improved.keys() == other.improved.keys()
    for name in one.improved:
        pd.testing.assert_frame_equal(one.improved[name], other.improved[name], check_exact=True, check_categorical=False)


def driver(folder, *more, workers=1):
    """A process that plays the hamlet into folder/out."""
    scenario_in(folder, IMPROVED)
    command = [sys.executable, "-c", DRIVER, folder / "hamlet.yaml", RUNS_N, workers, folder / "out", *more]
    return subprocess.Popen([*map(str, command)], cwd=ROOT, stderr=subprocess.PIPE, text=True, env=os.environ | {"SIM_CHECK": "0"})


def wait_for(what, seconds=120):
    """Until it holds."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def shards_n(folder):
    """Finished shards of a run."""
    return len(list((folder / "out" / "runs").glob("*/part-*.shard")))


def test_a_folder_holds_what_memory_holds_and_no_shards(tmp_path):
    result = run(scenario_in(tmp_path, IMPROVED), replications=RUNS_N, out=tmp_path / "out")
    same(undisturbed(), result)
    same(result, read(tmp_path / "out"))
    assert not (tmp_path / "out" / "runs").exists()


def test_a_killed_driver_loses_nothing_that_was_finished(tmp_path):
    process = driver(tmp_path)
    wait_for(lambda: shards_n(tmp_path) >= 1)
    process.kill()
    process.communicate()
    assert (tmp_path / "out" / "runs" / "lock").exists()
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "runs").glob("*/part-*.shard")}
    (first, *_) = kept
    told = []
    again = run(
        scenario_in(tmp_path, IMPROVED),
        replications=RUNS_N,
        out=tmp_path / "out",
        resume=True,
        progress=lambda done, total: told.append(done),
    )
    assert told[0] >= 8  # what was kept was not played again
    assert not first.exists()
    same(undisturbed(), again)


@pytest.mark.slow
def test_a_killed_worker_is_replaced(tmp_path):
    process = driver(tmp_path, workers=2)
    own = psutil.Process(process.pid)

    def workers():
        return [child for child in own.children(recursive=True) if "spawn_main" in " ".join(child.cmdline())]

    wait_for(lambda: len(workers()) >= 2)
    time.sleep(2.0)
    workers()[-1].kill()
    _, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    same(undisturbed(), read(tmp_path / "out"))


@pytest.mark.slow
def test_ctrl_c_ends_the_workers_too(tmp_path):
    process = driver(tmp_path, workers=2)
    wait_for(lambda: shards_n(tmp_path) >= 1)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert "--resume goes on from there" in err
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
    assert gone
    same(undisturbed(), run(scenario_in(tmp_path, IMPROVED), replications=RUNS_N, out=tmp_path / "out", resume=True))


def test_a_second_driver_is_refused_while_the_first_plays_on(tmp_path):
    process = driver(tmp_path)
    wait_for((tmp_path / "out" / "runs" / "lock").exists)
    second = driver(tmp_path, "resume")
    _, err = second.communicate(timeout=120)
    assert second.returncode != 0
    assert f"is being written by process {process.pid} on" in err
    _, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    same(undisturbed(), read(tmp_path / "out"))


def test_resume_of_a_finished_run_plays_nothing(tmp_path):
    scenario = scenario_in(tmp_path)
    result = run(scenario, out=tmp_path / "out", resume=True)
    again = run(scenario, out=tmp_path / "out", resume=True, progress=lambda *_: pytest.fail("played again"))
    same(result, again)
    with pytest.raises(InputError, match="begun with another replications"):
        run(scenario, replications=3, out=tmp_path / "out", resume=True)


def test_resume_needs_a_folder(tmp_path):
    with pytest.raises(InputError, match="--resume: has no folder"):
        run(scenario_in(tmp_path), resume=True)


def test_an_improvement_that_changes_nothing_is_exactly_zero(tmp_path):
    result = run(scenario_in(tmp_path, TEXT + "improvement: {services.shelters.area_per_person: 2 m2}\n"), replications=3)
    development = result.summary["indices"]["development"]
    assert {development[key] for key in ("value", "lo", "hi", "p5", "p95")} == {0.0}
    assert not result.replications["indices.development"].any()
    same_tables = [pd.testing.assert_frame_equal(getattr(result, name), result.improved[name]) for name in ("need", "ledger")]
    assert same_tables == [None, None]


def test_what_makes_things_worse_is_negative_and_leaves_the_rest_alone(tmp_path):
    changes = "improvement: {services.shelters.area_per_person: 5000 m2, services.repair.power_crews_n: 1}\n"
    worse = run(scenario_in(tmp_path, TEXT + changes), replications=4)
    plain = run(scenario_in(tmp_path), replications=4)
    assert worse.summary["indices"]["development"]["value"] < 0
    assert worse.summary["improvement"]["points"]["gain"]["value"] < 0
    assert worse.summary["indices"]["maintenance"] == plain.summary["indices"]["maintenance"]
    pd.testing.assert_frame_equal(worse.ledger, plain.ledger)
    assert list(worse.improved) == ["need", "ledger", "replications"]
    windows = ["window_start_s", "window_end_s"]
    pd.testing.assert_frame_equal(worse.improved["replications"][windows], plain.replications[windows])


def test_relief_is_paired_and_stands_beside_the_causes():
    relieved = undisturbed().summary["relieved"]
    assert 0 < len(relieved) <= 5
    causes = {(row["service"], row["cause"]) for row in undisturbed().summary["causes"]}
    for row in relieved:
        assert (row["service"], row["cause"]) in causes
        assert row["replications"] == 10
        if row["gain"] is None:
            assert row["why"]
        else:
            assert row["lo"] <= row["gain"] <= row["hi"]
            assert row["gain"] == pytest.approx((row["gain_m"] + row["gain_r"]) / 2)


def test_without_improvement_nothing_is_said_of_one(tmp_path):
    summary = run(scenario_in(tmp_path)).summary
    assert summary["improvement"] is None
    assert summary["indices"]["development"] is None
    assert summary["indices"]["why"]["development"] == "no improvement declared"
    assert summary["relieved"] == []
