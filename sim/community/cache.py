"""Communities built once: kept in the user's cache under the hash of everything that they depend on."""

import json
import os
import zipfile
from contextlib import suppress
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from sim.community.recipe import build
from sim.numerics.jit import PACKAGE, user_cache
from sim.world.community import Community, Grid
from sim.world.tables import TABLES

# what a community depends on, beside its text and resolution: rooms and files of sim/
SOURCES = ("community", "world", "streams.py", "trajectory.py", "units.py", "documents.py", "numerics/jit.py")
ABOUT = "about"  # the entry of the file that holds names, figures and the grid as JSON


def digest_of(text: str, resolution_m: float) -> str:
    """Hash of the text, the resolution, the source code and numpy's version, 32 hex digits."""
    digest = blake2b(f"{float(resolution_m)!r}/{np.__version__}/".encode() + text.encode(), digest_size=16)
    for source in SOURCES:
        path = PACKAGE / source
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def community_of(path: Path, text: str, resolution_m: float) -> Community:
    """The community that `text` describes: from the cache, else built and kept there; `path` is for messages."""
    digest = digest_of(text, resolution_m)
    file = user_cache() / "communities" / f"{digest}.npz"
    community = read(file)
    if community is None or community.digest != digest:
        community = replace(build(text, str(path), resolution_m), digest=digest)
        keep(community, file)
    return community


def keep(community: Community, file: Path) -> None:
    """Write a community under a temporary name, then rename; a cache that cannot be written is no error."""
    about = {name: value for name, value in vars(community).items() if name != "tables"}
    arrays: dict[str, Any] = {
        f"{name}.{key}": values for name, table in community.tables.items() for key, values in table.static_arrays().items()
    }
    arrays[ABOUT] = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8)
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as stream:
            np.savez(stream, **arrays)
        temporary.replace(file)
    except OSError:
        with suppress(OSError):
            temporary.unlink()


def read(file: Path) -> Community | None:
    """A community from its file; None where the file is absent or damaged."""
    try:
        with np.load(file, allow_pickle=False) as arrays:
            about = json.loads(arrays[ABOUT].tobytes())
            tables = {}
            for name, table in TABLES.items():
                given = {key: arrays[f"{name}.{key}"] for key, column in table.columns.items() if not column.state}
                tables[name] = table(len(next(iter(given.values()))), given)
            return Community(**{**about, "grid": Grid(*about["grid"]), "tables": tables})
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None
