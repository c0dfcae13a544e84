"""Dividing: whole numbers by weight, rectangles into equal plots, luck by name."""

from typing import NamedTuple

import numpy as np

from sim.streams import Streams


class Plots(NamedTuple):
    """Rectangles: west, south, east, north, each (n,) float64 m."""

    west_m: np.ndarray
    south_m: np.ndarray
    east_m: np.ndarray
    north_m: np.ndarray


class Luck:
    """The recipe's draws, by name: a community is one replication of its seed."""

    def __init__(self, seed: int) -> None:
        """Draws depend on the seed, the name and the row."""
        self.streams = Streams(seed, 0)

    def uniform(self, name: str, n: int) -> np.ndarray:
        """(n,) float64 in [0, 1)."""
        return self.streams.uniform(f"community.{name}", n)

    def between(self, name: str, n: int, least: float, most: float) -> np.ndarray:
        """(n,) float64 in [least, most)."""
        return least + (most - least) * self.uniform(name, n)

    def whole(self, name: str, n: int, least: int, most: int) -> np.ndarray:
        """(n,) int64, least to most, both possible."""
        return least + np.floor((most - least + 1) * self.uniform(name, n)).astype(np.int64)

    def order(self, name: str, n: int) -> np.ndarray:
        """(n,) a permutation."""
        return np.argsort(self.uniform(name, n), kind="stable")

    def chosen(self, name: str, n: int, count: int) -> np.ndarray:
        """(n,) bool with exactly `count` true."""
        mask = np.zeros(n, bool)
        mask[self.order(name, n)[:count]] = True
        return mask


def shared_out(total: int, weights: np.ndarray) -> np.ndarray:
    """`total` in whole numbers by weight (largest remainder, earlier first), (n,) int64."""
    if weights.size == 0:
        return np.zeros(0, np.int64)
    exact = total * weights / weights.sum()
    result = np.floor(exact).astype(np.int64)
    result[np.argsort(result - exact, kind="stable")[: total - result.sum()]] += 1
    return result


def within(counts: np.ndarray) -> np.ndarray:
    """0, 1, .. in each of consecutive runs of `counts` rows."""
    starts = np.cumsum(counts) - counts
    return np.arange(counts.sum()) - np.repeat(starts, counts)


def plots(width_m: float, height_m: float, n: int) -> Plots:
    """`n` rectangles of equal area, in rows from the south, each row from the west."""
    rows_n = int(np.clip(round((n * height_m / width_m) ** 0.5), 1, n))
    per_row = shared_out(n, np.ones(rows_n))
    heights_m = height_m * per_row / n
    south_m = np.repeat(np.cumsum(heights_m) - heights_m, per_row)
    step_m = np.repeat(width_m / per_row, per_row)
    west_m = within(per_row) * step_m
    return Plots(west_m, south_m, west_m + step_m, south_m + np.repeat(heights_m, per_row))


def split(outer: Plots, counts: np.ndarray) -> Plots:
    """Each rectangle cut into `counts` equal strips across its longer side; (counts.sum(),) rectangles in order."""
    west_m, south_m, east_m, north_m = (np.repeat(side, counts) for side in outer)
    share = 1 / np.repeat(counts, counts)
    at = within(counts) * share
    wide = east_m - west_m >= north_m - south_m
    x_m, y_m = east_m - west_m, north_m - south_m
    return Plots(
        np.where(wide, west_m + at * x_m, west_m),
        np.where(wide, south_m, south_m + at * y_m),
        np.where(wide, west_m + (at + share) * x_m, east_m),
        np.where(wide, north_m, south_m + (at + share) * y_m),
    )


def plot_of(areas: Plots, x_m: np.ndarray, y_m: np.ndarray) -> np.ndarray:
    """Row of the rectangle (made by `plots`) that holds each point, (n,) int64."""
    rows_m, first = np.unique(areas.south_m, return_index=True)
    row = np.clip(np.searchsorted(rows_m, y_m, side="right") - 1, 0, rows_m.size - 1)
    per_row = np.diff(np.append(first, areas.south_m.size))
    width_m = areas.east_m.max()
    column = np.clip((x_m / width_m * per_row[row]).astype(np.int64), 0, per_row[row] - 1)
    return first[row] + column
