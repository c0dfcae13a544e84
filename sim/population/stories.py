"""Stories: what a few households that were in danger or told to leave lived through, hour by hour, for the reader of a page."""

from typing import Any

import numpy as np

from sim.population.fates import Exposure
from sim.trajectory import Group, name_of
from sim.world.tables import BuildingClass, HouseholdKind
from sim.world.world import World

MOST = 8
# what happened, by the household column that holds its time
MOMENTS = ("warned_s", "advice_s", "ready_s", "helper_s", "left_s", "stranded_s", "sheltered_s", "returned_s")


def tell_stories(world: World, exposed: Exposure) -> None:
    """One household of each of the commonest sorts of fate, by number, into recorder.stories."""
    households = world.households
    rows = np.union1d(exposed.household, np.flatnonzero(np.isfinite(households.advice_s)))
    if not rows.size:
        return
    times_s = np.column_stack([getattr(households, name)[rows] for name in MOMENTS])
    marks = [households.refused_n[rows] > 0, households.kind[rows], households.needs_help[rows]]
    sort = np.column_stack([np.isfinite(times_s), *marks])
    _, chosen, count = np.unique(sort, axis=0, return_index=True, return_counts=True)
    for household in rows[np.sort(chosen[np.argsort(-count, kind="stable")][:MOST])]:
        stays = np.flatnonzero(exposed.household == household)[:1]
        danger = {"unsafe": exposed.unsafe_s[stays], "safe": exposed.safe_s[stays]}
        world.recorder.stories.append(story(world, int(household), {name: float(at[0]) for name, at in danger.items() if at.size}))


def story(world: World, household: int, danger: dict[str, float]) -> dict[str, Any]:
    """Who it is and its moments in order of time, as seconds from the run's start; `danger` are those of its first danger."""
    households = world.households
    kind = BuildingClass(int(world.buildings.kind[households.building[household]]))
    moments = {name[:-2]: float(getattr(households, name)[household]) for name in MOMENTS}
    told = sorted((time_s, name) for name, time_s in (moments | danger).items() if np.isfinite(time_s))
    return {
        "household": household,
        "zone": int(households.zone[household]),
        "who": name_of(HouseholdKind(int(households.kind[household]))),
        "building": name_of(kind),
        "persons": int(households.persons_n[household]),
        "group": name_of(Group(int(households.group[household]))),
        "ground_floor": bool(households.ground_floor[household]),
        "needs_help": bool(households.needs_help[household]),
        "on_register": bool(households.on_register[household]),
        "declined": bool(households.willing[household] == 0),
        "refused": int(households.refused_n[household]),
        "moments": [{"time_s": time_s, "what": name} for time_s, name in told],
    }
