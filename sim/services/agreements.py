"""Agreements with supermarkets and enterprises (物资社会化储备): called off when the street's stock runs out, they bring goods
to the street's depot after a while, and not always all of them."""

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
from pydantic import Field
from simpy.events import Event

from sim.services.stocks import Norms, Store
from sim.units import Count, Factor, Model, Seconds, Share
from sim.world.clock import Rank
from sim.world.world import World

PARTNERS = 1 << 19  # the clock's entities of partners, after all points and before all loads


class Agreement(Model):
    """One agreement."""

    name: str = Field("supermarket", description="with whom")
    persons: Count = Field(1000, description="water and food for so many persons ...")
    days: Factor = Field(1.0, description="... and so many days, each time (assumed)")
    honoured_frac: Share = Field(0.8, description="share that is delivered (assumed)")
    call_off_s: Seconds = Field(10800.0, description="median time from the call until it is at the depot (assumed)")
    spread: Factor = Field(0.4, description="standard deviation of the log of that time (assumed)")
    again_after_s: Seconds = Field(43200.0, gt=0, description="shelves are full again this long after a call (assumed)")

    def goods_n(self, norms: Norms) -> np.ndarray:
        """(4,) int64: what one call brings; no medicine, no blankets."""
        agreed_n = norms.person_days_n(self.persons, self.days, 0.0)
        agreed_n[3] = 0
        return np.array([int(units * self.honoured_frac) for units in agreed_n], np.int64)


class Partner:
    """An agreement at work: it waits for a call, delivers, fills its shelves."""

    def __init__(self, agreement: Agreement, number: int, norms: Norms) -> None:
        """Not called yet."""
        self.agreement, self.number = agreement, number
        self.goods_n = agreement.goods_n(norms)
        self.call: Event | None = None  # None: busy with an earlier call
        self.calls_n = 0
        self.brought_n = np.zeros_like(self.goods_n)

    def helps(self, depot: Store) -> bool:
        """Does the depot owe something that this agreement brings?"""
        return any((order.wanted_n * self.goods_n).any() for order in depot.owed)

    def ring(self, depot: Store) -> None:
        """Call it off, unless it is busy or could not help."""
        if self.call is not None and not self.call.triggered and self.helps(depot):
            self.call.succeed(depot)

    def work(self, world: World, depots: list[Store], arrived: Callable[[Store], None]) -> Generator[Any, Any, None]:
        """Deliver on each call; a draw belongs to (agreement, call)."""
        while True:
            depot = next((depot for depot in depots if self.helps(depot)), None)
            if depot is None:
                self.call = world.clock.event()
                depot = yield self.call
                self.call = None
            called_s = world.now_s
            luck = world.streams.normal("supplies.agreements", np.array([self.number]), self.calls_n)[0]
            self.calls_n += 1
            delay_s = self.agreement.call_off_s * float(np.exp(self.agreement.spread * luck))
            yield world.clock.wait(delay_s, Rank.SUPPLIES, PARTNERS + self.number)
            depot.stock_n += self.goods_n
            self.brought_n += self.goods_n
            world.recorder.event(world.now_s, "agreement_delivered", self.number, -1, self.agreement.name)
            arrived(depot)
            yield world.clock.wait_until(called_s + self.agreement.again_after_s, Rank.SUPPLIES, PARTNERS + self.number)
