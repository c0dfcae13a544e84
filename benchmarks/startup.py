"""What a user waits for before anything is played: `--help`, and a warm run of one replication."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]


def child_cpu_s(command: list[str]) -> tuple[float, float]:
    """CPU and wall seconds of a child process."""
    before, started = os.times(), time.perf_counter()
    subprocess.run(command, cwd=HERE, check=True, capture_output=True)
    after, wall_s = os.times(), time.perf_counter() - started
    return after.children_user + after.children_system - before.children_user - before.children_system, wall_s


def measure() -> dict[str, float]:
    """Least of five for `--help` beside `python -c pass`; a warm `sim run --replications 1` in all."""
    sim = [sys.executable, "-m", "sim"]
    help_s = min(child_cpu_s([*sim, "--help"])[0] for _ in range(5))
    python_s = min(child_cpu_s([sys.executable, "-c", "pass"])[0] for _ in range(5))
    walls = []
    for _ in range(2):  # the first compiles and builds
        with tempfile.TemporaryDirectory() as folder:
            run = [*sim, "run", "scenarios/typhoon.yaml", "--replications", "1", "--workers", "1", "--out", f"{folder}/run"]
            walls.append(child_cpu_s(run)[1])
    return {"help_cpu_s": help_s, "bare_python_cpu_s": python_s, "run_1_first_wall_s": walls[0], "run_1_warm_wall_s": walls[1]}
