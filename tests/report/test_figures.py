"""Figures for documents: drawn from the saved folder, in either language, with and without a Chinese font."""

import json

import matplotlib.image
import numpy as np
import pandas as pd
import pytest

from sim.report import figures, fonts
from sim.report.figures import write_figures
from sim.report.fonts import FAMILIES, best_family
from tests.report.folder import fields, write_folder


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("figures") / "result", 2)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_four_pictures_with_something_on_them(small, lang):
    paths = write_figures(small, lang)
    assert [path.name for path in paths] == ["indices.png", "curves.png", "causes.png", "map.png"]
    for path in paths:
        picture = matplotlib.image.imread(path)
        assert picture.shape[1] >= 1000
        assert 0.01 < np.mean(picture[..., :3] < 0.9) < 0.9


def test_a_name_with_dollars_is_drawn_as_it_stands(tmp_path):
    target = write_folder(tmp_path / "result", 2)
    places = pd.read_parquet(target / "places.parquet")
    places.assign(name=r"$\frac{ $").to_parquet(target / "places.parquet")
    for name in ("summary.json", "manifest.json"):
        value = json.loads((target / name).read_text(encoding="utf-8"), object_hook=lambda item: item | dollars(item))
        (target / name).write_text(json.dumps(value), encoding="utf-8")
    assert len(write_figures(target, "en")) == 4


def dollars(item):
    """Its names and titles, as TeX that nobody can set."""
    return {key: r"$\frac{ $" for key in ("name", "title", "given") if isinstance(item.get(key), str)}


def test_without_depth_no_map(small, tmp_path):
    target = write_folder(tmp_path / "result", 2)
    np.savez(target / "fields.npz", **{name: array for name, array in fields().items() if name != "depth_max_m"})
    assert [path.name for path in write_figures(target, "en")] == ["indices.png", "curves.png", "causes.png"]


def test_a_machine_without_chinese_glyphs_says_so(small, monkeypatch):
    said = []
    monkeypatch.setattr(figures, "chinese_family", lambda: None)
    monkeypatch.setattr(figures.Figure, "text", lambda self, x, y, text, **style: said.append(text))
    with pytest.warns(UserWarning, match="Glyph"):
        write_figures(small, "zh")
    assert "No font with Chinese glyphs is installed: Chinese names show as boxes." in said


def test_the_best_installed_family_is_taken():
    assert best_family({"DejaVu Sans", "SimHei", "Microsoft YaHei"}) == "Microsoft YaHei"
    assert best_family({"DejaVu Sans"}) is None


def test_a_font_newer_than_matplotlibs_list_is_found(monkeypatch):
    class Manager:
        ttflist = ()

        def addfont(self, path):
            self.ttflist = [type("Font", (), {"name": FAMILIES[0]})]

    monkeypatch.setattr(fonts.font_manager, "fontManager", Manager())
    monkeypatch.setattr(fonts.font_manager, "findSystemFonts", lambda: ["/fonts/NotoSansCJK-Regular.ttc", "/fonts/Arial.ttf"])
    fonts.chinese_family.cache_clear()
    try:
        assert fonts.chinese_family() == FAMILIES[0]
    finally:
        fonts.chinese_family.cache_clear()
