from pathlib import Path

import numpy as np
import pytest

from sim.community import cache
from sim.errors import InputError
from tests.community.recipes import changed, shipped, text_of

PATH = Path("hamlet.yaml")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("RENXING_CACHE", str(tmp_path))
    return tmp_path / "communities"


def same(one, other):
    assert vars(one).keys() == vars(other).keys()
    for name, value in vars(one).items():
        assert name in ("tables", "digest") or value == vars(other)[name]
    for name, table in one.tables.items():
        for key, values in table.static_arrays().items():
            assert values.dtype == getattr(other.tables[name], key).dtype
            np.testing.assert_array_equal(values, getattr(other.tables[name], key))


def test_what_comes_from_the_cache_is_what_was_built(folder, monkeypatch):
    first = cache.community_of(PATH, text_of(), 40.0)
    monkeypatch.setattr(cache, "build", lambda *_: pytest.fail("built twice"))
    second = cache.community_of(PATH, text_of(), 40.0)
    same(first, second)
    same(second, shipped())
    assert first.digest == second.digest != ""
    assert len(list(folder.iterdir())) == 1


def test_state_columns_are_fresh_and_as_long_as_their_table(folder):
    cache.community_of(PATH, text_of(), 40.0)
    community = cache.community_of(PATH, text_of(), 40.0)
    households = community.tables["households"]
    assert households.warned_s.shape == (households.n,)
    assert np.all(np.isinf(households.warned_s))


def test_text_and_resolution_make_another_entry(folder):
    digests = {
        cache.community_of(PATH, text, resolution_m).digest
        for text, resolution_m in [(text_of(), 40.0), (text_of(), 80.0), (changed(("seed", 8)), 40.0)]
    }
    assert len(digests) == len(list(folder.iterdir())) == 3


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 half a file", None])
def test_a_damaged_entry_is_built_again(folder, damage):
    cache.community_of(PATH, text_of(), 40.0)
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] + bytes(64) + whole[len(whole) // 2 + 64 :] if damage is None else damage)
    same(cache.community_of(PATH, text_of(), 40.0), shipped())
    assert file.read_bytes() == whole


def test_a_pickle_in_the_cache_is_not_opened(folder):
    cache.community_of(PATH, text_of(), 40.0)
    (file,) = folder.iterdir()
    np.savez(file, about=np.array([{"evil": 1}], dtype=object))
    assert cache.read(file) is None


def test_a_cache_that_cannot_be_written_does_not_matter(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("RENXING_CACHE", str(tmp_path / "file"))
    same(cache.community_of(PATH, text_of(), 40.0), shipped())


def test_a_wrong_recipe_names_its_file_and_leaves_nothing(folder):
    with pytest.raises(InputError, match=r"^hamlet.yaml:\d+:\d+: seed: "):
        cache.community_of(PATH, changed(("seed", -1)), 40.0)
    assert not folder.exists()
