"""What was asked of a community beside what was made, for `sim check`: rounding and synthesis must not bend a figure unseen."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.community.crowd import OLD_YR, TEEN_YR, VERY_OLD_YR
from sim.world.community import Community
from sim.world.tables import BuildingClass, HouseholdKind, SiteKind


class Comparison(NamedTuple):
    """A figure as asked (with its unit, as written) and as made, and where it comes from."""

    name: str
    asked: str
    made: str
    source: str
    verified: bool

    def __str__(self) -> str:
        """One line."""
        return f"{self.name}: asked {self.asked}, made {self.made} ({self.source}{'' if self.verified else '; not verified'})"


def residents(community: Community) -> np.ndarray:
    """(n_people,) bool: who lives there."""
    people, households = community.tables["people"], community.tables["households"]
    return households.kind[people.household] == HouseholdKind.RESIDENT


def share(part: np.ndarray, whole: np.ndarray) -> str:
    """How much of `whole` is also `part`."""
    return f"{np.count_nonzero(part & whole) / max(int(np.count_nonzero(whole)), 1):.4f}"


def area(community: Community) -> str:
    """The grid's area."""
    grid = community.grid
    return f"{grid.columns_n * grid.rows_n * grid.size_m**2 / 1e6:.4g} km2"


def old_compounds(community: Community) -> str:
    """Share of compounds whose buildings are walk-ups or old lanes."""
    buildings = community.tables["buildings"]
    kind = buildings.kind[np.unique(buildings.compound, return_index=True)[1]]
    home = kind <= BuildingClass.OLD_LANE
    return share(kind != BuildingClass.HIGH_RISE, home)


def persons_of(kind: HouseholdKind) -> Callable[[Community], str]:
    """Persons in households of a kind."""
    return lambda community: str(int(community.tables["households"].persons_n[community.tables["households"].kind == kind].sum()))


def household_size(community: Community) -> str:
    """Residents per household."""
    households = community.tables["households"]
    return f"{households.persons_n[households.kind == HouseholdKind.RESIDENT].mean():.3f}"


def elders(mask: Callable[[Community], np.ndarray]) -> Callable[[Community], str]:
    """Share of residents aged 60+ for whom the mask holds."""
    return lambda community: share(mask(community), residents(community) & (community.tables["people"].age_yr >= OLD_YR))


def only_old(community: Community) -> np.ndarray:
    """(n_people,) bool: nobody below 60 lives in the household."""
    people = community.tables["people"]
    youngest = np.full(community.tables["households"].n, 255, np.int64)
    np.minimum.at(youngest, people.household, people.age_yr)
    return youngest[people.household] >= OLD_YR


MADE: dict[str, Callable[[Community], str]] = {
    "area": area,
    "residents": persons_of(HouseholdKind.RESIDENT),
    "zones.count": lambda community: str(community.tables["zones"].n),
    "compounds.count": lambda community: str(np.unique(community.tables["buildings"].compound).size - 1),
    "compounds.old_frac": old_compounds,
    "people.household_size": household_size,
    "people.old_frac": lambda community: share(community.tables["people"].age_yr >= OLD_YR, residents(community)),
    "people.child_frac": lambda community: share(community.tables["people"].age_yr < TEEN_YR, residents(community)),
    "people.very_old_frac": elders(lambda community: community.tables["people"].age_yr >= VERY_OLD_YR),
    "people.alone_frac": elders(lambda community: community.tables["households"].old_alone[community.tables["people"].household]),
    "people.only_old_frac": elders(only_old),
    "people.smart_phone_old": elders(lambda community: community.tables["people"].smart_phone),
    "camps.workers": persons_of(HouseholdKind.CAMP),
    "huts.dwellers": persons_of(HouseholdKind.HUT),
    "drains.capacity": lambda community: f"{community.tables['catchments'].capacity_mps.max() * 3.6e6:.4g} mm/h",
    "drains.old_capacity": lambda community: f"{community.tables['catchments'].capacity_mps.min() * 3.6e6:.4g} mm/h",
}


def compare(community: Community) -> list[Comparison]:
    """Every figure that can be counted in the community."""
    return [
        Comparison(figure["name"], str(figure["value"]), MADE[figure["name"]](community), figure["source"], figure["verified"])
        for figure in community.figures
        if figure["name"] in MADE
    ]


def check(community: Community) -> list[str]:
    """Lines for a reader: how much there is of everything, then figures asked and made."""
    counts = ", ".join(f"{table.n:,} {name}" for name, table in community.tables.items())
    sites = community.tables["sites"]
    indoor = sites.shelter & sites.indoor & (sites.kind != SiteKind.PARK)
    floor_m2 = float(sites.floor_area_m2[indoor].sum())
    return [
        f"{community.title}: {counts}",
        f"{np.count_nonzero(indoor)} indoor shelters with {floor_m2:,.0f} m2 to sleep on",
        *map(str, compare(community)),
    ]
