"""Those who need care without being hurt by the storm: the chronically ill who lose power or medicine, and routine calls."""

from typing import NamedTuple

import numpy as np
from pydantic import Field
from scipy.special import ndtri, pdtr

from sim.population.hurts import LEAST_DRAW, Limit, present
from sim.streams import Streams
from sim.units import Factor, Model, Share
from sim.world.tables import Place
from sim.world.world import World

DAY_S = 86_400.0
DAYS_PER_YEAR = 365.0
OLD_YR = 60
CALLS_A_DAY_MAX = 1 << 20  # most candidates of one day, for the numbering of draws
# calls of an hour as a share of the busiest hour, from midnight on (assumed: few by night, two peaks)
NIGHT_AND_MORNING = (0.45, 0.40, 0.35, 0.35, 0.40, 0.50, 0.65, 0.80, 0.95, 1.00, 0.95, 0.90)
AFTERNOON_AND_EVENING = (0.85, 0.85, 0.85, 0.85, 0.85, 0.90, 0.95, 0.95, 0.90, 0.80, 0.65, 0.55)
HOURLY = np.array((*NIGHT_AND_MORNING, *AFTERNOON_AND_EVENING))


class Chronic(Model):
    """Who depends on what, and how long they last without."""

    powered_frac: Share = Field(0.003, description="share of the chronically ill who live by a machine, such as oxygen (assumed)")
    battery_h: Limit = Field(Limit(median=8.0, sigma=0.6), description="hours that battery and cylinder last at home (assumed)")
    carried_d: Limit = Field(Limit(median=7.0, sigma=0.6), description="days of medicine that those who leave home carry (assumed)")


class Dependants(NamedTuple):
    """The chronically ill of one replication; columns (n,), sorted by person."""

    person: np.ndarray
    household: np.ndarray
    carried_s: np.ndarray  # medicine lasts so long away from home
    machine: np.ndarray  # rows that live by a machine
    area: np.ndarray  # transformer area of each of those
    battery_s: np.ndarray  # how long each of those lasts in the dark


def dependants(world: World, rule: Chronic) -> Dependants:
    """Draw who depends on what, once."""
    person = np.flatnonzero(world.people.chronic)
    draws = world.streams.block("harm.chronic", person)
    household = world.people.household[person]
    machine = np.flatnonzero(draws[:, 0] < rule.powered_frac)
    return Dependants(
        person,
        household,
        DAY_S * rule.carried_d.of(draws[:, 1]),
        machine,
        world.households.area[household[machine]],
        3600.0 * rule.battery_h.of(draws[machine, 2]),
    )


def out_of_medicine(world: World, ill: Dependants, until_s: float) -> tuple[np.ndarray, np.ndarray]:
    """People (m,) away from home whose medicine runs out before `until_s`, and when (m,) it does."""
    homes = world.households
    away = np.isin(homes.place[ill.household], (Place.SHELTERED, Place.STRANDED))
    rows = np.flatnonzero(away)
    out_s = homes.left_s[ill.household[rows]] + ill.carried_s[rows]
    soon = out_s < until_s
    return ill.person[rows[soon]], out_s[soon]


class Routine(Model):
    """Calls of an ordinary day to the number 120, which go on in a storm."""

    younger_per_1000_yr: Factor = Field(22.0, description="urgent calls per 1,000 people under 60 a year (assumed)")
    older_per_1000_yr: Factor = Field(80.0, description="the same of people from 60 on (assumed; together about 40 per 1,000)")


class Calls(NamedTuple):
    """Routine calls of one day in order of time; columns (n,)."""

    time_s: np.ndarray
    person: np.ndarray


def poisson_count(draw: float, mean: float) -> int:
    """The count whose distribution function first exceeds the draw: a Poisson number by inverse CDF."""
    guess = int(mean + ndtri(max(draw, LEAST_DRAW)) * mean**0.5) if mean > 0 else 0
    count = max(guess - 4, 0)
    while count > 0 and pdtr(count - 1, mean) > draw:
        count -= 1
    while pdtr(count, mean) <= draw:
        count += 1
    return count


def calls_of_day(world: World, rule: Routine, day: int) -> Calls:
    """Candidates at the busiest hour's rate of the older, thinned by hour and age; every draw belongs to its day and candidate."""
    streams: Streams = world.streams
    most = max(rule.younger_per_1000_yr, rule.older_per_1000_yr) / HOURLY.mean()
    mean = world.people.n * most / 1000.0 / DAYS_PER_YEAR
    first = day * CALLS_A_DAY_MAX
    count = poisson_count(float(streams.uniform("harm.routine_n", np.array([day]))[0]), mean)
    draws = streams.block("harm.routine", first + np.arange(count))
    time_s, person = DAY_S * (day + draws[:, 0]), (draws[:, 1] * world.people.n).astype(np.int64)
    hour = ((world.times.hour_of_day(0.0) + time_s / 3600.0) % 24.0).astype(np.int64)
    rate = np.where(world.people.age_yr[person] >= OLD_YR, rule.older_per_1000_yr, rule.younger_per_1000_yr)
    kept = np.flatnonzero(draws[:, 2] * most < rate * HOURLY[hour] / HOURLY.mean())
    kept = kept[np.argsort(time_s[kept], kind="stable")]
    return Calls(time_s[kept], person[kept])


def is_there(world: World, household: int) -> bool:
    """The household is in the community now."""
    return bool(present(world, household)) and world.households.place[household] != Place.ELSEWHERE
