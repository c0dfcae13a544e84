"""Shards in a folder: whole or not there, of this run or refused."""

import logging

import pytest

from sim.errors import EnvironmentMistake, InputError, Interrupted
from sim.sweep.store import Job, Memory, Shards, jobs_of, opened
from tests.sweep.played import trajectories

JOB = Job("written", 0, (0, 1))
OWN = {"seed": 1, "scenario": "a"}


def test_shard_i_holds_the_runs_from_eight_i_on():
    jobs = jobs_of("written", range(19))
    assert [(job.shard, job.numbers[0], job.numbers[-1]) for job in jobs] == [(0, 0, 7), (1, 8, 15), (2, 16, 18)]
    assert jobs_of("written", [17]) == [Job("written", 2, (17,))]


def test_memory_keeps_the_receipt():
    store = Memory()
    assert not store.has(JOB)
    store.accept(JOB, store.put(JOB, trajectories()))
    assert store.has(JOB)
    assert store.take(JOB) is trajectories()


def test_a_shard_is_there_once_it_is_written(tmp_path):
    store = Shards(tmp_path)
    assert not store.has(JOB)
    store.accept(JOB, store.put(JOB, trajectories()))
    assert store.has(JOB)
    assert [each.replication for each in store.take(JOB)] == [0, 1]
    assert [path.name for path in store.path(JOB).parent.iterdir()] == ["part-00000.shard"]


@pytest.mark.parametrize("spoil", [lambda data: data[:-9], lambda data: b"", lambda data: data[:500] + b"x" + data[501:]])
def test_a_damaged_shard_is_said_and_taken_away(tmp_path, caplog, spoil):
    store = Shards(tmp_path)
    store.put(JOB, trajectories())
    path = store.path(JOB)
    path.write_bytes(spoil(path.read_bytes()))
    with caplog.at_level(logging.WARNING):
        assert not store.has(JOB)
    assert f"{path} is damaged" in caplog.text
    assert "played again" in caplog.text
    assert not path.exists()


def test_a_shard_of_fewer_replications_is_not_this_one(tmp_path):
    store = Shards(tmp_path)
    store.put(JOB, trajectories())
    assert not store.has(Job("written", 0, (0, 1, 2)))


def test_damage_while_the_run_lasts_ends_it(tmp_path):
    with pytest.raises(EnvironmentMistake, match="use --resume"):
        Shards(tmp_path).take(JOB)


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "runs").write_text("a file where a folder should be")
    with pytest.raises(EnvironmentMistake, match=r"part-00000\.shard cannot be written"):
        Shards(tmp_path).put(JOB, trajectories())


def test_without_a_finished_shard_nothing_stays(tmp_path):
    with pytest.raises(Interrupted, match="nothing was finished"), opened(tmp_path / "out", OWN, False):
        raise KeyboardInterrupt
    assert not (tmp_path / "out").exists()


def broken_off(folder):
    """A run stopped by the user after its first shard."""
    with opened(folder, OWN, False) as store:
        store.put(JOB, trajectories())
        raise KeyboardInterrupt


def test_what_is_finished_is_kept_and_found_again(tmp_path):
    with pytest.raises(Interrupted, match=r"1 shard .* --resume goes on"):
        broken_off(tmp_path / "out")
    with opened(tmp_path / "out", OWN, True) as store:
        assert store.has(JOB)


def begun(folder):
    """A run with one shard."""
    with opened(folder, OWN, False) as store:
        store.put(JOB, trajectories())


def test_another_run_is_refused_by_name_and_loses_nothing(tmp_path):
    begun(tmp_path / "out")
    with (
        pytest.raises(InputError, match=r"begun with another seed, .* \(got 1\), wanted 2"),
        opened(tmp_path / "out", OWN | {"seed": 2}, True),
    ):
        pass
    with opened(tmp_path / "out", OWN, True) as store:
        assert store.has(JOB)


def test_without_resume_nothing_is_overwritten(tmp_path):
    begun(tmp_path / "out")
    with pytest.raises(EnvironmentMistake, match="never overwritten"), opened(tmp_path / "out", OWN, False):
        pass


def test_resume_starts_an_absent_folder_and_refuses_a_strange_one(tmp_path):
    with opened(tmp_path / "new", OWN, True) as store:
        store.put(JOB, trajectories())
    (tmp_path / "strange").mkdir()
    (tmp_path / "strange" / "letter.txt").write_text("dear all")
    with pytest.raises(InputError, match="--resume: finds no run"), opened(tmp_path / "strange", OWN, True):
        pass


def test_a_garbled_identity_is_refused(tmp_path):
    begun(tmp_path / "out")
    (tmp_path / "out" / "runs" / "run.json").write_text("{")
    with pytest.raises(InputError, match="cannot be read as JSON"), opened(tmp_path / "out", OWN, True):
        pass
