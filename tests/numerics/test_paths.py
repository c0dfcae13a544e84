"""Ways to a place: shortest, on open links only, the same however they are asked for."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from sim.numerics.heap import empty_heap
from sim.numerics.paths import grow_tree, network_of, trees
from tests.streets import both_ways


def network(roads, nodes_n):
    """A network of two-way roads (a, b, length_m)."""
    tail, head, length_m, _ = np.array(both_ways([(*road, 1.0) for road in roads]), float).reshape(-1, 4).T
    links = SimpleNamespace(tail=tail.astype(np.int32), head=head.astype(np.int32), length_m=length_m.astype(np.float32))
    links.open, links.speed_frac = np.ones(tail.size, bool), np.ones(tail.size, np.float32)
    return network_of(links, nodes_n)


LINE = [(0, 1, 50), (1, 2, 70), (2, 3, 30)]
grow = pytest.mark.parametrize("grow", [grow_tree, grow_tree.py_func])


def tree(net, target, grow):
    """next_link and cost_s of one tree."""
    nodes_n = net.into_start.size - 1
    next_link, cost_s = np.empty(nodes_n, np.int32), np.empty(nodes_n)
    grow(net, target, empty_heap(nodes_n), next_link, cost_s)
    return next_link, cost_s


@grow
def test_a_line_adds_up(grow):
    next_link, cost_s = tree(network(LINE, 4), 3, grow)
    assert cost_s.tolist() == [150, 100, 30, 0]
    assert next_link[3] == -1


@grow
def test_a_closed_link_is_not_taken(grow):
    net = network([*LINE, (0, 3, 400)], 4)
    net.open[(net.tail == 1) & (net.head == 2)] = False
    _, cost_s = tree(net, 3, grow)
    assert cost_s.tolist() == [400, 450, 30, 0]


@grow
def test_no_way_is_infinite(grow):
    net = network(LINE, 5)
    net.speed_frac[(net.tail == 1) & (net.head == 2)] = 0
    next_link, cost_s = tree(net, 3, grow)
    assert cost_s.tolist() == [np.inf, np.inf, 30, 0, np.inf]
    assert next_link[[0, 1, 4]].tolist() == [-1, -1, -1]


@grow
def test_a_slow_link_costs_more(grow):
    net = network(LINE, 4)
    net.speed_frac[:] = 0.5
    assert tree(net, 3, grow)[1].tolist() == [300, 200, 60, 0]


@settings(deadline=None)  # the first example compiles
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(1, 9)), min_size=1, max_size=20))
def test_equals_scipy_and_the_way_walked_costs_what_the_tree_says(roads):
    net = network([road for road in roads if road[0] != road[1]] or LINE, 8)
    next_link, cost_s = trees(net, np.arange(8))
    dense = np.full((8, 8), np.inf)
    np.minimum.at(dense, (net.head, net.tail), net.length_m)
    dense[np.isinf(dense)] = 0
    assert np.array_equal(cost_s, dijkstra(csr_matrix(dense), indices=np.arange(8)))
    for target, node in np.argwhere(np.isfinite(cost_s)):
        walked_m, here = 0.0, node
        while here != target:
            link = next_link[target, here]
            walked_m, here = walked_m + net.length_m[link], net.head[link]
        assert walked_m == cost_s[target, node]
