"""From YAML to a frozen Scenario: a community, its hazards, lifelines, population and services, and run settings.

The fields of the parts are the schema: the JSON Schema, the validation and the documentation come from here alone.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError, ValidationInfo, model_validator

from sim.documents import Document, KeyPath, file_beneath, mistakes_of, parse_yaml, read_yaml
from sim.errors import InputError, Mistake
from sim.hazards.flood import Flood
from sim.hazards.surge import Surge
from sim.hazards.typhoon import Typhoon
from sim.lifelines.power import Power
from sim.lifelines.roads import Roads
from sim.population.decision import Decision
from sim.population.needs import Needs
from sim.population.travel import Travel
from sim.services.helpers import Helpers
from sim.services.repair import Repair
from sim.services.shelters import Shelters
from sim.services.warning import Warnings
from sim.units import CountPositive, Instant, Length, Model, Seconds
from sim.world.part import Part
from sim.world.world import Times


class Run(Model):
    """What is played: from when, how long, how fine, how often."""

    start: Instant = Field(description="the run's start, with its offset from UTC")
    storm_s: Seconds = Field(description="hazards are played this long")
    recovery_s: Seconds = Field(description="repair and return are played this long after the storm")
    tick_s: Seconds = Field(600.0, description="hazards hold still this long; the only blur in the model")
    resolution_m: Length = Field(40.0, ge=5, le=200, description="size of a grid cell")
    seed: int = Field(0, ge=0, lt=2**63, description="all luck comes from it")
    replications: CountPositive = Field(30, description="how many outcomes are drawn")

    @model_validator(mode="after")
    def _whole_ticks(self) -> "Run":
        if self.tick_s < 60 or self.storm_s < self.tick_s or self.storm_s % self.tick_s:
            raise ValueError(f"a storm of whole ticks of at least 1 min (got storm {self.storm_s:g} s, tick {self.tick_s:g} s)")
        return self

    def times(self) -> Times:
        """The clock's times."""
        return Times(self.start, self.storm_s, self.recovery_s, self.tick_s)


class Hazards(Model):
    """Registry of hazards."""

    typhoon: Typhoon | None = None
    surge: Surge | None = None
    flood: Flood | None = None


class Lifelines(Model):
    """Registry of lifelines."""

    power: Power = Power()
    roads: Roads = Roads()


class Population(Model):
    """Registry of the population's rules."""

    decision: Decision = Decision()
    travel: Travel = Travel()
    needs: Needs = Needs()


class Services(Model):
    """Registry of services."""

    warning: Warnings
    shelters: Shelters = Shelters()
    helpers: Helpers = Helpers()
    repair: Repair = Repair()


class CommunityFile(Model):
    """A community description that the scenario names: its path and text."""

    path: Path
    text: str


def read_community_file(value: Any, info: ValidationInfo) -> CommunityFile:
    """The community's file; its own mistakes are found when it is built."""
    if isinstance(value, CommunityFile):
        return value
    path = file_beneath(value, info)
    return CommunityFile(path=path, text=path.read_text(encoding="utf-8-sig", errors="replace"))


class Scenario(Model):
    """A whole scenario, in SI, never changed."""

    schema_: Literal["scenario/1"] = Field(alias="schema")
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="short name, for folders")
    title: str = Field("", description="what the page is headed with")
    given: str = Field("", description="what the result holds for: this track and rain, or an ensemble")
    notes: tuple[str, ...] = Field((), strict=False, description="what is modelled or assumed, said on the page")
    run: Run
    community: Annotated[CommunityFile, BeforeValidator(read_community_file)] = Field(description="the community's file")
    hazards: Hazards
    lifelines: Lifelines = Lifelines()
    population: Population = Population()
    services: Services

    _text: str = PrivateAttr("")

    @property
    def text(self) -> str:
        """The YAML it was read from, settings of the command line not applied."""
        return self._text

    def parts(self) -> list[Part]:
        """Every part that is played."""
        sections = (self.hazards, self.lifelines, self.population, self.services)
        found = (getattr(section, name) for section in sections for name in type(section).model_fields)
        return [part for part in found if part is not None]


def load(path: str | Path, settings: tuple[str, ...] = (), allow_outside: bool = False) -> Scenario:
    """Read a scenario. `settings` are "dotted.key=value", the value as YAML. InputError lists every mistake."""
    document = read_yaml(Path(path))
    if not isinstance(document.value, dict):
        raise InputError(Mistake(document.name, "", "is not a scenario", document.value, "a mapping that starts with `schema: scenario/1`"))
    for setting in settings:
        document = with_setting(document, setting)
    context = {"folder": Path(path).resolve().parent, "allow_outside": allow_outside}
    try:
        scenario = Scenario.model_validate(document.value, context=context)
    except ValidationError as error:
        raise InputError(*mistakes_of(error, document)) from None
    scenario._text = document.text
    return scenario


def with_setting(document: Document, setting: str) -> Document:
    """The document with one value replaced; InputError where the setting has no form or no place."""
    key, equals, text = setting.partition("=")
    path: KeyPath = tuple(key.split("."))
    if not equals or not all(path):
        raise InputError(Mistake("--set", "", "has no form", setting, "dotted.key=value"))
    value = parse_yaml(text, "--set").value
    changed = dict(document.value)
    inner = changed
    for part in path[:-1]:
        child = inner.get(str(part), {})
        if not isinstance(child, dict):
            raise InputError(Mistake("--set", key, f"{part} holds a value, not keys", child))
        inner[str(part)] = inner = dict(child)
    inner[str(path[-1])] = value
    kept = {place: at for place, at in document.places.items() if place[: len(path)] != path}
    return document._replace(value=changed, places=kept)
