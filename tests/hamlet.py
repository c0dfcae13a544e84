"""A played hamlet: the shipped track over 1,500 people, one day of storm, made once a test run."""

from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "sim" / "templates"
TEXT = f"""
schema: scenario/1
name: hamlet
given: this track
run: {{start: "2024-09-15T18:00:00+08:00", storm: 24 h, recovery: 12 h, replications: 2, seed: 1, tick: 20 min}}
community: {TEMPLATES}/community.yaml
hazards:
  typhoon: {{track: {TEMPLATES}/tables/bebinca_2413_jma.csv}}
  flood: {{}}
services:
  warning: {{}}
"""


@cache
def hamlet_result():
    """The result of two replications. Declarations are not watched here: it would take most of the time."""
    import os
    import tempfile
    from unittest.mock import patch

    from sim.scenario import load
    from sim.sweep.execute import run

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hamlet.yaml"
        path.write_text(TEXT, encoding="utf-8")
        with patch.dict(os.environ, {"SIM_CHECK": "0"}):
            return run(load(path, allow_outside=True))
