"""The page: whole, self-contained, safe, the same for the same result; a browser opens it without request or error."""

import re
import shutil
import subprocess
import time
from html.parser import HTMLParser

import pandas as pd
import pytest

from sim.errors import InputError
from sim.report.figures import write_figures
from sim.report.page import page_text, write_page
from tests.report.folder import improvement, relieved, summary, write_folder

CHROMIUM = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
MOST_BYTES, MOST_S = 6_000_000, 5.0
NASTY = "</script><script>alert(1)</script><b>&"


class Tags(HTMLParser):
    """Start tags with their attributes, and the text outside of scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self._open = [], "", []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"script", "style"} & set(self._open):
            self.text += data


@pytest.fixture(scope="module")
def pages(saved):
    return {lang: Tags(page_text(saved, lang)) for lang in ("zh", "en")}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_small_and_quick(folder, lang):
    began = time.process_time()
    path = write_page(folder, lang)
    assert time.process_time() - began < MOST_S
    assert path == folder / "report.html"
    assert path.stat().st_size < MOST_BYTES
    assert not list(folder.glob("*.part"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_points_outside(pages, lang):
    links = [attrs[key] for _, attrs in pages[lang].tags for key in ("src", "href", "action") if key in attrs]
    assert all(link.startswith("data:") for link in links)


def test_it_says_what_it_is_in_both_languages(pages):
    assert dict(pages["zh"].tags)["html"]["lang"] == "zh-CN"
    for word in ("合成", "维持力", "恢复力", "发展力", "情景没有声明改进措施", "尚未模拟", "缺口", "这一路径与这一场雨", "姓名"):
        assert word in pages["zh"].text
    for word in (
        "Synthetic",
        "Maintenance",
        "The scenario declares no improvement",
        "not simulated yet",
        "Missing: all within 30 min full",
    ):
        assert word in pages["en"].text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_section_of_a_whole_result_is_there(pages, lang):
    found = [attrs["id"] for tag, attrs in pages[lang].tags if tag == "section"]
    assert found == [
        "first",
        "reading",
        "people",
        "services",
        "curves",
        "causes",
        "map",
        "zones",
        "equity",
        "stories",
        "assumptions",
        "identity",
    ]


def test_what_a_result_lacks_is_not_drawn(tmp_path):
    text = page_text_of(write_folder(tmp_path / "a", 1, equity=[], causes=[]))
    assert 'id="equity"' not in text
    assert "No points were lost." in text
    assert "Played once, so there is no interval." in text


def test_a_services_score_has_its_interval(pages):
    assert "92.090.5–93.5" in pages["en"].text


def test_services_that_too_few_needed_say_so(pages):
    assert pages["en"].text.count("Fewer than 30") == 4


def test_only_relieved_gains_are_called_first(tmp_path):
    text = page_text_of(write_folder(tmp_path / "a", 2, relieved=relieved()))
    screen = text[text.index('id="first"') : text.index('id="reading"')]
    assert "What to mend first" in screen
    assert "maintenance +1.3, recovery +0.40" in screen
    assert "interval holds 0" in screen
    assert "on the register" not in screen.partition("What to mend first")[2]
    assert "not tried: No key of a scenario takes this constraint away alone." in text


def test_without_relief_it_says_why(tmp_path):
    text = page_text_of(write_folder(tmp_path / "a", 2, relieved=[]))
    assert "Fewer than 10 replications" in text
    assert 'id="relieved"' not in text


def test_an_improvement_shows_what_it_changed_and_gained(tmp_path):
    text = page_text_of(write_folder(tmp_path / "a", 2, improvement=improvement()))
    section = text[text.index('id="improvement"') :]
    assert "<code>community.people.register_old</code></td><td>0.995<" in section
    assert "+1.2" in section.partition("Deaths avoided")[0]


def test_a_result_from_before_the_briefing_has_its_page(tmp_path):
    zones = [{key: zone[key] for key in ("id", "name", "residents", "maintenance", "recovery")} for zone in summary(2)["zones"]]
    text = page_text_of(write_folder(tmp_path / "a", 2, briefing={}, zones=zones))
    assert "Had to move" in text
    assert "Pump stations" not in text


def test_the_chinese_page_has_no_english_left_over(tmp_path):
    more = {"improvement": improvement(), "relieved": relieved()}
    text = Tags(write_page(write_folder(tmp_path / "a", 2, **more), "zh").read_text(encoding="utf-8")).text
    part = text[: text.index("结果身份")]
    names = r"renxing|UTC|best\.csv|shelter\.area_per_person|decision\.trust|(community|services)\.\S+|\bm/s\b|\bh\b|improvement"
    assert not re.findall(r"[A-Za-z]{4,}", re.sub(names, "", part))


def page_text_of(folder, lang="en"):
    return write_page(folder, lang).read_text(encoding="utf-8")


def test_text_from_a_result_cannot_become_markup(tmp_path):
    zones = [zone | {"name": NASTY} for zone in summary(2)["zones"]]
    text = page_text_of(write_folder(tmp_path / "a", 2, zones=zones, unverified=[NASTY], scenario=NASTY))
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_the_same_result_makes_the_same_page(tmp_path):
    ids = re.compile(r"\bp\d{4,}\b")  # Bokeh counts its models over the process
    first, second = (page_text_of(write_folder(tmp_path / name, 2)) for name in "ab")
    assert len(first) == len(second)
    assert ids.sub("", first).count("Shelter") == ids.sub("", second).count("Shelter") > 1


def test_an_index_without_value_gives_its_reason(tmp_path):
    indices = summary(2)["indices"] | {"recovery": None}
    indices["why"] = indices["why"] | {"recovery": "no measurable loss"}
    assert "No score: No measurable loss." in page_text_of(write_folder(tmp_path / "a", 2, indices=indices))


def test_a_folder_that_is_no_result_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"summary.json: is not there"):
        write_page(tmp_path, "zh")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_browser_draws_it_without_request_or_error(folder, tmp_path, lang):
    path, log = write_page(folder, lang), tmp_path / "net.json"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
    options += [
        "--disable-component-update",
        "--disable-quic",
        f"--user-data-dir={tmp_path / 'profile'}",
        "--enable-logging=stderr",
    ]
    options += ["--host-resolver-rules=MAP * ~NOTFOUND", f"--log-net-log={log}", "--virtual-time-budget=8000", "--dump-dom"]
    done = subprocess.run([CHROMIUM, *options, path.as_uri()], capture_output=True, text=True, timeout=120, check=True)
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert not [line for line in console if ":INFO:" not in line or "rror" in line.split("] ", 1)[-1]]
    assert sum("document idle" in line for line in console) == 3  # curves, recovery and map are drawn
    asked = set(re.findall(r'"url":"((?:https?|wss?):[^"]*)"', log.read_text(encoding="utf-8", errors="replace")))
    assert not [url for url in asked if "bokeh" in url or "cdn" in url or "mathjax" in url.lower() or path.name in url]


def test_a_storm_that_hurt_nobody_still_has_its_page(tmp_path):
    start = "2024-09-15T00:00:00+08:00"
    reasons = {"maintenance": "no service had enough people in need", "recovery": "no measurable loss"}
    calm = {name: None for name in ("maintenance", "recovery", "development")} | {"why": summary(1)["indices"]["why"] | reasons}
    untested = {name: row | {"tested": False, "m": None, "r": None, "people": 0.0} for name, row in summary(1)["services"].items()}
    zones = [zone | {"maintenance": None, "recovery": None} for zone in summary(1)["zones"]]
    folder = write_folder(
        tmp_path / "a", 1, indices=calm, services=untested, zones=zones, causes=[], equity=[], window={"start": start, "end": start}
    )
    for name in ("need", "ledger"):
        path = folder / f"{name}.parquet"
        pd.read_parquet(path).iloc[:0].to_parquet(path)
    assert "No service had enough people in need to be tested." in page_text_of(folder)
    assert [path.stem for path in write_figures(folder, "en")] == ["indices", "curves", "map"]
