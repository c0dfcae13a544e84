"""numba, with a cache that knows the source: `from sim.numerics.jit import njit`.

numba's own cache does not see an edited callee in another file. So its folder is named by a hash of every .py in sim/,
the versions of numba, llvmlite and numpy, and the CPU's name; it must be set before numba is imported. Kernels are
compiled without fastmath and without parallel sums: results are the same to the bit on the same machine.
"""

import os
import platform
import sys
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def user_cache() -> Path:
    """The user's cache folder of this program: RENXING_CACHE, else the platform's usual place."""
    if given := os.environ.get("RENXING_CACHE"):
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "renxing"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "renxing"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "renxing"


def source_hash(package: Path = PACKAGE) -> str:
    """Hash of every .py below `package`, the compilers' versions and the CPU."""
    digest = blake2b(digest_size=10)
    for path in sorted(package.rglob("*.py")):
        digest.update(str(path.relative_to(package)).encode() + b"\0" + path.read_bytes())
    for name in ("numba", "llvmlite", "numpy"):
        digest.update(version(name).encode())
    digest.update(cpu_name().encode())
    return digest.hexdigest()


def cpu_name() -> str:
    """The CPU's model name, for the cache and the manifest."""
    try:
        for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


if "NUMBA_CACHE_DIR" not in os.environ:
    os.environ["NUMBA_CACHE_DIR"] = str(user_cache() / "numba" / source_hash())

import numba  # noqa: E402  (the cache folder must be set first)
from numba import config  # noqa: E402

config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]  # type: ignore[attr-defined]


def njit(function):
    """Compile a kernel: cached, no fastmath, no threads; `.py_func` is the Python original."""
    return numba.njit(function, cache=True, error_model="numpy", nogil=True)


def njit_lean(function):
    """Compile a kernel that allocates nothing: arrays are not reference-counted, which costs more than the work itself where
    many small steps pass many arrays to each other."""
    return numba.njit(function, cache=True, error_model="numpy", nogil=True, _nrt=False)


def njit_step(function):
    """Compile a lean step that only kernels call: no door from Python is built for it, which halves the compiling."""
    return numba.njit(
        function, cache=True, error_model="numpy", nogil=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True
    )


def bound(kernel, *arguments):
    """The kernel as compiled for the types of these arguments: called again with the same types it asks no more questions,
    which is most of the cost of a short call that passes many arrays."""
    if not hasattr(kernel, "overloads"):
        return kernel  # compiling is switched off
    types = tuple(numba.typeof(argument) for argument in arguments)
    kernel.compile(types)
    return kernel.overloads[types].entry_point
