"""Tiny towns for hazard tests: a raster, a few buildings, one drain catchment, one transformer area."""

from datetime import datetime

import numpy as np

from sim.streams import Streams
from sim.trajectory import Recorder
from sim.world.community import Community, Grid
from sim.world.tables import TABLES, BuildingClass
from sim.world.world import Times, World

START = datetime.fromisoformat("2024-09-15T00:00:00+08:00")


def town(rows_n=6, columns_n=8, size_m=40.0, cells=None, catchments=None, datum="Wusong", n_buildings=6):
    """A community of level ground at 4 m where nothing is given."""
    n = rows_n * columns_n
    ground = {"ground_m": np.full(n, 4.0), "inlet_frac": np.ones(n), **(cells or {})}
    pumps = {"capacity_mps": [1e-5], "invert_m": [3.0], "generator_s": [3600.0], **(catchments or {})}
    spread = np.linspace(0.5, min(rows_n, columns_n) - 0.5, n_buildings) * size_m
    where = (spread // size_m).astype(int)
    kinds = np.arange(n_buildings) % len(BuildingClass)
    houses = {"x_m": spread, "y_m": spread, "cell": where * columns_n + where, "kind": kinds}
    given = {"cells": (n, ground), "catchments": (1, pumps), "buildings": (n_buildings, houses), "areas": (1, {})}
    tables = {name: kind(*given.get(name, (0, None))) for name, kind in TABLES.items()}
    grid = Grid(columns_n, rows_n, size_m)
    return Community("tiny", "Tiny", True, 31.18, 121.49, datum, 8.0, grid, [], [], tables)


def world_of(community=None, storm_h=2.0, tick_s=600.0, replication=0, recovery_s=0.0, start=START):
    """A world before the clock starts."""
    times = Times(start, storm_h * 3600, recovery_s, tick_s)
    return World(community or town(), times, Streams(7, replication), Recorder(replication, True))
