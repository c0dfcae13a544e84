"""A saved result as the page needs it: the tables as written, and what a headline says, found once."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.report.numbers import local_time

TABLES = ("need", "ledger", "replications", "series", "events", "places")


@dataclass(frozen=True)
class Saved:
    """A result folder in memory, never changed."""

    summary: dict[str, Any]
    manifest: dict[str, Any]
    need: pd.DataFrame
    ledger: pd.DataFrame
    replications: pd.DataFrame
    series: pd.DataFrame
    events: pd.DataFrame
    places: pd.DataFrame
    fields: dict[str, np.ndarray]
    stories: list[dict[str, Any]]

    @property
    def replications_n(self) -> int:
        """How many replications the sums are over."""
        return max(int(self.summary["replications"]), 1)

    @property
    def resolved(self) -> dict[str, Any]:
        """The scenario as resolved when it was played."""
        return self.manifest.get("scenario", {}).get("resolved", {})

    @property
    def community(self) -> dict[str, Any]:
        """Title, synthetic or not, grid."""
        return self.manifest.get("community", {})

    @property
    def start(self) -> datetime:
        """The run's start: every *_s counts from it."""
        return datetime.fromisoformat(self.resolved["run"]["start"])

    @property
    def community_title(self) -> str:
        """What the page is headed with."""
        return self.community.get("title") or self.summary["scenario"]

    @property
    def synthetic(self) -> bool:
        """Whether its people and buildings were made from figures; a community that does not say so counts as made."""
        return bool(self.community.get("synthetic", True))

    @property
    def scenario_title(self) -> str:
        """The scenario's title, or its name."""
        return self.resolved.get("title") or self.summary["scenario"]

    @property
    def given(self) -> str:
        """What the result holds for."""
        return self.resolved.get("given", "")

    @property
    def notes(self) -> list[str]:
        """What is modelled or assumed."""
        return list(self.resolved.get("notes", []))

    @property
    def made(self) -> str:
        """When it was played, UTC."""
        made = self.manifest.get("made")
        return f"{local_time(made)} UTC" if made else ""

    @property
    def version(self) -> str:
        """Program and version."""
        program = self.manifest.get("program", {})
        return f"{program.get('name', 'renxing')} {program.get('version', '')}".strip()


def read_saved(folder: Path) -> Saved:
    """Read a result folder."""
    folder = Path(folder)
    texts = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in ("summary", "manifest", "stories")}
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    with np.load(folder / "fields.npz", allow_pickle=False) as file:
        fields = {name: file[name] for name in file.files}
    return Saved(**texts, **tables, fields=fields)
