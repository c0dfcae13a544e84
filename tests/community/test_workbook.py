"""The sheet for a recipe's figures: every figure with its unit, source and place to ask; its lines are the recipe's own."""

import zipfile
from io import BytesIO
from xml.etree import ElementTree

import pytest
import yaml

from sim.community.form import RecipeForm
from sim.community.keys import keys_of
from sim.community.workbook import GUIDE, at, figures_workbook, line_formula, places_to_ask, row_of, site_formula, site_line
from sim.errors import InputError
from tests.community.recipes import changed, text_of

NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def parts(data):
    """XML by its name inside the sheet's archive."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith(".xml")}


def texts(data):
    """Every text that stands in a cell."""
    return ["".join(item.itertext()) for item in parts(data)["xl/sharedStrings.xml"].iter(f"{NAMESPACE}si")]


def cells(data, number):
    """Cached results of the formulas of a sheet, in order of rows."""
    sheet = parts(data)[f"xl/worksheets/sheet{number}.xml"]
    found = [cell for cell in sheet.iter(f"{NAMESPACE}c") if cell.find(f"{NAMESPACE}f") is not None]
    return [(cell.findtext(f"{NAMESPACE}f"), cell.findtext(f"{NAMESPACE}v") or "") for cell in found]


def figures():
    return [key for key in keys_of(RecipeForm) if key.form == "figure"]


def test_every_figure_has_a_chinese_name_and_a_place_to_ask():
    asked = places_to_ask()
    assert set(asked) == {key.path for key in figures()}
    assert all(row["name_zh"] and row["where_zh"] and row["where_en"] for row in asked.values())


@pytest.mark.parametrize("name", ["hamlet", "zhoujiadu_like"])
def test_the_line_of_every_figure_says_what_the_recipe_says(name):
    recipe = yaml.safe_load(text_of(name))
    for key in figures():
        line = row_of(key, recipe).line
        assert yaml.safe_load(line) == {key.last: at(recipe, key.path)}


def test_lines_stand_in_the_sheet_as_results_of_their_formulas():
    recipe = yaml.safe_load(text_of())
    shown = cells(figures_workbook(text_of(), "hamlet"), 2)
    assert [line for _, line in shown] == [row_of(key, recipe).line for key in figures()]
    assert all(formula.startswith('"') and "SUBSTITUTE" in formula for formula, _ in shown)


def test_lines_of_sites_are_the_recipes_items():
    sites = yaml.safe_load(text_of())["sites"]
    shown = [line for _, line in cells(figures_workbook(text_of(), "hamlet"), 4) if line]
    assert [yaml.safe_load(line)[0] for line in shown] == [{"count": 1, **site} for site in sites]
    assert [{"count": 1, **site} for site in sites] == [yaml.safe_load(site_line({"count": 1, **site}))[0] for site in sites]


def test_formulas_name_the_cells_of_their_own_row():
    assert line_formula("area", 7).count("7") == 5
    assert site_formula(9).startswith('=IF(A9="","",')
    assert '&", "&"sill: "&I9&"}"' in site_formula(9)


def test_a_quote_in_a_source_does_not_break_the_line():
    text = changed(("area.source", 'the "year book"'))
    key = figures()[0]
    assert yaml.safe_load(row_of(key, yaml.safe_load(text)).line)["area"]["source"] == "the 'year book'"


def test_a_users_text_never_becomes_a_formula():
    data = figures_workbook(changed(("area.source", "=1+1")), "hamlet")
    assert "=1+1" in texts(data)
    assert not any(formula == "1+1" for number in (1, 2, 3, 4) for formula, _ in cells(data, number))


def test_assumptions_and_the_guide_are_there():
    found = texts(figures_workbook(text_of(), "hamlet"))
    assert set(GUIDE) <= set(found)
    for key in keys_of(RecipeForm):
        assert "[]" in key.path or key.path in found


def test_the_same_recipe_gives_the_same_bytes():
    assert figures_workbook(text_of(), "hamlet") == figures_workbook(text_of(), "hamlet")


def test_a_wrong_recipe_is_told_as_such():
    with pytest.raises(InputError, match=r"people\.old_frac"):
        figures_workbook(changed(("people.old_frac.value", 1.5)), "hamlet")


def test_keys_know_their_form_and_dimension():
    found = {key.path: key for key in keys_of(RecipeForm)}
    assert (found["area"].form, found["area"].dimension, found["area"].required) == ("figure", "m2", True)
    assert (found["dwellings.high_rise.sill"].form, found["dwellings.high_rise.sill"].dimension) == ("range", "m")
    assert (found["sites[].toilets"].form, found["sites[].toilets"].last) == ("value", "toilets")
    assert found["origin.utc_offset_h"].dimension == ""
    assert not found["aspect"].required
