"""What the map shows, from saved places and fields: depth, roads and closures, shelters and how full they were, committees."""

from collections.abc import Iterable, Mapping
from struct import unpack_from
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.report.palette import DEPTHS

POINT, LINE = 1, 2  # geometry codes of OGC Simple Features, part 1 (06-103r4), table 7
HEADER = 5  # byte order and code
UNUSED, OPENED, FULL = 0, 1, 2


class Shelter(NamedTuple):
    """A designated site: where it is in m, most it held, its largest room, how often it turned people away."""

    name: str
    x_m: float
    y_m: float
    held_n: int
    room_n: int
    refused_n: int

    @property
    def state(self) -> int:
        """UNUSED, OPENED or FULL."""
        if self.room_n <= 0:
            return UNUSED
        return FULL if self.refused_n > 0 or self.held_n >= self.room_n else OPENED


class TownMap(NamedTuple):
    """Metres east and north. depth_m (rows, columns) float32 from the south-west; roads are (n, 2) float64 polylines with
    `blocked (n_roads,) bool`; zones are names with their centroids."""

    width_m: float
    height_m: float
    depth_m: np.ndarray
    roads: list[np.ndarray]
    blocked: np.ndarray
    shelters: list[Shelter]
    zones: list[tuple[str, float, float]]


def geometry(wkb: bytes) -> np.ndarray:
    """(n, 2) float64 points of a well-known-binary point or line; ValueError for any other geometry."""
    order = "<" if wkb[:1] == b"\x01" else ">"
    (code,) = unpack_from(f"{order}I", wkb, 1)
    if code not in (POINT, LINE):
        raise ValueError(f"geometry code {code} is neither a point (1) nor a line (2)")
    start = HEADER if code == POINT else HEADER + 4
    return np.frombuffer(wkb, f"{order}f8", offset=start).reshape(-1, 2)


def merged(roads: Iterable[np.ndarray], closed: Iterable[bool]) -> tuple[list[np.ndarray], np.ndarray]:
    """The two directions of a road as one, blocked if either was."""
    found: dict[bytes, tuple[np.ndarray, bool]] = {}
    for line, shut in zip(roads, closed, strict=True):
        key = min(line.tobytes(), line[::-1].tobytes())
        found[key] = (line, bool(shut) or (key in found and found[key][1]))
    return [line for line, _ in found.values()], np.array([shut for _, shut in found.values()], bool)


def depth_classes(depth_m: np.ndarray) -> np.ndarray:
    """(rows, columns) int8: the class of each cell in palette.DEPTHS, -1 for what counts as dry."""
    return (np.searchsorted([low for low, _ in DEPTHS], np.nan_to_num(depth_m), side="right") - 1).astype(np.int8)


def depth_rgba(depth_m: np.ndarray, alpha: int = 235) -> np.ndarray:
    """(rows, columns) uint32 colours, R in the lowest byte, as a canvas wants them; dry cells are transparent."""
    colours = np.zeros((len(DEPTHS) + 1, 4), np.uint8)
    for row, (_, colour) in enumerate(DEPTHS, 1):
        colours[row] = *bytes.fromhex(colour[1:]), alpha
    return np.ascontiguousarray(colours[depth_classes(depth_m) + 1]).view("<u4")[..., 0]


def shelters_of(sites: pd.DataFrame, fields: Mapping[str, np.ndarray]) -> list[Shelter]:
    """The designated sites with what was kept of them."""
    shown = []
    peak, room, refused = (fields.get(f"site_{name}_n", np.zeros(len(sites))) for name in ("peak", "room", "refused"))
    for row, (name, wkb, designated) in enumerate(zip(sites["name"], sites["wkb"], sites["shelter"], strict=True)):
        if designated:
            x_m, y_m = geometry(wkb)[0]
            shown.append(Shelter(name, x_m, y_m, int(peak[row]), int(room[row]), int(refused[row])))
    return shown


def town_map(places: pd.DataFrame, fields: Mapping[str, np.ndarray], cell_m: float) -> TownMap | None:
    """The map of a saved result; None where no depth was kept. `depth_max_m` is (rows, columns) from the south-west."""
    if "depth_max_m" not in fields:
        return None
    tables = {name: places[places["table"] == name] for name in ("links", "sites", "zones")}
    lines = [geometry(wkb) for wkb in tables["links"]["wkb"]]
    roads, blocked = merged(lines, fields.get("link_closed", np.zeros(len(lines), bool)))
    centroids = [(str(name), *geometry(wkb)[0]) for name, wkb in zip(tables["zones"]["name"], tables["zones"]["wkb"], strict=True)]
    depth_m = np.asarray(fields["depth_max_m"], np.float32)
    rows, columns = depth_m.shape
    return TownMap(columns * cell_m, rows * cell_m, depth_m, roads, blocked, shelters_of(tables["sites"], fields), centroids)
