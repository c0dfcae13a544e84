"""`sim init DIR`: what it writes runs, and nothing of a planner's is ever overwritten."""

import json
import os
import subprocess
import sys

import pytest

from sim.cli import run_cli
from sim.init import SHEET, TEXTS, contents_of_start, write_start
from sim.scenario import load
from tests.hamlet import ROOT, TEMPLATES


def test_the_folder_has_scenario_recipe_track_and_sheet(tmp_path):
    written = write_start(tmp_path / "mine")
    assert {path.relative_to(tmp_path / "mine").as_posix() for path in written} == {*TEXTS, SHEET}
    for name in TEXTS:
        assert (tmp_path / "mine" / name).read_bytes() == (TEMPLATES / name).read_bytes()
    assert (tmp_path / "mine" / SHEET).read_bytes()[:2] == b"PK"


def test_the_scenario_loads_without_leave_to_look_outside(tmp_path):
    write_start(tmp_path)
    scenario = load(tmp_path / "scenario.yaml")
    assert scenario.community.path.parent == tmp_path
    assert scenario.improved is not None


def test_the_command_says_what_it_wrote_and_what_comes_next(tmp_path, capsys):
    assert run_cli(["init", str(tmp_path / "mine")]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in (*(name.rpartition("/")[2] for name in TEXTS), SHEET))
    assert f"next: python -m sim check {tmp_path / 'mine' / 'scenario.yaml'}" in said


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path, capsys):
    (tmp_path / "scenario.yaml").write_text("mine", encoding="utf-8")
    assert run_cli(["init", str(tmp_path)]) == 2
    assert capsys.readouterr().err.strip() == f"{tmp_path}: is not empty, wanted a new or empty folder; nothing is overwritten"
    assert [path.name for path in tmp_path.iterdir()] == ["scenario.yaml"]
    assert (tmp_path / "scenario.yaml").read_text(encoding="utf-8") == "mine"


def test_a_file_is_no_folder(tmp_path, capsys):
    (tmp_path / "mine").write_text("", encoding="utf-8")
    assert run_cli(["init", str(tmp_path / "mine")]) == 2
    assert "is a file, wanted a new or empty folder" in capsys.readouterr().err


@pytest.mark.parametrize("there", [True, False])
def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch, capsys, there):
    from pathlib import Path

    folder, write_bytes = tmp_path / "mine", Path.write_bytes
    if there:
        folder.mkdir()

    def full(path, data):
        if path.name == "scenario.yaml":
            raise OSError(28, "No space left on device", str(path))
        return write_bytes(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert run_cli(["init", str(folder)]) == 2
    assert "no space left on device" in capsys.readouterr().err
    assert folder.exists() == there
    assert not list(tmp_path.rglob("*.*"))


def test_the_texts_are_utf8_without_a_machines_path():
    for name in TEXTS:
        text = contents_of_start()[name].decode("utf-8")
        assert str(ROOT) not in text


@pytest.mark.slow
def test_what_it_writes_runs(tmp_path):
    write_start(tmp_path / "mine")
    command = [sys.executable, "-m", "sim", "run", tmp_path / "mine" / "scenario.yaml", "--replications", "2", "--workers", "1"]
    done = subprocess.run(
        [*map(str, command), "--out", str(tmp_path / "result")],
        cwd=ROOT, capture_output=True, text=True, timeout=300, env={**os.environ, "SIM_CHECK": "0"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    indices = json.loads((tmp_path / "result" / "summary.json").read_text(encoding="utf-8"))["indices"]
    assert indices["maintenance"]["value"] <= 100.0
    assert (tmp_path / "result" / "report.html").stat().st_size > 100_000
