"""What a recipe may and may not say, whatever it says."""

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.community.figures import SITE_KINDS, angle_deg, site_kind
from sim.community.form import RecipeForm
from sim.community.recipe import build
from sim.errors import InputError
from sim.world.community import Community
from sim.world.tables import SiteKind
from tests.community.recipes import changed, recipe, text_of

NUMBERS = st.integers(-5, 3000) | st.floats(-2, 50) | st.sampled_from([0, 1, 10**30, 1e-300, float("nan"), float("inf")])
WORDS = st.sampled_from(["", "no", "5 m", "3 mm/h", "1e999 m", "nan m", "7 m Wusong", "-2 m2", "200 deg", "west", "école", "=1+1"])
JUNK = NUMBERS | WORDS | st.none() | st.booleans() | st.just([]) | st.just({}) | st.just([1, "a"])


def leaves(value, path=()):
    """Dotted path of every value in a recipe."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, str(key)))
        yield ".".join(path)
    else:
        yield ".".join(path)


LEAVES = [path for path in leaves(yaml.safe_load(text_of())) if path]


@given(st.lists(st.tuples(st.sampled_from(LEAVES), JUNK), min_size=1, max_size=1))
@settings(max_examples=150, deadline=None)
def test_whatever_a_recipe_says_it_is_built_or_its_mistakes_are_told(changes):
    mistakes, community = (), None
    try:
        community = build(changed(*changes), "town.yaml", 40.0)
    except InputError as error:
        mistakes = error.mistakes
    assert isinstance(community, Community) != bool(mistakes)
    assert all(str(mistake).startswith("town.yaml:") for mistake in mistakes)


@given(st.integers(60, 2500), st.floats(0, 0.9), st.integers(2, 6), st.integers(6, 12), st.floats(0.2, 5), st.integers(0, 2**40))
@settings(max_examples=30, deadline=None)
def test_communities_of_many_shapes_keep_their_head_counts(residents, old, zones, compounds, aspect, seed):
    text = changed(
        ("residents.value", residents),
        ("people.old_frac.value", old),
        ("zones.count.value", zones),
        ("compounds.count.value", compounds),
        ("aspect", aspect),
        ("seed", seed),
    )
    tables = build(text, "town", 40.0).tables
    assert tables["zones"].residents_n.sum() == residents
    assert tables["zones"].n == zones
    assert tables["people"].n == residents + 60 + 10 + 160
    assert tables["households"].persons_n.sum() == tables["people"].n
    assert tables["buildings"].zone.max() < zones


def test_every_key_is_explained():
    schema = RecipeForm.model_json_schema(by_alias=True)
    definitions = {name: body for name, body in schema["$defs"].items() if "properties" in body}
    assert json.dumps(schema)
    for name in ("DwellingForm", "PeopleForm", "SiteForm", "VisitorForm", "RoadForm", "GroundForm", "DrainForm", "PowerForm"):
        for key, field in definitions[name]["properties"].items():
            assert field.get("description"), f"{name}.{key}"


def test_kinds_of_sites_are_the_words_of_the_table():
    assert {site_kind(word) for word in SITE_KINDS} == set(SiteKind)
    with pytest.raises(ValueError, match=r"one of school, gym, .* \(got 3\)"):
        site_kind(3)


@pytest.mark.parametrize("text", ["181 deg", "-181 deg", "1e999 deg"])
def test_an_angle_off_the_globe_is_told(text):
    with pytest.raises(ValueError, match=r"between -180 deg and 180 deg \(got"):
        angle_deg(text)


def test_the_angle_of_shanghai():
    assert angle_deg("121.5 deg") == 121.5


@pytest.mark.parametrize("name", ["hamlet", "zhoujiadu_like"])
def test_shipped_recipes_are_read_and_say_that_they_are_synthetic(name):
    form = RecipeForm.model_validate(yaml.safe_load(text_of(name)))
    assert form.name == name
    assert "synthetic" in form.title
    assert "合成" in form.title


def test_the_shipped_street_explains_every_key():
    keys = {path.split(".")[-1] for path in leaves(yaml.safe_load(text_of("zhoujiadu_like")))} - {
        "value",
        "source",
        "verified",
        "least",
        "most",
    }
    unexplained = []
    for key in keys:
        lines = [line for line in text_of("zhoujiadu_like").splitlines() if f"{key}:" in line.split("#")[0]]
        if lines and not any("#" in line or "source:" in line for line in lines):
            unexplained.append(key)
    assert unexplained == ["seed"] or all(
        key in ("zones", "sites", "people", "origin", "dwellings", "power") for key in unexplained
    )


def test_quantities_are_read_in_si():
    form = recipe(("area.value", "36 ha"), ("drains.generator", "2 d"), ("speeds.adult", "3.6 km/h"))
    assert (form.area_m2.value, form.drains.generator_s, form.speeds.adult_mps) == (360_000.0, 172_800.0, 1.0)
