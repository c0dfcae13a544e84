"""Worlds for tests."""

from datetime import UTC, datetime

from sim.streams import Streams
from sim.trajectory import Recorder
from sim.world.community import Community, Grid
from sim.world.tables import TABLES
from sim.world.world import Times, World


def small_world(ticks_n: int = 3, recovery_s: float = 600.0) -> World:
    """Two of everything."""
    tables = {name: table(2) for name, table in TABLES.items()}
    community = Community("two", "two", True, 31.2, 121.5, "Wusong", 8.0, Grid(2, 1, 40.0), ["a", "b"], ["s", "t"], tables)
    times = Times(datetime(2024, 9, 15, tzinfo=UTC), ticks_n * 600.0, recovery_s, 600.0)
    return World(community, times, Streams(1, 0), Recorder(0, True))
