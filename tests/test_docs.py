"""Docs stay true: files, tests and keys that they name exist, and the worked example is recomputed from its own tables."""

import re
from functools import cache

import numpy as np
import pytest

from sim.indices import maintenance
from sim.indices.development import development, scores
from sim.indices.summary import scored
from sim.reference.standard import standard
from tests.hamlet import ROOT
from tests.indices.frames import ZONES, needs, spells, summed, tables

DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", *DOCS]
MADE = "reference.md"  # written by `python -m sim schema --all`


def named(path):
    """What stands in `code` in a document."""
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", path.read_text(encoding="utf-8"))


def written(path):
    """A document without its code blocks."""
    return re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_files_that_are_named_exist(path):
    names = [name for name in named(path) if re.fullmatch(r"(sim|tests|scenarios|docs|benchmarks)/[\w./-]*", name)]
    assert not [name for name in names if not (ROOT / name).exists()]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    links = [link for link in re.findall(r"\]\(([^)#\s]+)\)", written(path)) if not link.startswith("http")]
    assert not [link for link in links if not (path.parent / link).exists() and not link.endswith(MADE)]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_tests_that_are_named_exist(path):
    tests = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    names = {name for name in named(path) if re.fullmatch(r"test_\w+", name)}
    assert not {name for name in names if f"def {name}(" not in tests}


@cache
def scenario_keys():
    """Dotted paths of every key of a scenario and of a recipe, without `[]`."""
    from sim.community.form import RecipeForm
    from sim.community.keys import keys_of
    from sim.scenario import Scenario
    from sim.schema import models

    found = {
        f"{path}.{field.alias}".lstrip(".")
        for path, model, _ in models(Scenario, "", None)
        for field in model.model_fields.values()
    }
    recipe = {key.path.replace("[]", "") for key in keys_of(RecipeForm)}
    below = {path.rsplit(".", n)[0] for path in recipe for n in range(1, path.count(".") + 1)}
    return found | {f"community.{path}" for path in recipe | below} | recipe | below


SECTIONS = ("run.", "hazards.", "lifelines.", "population.", "services.", "community.")
RESULTS = ("services.warning.m", "services.<name>")  # numbers of summary.json that begin like keys


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_keys_that_are_named_are_keys(path):
    names = {name.rstrip(":") for name in named(path) if name.startswith(SECTIONS) and re.fullmatch(r"[\w.]+:?", name)}
    names = {name for name in names if not name.endswith((".md", ".py", ".yaml", ".xlsx"))}
    assert not {name for name in names if name not in scenario_keys() and name not in RESULTS}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_verbs_that_are_named_are_verbs(path):
    from sim.cli import main

    verbs = re.findall(r"python -m sim (\w+)", path.read_text(encoding="utf-8"))
    assert set(verbs) <= set(main.commands)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_place_of_this_machine_and_nothing_unfinished(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/(work|home|root|tmp|Users)/", text)
    assert not re.search(r"\b(TODO|TBD|FIXME|XXX)\b", text)


def example(name):
    """Rows of the table that follows `<!-- example: name -->` in docs/indices.md, by its headings."""
    text = (ROOT / "docs" / "indices.md").read_text(encoding="utf-8")
    table = re.search(rf"<!-- example: {name} -->\n((?:\|.*\n)+)", text)[1].strip().splitlines()
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table)
    return [dict(zip(head, row, strict=True)) for row in rows]


def example_need():
    return needs(*((row["service"], float(row["need"]), float(row["people"])) for row in example("need")))


def example_ledger(name):
    """Segments of one service, persons and start are one spell."""
    found = {}
    for row in example(name):
        key = row["service"], float(row["persons"]), float(row["start_h"])
        found.setdefault(key, []).append((row["cause"], float(row["hours"])))
    return spells(*((*key, parts) for key, parts in found.items()))


def example_scores():
    """Scores before and after, on the ground of before."""
    before, after = (scored(tables(example_need(), example_ledger(name)), ZONES).sums.over(0, 1, 2) for name in ("before", "after"))
    return scores(before, after, maintenance.tested(before, standard()), standard())


def example_numbers():
    """Every number of the example that the program computes, by the names of the results' table."""
    result = summed(example_need(), example_ledger("before"))
    found = {f"indices.{name}": result["indices"][name]["value"] for name in ("maintenance", "recovery")}
    found |= {f"services.{name}.{key}": result["services"][name][key] for name in ("shelter", "lifelines") for key in ("m", "r")}
    for row in result["causes"]:
        found |= {f"{points}.{row['service']}.{row['cause']}": row[points] for points in ("m_points", "r_points")}
    score = example_scores()
    return found | {
        "after.maintenance": float(score.m_after),
        "after.recovery": float(score.r_after),
        "indices.development": float(development(score)),
    }


def test_the_worked_example_is_what_the_program_computes():
    computed = example_numbers()
    stated = {row["number"]: row["value"] for row in example("results")}
    assert set(stated) == set(computed)
    for name, value in stated.items():
        digits = len(value.partition(".")[2])
        assert round(computed[name], digits) == pytest.approx(float(value), abs=1e-9), name


def test_the_worked_examples_causes_add_up():
    stated = {row["number"]: float(row["value"]) for row in example("results")}
    for points, index in (("m_points", "maintenance"), ("r_points", "recovery")):
        total = sum(value for name, value in stated.items() if name.startswith(points))
        assert total == pytest.approx(100.0 - stated[f"indices.{index}"], abs=3e-3)


def test_an_improvement_that_changes_nothing_develops_nothing():
    sums = scored(tables(example_need(), example_ledger("before")), ZONES).sums.over(0, 1, 2)
    assert float(development(scores(sums, sums, maintenance.tested(sums, standard()), standard()))) == 0.0


def test_the_target_column_is_the_standard():
    text = (ROOT / "docs" / "indices.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) [^|]*\|[^|]*\|[^|]*\| (state|flow) \| ([^|]+?) \|$", text, flags=re.MULTILINE)
    seconds = {"min": 60.0, "h": 3600.0, "d": 86400.0}
    stated = {
        name: (kind, np.nan if target == "none" else float(target.split()[0]) * seconds[target.split()[1]])
        for name, kind, target in rows
    }
    rules = standard().services
    assert set(stated) == set(rules)
    for name, (kind, target_s) in stated.items():
        assert kind == rules[name].kind
        assert target_s == pytest.approx(np.nan if rules[name].target_s is None else rules[name].target_s, nan_ok=True)


def test_the_reference_is_what_the_program_writes():
    path = ROOT / "docs" / MADE
    if not path.exists():
        pytest.skip("docs/reference.md is not made yet: python -m sim schema --all")
    from sim.schema import reference_page

    assert path.read_text(encoding="utf-8") == reference_page() + "\n"


def test_the_figures_of_the_recipe_are_all_explained():
    from sim.community.workbook import places_to_ask

    text = (ROOT / "docs" / "community.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w.]+)` \| (.+?) \| (.+?) \| (.+?) \|$", text, flags=re.MULTILINE)
    assert {key: tuple(rest) for key, *rest in rows} == {
        key: (row["name_zh"], row["where_zh"], row["where_en"]) for key, row in places_to_ask().items()
    }


def test_every_room_is_named_in_the_architecture():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [path.name for path in (ROOT / "sim").iterdir() if (path / "__init__.py").exists()]
    assert not [room for room in rooms if f"`sim/{room}/`" not in text]


def test_the_order_of_an_instant_is_the_clocks():
    from sim.world.clock import Rank

    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    stated = re.search(r"<!-- ranks -->\n(.*?)\n<!-- /ranks -->", text, flags=re.DOTALL)[1].split(", ")
    assert stated == [rank.name.lower() for rank in sorted(Rank) if rank != Rank.RECORD]


def test_every_part_that_is_played_has_its_section():
    from sim.scenario import Hazards, Lifelines, Population, Services

    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8").split("## Submodels")[1]
    titles = {"surge": "River stage", "travel": "Movement", "helpers": "Organised transfer", "needs": "Needs and ledgers"}
    for section in (Hazards, Lifelines, Population, Services):
        for name in section.model_fields:
            assert f"\n### {titles.get(name, name.capitalize())}" in text, name


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_section_of_the_page_is_explained(lang):
    import yaml

    words = yaml.safe_load((ROOT / "sim" / "report" / f"text_{lang}.yaml").read_text(encoding="utf-8"))
    page = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "sim" / "report").glob("*.html"))
    text = (ROOT / "docs" / "page.md").read_text(encoding="utf-8")
    shown = {words[name]["title"] for name in re.findall(r"t\('(\w+)\.title'\)", page) if "title" in words.get(name, ())}
    shown |= {
        words["first"][name]
        for name in ("moving", "places", "toll", "frail", "hands", "pumps", "zones")
        if name in words.get("first", ())
    }
    assert shown
    assert not {title for title in shown if title not in text}
