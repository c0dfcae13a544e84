"""A part: a hazard, a lifeline, a rule of the population or a service, one frozen model in one file."""

from collections.abc import Generator
from typing import Any, ClassVar

from sim.units import Model
from sim.world.clock import Rank
from sim.world.world import World


class Part(Model):
    """Fields are the YAML schema. `reads` and `writes` are state columns as "table.column"; static columns need no word.

    begin(world): once, before the clock starts, by rank (forcing, thresholds drawn beforehand).
    step(world, dt_s): array work at every tick of the storm, by rank; what it writes holds over [t, t + dt_s).
    run(world): a SimPy generator for what waits and queues.
    """

    rank: ClassVar[Rank]
    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ()

    def begin(self, world: World) -> None:
        """Nothing to do before the clock starts."""

    def step(self, world: World, dt_s: float) -> None:
        """Nothing to do at a tick."""

    def run(self, world: World) -> Generator[Any, Any, None] | None:
        """Nothing that waits."""
        return None
