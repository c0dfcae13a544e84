"""The command line, as a user types it: right input, wrong input, exit status, nothing half-written."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.cli import run_cli
from tests.hamlet import ROOT, TEMPLATES, TEXT


def sim(*arguments, **more):
    """A real process."""
    return subprocess.run(
        [sys.executable, "-m", "sim", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=300, **more
    )


@pytest.fixture
def scenario(tmp_path):
    """Write a scenario with changes and give its path."""

    def write(*changes, text=TEXT):
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        path = tmp_path / "hamlet.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refused(capsys, *arguments):
    """The one-line messages of a refused command, in process."""
    status = run_cli([str(argument) for argument in (*arguments, "--allow-outside")])
    output = capsys.readouterr()
    assert status == 2, output
    assert "Traceback" not in output.err
    return output.err.strip().splitlines()


def test_help_names_the_verbs_and_needs_no_heavy_library():
    heavy = "{'numpy', 'pydantic', 'numba'}"
    code = f"import sys; from sim.cli import run_cli; run_cli(['--help']); assert not {heavy} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert all(verb in done.stdout for verb in ("run", "check", "schema", "report", "warmup"))


def test_a_run_writes_the_whole_folder_and_a_report_can_be_made_again(scenario, tmp_path):
    out = tmp_path / "result"
    done = sim("run", scenario(), "--allow-outside", "--out", out, "--workers", 1, env={**os.environ, "SIM_CHECK": "0"})
    assert done.returncode == 0, done.stderr
    wanted = {
        "manifest.json", "summary.json", "need.parquet", "ledger.parquet", "replications.parquet", "series.parquet",
        "events.parquet", "places.parquet", "fields.npz", "stories.json", "zones.geojson", "figures", "report.html",
    }  # fmt: skip
    assert {path.name for path in out.iterdir()} == wanted
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["schema"] == "sim-summary/1"
    assert summary["indices"]["why"]["development"] == "no improvement declared"
    (out / "report.html").unlink()
    assert sim("report", out, "--lang", "en").returncode == 0
    assert (out / "report.html").stat().st_size > 100_000
    again = sim("run", scenario(), "--allow-outside", "--out", out)
    assert again.returncode == 2
    assert "not empty; results are never overwritten" in again.stderr
    resumed = sim("run", scenario(), "--allow-outside", "--out", out, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    other = sim("run", scenario(), "--allow-outside", "--out", out, "--resume", "--seed", 5)
    assert other.returncode == 2
    assert "was begun with another seed" in other.stderr


WRONG = [
    ("storm: 24 h", "storm: 24", r"run\.storm: is not right, wanted a number with one of the units s, min, h, d"),
    ("storm: 24 h", "storm: 24 m", r"run\.storm: is not right, wanted a number with one of the units s, min, h, d"),
    ("seed: 1", "seed: -1", r"run\.seed: is not right \(got -1\), wanted greater than or equal to 0"),
    ("seed: 1", "seed: 010", r"run\.seed: is not right \(got '010'\), wanted a valid integer"),
    ("replications: 2", "replications: 0", r"run\.replications: is not right \(got 0\), wanted greater than or equal to 1"),
    ("replications: 2", "replications: no", r"run\.replications: is not right \(got 'no'\), wanted a valid integer"),
    ("tick: 20 min", "tick: 7 h", r"a storm of whole ticks"),
    ("+08:00", "", r"run\.start: is not right, wanted a time with its offset"),
    ("flood: {}", "flod: {}", r"hazards\.flod: is not a known key"),
    (
        "flood: {}",
        "flood: {blocked_inlet_frac: 1.5}",
        r"blocked_inlet_frac: is not right \(got 1\.5\), wanted less than or equal to 1",
    ),
    ("flood: {}", "flood: {wall_crest: 6.9 m}", r"wall_crest: is not right, wanted an elevation with its datum"),
    ("warning: {}", "warning: {}\n  warning: {}", r"services\.warning: the key stands twice, first on line 11"),
    ("warning: {}", "warning: {signals: [{time: 1 h, level: purple}]}", r"wanted one of none, blue, yellow, orange, red"),
    ("warning: {}", "warning: {}\n  shelters: {area_per_person: -2 m2}", r"area_per_person: is not right"),
    ("community.yaml\n", "nowhere.yaml\n", r"community: is not right, wanted a file that is there"),
    ("bebinca_2413_jma.csv", "nowhere.csv", r"hazards\.typhoon\.track: is not right, wanted a file that is there"),
    ("schema: scenario/1", "schema: scenario/9", r"schema: is not right \(got 'scenario/9'\), wanted 'scenario/1'"),
    ("name: hamlet", "name: ../x", r"name: is not right"),
]


@pytest.mark.parametrize(("old", "new", "message"), WRONG, ids=[new.split("\n")[-1].strip() or "no offset" for _, new, _ in WRONG])
def test_each_mistake_is_one_line_with_its_place(scenario, capsys, old, new, message):
    path = scenario((old, new))
    lines = refused(capsys, "run", path, "--out", path.parent / "out")
    assert len(lines) == 1, lines
    assert lines[0].startswith(str(path))
    import re

    assert re.search(message, lines[0]), lines[0]
    assert re.match(re.escape(str(path)) + r":\d+:\d+: ", lines[0]), lines[0]
    assert not (path.parent / "out").exists()


def test_all_mistakes_are_told_at_once(scenario, capsys):
    path = scenario(("seed: 1", "seed: x"), ("flood: {}", "flod: {}"), ("storm: 24 h", "storm: 24"))
    assert len(refused(capsys, "check", path)) == 3


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a: [", b"- 1", b"\x00\x01\x02", b"schema: scenario/1"])
def test_what_is_no_scenario_is_refused_clearly(tmp_path, capsys, content):
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    assert all(line.startswith(str(path)) for line in refused(capsys, "run", path))


def test_a_missing_file(tmp_path, capsys):
    assert refused(capsys, "run", tmp_path / "nowhere.yaml") == [
        f"{tmp_path}/nowhere.yaml: cannot be read: no such file or directory"
    ]


def test_files_outside_need_leave(scenario, capsys):
    assert run_cli(["check", str(scenario())]) == 2
    assert "--allow-outside" in capsys.readouterr().err


def test_wrong_options(scenario, capsys):
    path = scenario()
    assert "--set: has no form (got 'seed'), wanted dotted.key=value" in refused(capsys, "run", path, "--set", "seed")[0]
    assert "run.seed: is not right (got 'x')" in refused(capsys, "run", path, "--set", "run.seed=x")[0]
    assert "run.sead: is not a known key" in refused(capsys, "run", path, "--set", "run.sead=1")[0]
    assert (
        "--replications: is out of range (got 0)"
        in refused(capsys, "run", path, "--replications", 0, "--out", path.parent / "o")[0]
    )
    assert "--workers: is out of range (got 1000)" in refused(capsys, "run", path, "--workers", 1000, "--out", path.parent / "o")[0]
    assert "--seed: is out of range (got -5)" in refused(capsys, "run", path, "--seed", -5, "--out", path.parent / "o")[0]
    assert not (path.parent / "o").exists()


@pytest.mark.parametrize(("arguments", "line"), [
    (["run"], "SCENARIO: is missing; see python -m sim run --help"),
    (["run", "x", "--seed", "x"], "--seed: 'x' is not a valid integer; see python -m sim run --help"),
    (["run", "x", "--resume"], "--resume: needs the folder of the run to go on with, --out DIR; see python -m sim run --help"),
    (["bogus"], "no such command 'bogus'; see python -m sim --help"),
])  # fmt: skip
def test_a_wrong_use_is_one_line(capsys, arguments, line):
    assert run_cli(arguments) == 2
    assert capsys.readouterr().err.strip() == line


def test_without_a_verb_the_help_is_shown(capsys):
    run_cli([])
    output = capsys.readouterr()
    assert (output.out + output.err).startswith("Usage: ")


def test_an_unwritable_folder(scenario, capsys):
    assert "cannot be written" in refused(capsys, "run", scenario(), "--out", "/proc/nothing/here")[0]


@pytest.mark.slow
def test_a_full_disk_leaves_no_half_result_and_says_so(scenario, tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], capture_output=True)
    if mounted.returncode:
        pytest.skip("needs the right to mount a small tmpfs")
    try:
        done = sim("run", scenario(), "--allow-outside", "--replications", 1, "--workers", 1, "--out", small / "out")
        assert done.returncode == 2, done.stderr
        assert "cannot be written: no space left on device" in done.stderr
        assert {path.name for path in (small / "out").iterdir()} <= {"runs"}  # what was played is kept, if it had room
    finally:
        subprocess.run(["umount", str(small)], check=True)


def interrupted(path, out, *, until, replications=5000):
    """Start a run, send it Ctrl-C once `until()` holds, and give its exit status and what it said."""
    command = [
        sys.executable,
        "-m",
        "sim",
        "run",
        path,
        "--allow-outside",
        "--replications",
        replications,
        "--workers",
        1,
        "--out",
        out,
    ]
    own = {**os.environ, "SIM_CHECK": "0"}
    process = subprocess.Popen([*map(str, command)], cwd=ROOT, stderr=subprocess.PIPE, text=True, env=own)
    deadline = time.monotonic() + 120
    while not until() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    return process.returncode, err


def test_ctrl_c_ends_with_130_and_writes_nothing_before_a_shard_is_done(scenario, tmp_path):
    out = tmp_path / "out"
    status, err = interrupted(scenario(), out, until=(out / "runs" / "run.json").exists)
    assert status == 130, err
    assert "interrupted: nothing was finished" in err
    assert not out.exists()


def test_ctrl_c_keeps_what_was_finished_and_says_how_to_go_on(scenario, tmp_path):
    out = tmp_path / "out"
    status, err = interrupted(scenario(), out, until=(out / "runs" / "written" / "part-00000.shard").exists)
    assert status == 130, err
    assert f"--out {out} --resume goes on from there" in err
    assert not (out / "summary.json").exists()
    assert not (out / "runs" / "lock").exists()


def test_check_tells_parts_columns_and_cost(scenario, capsys):
    assert run_cli(["check", str(scenario()), "--allow-outside"]) == 0
    told = capsys.readouterr().out
    for word in ("flood: ", "cells.depth_m", "MB a worker", "core-seconds a replication", "warnings: ", "residents"):
        assert word in told
    assert "  2 replications, seed 1: with no cause relieved 2 are played" in told
    assert "  repair: Crews by owner.\n" in told


def test_schema_and_reference_come_from_the_fields(capsys, tmp_path):
    assert run_cli(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["properties"]["schema"]["const"] == "scenario/1"
    assert run_cli(["schema", "--all", "--out", str(tmp_path / "reference.md")]) == 0
    page = (tmp_path / "reference.md").read_text(encoding="utf-8")
    assert "## `services.shelters`" in page
    assert "`area_per_person`" in page


def test_a_fault_of_ours_is_kept_and_the_user_is_spared(monkeypatch, capsys, scenario):
    def broken(*_):
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr("sim.scenario.load", broken)
    assert run_cli(["check", str(scenario())]) == 1
    told = capsys.readouterr().err
    assert "a fault of ours: ZeroDivisionError('a fault'); the details are in " in told
    details = Path(told.rpartition("in ")[2].strip())
    assert "Traceback" in details.read_text()
    details.unlink()


def test_the_template_plays_and_its_track_is_the_shipped_one():
    assert run_cli(["warmup"]) == 0
    track = "tables/bebinca_2413_jma.csv"
    assert (TEMPLATES / track).read_bytes() == (ROOT / "scenarios" / track).read_bytes()
