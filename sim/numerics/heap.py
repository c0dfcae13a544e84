"""A binary heap of who is next, keyed (time, entity), with at most one entry an entity.

Each entity's place in the heap is known, so an entry is moved, never doubled: nothing stale lies in it and it never
grows past the number of entities. Equal times go by entity, so the order of play does not depend on the order of asking.
"""

from typing import NamedTuple

import numpy as np

from sim.numerics.jit import njit_lean

NOBODY = -1


class Heap(NamedTuple):
    """The heap's arrays: `time_s (n,) float64` and `entity (n,) int32` by slot, `slot (n,) int32` by entity, `size (1,) int64`."""

    time_s: np.ndarray
    entity: np.ndarray
    slot: np.ndarray
    size: np.ndarray


def empty_heap(entities_n: int) -> Heap:
    """A heap for entities 0..n-1 with nobody in it."""
    slots = np.full(entities_n, NOBODY, np.int32)
    return Heap(np.empty(entities_n), np.empty(entities_n, np.int32), slots, np.zeros(1, np.int64))


@njit_lean
def _raise(heap: Heap, slot: int, time_s: float, entity: int) -> None:
    """Put the entry at `slot`, or as far towards the top as it belongs."""
    while slot > 0:
        above = (slot - 1) >> 1
        other_s, other = heap.time_s[above], heap.entity[above]
        if other_s < time_s or (other_s == time_s and other < entity):
            break
        heap.time_s[slot], heap.entity[slot], heap.slot[other] = other_s, other, slot
        slot = above
    heap.time_s[slot], heap.entity[slot], heap.slot[entity] = time_s, entity, slot


@njit_lean
def _sink(heap: Heap, slot: int, time_s: float, entity: int) -> None:
    """Put the entry at `slot`, or as far from the top as it belongs."""
    size = heap.size[0]
    while True:
        below = 2 * slot + 1
        if below >= size:
            break
        right = below + 1
        if right < size:
            left_s, right_s = heap.time_s[below], heap.time_s[right]
            if right_s < left_s or (right_s == left_s and heap.entity[right] < heap.entity[below]):
                below = right
        other_s, other = heap.time_s[below], heap.entity[below]
        if time_s < other_s or (time_s == other_s and entity < other):
            break
        heap.time_s[slot], heap.entity[slot], heap.slot[other] = other_s, other, slot
        slot = below
    heap.time_s[slot], heap.entity[slot], heap.slot[entity] = time_s, entity, slot


@njit_lean
def push(heap: Heap, time_s: float, entity: int) -> None:
    """The entity is next at `time_s`; its earlier entry, if any, is moved there."""
    slot = heap.slot[entity]
    if slot < 0:
        slot = heap.size[0]
        heap.size[0] += 1
        _raise(heap, slot, time_s, entity)
    elif time_s < heap.time_s[slot]:
        _raise(heap, slot, time_s, entity)
    else:
        _sink(heap, slot, time_s, entity)


@njit_lean
def pop(heap: Heap) -> int:
    """Take out the first entity; its time was `heap.time_s[0]`. The heap must not be empty."""
    first = heap.entity[0]
    heap.slot[first] = -1
    size = heap.size[0] - 1
    heap.size[0] = size
    if size > 0:
        _sink(heap, 0, heap.time_s[size], heap.entity[size])
    return first


@njit_lean
def remove(heap: Heap, entity: int) -> None:
    """Take the entity out, wherever it lies; nothing happens if it is not in."""
    slot = heap.slot[entity]
    if slot < 0:
        return
    heap.slot[entity] = -1
    size = heap.size[0] - 1
    heap.size[0] = size
    if slot < size:
        time_s, last = heap.time_s[size], heap.entity[size]
        _raise(heap, slot, time_s, last)
        _sink(heap, heap.slot[last], time_s, last)


@njit_lean
def push_all(heap: Heap, times_s: np.ndarray, entities: np.ndarray) -> None:
    """Push each of `entities (m,)` at its own of `times_s (m,) float64`."""
    for i in range(entities.size):
        push(heap, times_s[i], entities[i])
