"""What Bokeh is given to draw."""

import pytest
from bokeh.models import Text

from sim.report.mapplot import map_plot, without_formula
from sim.report.maps import town_map
from sim.report.words import Words
from tests.report.folder import SIZE_M, fields, places


@pytest.mark.parametrize("name", ["$$x$$", r"\(x\)", r"a \[x\]", "$$$"])
def test_no_name_is_a_formula(name):
    drawn = without_formula(name)
    assert drawn.replace("\u2009", "") == name
    assert not any(opening in drawn for opening in ("$$", "\\(", "\\["))


def test_a_name_with_one_dollar_stays():
    assert without_formula("Lane 7, $5 (new)") == "Lane 7, $5 (new)"


def test_the_map_writes_the_names_of_committees_without_formulas():
    named = places()
    named.loc[named.table == "zones", "name"] = "$$x$$"
    town = town_map(named, fields(), SIZE_M)
    assert town is not None
    drawn = [
        one.data_source.data["text"]
        for one in map_plot(town, Words("en")).renderers
        if isinstance(getattr(one, "glyph", None), Text)
    ]
    assert [set(names) for names in drawn] == [{without_formula("$$x$$")}]
