import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sim.community import streets
from sim.community.lots import Luck
from sim.world.community import Grid
from tests.community.recipes import recipe, shipped


@given(st.integers(0, 2**31), st.floats(0, 1))
@settings(max_examples=25, deadline=None)
def test_every_junction_can_be_reached_whatever_is_missing(seed, missing):
    form = recipe(("roads.missing_frac", missing)).roads
    tail, head, _ = streets.roads(form, Luck(seed), 42, 6)
    graph = coo_array((np.ones(tail.size), (tail, head)), shape=(42, 42))
    assert connected_components(graph, directed=False)[0] == 1


@pytest.mark.parametrize(("missing", "left"), [(0.0, 71), (0.1, 64), (1.0, 41)])
def test_as_many_roads_are_missing_as_asked_or_as_can_be(missing, left):
    form = recipe(("roads.missing_frac", missing)).roads
    assert streets.roads(form, Luck(3), 42, 6)[0].size == left  # a grid of 7 x 6: 35 + 36 roads, 41 in a tree


def test_links_are_sorted_by_tail_and_come_in_pairs_alike():
    links = shipped("zhoujiadu_like").tables["links"]
    assert np.all(np.diff(links.tail) >= 0)
    there = {(t, h): i for i, (t, h) in enumerate(zip(links.tail, links.head, strict=True))}
    assert len(there) == links.n
    back = np.array([there[h, t] for t, h in zip(links.tail, links.head, strict=True)])
    for name in ("length_m", "width_m", "cell", "tree_n"):
        np.testing.assert_array_equal(getattr(links, name), getattr(links, name)[back])


def test_links_are_as_long_as_their_ends_are_apart():
    links, nodes = shipped().tables["links"], shipped().tables["nodes"]
    length_m = np.hypot(nodes.x_m[links.tail] - nodes.x_m[links.head], nodes.y_m[links.tail] - nodes.y_m[links.head])
    np.testing.assert_allclose(links.length_m, length_m, rtol=1e-6)


def test_blocks_and_widths_stay_near_what_was_asked():
    links = shipped("zhoujiadu_like").tables["links"]
    assert np.quantile(links.length_m, 0.02) > 75  # 100 m, less two junctions off the grid by 15 m at worst
    assert links.length_m.max() < 250
    assert links.width_m.min() >= 1.5
    assert links.width_m.max() == 4.0


def test_trees_stand_as_densely_as_asked():
    links = shipped("zhoujiadu_like").tables["links"]
    assert links.tree_n.sum() / (links.length_m.sum() / 1000) == pytest.approx(60, rel=0.02)


def test_a_road_passes_every_cell_between_its_ends():
    nodes = {"x_m": np.array([5.0, 95.0]), "y_m": np.array([5.0, 5.0])}
    links = {"tail": np.array([0, 1]), "head": np.array([1, 0]), "length_m": np.array([90.0, 90.0])}
    np.testing.assert_array_equal(streets.road_cells(nodes, links, Grid(10, 2, 10.0)), np.arange(10))
