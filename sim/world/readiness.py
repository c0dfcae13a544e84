"""Readiness of people who help: how training, fatigue and the hour of day set the time a task takes and whether it succeeds.

The bureau's training framework has four dimensions; here they are one level between 0 and 1 (assumed). The one definition for
door-knockers, transfer teams and rescuers. With the defaults it is off: every time and every outcome is as if there were no
readiness, to the last bit.
"""

import numpy as np
from pydantic import Field

from sim.units import Factor, Model, Seconds, Share

UNTRAINED_PACE = 0.5  # the untrained work half as fast as the trained (assumed)
LEAST_FREE_FRAC = 0.05  # somebody is always found (assumed)
NIGHT_H = (22.0, 6.0)
WORKING_H = (9.0, 17.0)


class Readiness(Model):
    """Level of training, fatigue by hours worked, availability by hour of the day."""

    level: Share = Field(1.0, description="training: 1 trained, 0 untrained; task times go with 1 / (0.5 + 0.5 level) (assumed)")
    error_frac: Share = Field(0.1, description="share of tasks that fail where nobody is trained, such as a door missed (assumed)")
    tired_after_s: Seconds = Field(8 * 3600.0, description="hours of work after which people slow down (assumed)")
    tired_per_h: Factor = Field(0.0, description="by this share for every further hour of work; 0 = off (assumed)")
    night_frac: Share = Field(1.0, description="share of the people who can come between 22:00 and 06:00; 1 = all (assumed)")
    working_frac: Share = Field(1.0, description="share who can come between 09:00 and 17:00; 1 = all (assumed)")

    @property
    def perfect(self) -> bool:
        """Nobody makes a mistake."""
        return self.level == 1.0 or self.error_frac == 0.0

    def task_s(self, trained_s: float, worked_s: float = 0.0) -> float:
        """Time of a task that takes the trained and rested `trained_s`, after `worked_s` of work; never shorter than that."""
        pace = UNTRAINED_PACE + (1.0 - UNTRAINED_PACE) * self.level
        tired = 1.0 + self.tired_per_h * max(worked_s - self.tired_after_s, 0.0) / 3600.0
        return trained_s / pace * tired

    def fails(self, uniform: np.ndarray) -> np.ndarray:
        """(n,) bool: which tasks fail, of those with luck `uniform (n,)` in [0, 1)."""
        return np.asarray(uniform < self.error_frac * (1.0 - self.level))

    def free_frac(self, hour: float) -> float:
        """Share of the people who can come at this hour of the day."""
        free = 1.0
        if hour >= NIGHT_H[0] or hour < NIGHT_H[1]:
            free = self.night_frac
        elif WORKING_H[0] <= hour < WORKING_H[1]:
            free = self.working_frac
        return max(free, LEAST_FREE_FRAC)
