"""Decision: who, told to leave, does so, and when it is ready.

Each household has one latent draw for the whole storm, its reluctance: the odds that a telling must carry to move it. So a
second message, a knock at the door, a second knock can only win more households, never lose one, and two policies share
their luck. Some never leave (5-20 %: LifeSim technical reference manual). Getting ready follows a Rayleigh or Lindell
curve, one draw a household, shorter when someone stands at the door; a later telling can only bring the hour forward.

Told to leave are the named groups (camps, huts, old lanes) by signals, whoever is asked at the door, and ground floors at
which water stands, by message or by their own eyes. All others are advised to stay in, and do.
"""

from collections.abc import Generator
from typing import Annotated, Any, ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from sim.numerics.jit import njit
from sim.units import Factor, Length, Model, Seconds, Share
from sim.world.clock import TICKS_PER_S, Rank
from sim.world.letters import Leave, Told, Visited
from sim.world.part import Part
from sim.world.tables import HouseholdKind, Signal
from sim.world.world import World

Winning = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]


class Compliance(Model):
    """Share of a community of average trust that a telling moves, before those who never leave are taken off. All assumed;
    20-30 % leave before any order in hurricanes (LifeSim technical reference manual)."""

    blue: Winning = Field(0.02, description="blue signal")
    yellow: Winning = Field(0.2, description="yellow signal")
    orange: Winning = Field(0.4, description="orange signal")
    red: Winning = Field(0.6, description="red signal")
    water: Winning = Field(0.7, description="water at the ground floor, told or seen")
    visit: Winning = Field(0.8, description="asked at the door")
    second_visit: Winning = Field(0.9, description="asked at the door again")

    def odds(self, how: str) -> float:
        """Odds of a telling by its name; without a signal in force none."""
        share: float = getattr(self, how, 0.0)
        return share / (1.0 - share)


class Minds(NamedTuple):
    """Columns of the households that a telling may change: reluctance (odds), preparing_s, advice_s, willing, ready_s; all (n,)."""

    reluctance: np.ndarray
    preparing_s: np.ndarray
    advice_s: np.ndarray
    willing: np.ndarray
    ready_s: np.ndarray


@njit
def consider(rows: np.ndarray, times_s: np.ndarray, odds: float, pace: float, minds: Minds) -> np.ndarray:
    """Households `rows (n,)` are told at `times_s (n,)` with a telling of these odds; (n,) bool: whose hour of leaving moved.

    Who is won gets ready in its preparing time x `pace`; the earliest of all tellings holds. Hours are on the clock's lattice.
    """
    moved = np.zeros(rows.size, np.bool_)
    for k in range(rows.size):
        household = rows[k]
        minds.advice_s[household] = min(minds.advice_s[household], times_s[k])
        if minds.reluctance[household] >= odds:
            minds.willing[household] = max(minds.willing[household], np.int8(0))
            continue
        minds.willing[household] = np.int8(1)
        ready_s = np.round((times_s[k] + np.float64(minds.preparing_s[household]) * pace) * TICKS_PER_S) / TICKS_PER_S
        if ready_s < minds.ready_s[household]:
            minds.ready_s[household] = ready_s
            moved[k] = True
    return moved


class Decision(Part):
    """Protective action of households."""

    rank: ClassVar[Rank] = Rank.DECISION
    reads: ClassVar[tuple[str, ...]] = ("town.signal", "buildings.depth_m")
    writes: ClassVar[tuple[str, ...]] = (
        *("households.reluctance", "households.preparing_s", "households.advice_s", "households.willing", "households.ready_s"),
    )

    compliance: Compliance = Compliance()
    trust: Factor = Field(1.0, gt=0, description="odds of following advice beside an average community; 1 = average")
    experienced_frac: Share = Field(0.3, description="households that have been through such a storm; assumed")
    experience: Factor = Field(1.3, gt=0, description="their odds of leaving beside the others'; assumed")
    ordered: Factor = Field(
        4.0, gt=0, description="odds of camps and huts, whose site office or landlord is ordered, beside others; assumed"
    )
    never_frac: Share = Field(0.1, description="residents who never leave; 5-20 % (LifeSim technical reference manual)")
    never_ordered_frac: Share = Field(0.02, description="the same in camps and huts; assumed")
    preparing_s: Seconds = Field(
        35.32 * 60.0, description="median time to get ready; Rayleigh with t50 35 min (scale 1,800 min2, unverified)"
    )
    shape: Factor = Field(2.0, gt=0, description="b of P(t) = 1 - exp(-a t^b); 2 is Rayleigh")
    in_person: Share = Field(0.5, description="getting ready takes this share of the time when someone stands at the door; assumed")
    water_above_sill_m: Length = Field(0.05, description="water over the floor at which a ground floor decides by itself; assumed")

    def begin(self, world: World) -> None:
        """Draw every household's reluctance and preparing time."""
        homes, streams = world.households, world.streams
        draws = streams.block("decision", homes.n)
        ordered = (homes.kind == HouseholdKind.CAMP) | (homes.kind == HouseholdKind.HUT)
        ease = (
            self.trust * np.where(ordered, self.ordered, 1.0) * np.where(draws[:, 1] < self.experienced_frac, self.experience, 1.0)
        )
        never = draws[:, 2] < np.where(ordered, self.never_ordered_frac, self.never_frac)
        homes.reluctance[:] = np.where(never, np.inf, draws[:, 0] / (1.0 - draws[:, 0]) / ease)
        waits = -np.log1p(-draws[:, 3]) / np.log(2.0)
        homes.preparing_s[:] = self.preparing_s * waits ** (1.0 / self.shape)

    def step(self, world: World, dt_s: float) -> None:
        """Ground floors that see the water come in decide by themselves."""
        buildings, homes = world.buildings, world.households
        wet = buildings.depth_m - buildings.sill_m > self.water_above_sill_m
        if wet.any():
            low = homes.ground_floor & (homes.kind != HouseholdKind.VISITOR)
            rows = np.flatnonzero(low & wet[homes.building])
            self.told(world, rows, np.full(rows.size, world.now_s), "water", self.in_person)

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Read what households are told."""
        while True:
            letter = yield world.inboxes[Rank.DECISION].get()
            if isinstance(letter, Visited):
                how = "visit" if letter.visit == 0 else "second_visit"
                self.told(world, np.array([letter.household]), np.array([world.now_s]), how, self.in_person)
            elif isinstance(letter, Told):
                how = "water" if letter.flood else Signal(world.town.signal[0]).name.lower()
                self.told(world, letter.households, letter.times_s, how, 1.0)

    def told(self, world: World, rows: np.ndarray, times_s: np.ndarray, how: str, pace: float) -> None:
        """Let households think about a telling and send word to travel of those whose hour has changed."""
        odds = self.compliance.odds(how)
        homes = world.households
        minds = Minds(homes.reluctance, homes.preparing_s, homes.advice_s, homes.willing, homes.ready_s)
        moved = consider(rows, times_s, odds, pace, minds)
        if moved.any():
            leaving = rows[moved]
            world.post(Rank.TRAVEL, Leave(leaving, homes.ready_s[leaving]))
