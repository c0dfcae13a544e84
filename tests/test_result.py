"""The result folder: whole or absent, read back exactly, refused with a clear word."""

import json
import os
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from sim.errors import EnvironmentMistake, InputError
from sim.result import MOST_FIELDS_BYTES, Result, npz_bytes, read
from tests.hamlet import hamlet_result

FILES = {
    "manifest.json", "summary.json", "stories.json", "zones.geojson", "fields.npz", "need.parquet", "ledger.parquet",
    "replications.parquet", "series.parquet", "events.parquet", "places.parquet",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """A written result."""
    hamlet_result().write(tmp_path / "r")
    return tmp_path / "r"


def test_the_folder_holds_the_contracts_files_and_nothing_else(folder):
    assert {path.name for path in folder.iterdir()} == FILES


def test_read_gives_back_what_was_written(folder):
    result, again = hamlet_result(), read(folder)
    for field in fields(Result):
        one, other = getattr(result, field.name), getattr(again, field.name)
        if isinstance(one, pd.DataFrame):
            pd.testing.assert_frame_equal(one, other, check_exact=True, check_categorical=False)
        elif field.name == "fields":
            assert one.keys() == other.keys()
            assert all(np.array_equal(one[name], other[name]) for name in one)
        else:
            assert json.loads(json.dumps(one)) == other


def test_columns_are_the_contracts(folder):
    need, ledger = (pd.read_parquet(folder / f"{name}.parquet") for name in ("need", "ledger"))
    assert list(need) == ["replication", "service", "zone", "group", "need", "people", "standing_unmet"]
    assert list(ledger) == [
        "replication", "service", "spell", "cause", "zone", "group", "start_s", "end_s", "persons", "target_s", "censored",
    ]  # fmt: skip
    assert need.replication.dtype == np.int64
    assert set(need.zone) <= {"z001", "z002"}
    series = pd.read_parquet(folder / "series.parquet")
    assert set(series.zone[series.replication == 0]) == {"z001", "z002", "all"}
    assert set(series.zone[series.replication == 1]) == {"all"}


def test_the_same_result_gives_the_same_bytes(folder, tmp_path):
    hamlet_result().write(tmp_path / "again")
    for name in FILES:
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_nothing_in_the_summary_depends_on_time_or_machine(folder):
    text = (folder / "summary.json").read_text(encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["made"] not in text
    assert os.sep + "tmp" not in text


def test_an_empty_folder_is_filled_and_another_never_overwritten(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    hamlet_result().write(tmp_path / "empty")
    assert read(tmp_path / "empty").summary == hamlet_result().summary
    with pytest.raises(EnvironmentMistake, match="never overwritten"):
        hamlet_result().write(folder)


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def full(path, content):
        if path.name == "summary.json":
            raise OSError(28, "No space left on device")
        path.write_bytes(content)

    monkeypatch.setattr("sim.result.write_durably", full)
    with pytest.raises(EnvironmentMistake, match="no space left"):
        hamlet_result().write(tmp_path / "r")
    assert not list((tmp_path / "r").iterdir())


def test_another_version_is_refused(folder):
    text = (folder / "summary.json").read_text(encoding="utf-8")
    (folder / "summary.json").write_text(text.replace("sim-summary/1", "sim-summary/9"), encoding="utf-8")
    with pytest.raises(InputError, match=r"summary.json: schema: was written by another version .*/9.*wanted sim-summary/1"):
        read(folder)


@pytest.mark.parametrize(("name", "content", "said"), [
    ("summary.json", b"{", "cannot be read as JSON"),
    ("summary.json", b"[]", "is not a result's"),
    ("summary.json", b'{"schema": "sim-summary/1"}', r"lacks keys \(got \['causes', 'indices'"),
    ("need.parquet", b"random", "cannot be read as parquet"),
    ("fields.npz", b"random", "cannot be read as npz"),
    ("ledger.parquet", None, "is not there"),
])  # fmt: skip
def test_damage_is_named(folder, name, content, said):
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(InputError, match=said) as error:
        read(folder)
    assert name in str(error.value)


def test_a_frame_without_its_columns_is_named(folder):
    pd.DataFrame({"replication": [0]}).to_parquet(folder / "need.parquet")
    with pytest.raises(InputError, match=r"need.parquet: lacks columns"):
        read(folder)


def test_pickles_are_refused(folder):
    np.savez(folder / "fields.npz", depth=np.array([object()]))
    with pytest.raises(InputError, match="npz"):
        read(folder)


def test_every_mistake_at_once(tmp_path):
    with pytest.raises(InputError) as error:
        read(tmp_path)
    assert len(error.value.mistakes) == len(FILES)


def test_maps_are_thinned_until_they_fit():
    noise = np.random.Generator(np.random.Philox(1)).random((7, 500_000))
    fields = {f"depth_{hour}h": noise[hour] for hour in range(7)} | {"depth_max_m": noise[0]}
    content = npz_bytes(fields)
    assert len(content) <= MOST_FIELDS_BYTES
    assert b"depth_max_m" in content


def test_causes_of_a_played_hamlet_sum_to_what_is_missing():
    summary = hamlet_result().summary
    for name, points in (("maintenance", "m_points"), ("recovery", "r_points")):
        lost = sum(cause[points] for cause in summary["causes"])
        assert lost == pytest.approx(100 - summary["indices"][name]["value"], abs=1e-9)


def test_segments_of_a_played_hamlet_follow_without_gap_or_overlap():
    ledger = hamlet_result().ledger.astype({"service": str, "zone": str, "group": str})
    assert len(ledger)
    assert (ledger.end_s > ledger.start_s).all()
    for _, spell in ledger.groupby(["replication", "service", "spell", "zone", "group"]):
        spell = spell.sort_values("start_s")
        assert (spell.start_s.to_numpy()[1:] == spell.end_s.to_numpy()[:-1]).all()
        assert spell.persons.nunique() == 1
