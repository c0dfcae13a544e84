"""One driver a folder; the dead are not waited for."""

import json
import platform
import subprocess
import sys

import pytest

from sim.errors import EnvironmentMistake
from sim.sweep.lock import LOCK, Lock, identity


def left_behind(folder, **changes):
    """A lock as another process would have left it."""
    (folder / LOCK).write_text(json.dumps(identity() | changes), encoding="utf-8")


def test_it_is_held_and_given_back(tmp_path):
    with Lock(tmp_path):
        assert json.loads((tmp_path / LOCK).read_text())["host"] == platform.node()
    assert not list(tmp_path.iterdir())


def test_a_second_driver_is_told_who_holds_it(tmp_path):
    with (
        Lock(tmp_path),
        pytest.raises(EnvironmentMistake, match=rf"being written by process \d+ on {platform.node()}"),
        Lock(tmp_path),
    ):
        pass


def test_a_dead_process_is_not_waited_for(tmp_path):
    done = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True)
    left_behind(tmp_path, pid=int(done.stdout))
    with Lock(tmp_path) as lock:
        assert lock.owner() == identity()
    assert not list(tmp_path.iterdir())


def test_a_number_used_again_is_another_process(tmp_path):
    left_behind(tmp_path, began_s=1.0)
    with Lock(tmp_path) as lock:
        assert lock.owner() == identity()


@pytest.mark.parametrize("changes", [{"host": "elsewhere", "pid": 1}, {"host": "elsewhere", "began_s": 0}])
def test_another_host_may_be_alive(tmp_path, changes):
    left_behind(tmp_path, **changes)
    with pytest.raises(EnvironmentMistake, match=r"on elsewhere; if none runs there, delete .*lock"), Lock(tmp_path):
        pass
    assert (tmp_path / LOCK).exists()


def test_who_comes_second_to_a_dead_lock_gives_the_living_one_back(tmp_path, monkeypatch):
    left_behind(tmp_path, began_s=1.0)
    late = Lock(tmp_path)
    seen = late.owner()
    (tmp_path / LOCK).unlink()
    with Lock(tmp_path):
        monkeypatch.setattr(late, "owner", lambda: seen)
        assert not late.freed()
        assert Lock(tmp_path).owner() == identity()
