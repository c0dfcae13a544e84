"""The world of one replication: the community's columns, the forcing, the clock, the luck, the inboxes, the recorder."""

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from simpy import Store
from simpy.events import Process

from sim.streams import Streams
from sim.trajectory import Recorder
from sim.world.clock import Clock, Rank
from sim.world.community import Community
from sim.world.tables import TABLES, Forcing, Town


class Times:
    """The run's times in seconds from its start."""

    def __init__(self, start: datetime, storm_s: float, recovery_s: float, tick_s: float) -> None:
        """`start` carries its offset; ticks are played over [0, storm_s); the run ends at storm_s + recovery_s."""
        self.start = start
        self.tick_s = tick_s
        self.storm_s = storm_s
        self.end_s = storm_s + recovery_s
        self.ticks_n = round(storm_s / tick_s)

    def at(self, time_s: float) -> datetime:
        """The wall time of a run time."""
        return self.start + timedelta(seconds=time_s)

    def hour_of_day(self, time_s: float) -> float:
        """Local hour, 0 <= h < 24."""
        midnight = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        return ((self.start - midnight).total_seconds() + time_s) / 3600.0 % 24.0


class World:
    """Parts meet only here: in the columns of the tables (`world.households.warned_s`) and in the inboxes."""

    if TYPE_CHECKING:  # tables are set by name from TABLES

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, community: Community, times: Times, streams: Streams, recorder: Recorder) -> None:
        """Fresh state columns over the community's shared static ones."""
        self.community, self.times, self.streams, self.recorder = community, times, streams, recorder
        self.clock = Clock()
        for name in TABLES:
            setattr(self, name, community.tables[name].fresh())
        self.forcing = Forcing(times.ticks_n)
        self.forcing.time_s[:] = np.arange(times.ticks_n) * times.tick_s
        self.town = Town(1)
        self.inboxes = {rank: Store(self.clock) for rank in Rank}
        self.given_window_s: tuple[float, float] | None = None  # the reference run's, where another policy is compared with it
        self.own: dict[Rank, Any] = {}  # what a part keeps for itself in this replication: nobody else looks

    @property
    def now_s(self) -> float:
        """Seconds since the run's start."""
        return self.clock.now

    @property
    def tick(self) -> int:
        """Row of `forcing` that holds now; the last one after the storm."""
        return min(int(self.now_s // self.times.tick_s), self.times.ticks_n - 1)

    def post(self, to: Rank, message: Any) -> None:
        """Put a message in a part's inbox; it is read at this same instant."""
        self.inboxes[to].put(message)

    def spawn(self, generator: Generator[Any, Any, Any]) -> Process:
        """Start another process of the part that calls (a crew, a door-knocker)."""
        return self.clock.process(generator)
