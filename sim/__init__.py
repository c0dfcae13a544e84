"""renxing (韧性): what a typhoon, a flood, a fire does to a community, and three indices of how it holds, mends and learns.

import sim
result = sim.run(sim.load("scenarios/typhoon.yaml"), seed=1)
result.summary["indices"], result.ledger
"""

from importlib import import_module
from typing import Any

from sim.version import VERSION

__version__ = VERSION
_HOME = {
    "load": "sim.scenario",
    "Scenario": "sim.scenario",
    "run": "sim.sweep.execute",
    "read": "sim.result",
    "Result": "sim.result",
    "SimError": "sim.errors",
    "InputError": "sim.errors",
}
__all__ = ["InputError", "Result", "Scenario", "SimError", "load", "read", "run"]


def __getattr__(name: str) -> Any:
    """Load a name of the face from its room on first use, so that `import sim` costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    """The face."""
    return [*__all__, "__version__"]
