import re

import numpy as np
import pytest
import yaml

from sim.community.recipe import build
from sim.errors import InputError
from sim.world.tables import TABLES, HouseholdKind
from tests.community.recipes import changed, made, shipped, text_of


def arrays(community):
    return {f"{name}.{key}": values for name, table in community.tables.items() for key, values in table.static_arrays().items()}


def mistakes(text):
    with pytest.raises(InputError) as error:
        build(text, "town.yaml", 40.0)
    return [str(mistake) for mistake in error.value.mistakes]


def test_the_same_recipe_gives_the_same_community_to_the_bit():
    again = arrays(build(text_of(), "hamlet", 40.0))
    for name, values in arrays(shipped()).items():
        assert values.tobytes() == again[name].tobytes(), name


def test_another_seed_gives_another_community_of_the_same_size():
    other = made(("seed", 8))
    assert other.tables["people"].n == shipped().tables["people"].n
    assert not np.array_equal(other.tables["nodes"].x_m, shipped().tables["nodes"].x_m)


def test_only_what_lies_on_the_grid_depends_on_the_resolution():
    fine, coarse = arrays(shipped("hamlet", 20.0)), arrays(shipped())
    for name in coarse:
        if not name.endswith(".cell") and not name.startswith("cells."):
            assert fine[name].tobytes() == coarse[name].tobytes(), name
    assert fine["cells.ground_m"].size == 4 * coarse["cells.ground_m"].size


def test_every_static_column_is_finite_and_points_at_something():
    for community in (shipped(), shipped("zhoujiadu_like")):
        for name, values in arrays(community).items():
            table, key = name.split(".")
            unit = TABLES[table].columns[key].unit
            assert np.all(np.isfinite(values)), name
            if unit in TABLES:
                assert values.min() >= 0, name
                assert values.max() < community.tables[unit].n, name


def test_zhoujiadu_has_its_public_figures():
    community = shipped("zhoujiadu_like")
    households, people = community.tables["households"], community.tables["people"]
    resident = households.kind[people.household] == HouseholdKind.RESIDENT
    assert np.count_nonzero(resident) == 142_200
    assert np.count_nonzero(people.age_yr[resident] >= 60) == pytest.approx(47_800, abs=50)
    assert community.tables["zones"].n == 32
    assert community.tables["zones"].residents_n.sum() == 142_200
    assert "synthetic" in community.title
    assert community.synthetic


def test_every_figure_tells_where_it_comes_from():
    figures = {figure["name"]: figure for figure in shipped("zhoujiadu_like").figures}
    assert figures["area"] == {"name": "area", "value": "5.52 km2", "source": "Wikipedia (zh), 周家渡街道", "verified": False}
    assert {"residents", "zones.count", "people.old_frac", "camps.workers", "drains.capacity"} <= set(figures)
    assert all(figure["source"] for figure in figures.values())


def test_visitors_are_there_in_their_hours_and_all_others_always():
    households = shipped().tables["households"]
    visitor = households.kind == HouseholdKind.VISITOR
    assert set(zip(households.from_h[visitor].tolist(), households.to_h[visitor].tolist(), strict=True)) == {
        (8.5, 17.5),
        (9.0, 21.0),
    }
    assert np.all(households.from_h[~visitor] == 0)
    assert np.all(households.to_h[~visitor] == 24)
    assert households.persons_n[visitor].sum() == 160


BAD = [
    (("residents.value", 0), r"town.yaml:\d+:\d+: residents.value: is not right \(got 0\), wanted greater than or equal to 1"),
    (("residents", 1500), r"residents: is not right, wanted a mapping such as \{value: 32.*\(got 1500\)"),
    (("residents.value", "many"), r"residents.value: is not right \(got 'many'\), wanted a valid integer"),
    (("area.value", "5.52"), r"area.value: .*a number with one of the units m2, ha, km2"),
    (("area.value", "5.52 km"), r"area.value: .*a number with one of the units m2, ha, km2"),
    (("drains.capacity.value", "-36 mm/h"), r"drains.capacity.value: is not right .*greater than or equal to 0"),
    (("sites.0.floor_area", "-5 m2"), r"sites.0.floor_area: is not right .*greater than or equal to 0"),
    (("sites.0.kind", "pub"), r"sites.0.kind: .*one of school, gym, .*\(got 'pub'\)"),
    (("dwellings.walk_up.residents_frac", 0.7), r"dwellings: .*add up to 1 \(got 1.2\)"),
    (("roads.block", {"least": "2 km", "most": "1 km"}), r"roads.block: .*least <= most \(got 2000.0 and 1000.0\)"),
    (("visitors.0.to_h", 3), r"visitors.0: .*from_h < to_h; a stay over midnight is two entries"),
    (("compounds.count.value", 1), r"compounds.count.value: does not fit \(got 1\), wanted at least one compound in each zone"),
    (("compounds.lane_count", 5), r"compounds.lane_count: does not fit \(got 5\), wanted at most the 4 compounds that are old"),
    (
        ("compounds.lane_count", 0),
        r"dwellings.old_lane.residents_frac: does not fit \(got 0.1\), wanted more than 0 where compounds",
    ),
    (("residents.value", 4), r"residents.value: does not fit \(got 4\), wanted at least one resident in each compound"),
    (("people.alone_frac.value", 0.5), r"people.alone_frac.value: does not fit \(got 0.5\), wanted at most people.only_old_frac"),
    (("people.child_frac.value", 0.8), r"people.child_frac.value: does not fit \(got 0.8\), wanted with people.old_frac at most 1"),
    (("camps.count", 0), r"camps.count: does not fit \(got 0\), wanted a camp, or no workers"),
    (("ground.mean", "4.0 m 1985"), r"ground.mean: does not fit \(got '4.0 m 1985'\), wanted the datum of the origin, Wusong"),
    (("ground.mean", "4.0 m"), r"ground.mean: .*an elevation with its datum"),
    (("ground.mean", "1e999 m Wusong"), r"ground.mean: does not fit .*at most 5000 m"),
    (("drains.invert", "2.5 m EGM96"), r"drains.invert: does not fit .*the datum of the origin"),
    (("area.value", "900 km2"), r"roads.block: does not fit .*at most 50,000 junctions \(these make 111,111\)"),
    (("origin.latitude", "91 deg"), r"origin.latitude: does not fit .*less than 90 deg"),
    (("origin.longitude", "200 deg"), r"origin.longitude: .*between -180 deg and 180 deg"),
    (("camps.rooms", 3), r"camps.rooms: is not a known key"),
    (("people.trained.verified", "no"), r"people.trained.verified: is not right \(got 'no'\), wanted a valid boolean"),
    (("schema", "community/9"), r"schema: is not right \(got 'community/9'\), wanted 'community/1'"),
]


@pytest.mark.parametrize(("change", "message"), BAD, ids=[f"{key}={value}" for (key, value), _ in BAD])
def test_a_wrong_value_is_one_clear_message(change, message):
    found = mistakes(changed(change))
    assert len(found) == 1
    assert re.search(message, found[0]), found[0]


def test_all_mistakes_come_at_once():
    found = mistakes(changed(("residents.value", 0), ("zones.count.value", -1), ("power.feeders", 1.5)))
    assert len(found) == 3


def test_a_missing_key_is_named():
    value = yaml.safe_load(text_of())
    del value["camps"]["workers"], value["sites"]
    assert [text.split(": ", 1)[1] for text in mistakes(yaml.safe_dump(value))] == [
        "camps.workers: is missing",
        "sites: is missing",
    ]


@pytest.mark.parametrize("text", ["", "just words", "[1, 2]", "schema: community/1\nschema: community/1", "{{{", "\x00\x01"])
def test_what_is_no_recipe_is_a_mistake_not_a_crash(text):
    assert mistakes(text)[0].startswith("town.yaml")
