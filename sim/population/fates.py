"""Fates: whose place was unsafe from when to when, what each did, and why a need was unmet at each moment.

Need comes from the hazard and from who is there, never from warning or movement. Unmet need is judged by the time
columns that the other parts left behind. Each service has its chain of links; the earliest unmet one is the cause.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.population.access import MET, AccessLog
from sim.population.spans import within
from sim.trajectory import Cause
from sim.world.world import World

DAY_S = 86400.0
HOUR_S = 3600.0


class Exposure(NamedTuple):
    """Stays in an unsafe place: one row a household, or one a day for those who are there by hours."""

    household: np.ndarray  # (n,) int64
    arrives_s: np.ndarray  # (n,) float64: there from (the run's start for those who live there)
    unsafe_s: np.ndarray  # (n,) float64: unsafe and there from
    safe_s: np.ndarray  # (n,) float64: safe again, or gone

    def since(self, lead_s: float) -> np.ndarray:
        """(n,) float64: when a service that is needed `lead_s` before the danger is first needed."""
        return np.maximum(self.unsafe_s - lead_s, self.arrives_s)


def unsafe_span_s(world: World) -> tuple[np.ndarray, np.ndarray]:
    """First and last moment (n_households,) at which a dwelling is unsafe: by wind on all floors, by water on the ground floor."""
    buildings, households = world.buildings, world.households
    at, ground = households.building, households.ground_floor
    first_s = np.minimum(buildings.wind_from_s[at], np.where(ground, buildings.flood_from_s[at], np.inf))
    last_s = np.maximum(buildings.wind_to_s[at], np.where(ground, buildings.flood_to_s[at], -np.inf))
    return first_s, last_s


def exposures(world: World) -> Exposure:
    """Every stay in an unsafe place, by household and then by day."""
    households, times = world.households, world.times
    first_s, last_s = unsafe_span_s(world)
    rows = np.flatnonzero(last_s > first_s)
    hours = np.where(households.to_h > households.from_h, 0.0, 24.0) + households.to_h - households.from_h
    always = hours[rows] >= 24.0
    found = [Exposure(rows[always], np.zeros(always.sum()), first_s[rows[always]], last_s[rows[always]])]
    guests = rows[~always]
    begins_s = (households.from_h[guests].astype(np.float64) - times.hour_of_day(0.0)) * HOUR_S
    for day in range(-1, int(times.storm_s // DAY_S) + 2):
        arrives_s = np.maximum(begins_s + day * DAY_S, 0.0)
        leaves_s = begins_s + day * DAY_S + hours[guests] * HOUR_S
        found.append(Exposure(guests, arrives_s, np.maximum(first_s[guests], arrives_s), np.minimum(last_s[guests], leaves_s)))
    merged = Exposure(*(np.concatenate(columns) for columns in zip(*found, strict=True)))
    kept = np.flatnonzero(merged.safe_s > merged.unsafe_s)
    kept = kept[np.lexsort((merged.unsafe_s[kept], merged.household[kept]))]
    return Exposure(*(column[kept] for column in merged))


class Fate(NamedTuple):
    """What each exposed household did, one row an exposure; times float64, inf = never."""

    reached_s: np.ndarray
    unreached: np.ndarray  # Cause of the time before
    advice_s: np.ndarray
    declined: np.ndarray
    ready_s: np.ndarray
    helper_s: np.ndarray  # -inf for those who need none
    left_s: np.ndarray
    stranded_s: np.ndarray
    returned_s: np.ndarray
    away_s: np.ndarray  # (n, 2 SPANS_N): out of home
    inside_s: np.ndarray  # (n, 2 SPANS_N): in a shelter
    refused: np.ndarray
    node: np.ndarray
    reach_m: np.ndarray  # how far it walks in the time allowed
    persons_n: np.ndarray


def fates(world: World, rows: np.ndarray, reach_s: float) -> Fate:
    """Fates of the households `rows`. Whoever was asked at the door to leave, or has left, was reached, whatever the channel; who
    sees the water come in was not: advice is a warning only where it came before the water."""
    households = world.households
    advice_s, left_s = households.advice_s[rows], households.left_s[rows]
    water_s = np.where(households.ground_floor[rows], world.buildings.flood_from_s[households.building[rows]], np.inf)
    helper_s = np.where(households.needs_help[rows], households.helper_s[rows], -np.inf)
    return Fate(
        np.minimum(np.minimum(households.warned_s[rows], np.where(advice_s < water_s, advice_s, np.inf)), left_s),
        unreached_cause(world, rows),
        advice_s,
        households.willing[rows] == 0,
        households.ready_s[rows],
        helper_s,
        left_s,
        households.stranded_s[rows],
        households.returned_s[rows],
        households.away_s[rows],
        households.inside_s[rows],
        households.refused_n[rows] > 0,
        households.node[rows],
        households.speed_mps[rows].astype(np.float64) * reach_s,
        households.persons_n[rows],
    )


def unreached_cause(world: World, rows: np.ndarray) -> np.ndarray:
    """(n,) int8: why a household is not reached once a signal is out, in the chain's order: off the register and without a phone
    of its own, NOT_ON_REGISTER (no list and no channel leads to it); a message lost for want of power, CHANNEL_DEAD; else
    NOT_REACHED (channels alive, the message not there yet)."""
    households = world.households
    unlisted = ~households.on_register[rows] & ~households.any_phone[rows] & ~households.smart_phone[rows]
    causes = [int(Cause.NOT_ON_REGISTER), int(Cause.CHANNEL_DEAD)]
    return np.select([unlisted, households.channel_dead[rows]], causes, int(Cause.NOT_REACHED)).astype(np.int8)


class Judge(NamedTuple):
    """Says why a need was unmet: each method takes exposure rows and times, both (m,), and gives (m,) int8, MET or a Cause."""

    fate: Fate
    log: AccessLog
    first_signal_s: float
    calm_s: np.ndarray  # (n,) float64: times at which walking transfers stop and go on again, starting with going

    def breaks_s(self) -> list[np.ndarray]:
        """(n, 1) and (1, m) arrays of times at which a judgement can change."""
        fate = self.fate
        told = (fate.reached_s, fate.advice_s, fate.ready_s, fate.helper_s)
        moved = (fate.stranded_s, fate.returned_s)
        common = (self.log.times_s, self.calm_s, np.array([self.first_signal_s]))
        own = (*(column[:, None] for column in told + moved), fate.away_s, fate.inside_s)
        return [*own, *(times_s[None] for times_s in common)]

    def out(self, row: np.ndarray, time_s: np.ndarray) -> np.ndarray:
        """(m,) bool: not at home."""
        return within(self.fate.away_s[row], time_s)

    def inside(self, row: np.ndarray, time_s: np.ndarray) -> np.ndarray:
        """(m,) bool: in a shelter."""
        return within(self.fate.inside_s[row], time_s)

    def warning(self, row: np.ndarray, time_s: np.ndarray) -> np.ndarray:
        """No signal out: NOT_DETECTED; then the cause of not being reached."""
        cause = np.where(time_s < self.first_signal_s, int(Cause.NOT_DETECTED), self.fate.unreached[row])
        return np.where(time_s < self.fate.reached_s[row], cause, MET).astype(np.int8)

    def waiting(self, time_s: np.ndarray) -> np.ndarray:
        """Why a helper has not come: STOOD_DOWN while the wind is above the limit, else NO_CREW_FREE."""
        stopped = np.searchsorted(self.calm_s, time_s, side="right") % 2 == 1
        return np.where(stopped, int(Cause.STOOD_DOWN), int(Cause.NO_CREW_FREE))

    def access(self, row: np.ndarray, time_s: np.ndarray) -> np.ndarray:
        """MET or why no place with room was within reach from home."""
        return self.log.codes(self.log.index_at(time_s), self.fate.node[row], self.fate.reach_m[row], self.fate.persons_n[row])

    def stuck(self, row: np.ndarray, time_s: np.ndarray) -> np.ndarray:
        """On the road without a way on, from the last time it found none until it is let in."""
        fate = self.fate
        since = (time_s >= fate.stranded_s[row]) & (fate.stranded_s[row] >= fate.left_s[row])
        return since & self.out(row, time_s) & ~self.inside(row, time_s)

    def evacuation(self, row: np.ndarray, time_s: np.ndarray) -> np.ndarray:
        """At home: no helper, for those who need one, from when they ask until one comes (before they are reached, the cause of
        that), then no place within reach. Under way: ROUTE_CLOSED while stranded. A refusal is no want of a way out."""
        fate = self.fate
        home = ~self.out(row, time_s)
        helpless = home & (time_s < fate.helper_s[row])
        stranded = ~home & self.stuck(row, time_s)
        access = np.full(row.size, MET, np.int8)
        access[home] = self.access(row[home], time_s[home])
        unmet = [helpless & (time_s < fate.reached_s[row]), helpless & (time_s >= fate.ready_s[row]), home, stranded]
        causes: list[np.ndarray | int] = [self.warning(row, time_s), self.waiting(time_s), access, int(Cause.ROUTE_CLOSED)]
        return np.select(unmet, causes, MET).astype(np.int8)

    def shelter(self, row: np.ndarray, time_s: np.ndarray) -> np.ndarray:
        """In a shelter: MET. Before leaving: not reached; reached, but not told that this place is unsafe (NOT_DETECTED); DECLINED;
        PREPARING; no helper; no place within reach; ready and not gone, or home again for want of room, SHELTER_FULL. Under way,
        also from a shelter that had to close: ROUTE_CLOSED while stranded, SHELTER_FULL if turned away, else ON_THE_WAY. Home
        again after an all-clear that came too early: no place, else NOT_DETECTED."""
        fate = self.fate
        out = self.out(row, time_s)
        back = ~out & (time_s >= fate.returned_s[row])
        stranded = self.stuck(row, time_s)
        access = np.full(row.size, MET, np.int8)
        home = ~out & ((time_s >= np.maximum(fate.ready_s, fate.helper_s)[row]) | back)
        access[home] = self.access(row[home], time_s[home])
        chain: list[tuple[np.ndarray, np.ndarray | int]] = [
            (self.inside(row, time_s), MET),
            (out & stranded, int(Cause.ROUTE_CLOSED)),
            (out & fate.refused[row], int(Cause.SHELTER_FULL)),
            (out, int(Cause.ON_THE_WAY)),
            (back & (access == MET), int(Cause.NOT_DETECTED)),
            (back, access),
            (time_s < fate.reached_s[row], self.warning(row, time_s)),
            (time_s < fate.advice_s[row], int(Cause.NOT_DETECTED)),
            (fate.declined[row], int(Cause.DECLINED)),
            (time_s < fate.ready_s[row], int(Cause.PREPARING)),
            (time_s < fate.helper_s[row], self.waiting(time_s)),
            (access != MET, access),
        ]
        return np.select([when for when, _ in chain], [cause for _, cause in chain], int(Cause.SHELTER_FULL)).astype(np.int8)


Judgement = Callable[[np.ndarray, np.ndarray], np.ndarray]
