"""How a call becomes known, who is sent, and how long the work takes."""

from enum import IntEnum
from math import exp

import numpy as np
from pydantic import Field
from scipy.special import ndtri

from sim.services.calls import Call, CallKind
from sim.units import Factor, MetresPerSecond, Model, Seconds, Share

HANDS = 6  # members of a squad that the times of work are given for (assumed)
SENSED = (CallKind.LIFT, CallKind.WATER, CallKind.LIVE_WATER)  # what a sensor can see
LADDER_STOREYS = 6  # a loose thing on a taller building needs the brigade's ladder (assumed)


class Answer(IntEnum):
    """Who answers."""

    VOLUNTEER = 0  # neighbours and registered volunteers of the committee: what needs no tools
    SQUAD = 1  # the community's own squads, with a pump, a saw, a carrying chair
    ENGINE = 2  # fire brigade
    TECHNICIAN = 3  # lift technicians of the property companies
    TREE_CREW = 4


FIRST = {
    CallKind.TRAPPED: Answer.ENGINE,
    CallKind.LIFT: Answer.TECHNICIAN,
    CallKind.LIVE_WATER: Answer.SQUAD,
    CallKind.FRAIL: Answer.VOLUNTEER,
    CallKind.WATER: Answer.VOLUNTEER,
    CallKind.LOOSE: Answer.SQUAD,
    CallKind.TREE: Answer.TREE_CREW,
    CallKind.ROAD_TREE: Answer.SQUAD,
    CallKind.ROUTINE: Answer.ENGINE,
}
# who comes where the first have nobody; engines there are always, from the next street if need be
INSTEAD = {
    Answer.VOLUNTEER: Answer.SQUAD,
    Answer.SQUAD: Answer.ENGINE,
    Answer.TECHNICIAN: Answer.ENGINE,
    Answer.TREE_CREW: Answer.SQUAD,
}
AT_HEIGHT = (CallKind.LOOSE, CallKind.TREE, CallKind.ROAD_TREE)  # work at height and under trees


def first_of(call: Call) -> Answer:
    """Who is to be sent."""
    return Answer.ENGINE if call.kind == CallKind.LOOSE and call.storeys_n > LADDER_STOREYS else FIRST[call.kind]


class Finding(Model):
    """Who notices: the one in need by telephone, neighbours and passers-by (自救互救), a sensor; the first of them counts."""

    phone_s: Seconds = Field(300.0, description="median until who is in need has called; assumed")
    neighbour_s: Seconds = Field(
        1800.0, description="median until a neighbour or a passer-by has seen it and called, by day; assumed"
    )
    night_factor: Factor = Field(3.0, ge=1, description="so many times longer between 22:00 and 06:00; assumed")
    spread: Factor = Field(0.8, description="log-spread of both; assumed")
    sensor_frac: Share = Field(0.2, description="lifts and ground floors with a sensor that is watched; assumed")
    sensor_s: Seconds = Field(60.0, description="from the sensor to the call; assumed")

    def found_s(self, call: Call, luck: np.ndarray, night: bool, line_works: bool) -> float:
        """Time until it is known, by `luck (4,)` uniforms of this call."""
        own, seen = normal(luck[0]), normal(luck[1])
        times_s = [self.neighbour_s * (self.night_factor if night else 1.0) * exp(self.spread * seen)]
        if call.phone and line_works:
            times_s.append(self.phone_s * exp(self.spread * own))
        if call.kind in SENSED and luck[2] < self.sensor_frac:
            times_s.append(self.sensor_s)
        return min(times_s)


class Jobs(Model):
    """Median work on the spot by kind; all assumed."""

    trapped_s: Seconds = Field(3600.0, description="to free a casualty")
    lift_s: Seconds = Field(1500.0, description="to bring a lift to a floor by hand")
    live_water_s: Seconds = Field(1200.0, description="to cut off a building and cordon off the water")
    frail_s: Seconds = Field(1800.0, description="to carry somebody down or bring what is needed")
    water_s: Seconds = Field(2700.0, description="to block a door and bail or pump")
    loose_s: Seconds = Field(1500.0, description="to take a loose thing down")
    tree_s: Seconds = Field(2700.0, description="to cut up a tree; as for one across a road")
    road_tree_s: Seconds = Field(900.0, description="to cordon off a road until the road crews come")
    routine_s: Seconds = Field(2400.0, description="any day's call")
    spread: Factor = Field(0.5, description="log-spread")

    def work_s(self, call: Call, luck: np.ndarray) -> float:
        """Work of a trained crew with enough hands."""
        median_s: float = getattr(self, f"{call.kind.name.lower()}_s")
        return median_s * exp(self.spread * normal(luck[3]))


class Pace(Model):
    """How one kind of crew gets to a call."""

    turnout_s: Seconds = Field(description="from the call until it leaves, call handling included")
    speed_mps: MetresPerSecond = Field(gt=0, description="on dry roads")
    wind_limit_mps: MetresPerSecond = Field(description="mean wind above which it does not go out")


def normal(uniform: float) -> float:
    """Standard normal by inverse CDF; 0 is moved to 2^-54 so that none is infinite."""
    return float(ndtri(max(float(uniform), 2.0**-54)))
