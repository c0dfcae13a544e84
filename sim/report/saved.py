"""A saved result as the page needs it: what a headline says, found once. Made from the folder alone."""

import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.report.numbers import local_time
from sim.result import Result, read


@dataclass(frozen=True)
class Saved:
    """A result and what its texts say of it."""

    result: Result

    @property
    def summary(self) -> dict[str, Any]:
        """summary.json."""
        return self.result.summary

    @property
    def manifest(self) -> dict[str, Any]:
        """manifest.json."""
        return self.result.manifest

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
        """Its title and whether it is synthetic."""
        return self.manifest.get("community", {})

    @property
    def cell_m(self) -> float:
        """Size of a cell of the maps."""
        return float(self.resolved["run"]["resolution_m"])

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

    def number(self, name: str) -> float | None:
        """The mean over replications of a number of theirs; None where they have none."""
        rows = self.result.replications
        value = float(rows[name].mean()) if name in rows else math.nan
        return None if math.isnan(value) else value

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
    """Read a result folder; InputError lists every file that is missing or cannot be read."""
    return Saved(read(folder))
