"""With SIM_CHECK=1 every part sees only the state columns it declared, and is named when it writes another's."""

from collections.abc import Generator
from typing import Any
from zlib import crc32

from simpy.events import Process

from sim.errors import DeclarationError
from sim.world.columns import Table
from sim.world.part import Part
from sim.world.world import World

STATEFUL = (
    *("zones", "buildings", "households", "nodes", "links", "sites", "feeders", "areas", "masts", "catchments", "cells"),
    *("forcing", "town"),
)


def digest(world: World, but: tuple[str, ...]) -> dict[str, int]:
    """Checksum of every state column except those in `but`."""
    sums = {}
    for table_name in STATEFUL:
        table: Table = getattr(world, table_name)
        for name, column in table.columns.items():
            if column.state and f"{table_name}.{name}" not in but:
                sums[f"{table_name}.{name}"] = crc32(getattr(table, name).data)
    return sums


class SeenTable:
    """A table through a part's declaration."""

    def __init__(self, table: Table, name: str, part: Part) -> None:
        """Only static columns and those in the part's reads and writes can be had."""
        self._table, self._name, self._part = table, name, part

    def __getattr__(self, column: str) -> Any:
        """The column, or DeclarationError."""
        known = self._table.columns.get(column)
        full = f"{self._name}.{column}"
        if known is not None and known.state and full not in self._part.reads + self._part.writes:
            raise DeclarationError(f"{type(self._part).__name__} reads {full} without declaring it")
        return getattr(self._table, column)


class SeenWorld:
    """A world through a part's declaration; what it spawns is watched like itself."""

    def __init__(self, world: World, part: Part) -> None:
        """Wrap the tables; everything else is the world's."""
        self._world, self._part = world, part
        for name in STATEFUL:
            setattr(self, name, SeenTable(getattr(world, name), name, part))

    def __getattr__(self, name: str) -> Any:
        """Clock, streams, inboxes, times."""
        return getattr(self._world, name)

    def spawn(self, generator: Generator[Any, Any, Any]) -> Process:
        """A watched process."""
        return self._world.clock.process(self.watched(generator))

    def call(self, function: Any, *arguments: Any) -> Any:
        """Call and compare the columns that the part may not write."""
        before = digest(self._world, self._part.writes)
        try:
            return function(*arguments)
        finally:  # also when a generator ends: its last deed counts
            after = digest(self._world, self._part.writes)
            if changed := [name for name in before if before[name] != after[name]]:
                raise DeclarationError(f"{type(self._part).__name__} writes {', '.join(changed)} without declaring it")

    def watched(self, generator: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """The generator, each resumption checked."""
        value: Any = None
        while True:
            try:
                target = self.call(generator.send, value)
            except StopIteration as stop:
                return stop.value
            value = yield target
