"""Who is next: the least (time, entity), one entry an entity."""

import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.numerics.heap import empty_heap, pop, push, push_all, remove

KERNELS = [(push, pop, remove), (push.py_func, pop.py_func, remove.py_func)]
times = st.sampled_from([0.0, 1.0, 1.0009765625, 7.5])


def drained(heap, pop):
    """All entries in the order of play."""
    order = []
    while heap.size[0] > 0:
        time_s = heap.time_s[0]
        order.append((time_s, int(pop(heap))))
    return order


@pytest.mark.parametrize(("push", "pop", "remove"), KERNELS)
def test_equal_times_go_by_entity(push, pop, remove):
    heap = empty_heap(4)
    for entity in (3, 0, 2, 1):
        push(heap, 5.0, entity)
    assert drained(heap, pop) == [(5.0, 0), (5.0, 1), (5.0, 2), (5.0, 3)]


@pytest.mark.parametrize(("push", "pop", "remove"), KERNELS)
def test_an_entry_is_moved_not_doubled(push, pop, remove):
    heap = empty_heap(3)
    push(heap, 5.0, 0)
    push(heap, 6.0, 1)
    push(heap, 7.0, 0)
    push(heap, 1.0, 1)
    assert drained(heap, pop) == [(1.0, 1), (7.0, 0)]


@pytest.mark.parametrize(("push", "pop", "remove"), KERNELS)
@settings(deadline=None)  # the first example compiles
@given(acts=st.lists(st.tuples(st.sampled_from("+-<"), st.integers(0, 9), times), max_size=60))
def test_equals_a_sorted_list(push, pop, remove, acts):
    heap, held = empty_heap(10), {}
    for act, entity, time_s in acts:
        if act == "+":
            push(heap, time_s, entity)
            held[entity] = time_s
        elif act == "-":
            remove(heap, entity)
            held.pop(entity, None)
        elif held:
            first = min((at_s, who) for who, at_s in held.items())
            assert (heap.time_s[0], pop(heap)) == first
            del held[first[1]]
        assert heap.size[0] == len(held)
        assert all(heap.entity[heap.slot[who]] == who for who in held)
    assert drained(heap, pop) == sorted((at_s, who) for who, at_s in held.items())


def test_many_pushed_at_once():
    heap = empty_heap(1000)
    times_s = np.random.default_rng(1).uniform(0, 10, 1000).round(1)
    push_all(heap, times_s, np.arange(1000))
    expected = [(float(at_s), who) for who, at_s in enumerate(times_s)]
    heapq.heapify(expected)
    assert drained(heap, pop) == [heapq.heappop(expected) for _ in range(1000)]
