"""Channels that reach many at once: who uses them, how fast they work, and what silences them."""

from typing import Literal, NamedTuple

import numpy as np
from pydantic import Field

from sim.services.signals import Delay, Level
from sim.streams import LANES, Streams
from sim.trajectory import Group
from sim.units import Model, Share
from sim.world.tables import Areas, Channel, Households

Who = Literal["everyone", "any_phone", "smart_phone"]
BY_PHONE = {Channel.SMS, Channel.APP}  # silent where no mast works


class MassChannel(Model):
    """One channel. A household that does not use it is never reached by it, however often it speaks."""

    from_level: Level = Field(description="the channel speaks from this signal on")
    audience: Who = Field(description="who can be reached at all")
    used_frac: Share = Field(description="share of the audience that notices it")
    used_old_frac: Share = Field(description="the same, in households of old people")
    mains: bool = Field(description="silent where the transformer area is dark")
    delay: Delay = Field(description="from the signal to being reached")


class Audience(NamedTuple):
    """Columns of the households asked about: ids, group, phones, and whether their home has power and telecom; all (n,)."""

    ids: np.ndarray
    old: np.ndarray
    any_phone: np.ndarray
    smart_phone: np.ndarray
    powered: np.ndarray
    connected: np.ndarray


class Reached(NamedTuple):
    """When (inf never) and by which Channel (-1 none) each is reached, and whether a channel was silenced for want of power or
    telecom; all (n,)."""

    delay_s: np.ndarray
    channel: np.ndarray
    silenced: np.ndarray


def audience(households: Households, rows: np.ndarray, areas: Areas) -> Audience:
    """Of the households in `rows`; whose area is unknown has no power of the mains and every phone."""
    group = households.group[rows]
    area = households.area[rows]
    powered = areas.on[area] & (area >= 0) if areas.n else np.ones(rows.size, bool)
    connected = areas.telecom_on[area] | (area < 0) if areas.n else np.ones(rows.size, bool)
    old = (group == Group.OLD) | (group == Group.ALONE_OLD) | households.old_alone[rows]
    return Audience(rows, old, households.any_phone[rows], households.smart_phone[rows], powered, connected)


class Draws:
    """Uniform draws of a concern by household and channel; each block of four channels is drawn once."""

    def __init__(self, streams: Streams, concern: str, ids: np.ndarray, message: int = 0) -> None:
        """`message` tells one message's draws from another's."""
        self.streams, self.concern, self.ids, self.message = streams, concern, ids, message
        self.blocks: dict[int, np.ndarray] = {}

    def of(self, channel: Channel) -> np.ndarray:
        """(n,) float64 in [0, 1) of one channel."""
        block, lane = divmod(int(channel), LANES)
        if block not in self.blocks:
            self.blocks[block] = self.streams.block(self.concern, self.ids, 2 * self.message + block)
        return self.blocks[block][:, lane]


def uses(model: MassChannel, people: Audience, draw: np.ndarray) -> np.ndarray:
    """(n,) bool: who uses the channel; `draw (n,)` is the household's own, the same for every message."""
    found = draw < np.where(people.old, model.used_old_frac, model.used_frac)
    if model.audience == "everyone":
        return found
    return found & (people.any_phone if model.audience == "any_phone" else people.smart_phone)


def reach(models: dict[Channel, MassChannel], people: Audience, message: int, slower: float, streams: Streams) -> Reached:
    """The earliest of the channels in `models`; `slower` stretches every delay (at night), `message` tells the draws apart."""
    habits = Draws(streams, "warning.uses", people.ids)
    delays = Draws(streams, "warning.delay", people.ids, message)
    best_s = np.full(people.ids.size, np.inf)
    by = np.full(people.ids.size, -1, np.int8)
    silenced = np.zeros(people.ids.size, bool)
    for channel, model in models.items():
        hears = uses(model, people, habits.of(channel))
        reaches = (people.powered | (not model.mains)) & (people.connected | (channel not in BY_PHONE))
        silenced |= hears & ~reaches
        hears &= reaches
        heard = np.flatnonzero(hears)
        delay_s = model.delay.seconds(-np.log1p(-delays.of(channel)[heard])) * slower
        sooner = delay_s < best_s[heard]
        best_s[heard[sooner]] = delay_s[sooner]
        by[heard[sooner]] = channel
    return Reached(best_s, by, silenced)


def note_reached(households: Households, rows: np.ndarray, times_s: np.ndarray, by: np.ndarray | Channel) -> None:
    """Write when and by what households are first reached; what would come later than another warning changes nothing."""
    sooner = times_s < households.warned_s[rows]
    households.warned_s[rows[sooner]] = times_s[sooner]
    households.warned_by[rows[sooner]] = by[sooner] if isinstance(by, np.ndarray) else by
