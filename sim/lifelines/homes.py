"""Homes: dwellings that water soaks and wind opens; they are lived in again when crews have mended them and they are dry.

Water above the floor spoils the ground floor: it waits until the water has gone, is cleaned by a crew and then dries for days, the
longer the deeper the water stood. A roof off spoils the dwellings under it, a broken structure the whole building. Dwellings
without power or water count as lived in: that is the lifelines' loss.
"""

from collections.abc import Generator
from typing import Any, ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from sim.lifelines.dwellings import Dwellings
from sim.lifelines.fragility import Fragility
from sim.units import Length, Model, Seconds
from sim.world.clock import Rank
from sim.world.letters import FaultStage, Line, Mended
from sim.world.part import Part
from sim.world.tables import BuildingClass
from sim.world.world import World


class Strength(Model):
    """Gust at the building (3 s) at which half of a class is damaged."""

    roof: Fragility = Field(description="the roof, or on concrete the top floor's windows, open to the rain")
    structure: Fragility = Field(description="nobody may live in it until it is made safe")


def strength(roof: str, structure: str) -> Strength:
    """Both with the spread of building classes in wind, about 0.18 (assumed)."""
    return Strength(roof=Fragility(median=roof, sigma=0.18), structure=Fragility(median=structure, sigma=0.18))


class Limits(NamedTuple):
    """Gusts (n_buildings,) at which each roof and structure goes, drawn beforehand; inf once it has gone."""

    roof_mps: np.ndarray
    structure_mps: np.ndarray


class Own(NamedTuple):
    """What homes keep for one replication."""

    limits: Limits
    dwellings: Dwellings


class Homes(Part):
    """Damage and habitability of dwellings; repair is a service."""

    rank: ClassVar[Rank] = Rank.HOMES
    reads: ClassVar[tuple[str, ...]] = (
        *("buildings.depth_m", "buildings.gust_mps", "town.first_signal_s", "town.warning_stage_m"),
        *("forcing.time_s", "forcing.wind_mps", "forcing.rain_mps", "forcing.stage_m"),
    )
    writes: ClassVar[tuple[str, ...]] = ("households.habitable",)

    hut: Strength = Field(strength("36 m/s", "48 m/s"), description="simple sheds; assumed")
    camp: Strength = Field(strength("42 m/s", "58 m/s"), description="construction dormitories; assumed")
    old_lane: Strength = Field(strength("52 m/s", "72 m/s"), description="old lane houses, timber roofs with tiles; assumed")
    walk_up: Strength = Field(strength("80 m/s", "120 m/s"), description="masonry with concrete roofs; assumed")
    high_rise: Strength = Field(strength("100 m/s", "160 m/s"), description="concrete: windows, hardly ever structure; assumed")
    wet_above_m: Length = Field(0.05, description="water above the ground floor from which it is spoilt; assumed")
    drying_full_s: Seconds = Field(
        45 * 86400.0, description="drying where the JRC damage share is 1; so 5 cm take 1.5 days, 50 cm 15 days; assumed"
    )

    def begin(self, world: World) -> None:
        """Draw the strength of every building: what has the weaker roof has the weaker structure."""
        luck = world.streams.uniform("homes.strength", world.buildings.n)
        limits = Limits(self.limits_mps(world, luck, "roof"), self.limits_mps(world, luck, "structure"))
        world.own[self.rank] = Own(limits, Dwellings(world, self.drying_full_s))

    def limits_mps(self, world: World, luck: np.ndarray, what: str) -> np.ndarray:
        """(n_buildings,) float64; inf where nobody lives by class."""
        limits_mps = np.full(world.buildings.n, np.inf)
        for name in ("hut", "camp", "old_lane", "walk_up", "high_rise"):
            rows = np.flatnonzero(world.buildings.kind == BuildingClass[name.upper()])
            fragility: Fragility = getattr(getattr(self, name), what)
            limits_mps[rows] = fragility.limits_mps(luck[rows], np.ones(rows.size))
        return limits_mps

    def step(self, world: World, dt_s: float) -> None:
        """Find what the gust and the water of this tick spoil, and where the water has gone."""
        buildings, (limits, dwellings) = world.buildings, world.own[self.rank]
        for line, limits_mps in ((Line.STRUCTURE, limits.structure_mps), (Line.ROOF, limits.roof_mps)):
            broken = np.flatnonzero(buildings.gust_mps >= limits_mps)
            limits_mps[broken] = limits.roof_mps[broken] = np.inf  # a roof is not mended apart from the structure under it
            for building in broken:
                dwellings.broken(line, int(building))
        above_m = buildings.depth_m - buildings.sill_m
        dwellings.soak(above_m, above_m > np.float32(self.wet_above_m))

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Hear of crews."""
        dwellings: Dwellings = world.own[self.rank].dwellings
        world.spawn(dwellings.after_storm())
        world.spawn(dwellings.close())
        while True:
            letter = yield world.inboxes[self.rank].get()
            if isinstance(letter, FaultStage):
                dwellings.staged(letter)
            elif isinstance(letter, Mended):
                dwellings.mended(letter.number)
