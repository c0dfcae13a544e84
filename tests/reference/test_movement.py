"""The kernel's movement equals one SimPy process a group: times, admissions, counts and notices, with ties and overflow."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.population.travel import Travel
from sim.world.letters import NoticeKind
from tests.reference.movement import played
from tests.streets import both_ways, town, walked

HEARD = (NoticeKind.TURNED_AWAY, NoticeKind.NO_ROOM)


@st.composite
def places(draw):
    """A ring of streets with chords, few doors with little room, many groups that leave at few moments."""
    nodes_n = draw(st.integers(3, 7))
    edges = [(i, (i + 1) % nodes_n) for i in range(nodes_n)]
    chords = draw(st.lists(st.tuples(st.integers(0, nodes_n - 1), st.integers(0, nodes_n - 1)), max_size=4))
    edges += [(a, b) for a, b in chords if a != b]
    # lengths whose sums never tie, so that there is one shortest way
    roads = [(a, b, 20.0 + 13.0 * np.sqrt(2.0 + 3.0 * i), draw(st.sampled_from([0.5, 1.0, 3.0]))) for i, (a, b) in enumerate(edges)]
    node = st.integers(0, nodes_n - 1)
    sites = draw(st.lists(st.tuples(node, st.integers(0, 25)), min_size=1, max_size=3))
    group = st.tuples(node, st.integers(1, 8), st.sampled_from([0.44, 1.1, 1.34]))
    groups = draw(st.lists(group, min_size=1, max_size=25))
    leave_s = draw(st.lists(st.sampled_from([0.0, 1.0, 60.0, 61.5]), min_size=len(groups), max_size=len(groups)))
    return roads, sites, groups, leave_s


def both_models(roads, sites, groups, leave_s, monkeypatch):
    """The world, the reference's town and people, and the notices of the world."""
    notices, advance = [], Travel.advance

    def overheard(self, world, until_s):
        notice = advance(self, world, until_s)
        if notice is not None:
            notices.append((notice.time_s, notice.kind.name, notice.household))
        return notice

    monkeypatch.setattr(Travel, "advance", overheard)
    world = town(roads, [(node, 0.0) for node, _ in sites], groups, storm_s=36000.0, recovery_s=0.0)
    walked(world, [room for _, room in sites], leave_s)
    reference, people = played(both_ways(roads), sites, world.nodes.n, groups, leave_s, end_s=36000.0)
    return world, reference, people, notices


CROWDED = ([(0, 1, 50.0, 0.5), (1, 2, 40.0, 0.5), (2, 0, 130.0, 1.0)], [(1, 9), (2, 9)], [(0, 4, 1.1)] * 6, [0.0] * 6)


@given(places())
@example(CROWDED)
@settings(max_examples=60, deadline=None)
def test_the_kernel_equals_one_process_a_group(case):
    with pytest.MonkeyPatch.context() as patch:
        world, reference, people, notices = both_models(*case, patch)
    homes, sites = world.households, world.sites
    assert homes.sheltered_s.tolist() == [group.sheltered_s for group in people]
    assert homes.left_s.tolist() == [group.left_s for group in people]
    assert homes.refused_n.tolist() == [group.refusals for group in people]
    assert [int(s) for s in homes.site] == [group.site for group in people]
    assert sites.inside_n.tolist() == reference.inside_n
    assert sites.peak_n.tolist() == reference.peak_n
    assert sites.refused_n.tolist() == reference.refused_n
    assert notices == reference.log
    assert world.recorder.balances["people"] == 0


def test_the_example_does_overflow():
    with pytest.MonkeyPatch.context() as patch:
        world, _, _, notices = both_models(*CROWDED, patch)
    assert world.sites.refused_n.sum() > 0
    assert {kind for _, kind, _ in notices} == {kind.name for kind in HEARD}
    assert world.sites.inside_n.tolist() == [8, 8]
