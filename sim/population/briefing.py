"""The briefing: what a duty officer counts, by committee (居委) and in all, for the numbers of a replication.

Who had to move and was moved, when the last of them was in against the hour at which helpers stand down, who found no place,
which of the frail nobody reached in time, who of them sat in a dark home, which pumps had no power.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.population.stories import Want
from sim.trajectory import Cause, Service
from sim.world.places import zone_ids
from sim.world.tables import HouseholdKind
from sim.world.world import World

PLACES = (Service.EVACUATION, Service.SHELTER)  # services that need a place with room
FRAIL = ("dependent", "alone")  # who depends on regular medicine, dialysis or oxygen; old people who live alone


class Frail(NamedTuple):
    """Households of the frail: rows (n,) int64 and persons (n,) float64 of each of FRAIL."""

    households: tuple[np.ndarray, np.ndarray]
    persons: tuple[np.ndarray, np.ndarray]


def frail_of(world: World) -> Frail:
    """Residents who are frail, by household."""
    households = world.households
    resident = households.kind == HouseholdKind.RESIDENT
    chronic = np.bincount(world.people.household[world.people.chronic], minlength=households.n) * resident
    dependent, alone = np.flatnonzero(chronic), np.flatnonzero(households.old_alone & resident)
    return Frail((dependent, alone), (chronic[dependent].astype(np.float64), households.persons_n[alone].astype(np.float64)))


class Tally:
    """What is counted while the clock runs: dark homes of the frail and pumps without power, at their worst moment."""

    def __init__(self, world: World) -> None:
        """Everything has power."""
        self.frail = frail_of(world)
        areas, area = world.areas, world.households.area
        pairs = zip(self.frail.households, self.frail.persons, strict=True)
        self.in_area_n = np.array([np.bincount(area[rows], weights=persons, minlength=areas.n) for rows, persons in pairs])
        self.dark_from_s, self.dark_to_s = np.full(areas.n, np.inf), np.full(areas.n, -np.inf)
        self.dark_peak_n = np.zeros(len(FRAIL))
        self.unpowered_peak_n = self.stopped_peak_n = 0

    def look(self, world: World, until_s: float) -> None:
        """What holds from now until `until_s`."""
        dark = ~world.areas.on
        self.stopped_peak_n = max(self.stopped_peak_n, int(np.count_nonzero(~world.catchments.working)))
        if not dark.any():
            return
        self.dark_from_s[dark] = np.minimum(self.dark_from_s[dark], world.now_s)
        self.dark_to_s[dark] = until_s
        self.dark_peak_n = np.maximum(self.dark_peak_n, self.in_area_n[:, dark].sum(axis=1))
        self.unpowered_peak_n = max(self.unpowered_peak_n, int(np.count_nonzero(dark[world.catchments.area])))


def brief(world: World, tally: Tally, wants: Sequence[Want], deadline_s: float) -> None:
    """Write the briefing's numbers. `wants` are those of warning, evacuation and shelter, `deadline_s` is when helpers first stand
    down (inf: never)."""
    numbers, ids = world.recorder.numbers, zone_ids(world.community)
    counts = moved_by_zone(world, wants, deadline_s) | frail_by_zone(world, tally, deadline_s)
    for name, by_zone in counts.items():
        numbers |= {f"zones.{own}.{name}": float(n) for own, n in zip(ids, by_zone, strict=True)}
        numbers[f"briefing.{name}"] = float(by_zone.sum())
    last_s = last_in_s(world)
    numbers |= {f"zones.{own}.last_in_s": float(time_s) for own, time_s in zip(ids, known(last_s), strict=True)}
    numbers["briefing.last_in_s"] = float(known(last_s.max(initial=-np.inf)))
    numbers["briefing.deadline_s"] = float(known(deadline_s))
    numbers |= {f"briefing.{kind}_dark_peak": float(n) for kind, n in zip(FRAIL, tally.dark_peak_n, strict=True)}
    numbers["briefing.pumps"] = float(world.catchments.n)
    numbers["briefing.pumps_unpowered_peak"] = float(tally.unpowered_peak_n)
    numbers["briefing.pumps_stopped_peak"] = float(tally.stopped_peak_n)


def known(time_s: np.ndarray | float) -> np.ndarray:
    """Times with NaN for what never was."""
    return np.where(np.isfinite(time_s), time_s, np.nan)


def moved_by_zone(world: World, wants: Sequence[Want], deadline_s: float) -> dict[str, np.ndarray]:
    """Persons (n_zones,) whose place became unsafe, of them those let in to a shelter, by the deadline and at all, and those
    for whom at some time every place within reach was full."""
    households = world.households
    rows = np.unique(wants[-1].needed.household)
    in_s = households.sheltered_s[rows]
    unmet = [(want.needed.household, want.unmet) for want in wants if want.service in PLACES]
    full = [household[lacked.row[lacked.cause == Cause.SHELTER_FULL]] for household, lacked in unmet]
    return {
        "to_move": persons_by_zone(world, rows),
        "moved": persons_by_zone(world, rows[np.isfinite(in_s)]),
        "moved_in_time": persons_by_zone(world, rows[np.isfinite(in_s) & (in_s <= deadline_s)]),
        "sheltered": persons_by_zone(world, np.flatnonzero(np.isfinite(households.sheltered_s))),
        "no_place": persons_by_zone(world, np.unique(np.concatenate(full))),
    }


def persons_by_zone(world: World, rows: np.ndarray) -> np.ndarray:
    """(n_zones,) float64: persons of these households."""
    return np.bincount(world.households.zone[rows], weights=world.households.persons_n[rows], minlength=world.zones.n)


def last_in_s(world: World) -> np.ndarray:
    """(n_zones,) float64: when the last household of a committee was let in to a shelter; -inf where none was."""
    households = world.households
    rows = np.flatnonzero(np.isfinite(households.sheltered_s))
    last_s = np.full(world.zones.n, -np.inf)
    np.maximum.at(last_s, households.zone[rows], households.sheltered_s[rows])
    return last_s


def frail_by_zone(world: World, tally: Tally, deadline_s: float) -> dict[str, np.ndarray]:
    """Frail persons (n_zones,): how many there are, how many no warning had reached when helpers stood down (at all, where they
    never did), and how many had no power at home at any time."""
    households = world.households
    dark = np.isfinite(tally.dark_from_s)[households.area]
    reached_s = np.minimum(np.minimum(households.warned_s, households.advice_s), households.left_s)
    unreached = reached_s > min(deadline_s, world.times.storm_s)
    found = {}
    for kind, rows, persons in zip(FRAIL, tally.frail.households, tally.frail.persons, strict=True):
        for name, chosen in (("", np.ones(rows.size, bool)), ("_unreached", unreached[rows]), ("_dark", dark[rows])):
            found[kind + name] = np.bincount(households.zone[rows], weights=persons * chosen, minlength=world.zones.n)
    return found
