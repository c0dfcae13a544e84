import pytest

from sim.community.growth import grown, scaled
from sim.community.recipe import build
from sim.world.tables import HouseholdKind
from tests.community.recipes import shipped, text_of


@pytest.mark.parametrize("residents", [5000, 40_000])
def test_a_grown_community_has_the_residents_asked_at_the_same_density(residents):
    community = build(grown(text_of("zhoujiadu_like"), "z", residents), "z", 40.0)
    households, zones = community.tables["households"], community.tables["zones"]
    assert households.persons_n[households.kind == HouseholdKind.RESIDENT].sum() == residents
    assert zones.n == round(32 * residents / 142_200)
    area_m2 = community.grid.columns_n * community.grid.rows_n * 1600
    assert residents / area_m2 == pytest.approx(142_200 / 5.52e6, rel=0.08)


def test_growing_to_its_own_size_changes_nothing():
    same = build(grown(text_of(), "hamlet", 1500), "hamlet", 40.0)
    for name, table in shipped().tables.items():
        assert same.tables[name].n == table.n


def test_what_was_there_stays_there_and_what_was_not_does_not_come():
    assert [scaled(0, 5.0), scaled(3, 0.01), scaled(3, 2.0)] == [0, 1, 6]
