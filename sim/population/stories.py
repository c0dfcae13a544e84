"""Stories: what a few households lived through, hour by hour, and why what they needed was not there, for the reader of a page."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.population.booking import Needed, Segments
from sim.trajectory import Cause, Group, Service, name_of
from sim.world.tables import BuildingClass, HouseholdKind
from sim.world.world import World

MOST = 8
DARK_S = 3600.0  # a shorter power cut is no story
# what happened, by the household column that holds its time
MOMENTS = ("warned_s", "advice_s", "ready_s", "helper_s", "left_s", "stranded_s", "sheltered_s", "returned_s")


class Want(NamedTuple):
    """A service, the need for it and where it was unmet."""

    service: Service
    needed: Needed
    unmet: Segments


def tell_stories(world: World, wants: Sequence[Want], dark_from_s: np.ndarray, dark_to_s: np.ndarray) -> None:
    """One household of each of the commonest sorts of fate among those in danger or told to leave, by number, and one that lost
    power, into recorder.stories. `wants` end with shelter; `dark_from_s (n_areas,)` and `dark_to_s` span the power cuts."""
    households = world.households
    exposed = wants[-1].needed
    lasted_s = dark_to_s - dark_from_s
    rows = np.union1d(exposed.household, np.flatnonzero(np.isfinite(households.advice_s)))
    for household in [*commonest(world, rows, MOST - 1), *darkest(world, rows, lasted_s)]:
        stays = np.flatnonzero(exposed.household == household)[:1]
        danger = {"unsafe": exposed.start_s[stays], "safe": exposed.end_s[stays]}
        area = households.area[household]
        if lasted_s[area] >= DARK_S:
            danger |= {"dark": dark_from_s[area : area + 1], "lit": dark_to_s[area : area + 1]}
        known = {name: float(at[0]) for name, at in danger.items() if at.size}
        world.recorder.stories.append(story(world, int(household), known, list(shortages(wants, int(household)))))


def commonest(world: World, rows: np.ndarray, most: int) -> np.ndarray:
    """The least number of each of the commonest sorts of fate among the households `rows`."""
    if not rows.size:
        return rows
    households = world.households
    times_s = np.column_stack([getattr(households, name)[rows] for name in MOMENTS])
    marks = [households.refused_n[rows] > 0, households.kind[rows], households.needs_help[rows]]
    sort = np.column_stack([np.isfinite(times_s), *marks])
    _, chosen, count = np.unique(sort, axis=0, return_index=True, return_counts=True)
    return rows[np.sort(chosen[np.argsort(-count, kind="stable")][:most])]


def darkest(world: World, told: np.ndarray, lasted_s: np.ndarray) -> np.ndarray:
    """The household, not among those told of, that was longest without power: somebody old and alone if there is one."""
    households = world.households
    dark_s = np.where(households.kind == HouseholdKind.RESIDENT, lasted_s[households.area], -np.inf)
    dark_s[told] = -np.inf
    if not dark_s.size or dark_s.max() < DARK_S:
        return np.empty(0, np.int64)
    longest = np.flatnonzero(dark_s == dark_s.max())
    return longest[np.argsort(~households.old_alone[longest], kind="stable")][:1]


def shortages(wants: Sequence[Want], household: int) -> Iterator[dict[str, Any]]:
    """When a household began to lack something and for want of what: service, cause, time."""
    for service, needed, unmet in wants:
        first, last = np.searchsorted(needed.household, (household, household + 1))
        for at in np.flatnonzero((unmet.row >= first) & (unmet.row < last)):
            what = {"service": name_of(service), "cause": name_of(Cause(int(unmet.cause[at])))}
            yield {"time_s": float(unmet.start_s[at]), "what": "unmet", **what, "until_s": float(unmet.end_s[at])}


def story(world: World, household: int, danger: dict[str, float], lacked: list[dict[str, Any]]) -> dict[str, Any]:
    """Who it is and its moments in order of time, at one time in the order in which things are done, as seconds from the run's
    start; `danger` are those of its first danger and of its power cuts, `lacked` what it went without."""
    households = world.households
    kind = BuildingClass(int(world.buildings.kind[households.building[household]]))
    moments = {name[:-2]: float(getattr(households, name)[household]) for name in MOMENTS}
    told = [{"time_s": time_s, "what": name} for name, time_s in (moments | danger).items() if np.isfinite(time_s)]
    return {
        "household": household,
        "zone": int(households.zone[household]),
        "who": name_of(HouseholdKind(int(households.kind[household]))),
        "building": name_of(kind),
        "persons": int(households.persons_n[household]),
        "group": name_of(Group(int(households.group[household]))),
        "ground_floor": bool(households.ground_floor[household]),
        "needs_help": bool(households.needs_help[household]),
        "old_alone": bool(households.old_alone[household]),
        "on_register": bool(households.on_register[household]),
        "declined": bool(households.willing[household] == 0),
        "refused": int(households.refused_n[household]),
        "moments": sorted([*told, *lacked], key=lambda moment: float(moment["time_s"])),
    }
