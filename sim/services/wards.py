"""Wards: places where care is given, the line for them, and what closes some of them: want of power, want of staff."""

from typing import Any

import numpy as np
from pydantic import Field
from simpy import PriorityResource
from simpy.resources.resource import PriorityRequest

from sim.trajectory import Cause
from sim.units import CountPositive, Factor, Model, Seconds, Share
from sim.world.clock import Clock
from sim.world.world import World

FIRST = -99  # a place that is to close goes before every patient, as soon as it is free


class Care(Model):
    """What one kind of house offers to urgent patients."""

    places_n: CountPositive = Field(description="places for urgent patients that this community may count on")
    critical_n: CountPositive = Field(description="places for those in danger of life: resuscitation, theatre, intensive care")
    on_duty_frac: Share = Field(description="share of its staff who are there")
    urgent_frac: Share = Field(description="share of those who see urgent patients")
    patients_per_staff: Factor = Field(description="patients whom one of them looks after")
    storm_staff_frac: Share = Field(description="share of those on duty who have come, in wind above the limit")
    generator_s: Seconds = Field(description="how long its own power lasts")
    dark_frac: Share = Field(description="share of the places that can be used without any power")


class Ward:
    """Places of one kind in one house and the line for them: (priority, joined, number)."""

    def __init__(self, clock: Clock, places_n: int) -> None:
        """All free."""
        self.queue = PriorityResource(clock, places_n)
        self.shut: list[PriorityRequest] = []
        self.arrived_n = self.left_n = 0

    @property
    def open_n(self) -> int:
        """Places that are not closed or to be closed."""
        return int(self.queue.capacity) - len(self.shut)

    def open_to(self, places_n: int) -> None:
        """Keep so many places open: others close when they are next free, and open again at once."""
        while self.open_n > places_n:
            # SimPy orders by any key; its types know integers only
            key: Any = (FIRST, 0.0, len(self.shut))
            self.shut.append(self.queue.request(priority=key))
        while self.open_n < places_n:
            place = self.shut.pop()
            place.cancel()
            self.queue.release(place)

    def join(self, key: tuple[int, float, int]) -> PriorityRequest:
        """A patient joins the line; the request is granted when there is a place."""
        self.arrived_n += 1
        priority: Any = key
        return self.queue.request(priority=priority)

    def leave(self, place: PriorityRequest) -> None:
        """A patient leaves the place to the next."""
        self.left_n += 1
        self.queue.release(place)

    @property
    def unaccounted_n(self) -> int:
        """Patients in places and in the line and gone, less those who came: zero."""
        held = sum(place in self.queue.users for place in self.shut)
        lining = sum(place in self.queue.queue for place in self.shut)
        inside, waiting = self.queue.count - held, len(self.queue.queue) - lining
        return inside + waiting + self.left_n - self.arrived_n


class House:
    """One clinic or hospital: its wards and what holds them up now."""

    def __init__(self, world: World, site: int, node: int, care: Care) -> None:
        """`site` and `node` -1: a house outside the community, with power and staff."""
        self.site, self.node, self.care = site, node, care
        self.ward = Ward(world.clock, care.places_n)
        self.critical = Ward(world.clock, care.critical_n)
        self.dark_s = np.inf

    def look(self, world: World, windy: bool) -> Cause:
        """Open as many places as power and staff allow; why a patient who finds none free must wait."""
        if self.site < 0:
            return Cause.NO_BED
        lit = self.lit_frac(world)
        staffed_n = self.staffed_n(int(world.sites.staff_n[self.site]), windy)
        powered_n = [max(int(ward.queue.capacity * lit), 1) for ward in (self.ward, self.critical)]
        critical_n = min(powered_n[1], max(staffed_n // 2, 1))  # half of the staff, at most, for those in danger of life
        others_n = min(powered_n[0], max(staffed_n - critical_n, 1))
        self.critical.open_to(critical_n)
        self.ward.open_to(others_n)
        if others_n < powered_n[0]:
            return Cause.NOT_STAFFED
        return Cause.NO_POWER if lit < 1.0 else Cause.NO_BED

    def lit_frac(self, world: World) -> float:
        """Share of the places that have power or need none."""
        area = int(world.sites.area[self.site])
        if area < 0 or world.areas.on[area]:
            self.dark_s = np.inf
            return 1.0
        self.dark_s = min(self.dark_s, world.now_s)
        return 1.0 if world.now_s < self.dark_s + self.care.generator_s else self.care.dark_frac

    def staffed_n(self, staff_n: int, windy: bool) -> int:
        """Patients whom the staff there can look after."""
        there = staff_n * self.care.on_duty_frac * self.care.urgent_frac * (self.care.storm_staff_frac if windy else 1.0)
        return int(there * self.care.patients_per_staff)
