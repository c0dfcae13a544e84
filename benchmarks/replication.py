"""One replication of the shipped typhoon at sweep resolution (40 m), in core-seconds, warm."""

import time
from pathlib import Path

from sim.engine import play
from sim.scenario import Scenario, load
from sim.sweep.execute import community_for, peak_memory_mb

TYPHOON = Path(__file__).resolve().parents[1] / "scenarios" / "typhoon.yaml"


def measure() -> dict[str, float]:
    """Median of five replications after one that compiles."""
    return cost(load(TYPHOON, ("run.resolution=40 m",)), 5)


def cost(scenario: Scenario, repeats: int) -> dict[str, float]:
    """Core-seconds a replication, and what was played in it."""
    community = community_for(scenario)
    play(scenario, community, 0)
    seconds = []
    for number in range(1, repeats + 1):
        started = time.process_time()
        trajectory = play(scenario, community, number)
        seconds.append(time.process_time() - started)
    cells = community.tables["cells"].n
    median_s = sorted(seconds)[len(seconds) // 2]
    return {
        "people": float(community.tables["people"].n),
        "cells": float(cells),
        "core_s_median": median_s,
        "core_s_least": min(seconds),
        "core_s_most": max(seconds),
        **{name: value for name, value in trajectory.numbers.items() if name.startswith("engine.")},
        "peak_memory_mb": peak_memory_mb(),
    }
