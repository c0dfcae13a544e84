"""Survival by delay until definitive care: curves b0 / ((t / b1)^b2 + 1) of a class of casualties, from survival.csv.

No number in the table could be checked against the paper: each row says `verified: false`.
"""

from csv import DictReader
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Curve(NamedTuple):
    """One row of survival.csv."""

    b0: float  # survival if treated at once
    b1_s: float  # delay at which half of that is left
    b2: float  # steepness
    source: str
    verified: bool

    def survives(self, delay_s: float) -> float:
        """Probability of survival when care begins after this delay."""
        return self.b0 / ((delay_s / self.b1_s) ** self.b2 + 1.0)


@cache
def curves() -> dict[tuple[str, str], Curve]:
    """(curve, triage) -> its row."""
    lines = files("sim.reference").joinpath("survival.csv").read_text(encoding="utf-8").splitlines()
    return {
        (row["curve"], row["triage"]): Curve(
            float(row["b0"]), 60.0 * float(row["b1_min"]), float(row["b2"]), row["source"], row["verified"] == "true"
        )
        for row in DictReader(lines)
    }


def survival(curve: str, triage: str, delay_s: float) -> float:
    """Probability of survival; the lightly hurt, for whom there is no curve, survive (assumed)."""
    row = curves().get((curve, triage))
    return 1.0 if row is None else row.survives(delay_s)
