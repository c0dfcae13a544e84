"""Telecom: masts that wind breaks and that fall silent when their area's power has been out longer than their reserve.

A transformer area has telecom while any of the masts nearest to it works (indoor coverage of one mast reaches as far as the next
ones: assumed). Lines behind the masts run underground and are not simulated; mobile masts that are driven up are neither.
"""

from collections.abc import Generator
from typing import Any, ClassVar

import numpy as np
from pydantic import Field
from scipy.spatial import cKDTree

from sim.lifelines.fragility import Fragility
from sim.lifelines.outages import OutageLog, book_need, book_outages, customers_of, earliest
from sim.lifelines.reserves import Reserves
from sim.trajectory import Cause, Service
from sim.units import CountPositive, Factor
from sim.world.clock import Rank
from sim.world.letters import Fault, FaultStage, Line, Mended, PowerTurned
from sim.world.part import Part
from sim.world.world import World


class Telecom(Part):
    """Damage and function of the mobile network; repair is a service."""

    rank: ClassVar[Rank] = Rank.TELECOM
    reads: ClassVar[tuple[str, ...]] = (
        *("areas.gust_mps", "areas.on", "town.first_signal_s", "town.warning_stage_m"),
        *("forcing.time_s", "forcing.wind_mps", "forcing.rain_mps", "forcing.stage_m"),
    )
    writes: ClassVar[tuple[str, ...]] = ("masts.limit_mps", "masts.faulty", "masts.working", "areas.telecom_on")

    mast: Fragility = Field(
        Fragility(median="75 m/s", sigma=0.2), description="gust at roof height that breaks a mast or turns its antennas; assumed"
    )
    masts_near_n: CountPositive = Field(3, description="so many masts, the nearest, serve a place; assumed")
    recharge_factor: Factor = Field(3.0, description="time to charge a battery again over the time it lasts; assumed")

    def begin(self, world: World) -> None:
        """Draw every mast's gust limit; find who lives on which mast."""
        masts = world.masts
        masts.limit_mps[:] = self.mast.limits_mps(world.streams.uniform("telecom.mast", masts.n), np.ones(masts.n))
        world.own[self.rank] = Network(world, self.masts_near_n, self.recharge_factor)

    def step(self, world: World, dt_s: float) -> None:
        """Find what the gust of this tick breaks."""
        masts = world.masts
        broken = np.flatnonzero(world.areas.gust_mps[masts.area] >= masts.limit_mps)
        for mast in broken:
            masts.limit_mps[mast] = np.inf
            world.own[self.rank].broken(int(mast))

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Hear of power and of crews."""
        network: Network = world.own[self.rank]
        world.spawn(network.close())
        while True:
            letter = yield world.inboxes[self.rank].get()
            if isinstance(letter, PowerTurned):
                network.power_turned(letter)
            elif isinstance(letter, FaultStage):
                network.set_cause(network.faults[letter.number].index, letter.cause)
            elif isinstance(letter, Mended):
                network.mended(network.faults[letter.number].index)


class Network:
    """Masts and what keeps each silent, areas and the masts near them, in one replication."""

    def __init__(self, world: World, near_n: int, recharge_factor: float) -> None:
        """Everything works."""
        masts, areas = world.masts, world.areas
        self.world = world
        tree = cKDTree(np.column_stack([masts.x_m, masts.y_m]))
        near_n = min(near_n, masts.n)
        _, near = tree.query(np.column_stack([areas.x_m, areas.y_m]), k=range(1, near_n + 1))
        self.near: list[list[int]] = near.tolist()  # masts of an area
        self.served = [np.flatnonzero((near == mast).any(axis=1)).tolist() for mast in range(masts.n)]
        self.customers = customers_of(world)
        self.log = OutageLog(np.bincount(self.customers.unit, self.customers.customers_n, areas.n).astype(np.int64))
        self.reserves = Reserves(masts.reserve_s, recharge_factor)
        self.faults: list[Fault] = []
        self.cause: dict[int, Cause] = {}  # of a broken mast: what it waits for
        self.silent_n = 0

    def broken(self, mast: int) -> None:
        """A mast broke; the crews do not know yet."""
        world = self.world
        waiting_n = sum(int(self.log.customers_n[area]) for area in self.served[mast])
        fault = Fault(len(self.faults), Line.MAST, mast, int(world.masts.node[mast]), waiting_n, world.now_s)
        self.faults.append(fault)
        world.masts.faulty[mast] = True
        self.set_cause(mast, Cause.NOT_DETECTED)
        world.post(Rank.REPAIR, fault)
        world.recorder.event(world.now_s, "mast_broken", mast)

    def mended(self, mast: int) -> None:
        """It is whole; it works if it has power."""
        self.world.masts.faulty[mast] = False
        self.cause.pop(mast)
        self.look_at(mast)
        self.world.recorder.event(self.world.now_s, "mast_mended", mast)

    def set_cause(self, mast: int, cause: Cause) -> None:
        """What a broken mast waits for now."""
        self.cause[mast] = cause
        self.look_at(mast)

    def power_turned(self, letter: PowerTurned) -> None:
        """Masts of this area live on their reserve from now on, or charge it."""
        for mast in np.flatnonzero(self.world.masts.area == letter.area):
            turn = self.reserves.turn(int(mast), self.world.now_s, letter.on)
            if letter.on:
                self.look_at(int(mast))
            else:
                self.world.spawn(self.run_down(int(mast), turn))

    def run_down(self, mast: int, turn: int) -> Generator[Any, Any, None]:
        """The reserve ends, unless power came back before."""
        yield self.world.clock.wait(self.reserves.left_s[mast], Rank.TELECOM, mast)
        if self.reserves.turns_n[mast] == turn:
            self.reserves.left_s[mast], self.reserves.since_s[mast] = 0.0, self.world.now_s
            self.look_at(mast)

    def powered(self, mast: int) -> bool:
        """On mains or on its reserve."""
        return self.reserves.supplied[mast] or self.reserves.left_at(mast, self.world.now_s) > 0.0

    def look_at(self, mast: int) -> None:
        """Does the mast work now, and what does that mean for the areas that it serves?"""
        working = mast not in self.cause and self.powered(mast)
        masts, areas = self.world.masts, self.world.areas
        self.silent_n += bool(masts.working[mast]) and not working
        masts.working[mast] = working
        for area in self.served[mast]:
            why = self.why_silent(area)
            areas.telecom_on[area] = why is None
            self.log.note(self.world.now_s, area, why)
        self.log.count()

    def why_silent(self, area: int) -> Cause | None:
        """None where a mast works; no power where power alone would bring one back; else the earliest link of its faults."""
        near = self.near[area]
        if self.world.masts.working[near].any():
            return None
        if any(mast not in self.cause for mast in near):
            return Cause.NO_POWER
        return earliest(self.cause[mast] for mast in near)

    def close(self) -> Generator[Any, Any, None]:
        """At the run's end: need, spells, numbers."""
        world = self.world
        yield world.clock.wait_until(world.times.end_s, Rank.RECORD)
        book_need(world, Service.LIFELINES, self.customers)
        book_outages(world.recorder, Service.LIFELINES, self.log.outages(world.times.end_s), self.customers)
        numbers = world.recorder.numbers
        numbers["telecom.masts_broken"] = len(self.faults)
        numbers["telecom.masts_silenced"] = self.silent_n
        numbers["telecom.customers_out_peak"] = self.log.customers_out_peak
