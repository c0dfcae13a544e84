"""Stories: what a few exposed households lived through, hour by hour, for the reader of a page."""

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
    """One household of each sort of fate, the least number first, into recorder.stories."""
    if not exposed.household.size:
        return
    rows, first = np.unique(exposed.household, return_index=True)
    households = world.households
    times_s = np.column_stack([getattr(households, name)[rows] for name in MOMENTS])
    marks = [households.refused_n[rows] > 0, households.kind[rows], households.needs_help[rows]]
    sort = np.column_stack([np.isfinite(times_s), *marks])
    _, chosen, count = np.unique(sort, axis=0, return_index=True, return_counts=True)
    for k in np.sort(chosen[np.argsort(-count, kind="stable")][:MOST]):
        unsafe_s, safe_s = exposed.unsafe_s[first[k]], exposed.safe_s[first[k]]
        world.recorder.stories.append(story(world, int(rows[k]), float(unsafe_s), float(safe_s)))


def story(world: World, household: int, unsafe_s: float, safe_s: float) -> dict[str, Any]:
    """Who it is and its moments in order of time, as seconds from the run's start."""
    households = world.households
    kind = BuildingClass(int(world.buildings.kind[households.building[household]]))
    moments = {name[:-2]: float(getattr(households, name)[household]) for name in MOMENTS}
    moments |= {"unsafe": unsafe_s, "safe": safe_s}
    told = sorted((time_s, name) for name, time_s in moments.items() if np.isfinite(time_s))
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
