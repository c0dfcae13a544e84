"""Trajectories of a hamlet for tests of what keeps them, played once."""

import os
from functools import cache
from unittest.mock import patch

from sim.engine import play
from sim.scenario import load
from sim.sweep.execute import community_for
from tests.hamlet import TEXT


def scenario_in(folder, text=TEXT, name="hamlet.yaml"):
    """Written and loaded."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load(path, allow_outside=True)


@cache
def trajectories(numbers=(0, 1)):
    """The first in full detail. Declarations are watched elsewhere."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, {"SIM_CHECK": "0"}):
        scenario = scenario_in(Path(folder))
        return [play(scenario, community_for(scenario), number, number == 0) for number in numbers]
