"""Ways out against slow, obvious answers."""

import numpy as np
import pytest

from sim.population.access import MET, AccessLog, Network, cost_to_nearest_m
from sim.trajectory import Cause
from tests.population.test_needs import town


def line(n, length_m=100.0):
    """Nodes in a row, both directions; links sorted by tail, and their network."""
    pairs = sorted([(k, k + 1) for k in range(n - 1)] + [(k + 1, k) for k in range(n - 1)])
    tail, head = (np.array(column, np.int32) for column in zip(*pairs, strict=True))
    order = np.argsort(head, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(head, minlength=n))]).astype(np.int32)
    return tail, head, Network(order, tail[order], first, np.full(tail.size, length_m))


def test_distance_along_a_line_to_the_nearer_end():
    tail, _, network = line(5)
    cost_m = cost_to_nearest_m(network, np.ones(tail.size), np.array([0, 4]), np.inf)
    assert cost_m.tolist() == [0, 100, 200, 100, 0]


def test_slow_links_cost_more_and_closed_ones_are_no_way():
    tail, head, network = line(4)
    speed = np.ones(tail.size)
    speed[(tail == 1) & (head == 0)] = 0.5
    speed[(tail == 2) & (head == 1)] = 0.0
    cost_m = cost_to_nearest_m(network, speed, np.array([0]), np.inf)
    assert cost_m.tolist() == [0, 200, np.inf, np.inf]


def test_one_way_counts_the_way_to_the_shelter():
    network = Network(np.array([0]), np.array([0], np.int32), np.array([0, 0, 1], np.int32), np.array([50.0]))
    assert cost_to_nearest_m(network, np.ones(1), np.array([1]), np.inf).tolist() == [50, 0]
    assert cost_to_nearest_m(network, np.ones(1), np.array([0]), np.inf).tolist() == [0, np.inf]


def test_no_shelter_no_way():
    assert np.isinf(cost_to_nearest_m(line(3)[2], np.ones(4), np.array([], np.int32), np.inf)).all()


def looked(free_n=10, opened=True):
    """A log of one look at the school 300 m away."""
    world = town()
    world.sites.open[:] = opened
    world.sites.room_n[:] = free_n
    log = AccessLog(world)
    log.look(world)
    return world, log


@pytest.mark.parametrize(("free_n", "opened", "party_n", "reach_m", "code"), [
    (10, True, 2, 300, MET),
    (10, True, 2, 299, Cause.TOO_FAR),
    (10, False, 2, 300, Cause.NOT_OPEN),
    (1, True, 2, 300, Cause.SHELTER_FULL),
    (1, True, 1, 300, MET),
])  # fmt: skip
def test_the_earliest_link_that_is_unmet(free_n, opened, party_n, reach_m, code):
    _, log = looked(free_n, opened)
    assert log.codes(np.array([0]), np.array([0]), np.array([float(reach_m)]), np.array([party_n])).tolist() == [code]


def test_only_changes_are_taken_down():
    world, log = looked()
    log.look(world)
    assert len(log.seen) == 1
    world.sites.inside_n[:] = 9
    log.look(world)
    world.links.open[:] = False
    world.town.routes_version[:] += 1
    log.look(world)
    assert len(log.seen) == 3
    assert log.codes(np.array([2]), np.array([0]), np.array([300.0]), np.array([1])).tolist() == [Cause.ROUTE_CLOSED]
    assert log.most_room_n.tolist() == [10]
