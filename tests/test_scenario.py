"""What fits together only in a world is told before anything is played, with its place in the scenario or the recipe."""

import pickle

import pytest

from sim.check import describe
from sim.engine import play
from sim.errors import InputError
from sim.scenario import load
from sim.sweep.execute import community_for, run
from tests.hamlet import TEMPLATES, TEXT

TIDE = 'tide: {mean: 2.3 m 1985, high_water: "2024-09-16T12:00:00+08:00"}'


@pytest.fixture
def written(tmp_path):
    """Write the hamlet, its recipe beside it, with changes; gives the path of the scenario."""
    recipe = (TEMPLATES / "community.yaml").read_text(encoding="utf-8")

    def write(*changes, more="", own=()):
        texts = {"hamlet.yaml": TEXT.strip().replace(f"{TEMPLATES}/community.yaml", "own.yaml") + "\n" + more, "own.yaml": recipe}
        for name, pairs in (("hamlet.yaml", changes), ("own.yaml", own)):
            for old, new in pairs:
                assert old in texts[name], old
                texts[name] = texts[name].replace(old, new)
            (tmp_path / name).write_text(texts[name], encoding="utf-8")
        return tmp_path / "hamlet.yaml"

    return write


def told(path, *settings, use=describe):
    """What is wrong, one text a mistake, without the folder."""
    with pytest.raises(InputError) as error:
        list(use(load(path, settings, allow_outside=True)))
    return [str(mistake).replace(f"{path.parent}/", "") for mistake in error.value.mistakes]


LATE = ("2024-09-15T18:00:00+08:00", "2024-10-15T18:00:00+08:00")


@pytest.mark.parametrize("use", [describe, run], ids=["check", "run"])
def test_a_part_knows_its_key_and_the_scenario_its_place(written, use):
    (found,) = told(written(LATE), use=use)
    assert found.startswith("hamlet.yaml:7:20: hazards.typhoon.track: bebinca_2413_jma.csv does not cover the storm")


def test_parts_tell_all_their_mistakes_at_once(written):
    found = told(written(LATE, ("flood: {}", f"flood: {{}}\n  surge: {{{TIDE}}}")))
    assert [line.split(": ")[:2] for line in found] == [
        ["hamlet.yaml:7:20", "hazards.typhoon.track"],
        ["hamlet.yaml:9:24", "hazards.surge.tide.mean"],
    ]


def test_an_improvement_is_looked_at_before_anything_is_played(written):
    path = written(more="improvement:\n  services.rescue.squads: 9\n  community.sites.Depot.kind: park\n")
    (found,) = told(path, use=run)
    assert found.startswith("hamlet.yaml:12:3: improvement.services.supplies: has no depot for the street's stock")


def test_a_recipe_tells_its_own_mistakes_beside_the_scenarios(written):
    path = written(
        ("seed: 1", "seed: x"),
        own=[("residents: {value: 1500", "residents: {value: 0"), ("toilets: 8", "toilets: -8")],
        more="improvement:\n  community.people.register_old: 1.0\n",
    )
    found = sorted(told(path))
    assert [line.split(" (")[0] for line in found] == [
        "hamlet.yaml:4:95: run.seed: is not right",
        "own.yaml:15:20: residents.value: is not right",
        "own.yaml:93:92: sites.0.toilets: is not right",
    ]


def test_a_recipe_that_is_no_text(written, tmp_path):
    path = written()
    (tmp_path / "own.yaml").write_bytes(b"\xff\x00")
    assert told(path) == ["own.yaml: not UTF-8 text: byte 0 is 0xff, wanted UTF-8"]


def test_a_new_key_of_the_recipe_stands_where_the_improvement_names_it(written):
    (found,) = told(written(more="improvement:\n  community.people.registers.old: 1.0\n"))
    assert found.startswith("hamlet.yaml:12:35: improvement.community.people.registers: is not a known key")


def test_a_value_of_the_command_line_is_not_looked_for_in_the_file(written):
    path = written()
    assert told(path, "run.seed=x") == ["--set: run.seed: is not right (got 'x'), wanted a valid integer"]
    assert told(path, "hazards.typhoon.track=nowhere.csv")[0].startswith("--set: hazards.typhoon.track: is not right")


def test_an_empty_section_is_told_without_names_of_classes(written):
    assert told(written(("warning: {}", "warning:"))) == [
        "hamlet.yaml:10:11: services.warning: is not right, wanted keys and values beneath it"
    ]


def test_a_community_without_shelters_can_be_played(written):
    scenario = load(written(own=[("shelter: true", "shelter: false")]), allow_outside=True)
    assert play(scenario, community_for(scenario), 0).balances["goods"] == 0.0


def test_workers_get_the_whole_scenario_cheaply(written):
    scenario = load(written(), allow_outside=True)
    packed = pickle.dumps(scenario)
    assert len(packed) < 60_000
    assert pickle.loads(packed).model_dump_json() == scenario.model_dump_json()
