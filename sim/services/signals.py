"""Warning signals: recorded ones from the scenario, or issued from thresholds of the forcing."""

from datetime import datetime
from typing import Annotated, Any, NamedTuple

import numpy as np
from pydantic import BeforeValidator, Field, WithJsonSchema

from sim.streams import Streams
from sim.units import Factor, Model, Seconds, parse_quantity
from sim.world.tables import Forcing, Signal
from sim.world.world import Times, World

HOUR_S = 3600.0
# Lower edges of Beaufort forces in m/s (WMO code table 1100; above 12 as GB/T 28591 extends it, from memory).
FORCE_MPS = {6: 10.8, 8: 17.2, 10: 24.5, 12: 32.7, 14: 41.5}
GUST_OF_MEAN = 1.5  # 3 s gust over 10-min mean in open terrain, assumed: what a forecast of gusts rests on here
# Shanghai gale warning 2019: mean force, or gust force, expected within a horizon in hours (unverified); the red row is not
# held, so it is the generic typhoon warning's (unverified), with the gust force that would follow on.
GALE = ((Signal.BLUE, 6, 8, 24.0), (Signal.YELLOW, 8, 10, 12.0), (Signal.ORANGE, 10, 12, 6.0), (Signal.RED, 12, 14, 6.0))
# Shanghai rain warning: mm in one hour, occurred (unverified); the red row is not held.
RAIN_MM = ((Signal.BLUE, 35.0), (Signal.YELLOW, 50.0), (Signal.ORANGE, 80.0))


def parse_level(value: Any) -> Signal:
    """`"orange"` -> Signal.ORANGE."""
    if isinstance(value, Signal):
        return value
    if not isinstance(value, str) or value.upper() not in Signal.__members__:
        raise ValueError(f"one of {', '.join(level.name.lower() for level in Signal)} (got {value!r})")
    return Signal[value.upper()]


def parse_moment(value: Any) -> datetime | float:
    """`"7 h"` after the run's start, or an ISO time with its offset."""
    if isinstance(value, datetime):
        moment: datetime | None = value
    else:
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            moment = None
    if moment is None:
        try:
            return parse_quantity(value, "s")
        except ValueError:
            pass
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"a time after the run's start, such as '7 h', or '2024-09-15T22:00:00+08:00' (got {value!r})")
    return moment


LEVELS = [level.name.lower() for level in Signal]
Level = Annotated[Signal, BeforeValidator(parse_level), WithJsonSchema({"type": "string", "enum": LEVELS})]
Moment = Annotated[datetime | float, BeforeValidator(parse_moment), WithJsonSchema({"type": "string"})]


class RecordedSignal(Model):
    """One signal as it was issued; `none` lifts it."""

    time: Moment = Field(description="ISO time with offset, or a time after the run's start such as '7 h'")
    level: Level = Field(description="none, blue, yellow, orange or red")
    kind: str = Field("typhoon", description="what it warns of; the highest of all kinds is in force")

    def at_s(self, times: Times) -> float:
        """Seconds after the run's start; what was issued before it is in force at the start."""
        seconds = self.time if isinstance(self.time, float) else (self.time - times.start).total_seconds()
        return max(seconds, 0.0)


class Delay(Model):
    """Lindell's curve: P(delay <= t) = 1 - exp(-a t^b), given by its median and b, so a = ln 2 / median^b; b = 2 is Rayleigh's."""

    median_s: Seconds = Field(description="half are through after this time")
    shape: Factor = Field(gt=0, description="b: 1 exponential, 2 Rayleigh")

    def seconds(self, exponential: np.ndarray) -> np.ndarray:
        """Delays of unit-exponential draws."""
        return self.median_s * (exponential / np.log(2.0)) ** (1.0 / self.shape)


class Change(NamedTuple):
    """From a time on this level of this kind is in force."""

    time_s: float
    kind: str
    level: Signal


def recorded(signals: tuple[RecordedSignal, ...], times: Times) -> list[Change]:
    """The scenario's list in order of time."""
    return sorted(Change(row.at_s(times), row.kind, row.level) for row in signals)


def from_thresholds(world: World, delay: Delay) -> list[Change]:
    """Signals that a weather office would issue: gale by a perfect forecast of the wind over each level's horizon, rain when
    it has fallen; each issued after a delay and lifted when its condition has not held for the horizon (rain: an hour)."""
    forcing, times = world.forcing, world.times
    changes = []
    for level, mean_force, gust_force, horizon_h in GALE:
        rough = forcing.wind_mps >= min(FORCE_MPS[mean_force], FORCE_MPS[gust_force] / GUST_OF_MEAN)
        changes += _issued(forcing, times, "gale", level, rough, -horizon_h * HOUR_S, delay, world.streams)
    hour = max(round(HOUR_S / times.tick_s), 1)
    fallen_mm = np.cumsum(forcing.rain_mps, dtype=np.float64) * times.tick_s * 1e3
    in_hour_mm = fallen_mm - np.concatenate((np.zeros(min(hour, fallen_mm.size)), fallen_mm[:-hour]))[: fallen_mm.size]
    for level, least_mm in RAIN_MM:
        changes += _issued(forcing, times, "rain", level, in_hour_mm > least_mm, times.tick_s, delay, world.streams)
    return sorted(changes)


def _issued(
    forcing: Forcing, times: Times, kind: str, level: Signal, holds: np.ndarray, shift_s: float, delay: Delay, streams: Streams
) -> list[Change]:
    """On and off of one level of one kind; every level is a kind of its own, so that the highest holds."""
    when = np.flatnonzero(holds)
    if when.size == 0:
        return []
    draw = streams.exponential(f"warning.issue.{kind}", np.array([int(level)]))
    on_s = max(float(forcing.time_s[when[0]]) + shift_s, 0.0) + float(delay.seconds(draw)[0])
    off_s = max(float(forcing.time_s[when[-1]]) + times.tick_s + HOUR_S, on_s)
    name = f"{kind}.{level.name.lower()}"
    return [Change(on_s, name, level), Change(off_s, name, Signal.NONE)]
