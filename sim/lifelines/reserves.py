"""Reserves: batteries, fuel and tanks that carry a thing over a time without supply, and fill again afterwards."""

import numpy as np


class Reserves:
    """How much each of n reserves holds, in seconds of use; looked at only when its supply comes or goes."""

    def __init__(self, full_s: np.ndarray, refill: float) -> None:
        """All full. `refill` is the time that filling takes as a multiple of the time that use takes; 0 fills at once."""
        self.full_s = [float(value) for value in full_s]
        self.refill = refill
        self.left_s = list(self.full_s)
        self.since_s = [0.0] * len(self.full_s)
        self.supplied = [True] * len(self.full_s)
        self.turns_n = [0] * len(self.full_s)  # how often its supply came or went

    def left_at(self, index: int, now_s: float) -> float:
        """What it holds now."""
        passed_s = now_s - self.since_s[index]
        if not self.supplied[index]:
            return max(self.left_s[index] - passed_s, 0.0)
        gained_s = passed_s / self.refill if self.refill else np.inf
        return min(self.left_s[index] + gained_s, self.full_s[index])

    def turn(self, index: int, now_s: float, supplied: bool) -> int:
        """Its supply comes or goes; the number of this turn, by which a later one is told from it."""
        self.left_s[index] = self.left_at(index, now_s)
        self.since_s[index], self.supplied[index] = now_s, supplied
        self.turns_n[index] += 1
        return self.turns_n[index]
