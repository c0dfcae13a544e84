"""A shard: the trajectories of up to eight replications as one file with its checksum, no pickle.

The first line is `sim-shard/1 <SHA-256 of the rest>`; the rest is a zip of parquet tables, of arrays (npz) and of JSON.
"""

import io
import json
import zipfile
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd

from sim.result import parquet_bytes
from sim.trajectory import Trajectory

MAGIC = b"sim-shard/1 "
FRAMES = ("need", "ledger", "series", "events")
PLAIN = ("window_start_s", "window_end_s", "numbers", "balances", "stories")


class Damaged(ValueError):
    """The file is not what was written: cut off, overwritten, or of another kind."""


def to_bytes(trajectories: Sequence[Trajectory]) -> bytes:
    """The file of these trajectories: the same bytes for the same trajectories."""
    members = {f"{name}.parquet": parquet_bytes(together(trajectories, name)) for name in FRAMES}
    fields = {f"{each.replication}/{name}": array for each in trajectories for name, array in each.fields.items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **fields)
    about = [{"replication": each.replication} | {name: getattr(each, name) for name in PLAIN} for each in trajectories]
    members |= {"fields.npz": buffer.getvalue(), "about.json": json.dumps(about, default=as_plain).encode()}
    payload = zipped(members)
    return MAGIC + sha256(payload).hexdigest().encode() + b"\n" + payload


def together(trajectories: Sequence[Trajectory], name: str) -> pd.DataFrame:
    """One table of all replications; those without rows lend only their columns."""
    frames = [getattr(each, name).assign(replication=each.replication) for each in trajectories]
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


def as_plain(value: Any) -> Any:
    """numpy's scalars and arrays as Python's."""
    return value.tolist()


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip that carries no time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def from_bytes(data: bytes) -> list[Trajectory]:
    """The trajectories of a file; Damaged where its checksum does not hold."""
    head, newline, payload = data.partition(b"\n")
    if not newline or head != MAGIC + sha256(payload).hexdigest().encode():
        raise Damaged("its checksum does not hold")
    with zipfile.ZipFile(io.BytesIO(payload)) as file:
        members = {name: file.read(name) for name in file.namelist()}
    frames = {name: pd.read_parquet(io.BytesIO(members[f"{name}.parquet"])) for name in FRAMES}
    with np.load(io.BytesIO(members["fields.npz"]), allow_pickle=False) as arrays:
        fields = {name: arrays[name] for name in arrays.files}
    return [trajectory_of(about, frames, fields) for about in json.loads(members["about.json"])]


def trajectory_of(about: dict[str, Any], frames: dict[str, pd.DataFrame], fields: dict[str, np.ndarray]) -> Trajectory:
    """One replication of a shard."""
    number = about["replication"]
    own = {name: frame[frame["replication"] == number] for name, frame in frames.items()}
    tables = {name: frame.drop(columns="replication").reset_index(drop=True) for name, frame in own.items()}
    prefix = f"{number}/"
    arrays = {name.removeprefix(prefix): array for name, array in fields.items() if name.startswith(prefix)}
    return Trajectory(replication=number, fields=arrays, **tables, **{name: about[name] for name in PLAIN})
