"""The kernels' cache knows the source."""

import os
import subprocess
import sys
from pathlib import Path

from sim.numerics.jit import source_hash, user_cache

JIT = Path(__file__).resolve().parents[2] / "sim" / "numerics" / "jit.py"


def test_an_edited_callee_is_seen(tmp_path):
    """numba's own cache would return the old answer: the callee stands in another file than the kernel."""
    room = tmp_path / "sim"
    (room / "numerics").mkdir(parents=True)
    (room / "__init__.py").write_text("")
    (room / "numerics" / "__init__.py").write_text("")
    (room / "numerics" / "jit.py").write_text(JIT.read_text(encoding="utf-8"))
    (room / "caller.py").write_text(
        "from sim.numerics.jit import njit\nfrom sim.callee import f\n@njit\ndef g(x):\n    return f(x) + 1\nprint(g(1))\n"
    )

    def answer(factor: int) -> str:
        (room / "callee.py").write_text(f"from sim.numerics.jit import njit\n@njit\ndef f(x):\n    return x * {factor}\n")
        environment = {**os.environ, "RENXING_CACHE": str(tmp_path / "cache")}
        environment.pop("NUMBA_CACHE_DIR", None)
        return subprocess.run(
            [sys.executable, "-m", "sim.caller"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        ).stdout

    assert answer(2).strip() == "3"
    assert answer(5).strip() == "6"


def test_the_hash_follows_the_source(tmp_path):
    (tmp_path / "a.py").write_text("x = 1")
    before = source_hash(tmp_path)
    (tmp_path / "a.py").write_text("x = 2")
    assert source_hash(tmp_path) != before


def test_the_cache_can_be_placed(monkeypatch, tmp_path):
    monkeypatch.setenv("RENXING_CACHE", str(tmp_path))
    assert user_cache() == tmp_path
