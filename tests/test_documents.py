"""YAML and CSV read strictly, with places."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.documents import FileError, make_folder, parse_yaml, read_csv, read_text, read_yaml
from sim.errors import EnvironmentMistake, InputError


def test_yaml_1_2_scalars():
    text = "a: no\nb: 010\nc: 12:30\nd: 1e3\ne: true\nf: 0x1F\ng: -7\nh: 1.5\ni: ~\nj: 2024-09-15\nk: .5\nl: 1_000\nm: on"
    assert parse_yaml(text, "x").value == {
        "a": "no", "b": "010", "c": "12:30", "d": 1000.0, "e": True, "f": "0x1F", "g": -7, "h": 1.5, "i": None, "j": "2024-09-15",
        "k": 0.5, "l": "1_000", "m": "on",
    }  # fmt: skip


def test_places_of_values_and_of_the_nearest_ancestor():
    document = parse_yaml("a:\n  b:\n    - 1\n    - 2\n", "f.yaml")
    assert document.where(("a", "b", 1)) == "f.yaml:4:7"
    assert document.where(("a", "b", 1, "missing")) == "f.yaml:4:7"


def test_every_doubled_key_is_named_at_once():
    with pytest.raises(InputError) as error:
        parse_yaml("a: 1\na: 2\nb: {c: 1, c: 2}\n", "f.yaml")
    assert str(error.value).splitlines() == [
        "f.yaml:2:1: a: the key stands twice, first on line 1",
        "f.yaml:3:11: b.c: the key stands twice, first on line 3",
    ]


@pytest.mark.parametrize("text", ["a: [1", "a: b: c", "\t- x", "a: !!python/object:os.system x", "{", "a: *b"])
def test_malformed_yaml_is_one_clear_error(text):
    with pytest.raises(InputError, match=r"^f\.yaml(:\d+:\d+)?: not YAML: "):
        parse_yaml(text, "f.yaml")


def test_merge_keys_and_anchor_bombs_are_refused():
    with pytest.raises(InputError, match="merge keys"):
        parse_yaml("a: &x {b: 1}\nc:\n  <<: *x\n", "f")
    with pytest.raises(InputError, match="too many anchors"):
        parse_yaml("\n".join(f"k{i}: &a{i} 1" for i in range(101)), "f")
    doubling = "\n".join(["a0: &a0 [1, 1]", *(f"a{i + 1}: &a{i + 1} [*a{i}, *a{i}]" for i in range(40))])
    with pytest.raises(InputError, match="too many values, with anchors followed, wanted at most 500000"):
        parse_yaml(doubling, "f")


DEEP = {"in itself": "a: &a [*a]", "lists": "[" * 20_000 + "]" * 20_000, "mappings": "{a: " * 20_000 + "}" * 20_000}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_what_is_nested_without_end_is_refused(text):
    with pytest.raises(InputError, match=r"^f: not YAML: nested too deeply, or in itself$"):
        parse_yaml(text, "f")


@given(st.binary(max_size=200))
def test_random_bytes_never_end_in_a_traceback(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("bytes") / "x.yaml"
    path.write_bytes(data)
    told = ""
    try:
        read_yaml(path)
    except InputError as error:
        told = str(error)
    assert not told or str(path) in told


def test_a_missing_file_and_a_folder_are_clear(tmp_path):
    with pytest.raises(InputError, match="cannot be read: no such file"):
        read_text(tmp_path / "nowhere.yaml")
    with pytest.raises(InputError, match="cannot be read"):
        read_text(tmp_path)


def test_a_large_file_is_refused(tmp_path):
    path = tmp_path / "large.yaml"
    path.write_bytes(b" " * 10_000_001)
    with pytest.raises(InputError, match=r"too large \(got '10000001 bytes'\)"):
        read_yaml(path)


def test_twenty_thousand_lines_keep_their_places():
    document = parse_yaml("\n".join(f"key{i}: {i}" for i in range(20_000)), "long.yaml")
    assert document.where(("key19999",)) == "long.yaml:20000:11"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_the_field(tmp_path, encoding):
    path = tmp_path / "t.csv"
    path.write_text("名称,值\n周家渡,1\n", encoding=encoding)
    assert read_csv(path, ("名称",)) == [{"名称": "周家渡", "值": "1", "line": "2"}]


def test_a_csv_without_its_column_says_which(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(FileError, match=r"t\.csv:1: lacks the columns c"):
        read_csv(path, ("a", "c"))


def test_a_result_folder_is_new_or_empty(tmp_path):
    make_folder(tmp_path / "new")
    make_folder(tmp_path / "new")
    (tmp_path / "new" / "x").write_text("")
    with pytest.raises(EnvironmentMistake, match="not empty; results are never overwritten"):
        make_folder(tmp_path / "new")
    with pytest.raises(EnvironmentMistake, match="cannot be written"):
        make_folder(Path("/proc/nothing/here"))
