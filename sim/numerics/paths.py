"""Ways to a place: one reverse shortest-path tree for each destination over the road links that are open.

Dijkstra (1959, "A note on two problems in connexion with graphs") from the destination backwards. Cost is seconds at a
free speed of 1 m/s, so a group of speed v needs cost / v. Among ways of equal cost the one found first from the node
with the least (cost, number) holds, so a tree is the same on every machine.
"""

from typing import Any, NamedTuple

import numpy as np

from sim.numerics.heap import Heap, empty_heap, pop, push
from sim.numerics.jit import njit_lean

NO_LINK = -1


class Network(NamedTuple):
    """Directed links and, for each node, which links lead into it.

    head, tail (n_links,) int32 nodes; length_m (n_links,) float32; into (n_links,) int32 links sorted by head;
    into_start (n_nodes + 1,) int32; open (n_links,) bool and speed_frac (n_links,) float32 are the world's own columns.
    """

    head: np.ndarray
    tail: np.ndarray
    length_m: np.ndarray
    into: np.ndarray
    into_start: np.ndarray
    open: np.ndarray
    speed_frac: np.ndarray


def network_of(links: Any, nodes_n: int) -> Network:
    """The network of a world's table of links; it sees later changes of `open` and `speed_frac`."""
    into = np.argsort(links.head, kind="stable").astype(np.int32)
    start = np.searchsorted(links.head[into], np.arange(nodes_n + 1)).astype(np.int32)
    return Network(links.head, links.tail, links.length_m, into, start, links.open, links.speed_frac)


@njit_lean
def grow_tree(network: Network, target: int, heap: Heap, next_link: np.ndarray, cost_s: np.ndarray) -> None:
    """Fill `next_link (n_nodes,) int32` (-1 at the target and where no way leads) and `cost_s (n_nodes,) float64` (inf)."""
    next_link[:] = -1
    cost_s[:] = np.inf
    cost_s[target] = 0.0
    push(heap, 0.0, target)
    while heap.size[0] > 0:
        node = pop(heap)
        here_s = cost_s[node]
        for i in range(network.into_start[node], network.into_start[node + 1]):
            link = network.into[i]
            frac = np.float64(network.speed_frac[link])
            if not network.open[link] or frac <= 0.0:
                continue
            there = network.tail[link]
            reached_s = here_s + np.float64(network.length_m[link]) / frac
            if reached_s < cost_s[there]:
                cost_s[there] = reached_s
                next_link[there] = link
                push(heap, reached_s, there)


@njit_lean
def grow_trees(network: Network, targets: np.ndarray, heap: Heap, next_link: np.ndarray, cost_s: np.ndarray) -> None:
    """One tree a row for each of `targets (m,) int32` nodes."""
    for k in range(targets.size):
        grow_tree(network, targets[k], heap, next_link[k], cost_s[k])


def trees(network: Network, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`next_link (m, n_nodes) int32` and `cost_s (m, n_nodes) float64` (seconds at 1 m/s; inf: no way) to each target node."""
    nodes_n = network.into_start.size - 1
    next_link = np.empty((len(targets), nodes_n), np.int32)
    cost_s = np.empty((len(targets), nodes_n))
    grow_trees(network, np.asarray(targets, np.int32), empty_heap(nodes_n), next_link, cost_s)
    return next_link, cost_s
