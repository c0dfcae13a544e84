"""Both languages say the same things, and all of them."""

import re
from pathlib import Path

import pytest

from sim.documents import read_yaml
from sim.errors import InputError
from sim.report import words
from sim.report.words import LANGUAGES, Words, texts
from sim.trajectory import Cause, Group, Service, name_of


def leaves(value, path=""):
    """Dotted key -> text of every text in a file."""
    if isinstance(value, dict):
        return {
            key: text
            for name, inner in value.items()
            for key, text in leaves(inner, f"{path}.{name}" if path else str(name)).items()
        }
    return {path: value}


def test_both_languages_have_the_same_keys_and_places():
    zh, en = (leaves(texts(lang)) for lang in LANGUAGES)
    assert set(zh) == set(en)
    for key in zh:
        places = [sorted(set(re.findall(r"{(\w+)}", str(text[key])))) for text in (zh, en)]
        assert places[0] == places[1], key


def test_lists_are_as_long_in_both():
    zh, en = (leaves(texts(lang)) for lang in LANGUAGES)
    assert all(len(zh[key]) == len(en[key]) for key in zh if isinstance(zh[key], list))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_service_cause_and_group_has_a_name(lang):
    known = texts(lang)
    assert set(known["service"]) == set(map(name_of, Service))
    assert set(known["cause"]) == set(known["cause_short"]) == set(map(name_of, Cause))
    assert list(known["group"]) == list(map(name_of, Group))


def test_chinese_is_chinese_and_english_is_not():
    chinese = re.compile(r"[\u4e00-\u9fff]")
    assert not [key for key, text in leaves(texts("en")).items() if chinese.search(str(text))]
    assert chinese.search(Words("zh")("indices.maintenance"))


def test_places_are_filled():
    assert Words("en")("indices.interval", lo="1.0", hi="2.0") == "95 % interval 1.0–2.0"


def test_unknown_names_stand_as_they_are():
    assert Words("en").name("cause", "meteorite") == "meteorite"
    assert Words("en").name("stories.what", "warned") == "warned"


def test_a_missing_key_says_which():
    with pytest.raises(KeyError, match=r"text_en.yaml has no 'indices.luck'"):
        Words("en")("indices.luck")


def test_an_unknown_language_is_refused():
    with pytest.raises(InputError, match=r"--lang: is no language of the page \(got 'fr'\), wanted zh or en"):
        Words("fr")


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("台风贝碧嘉 2024 / Typhoon Bebinca 2024", "台风贝碧嘉 2024", "Typhoon Bebinca 2024"),
        ("轨迹：最佳路径（实测）。Track: best track (observed).", "轨迹：最佳路径（实测）。", "Track: best track (observed)."),
        ("School 学校 12", "学校 12", "School 12"),
        ("居委 01", "居委 01", "居委 01"),
        ("rain 10 mm / h", "rain 10 mm / h", "rain 10 mm / h"),
        ("只有中文。", "只有中文。", "只有中文。"),
    ],
)
def test_of_a_text_in_both_languages_one_half_is_shown(text, zh, en):
    assert (Words("zh").own(text), Words("en").own(text)) == (zh, en)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_key_stands_twice(lang):
    """YAML alone would take the last in silence."""
    assert read_yaml(Path(words.__file__).with_name(f"text_{lang}.yaml")).value
