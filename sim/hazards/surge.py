"""Surge: the stage of the tidal river beside the town."""

import math
from pathlib import Path
from typing import Annotated, Any, ClassVar, NamedTuple

import numpy as np
from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema

from sim.documents import FileError, file_beneath, read_csv
from sim.errors import Mistake, mistake_under
from sim.hazards.datum import level_in
from sim.hazards.track import shown
from sim.units import GRAVITY_MPS2, Degrees, Elevation, Factor, Instant, Length, Level, Metres, Model, Seconds, parse_time
from sim.world.clock import Rank
from sim.world.part import Part
from sim.world.world import World

SEA_KGM3 = 1025.0
AIR_KGM3 = 1.15
HALF_DAY_S = 44_714.0  # M2, the lunar half day: 12.4206 h
DAY_S = 2 * HALF_DAY_S
METRES_PER_PA = 1.0 / (SEA_KGM3 * GRAVITY_MPS2)  # inverse barometer: 1 cm of water a hPa
DRAG_LIMIT_MPS = 33.0  # drag of the sea grows no more above it: Powell et al. 2003
HIGHEST_M, JUMP_M = 15.0, 3.0  # an observed stage beyond these, or that jumps so far between two rows, is a mistake in the file


class Stages(NamedTuple):
    """An observed series: s since 1970 (UTC) and metres above its datum."""

    name: str
    time_s: tuple[float, ...]
    stage_m: tuple[float, ...]


def read_stages(path: Path) -> Stages:
    """Rows `time` (ISO 8601 with offset) and `stage_m`; FileError lists every mistake with its line."""
    mistakes: list[Mistake] = []
    times: list[float] = []
    stages: list[float] = []
    for row in read_csv(path, ("time", "stage_m")):
        where = f"{path}:{row['line']}"
        try:
            times.append(parse_time(row["time"]).timestamp())
            stages.append(float(row["stage_m"]))
        except ValueError as error:
            mistakes.append(Mistake(where, "", "is not right", (row["time"], row["stage_m"]), str(error)))
            continue
        if len(times) > 1 and times[-1] <= times[-2]:
            mistakes.append(Mistake(where, "time", "does not come after the row before it", row["time"], "times that grow"))
        if not abs(stages[-1]) <= HIGHEST_M:
            mistakes.append(Mistake(where, "stage_m", "is not a stage", row["stage_m"], f"metres within {HIGHEST_M:g}"))
        elif len(stages) > 1 and abs(stages[-1] - stages[-2]) > JUMP_M:
            mistakes.append(Mistake(where, "stage_m", f"jumps from {stages[-2]:g}", row["stage_m"], f"at most {JUMP_M:g} m"))
    if len(times) < 2 and not mistakes:
        mistakes.append(Mistake(str(path), "", "is no series", f"{len(times)} rows", "two rows or more"))
    if mistakes:
        raise FileError(mistakes)
    return Stages(path.name, tuple(times), tuple(stages))


def stages_named(value: Any, info: ValidationInfo) -> Stages:
    """The series in the file that a scenario names."""
    return value if isinstance(value, Stages) else read_stages(file_beneath(value, info))


StageFile = Annotated[Stages, BeforeValidator(stages_named), WithJsonSchema({"type": "string", "description": "a CSV file"})]


class Tide(Model):
    """Two constituents, both highest at a given high water: enough for a storm of days, not for a tide table."""

    mean: Level = Field(Elevation(2.3, "Wusong"), description="mean stage of the river (assumed, Huangpu Park)")
    half_daily_m: Length = Field(1.5, description="amplitude of the lunar half-daily tide, near springs (assumed)")
    daily_m: Length = Field(0.25, description="amplitude of the lunar daily tide (assumed)")
    high_water: Instant = Field(description="time of a higher high water without storm, with its offset")

    def above_mean_m(self, unix_s: np.ndarray) -> np.ndarray:
        """Height (n,) above the mean stage at instants (n,)."""
        phase = 2.0 * math.pi * (unix_s - self.high_water.timestamp())
        return self.half_daily_m * np.cos(phase / HALF_DAY_S) + self.daily_m * np.cos(phase / DAY_S)


class Observed(Model):
    """A gauge's record in place of tide and storm."""

    file: StageFile = Field(description="CSV: time (ISO 8601 with offset), stage_m")
    datum: str = Field(pattern="^(Wusong|1985|EGM96)$", description="vertical datum of the record")


class Surge(Part):
    """Stage at the river wall: tide, the sea lifted by low pressure, and water piled up by the wind; or an observed record.

    The wind set-up is the steady slope of a shallow reach, tau / (rho g depth) over its fetch, that follows the wind with
    a lag; one draw a replication makes it higher or lower. Tide and set-up are assumed, and the defaults are set so that
    Bebinca (intensity factor 1.1) gives the 5.1 m (Wusong) read at Huangpu Park before noon on 16 September 2024.
    """

    rank: ClassVar[Rank] = Rank.SURGE
    reads: ClassVar[tuple[str, ...]] = ("forcing.time_s", "forcing.wind_mps", "forcing.wind_from_deg", "forcing.pressure_drop_pa")
    writes: ClassVar[tuple[str, ...]] = ("forcing.stage_m", "town.stage_m", "town.warning_stage_m")

    tide: Tide | None = Field(None, description="the tide without storm")
    observed: Observed | None = Field(None, description="an observed stage in place of tide and storm")
    warning_stage: Level = Field(Elevation(4.55, "Wusong"), description="stage from which the river is dangerous (Huangpu Park)")
    datum_offset_m: Metres | None = Field(None, description="to be added to levels whose datum is not the community's")
    reach_depth_m: Length = Field(8.0, gt=0, description="depth of the reach on which the wind piles up water (assumed)")
    reach_fetch_m: Length = Field(110_000.0, description="its length along the wind (calibrated to the 5.1 m)")
    onshore_from_deg: Degrees = Field(110.0, description="wind from here piles up most, from behind draws off (assumed)")
    sea_wind_factor: Factor = Field(1.33, description="wind over the reach as a multiple of that over open land (assumed)")
    drag: Factor = Field(2.0e-3, description="drag of the sea in a gale (assumed; Large and Pond 1981: 1.2-2.6e-3)")
    lag_s: Seconds = Field(7200.0, gt=0, description="the river follows the wind after this long (assumed)")
    setup_spread: Factor = Field(0.15, le=1, description="standard deviation of ln(set-up factor), drawn once (assumed)")

    def begin(self, world: World) -> None:
        """The stage of every tick. InputError for mixed datums, a record too short, or neither tide nor record."""
        datum = world.community.datum
        world.town.warning_stage_m[0] = level_in(datum, self.warning_stage, self.datum_offset_m, "hazards.surge.warning_stage")
        middle_s = world.times.start.timestamp() + world.forcing.time_s + world.times.tick_s / 2
        if self.observed is not None:
            world.forcing.stage_m[:] = self.recorded_m(world, self.observed, middle_s)
        elif self.tide is not None:
            mean_m = level_in(datum, self.tide.mean, self.datum_offset_m, "hazards.surge.tide.mean")
            world.forcing.stage_m[:] = mean_m + self.tide.above_mean_m(middle_s) + self.storm_m(world)
        else:
            raise mistake_under("hazards.surge", "has neither `tide` nor `observed`", wanted="one of the two")

    def recorded_m(self, world: World, observed: Observed, middle_s: np.ndarray) -> np.ndarray:
        """The record (n,) at the middle of every tick, in the community's datum."""
        record, times = observed.file, world.times
        start_s, end_s = times.start.timestamp(), times.start.timestamp() + times.storm_s
        if record.time_s[0] > start_s or record.time_s[-1] < end_s:
            span = f"{shown(record.time_s[0])} to {shown(record.time_s[-1])}"
            what = f"{record.name} does not cover the storm"
            raise mistake_under("hazards.surge.observed.file", what, span, f"{shown(start_s)} to {shown(end_s)}")
        zero = Elevation(0.0, observed.datum)
        return np.interp(middle_s, record.time_s, record.stage_m) + level_in(
            world.community.datum, zero, self.datum_offset_m, "hazards.surge.observed.datum"
        )

    def storm_m(self, world: World) -> np.ndarray:
        """What the storm adds (n,): inverse barometer and lagged set-up times this replication's factor."""
        forcing, tick_s = world.forcing, world.times.tick_s
        factor = math.exp(self.setup_spread * world.streams.normal("surge.setup", 1)[0])
        steady_m = self.setup_m(forcing.wind_mps.astype(np.float64), forcing.wind_from_deg)
        return forcing.pressure_drop_pa * METRES_PER_PA + factor * lagged(steady_m, tick_s, self.lag_s)

    def setup_m(self, wind_mps: np.ndarray, from_deg: np.ndarray) -> np.ndarray:
        """Steady set-up (n,) at the reach's end: d(eta)/dx = tau / (rho g (h + eta)), so (h + eta)^2 = h^2 + 2 tau L / (rho g)."""
        wind = np.minimum(wind_mps * self.sea_wind_factor, DRAG_LIMIT_MPS)
        along_pa = AIR_KGM3 * self.drag * wind**2 * np.cos(np.radians(from_deg - self.onshore_from_deg))
        square_m2 = self.reach_depth_m**2 + 2.0 * along_pa * self.reach_fetch_m * METRES_PER_PA
        return np.sqrt(np.maximum(square_m2, 0.0)) - self.reach_depth_m

    def step(self, world: World, dt_s: float) -> None:
        """Show the tick's stage."""
        world.town.stage_m[0] = world.forcing.stage_m[world.tick]


def lagged(steady_m: np.ndarray, tick_s: float, lag_s: float) -> np.ndarray:
    """What follows `steady_m (n,)` with a lag, from its first value: the exact answer to a value held over each tick."""
    keep = math.exp(-tick_s / lag_s)
    out = np.empty_like(steady_m)
    now_m = steady_m[0]
    for i, goal_m in enumerate(steady_m):
        now_m = goal_m + (now_m - goal_m) * keep
        out[i] = now_m
    return out
