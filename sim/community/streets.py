"""The road graph: an irregular grid of roads, some of them missing, all connected."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree

from sim.community.form import RoadForm
from sim.community.land import cell_of
from sim.community.lots import Luck
from sim.world.community import Grid

EDGE_M = 10.0  # the outermost roads run so far inside the boundary (assumed)
JITTER_FRAC = 0.1  # junctions stand off the grid by up to so much of the mean block (assumed)


def lines_m(form: RoadForm, luck: Luck, name: str, side_m: float) -> np.ndarray:
    """Where parallel roads cross a side, (n,) float64 m, from edge to edge."""
    mean_m = (form.block_m.least + form.block_m.most) / 2
    n = max(1, round((side_m - 2 * EDGE_M) / mean_m))
    gaps_m = luck.between(name, n, form.block_m.least, form.block_m.most)
    return EDGE_M + np.append(0.0, np.cumsum(gaps_m)) * (side_m - 2 * EDGE_M) / gaps_m.sum()


def junctions(form: RoadForm, luck: Luck, extent_m: tuple[float, float]) -> tuple[np.ndarray, np.ndarray, int]:
    """East and north of the junctions, row by row from the south-west, and how many stand in a row."""
    east_m = lines_m(form, luck, "roads.east", extent_m[0])
    north_m = lines_m(form, luck, "roads.north", extent_m[1])
    x_m, y_m = (side.ravel() for side in np.meshgrid(east_m, north_m))
    reach_m = JITTER_FRAC * (form.block_m.least + form.block_m.most) / 2
    x_m = x_m + luck.between("roads.jitter_x", x_m.size, -reach_m, reach_m)
    y_m = y_m + luck.between("roads.jitter_y", y_m.size, -reach_m, reach_m)
    return np.clip(x_m, 0, extent_m[0]), np.clip(y_m, 0, extent_m[1]), east_m.size


def roads(form: RoadForm, luck: Luck, nodes_n: int, columns_n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The roads that exist: tail, head (n,) int64 and whether each is a main road (n,) bool."""
    node = np.arange(nodes_n)
    column, row = node % columns_n, node // columns_n
    eastward, northward = node[column < columns_n - 1], node[: nodes_n - columns_n]
    tail = np.concatenate([eastward, northward])
    head = np.concatenate([eastward + 1, northward + columns_n])
    main = np.concatenate([row[eastward] % form.main_every == 0, column[northward] % form.main_every == 0])
    cost = 1.0 + luck.uniform("roads.missing", tail.size) - main  # main roads are kept before lanes
    tree = minimum_spanning_tree(coo_array((cost, (tail, head)), shape=(nodes_n, nodes_n))).tocoo()
    needed = np.isin(tail * nodes_n + head, tree.row.astype(np.int64) * nodes_n + tree.col)
    spare = np.flatnonzero(~needed)
    worst = spare[np.argsort(-cost[spare], kind="stable")]
    kept = np.ones(tail.size, bool)
    kept[worst[: round(form.missing_frac * tail.size)]] = False
    return tail[kept], head[kept], main[kept]


def node_columns(x_m: np.ndarray, y_m: np.ndarray, grid: Grid) -> dict[str, np.ndarray]:
    """The table of junctions."""
    return {"x_m": x_m, "y_m": y_m, "cell": cell_of(grid, x_m, y_m)}


def link_columns(form: RoadForm, luck: Luck, nodes: dict[str, np.ndarray], columns_n: int, grid: Grid) -> dict[str, np.ndarray]:
    """The table of links: each road twice, sorted by tail, then head. Both directions have the same width and trees."""
    x_m, y_m = nodes["x_m"], nodes["y_m"]
    tail, head, main = roads(form, luck, x_m.size, columns_n)
    length_m = np.hypot(x_m[tail] - x_m[head], y_m[tail] - y_m[head])
    lane_most_m = (form.width_m.least + form.width_m.most) / 2
    lane_m = luck.between("roads.width", tail.size, form.width_m.least, lane_most_m)
    trees = np.floor(form.trees_per_km * length_m / 1000 + luck.uniform("roads.trees", tail.size))
    tails, heads = np.concatenate([tail, head]), np.concatenate([head, tail])
    order = np.lexsort((heads, tails))
    middle = cell_of(grid, (x_m[tail] + x_m[head]) / 2, (y_m[tail] + y_m[head]) / 2)
    both = {"length_m": length_m, "width_m": np.where(main, form.width_m.most, lane_m), "cell": middle, "tree_n": trees}
    return {"tail": tails[order], "head": heads[order], **{name: np.tile(values, 2)[order] for name, values in both.items()}}


def road_cells(nodes: dict[str, np.ndarray], links: dict[str, np.ndarray], grid: Grid) -> np.ndarray:
    """Cells that a road passes, sampled at every half cell, (n,) int64."""
    forward = links["tail"] < links["head"]
    tail, head, length_m = (links[name][forward] for name in ("tail", "head", "length_m"))
    samples_n = np.ceil(2 * length_m / grid.size_m).astype(np.int64) + 1
    which = np.repeat(np.arange(tail.size), samples_n)
    step = np.arange(which.size) - np.repeat(np.cumsum(samples_n) - samples_n, samples_n)
    share = step / np.repeat(samples_n - 1, samples_n)
    x_m, y_m = ((1 - share) * nodes[axis][tail[which]] + share * nodes[axis][head[which]] for axis in ("x_m", "y_m"))
    return np.unique(cell_of(grid, x_m, y_m))
