"""From YAML to a frozen Scenario: a community, its hazards, lifelines, population and services, and run settings.

The fields of the parts are the schema: the JSON Schema, the validation and the documentation come from here alone.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError, ValidationInfo, model_validator

from sim.changes import with_changes, with_setting
from sim.community.recipe import read_recipe, recipe_of
from sim.documents import Document, FileError, file_beneath, mistakes_of, parse_yaml, read_text, read_yaml
from sim.errors import InputError, Mistake
from sim.hazards.flood import Flood
from sim.hazards.surge import Surge
from sim.hazards.typhoon import Typhoon
from sim.lifelines.homes import Homes
from sim.lifelines.power import Power
from sim.lifelines.roads import Roads
from sim.lifelines.telecom import Telecom
from sim.lifelines.water import Water
from sim.population.decision import Decision
from sim.population.harm import Harm
from sim.population.needs import Needs
from sim.population.travel import Travel
from sim.services.helpers import Helpers
from sim.services.medical import Medical
from sim.services.repair import Repair
from sim.services.rescue import Rescue
from sim.services.shelters import Shelters
from sim.services.supplies import Supplies
from sim.services.warning import Warnings
from sim.units import CountPositive, Instant, Length, Model, Seconds
from sim.world.part import Part
from sim.world.world import Times

CHANGEABLE = ("hazards", "lifelines", "population", "services", "community")  # what an improvement may change


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
    telecom: Telecom = Telecom()
    water: Water = Water()
    homes: Homes = Homes()


class Population(Model):
    """Registry of the population's rules."""

    decision: Decision = Decision()
    travel: Travel = Travel()
    needs: Needs = Needs()
    harm: Harm = Harm()


class Services(Model):
    """Registry of services."""

    warning: Warnings
    shelters: Shelters = Shelters()
    helpers: Helpers = Helpers()
    repair: Repair = Repair()
    supplies: Supplies = Supplies()
    medical: Medical = Medical()
    rescue: Rescue = Rescue()


class CommunityFile(Model):
    """A community description that the scenario names: its path and text."""

    path: Path
    text: str


def read_community_file(value: Any, info: ValidationInfo) -> CommunityFile:
    """The community's file; FileError lists every mistake in it, but for those that only show once it is built."""
    if isinstance(value, CommunityFile):
        return value
    path = file_beneath(value, info)
    try:
        text = read_text(path)
        read_recipe(text, str(path))
    except InputError as error:
        raise FileError(list(error.mistakes)) from None
    return CommunityFile(path=path, text=text)


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
    improvement: dict[str, Any] = Field(
        {}, description="dotted keys (community.* too) and their values in a second run with the same draws, for development"
    )

    _text: str = PrivateAttr("")
    _document: Document = PrivateAttr(Document("", "", {}, {}))
    _context: dict[str, Any] = PrivateAttr({})
    _improved: "Scenario | None" = PrivateAttr(None)
    _label: str = PrivateAttr("")  # the key that made this of another scenario

    @property
    def text(self) -> str:
        """The YAML it was read from, settings of the command line not applied."""
        return self._text

    @property
    def improved(self) -> "Scenario | None":
        """The scenario with what `improvement` declares; None where it declares nothing."""
        return self._improved

    def with_run(self, **given: Any) -> "Scenario":
        """The same scenario and its improvement with other run settings."""
        own = self.model_copy(update={"run": self.run.model_copy(update=given)})
        if own._improved is not None:
            own._improved = own._improved.model_copy(update={"run": own.run})
        return own

    def placed(self, error: InputError) -> InputError:
        """The error with its place in the file, where a part that raised it knows no more than its key."""
        return InputError(*(mistake if mistake.where else self._placed(mistake) for mistake in error.mistakes))

    def _placed(self, mistake: Mistake) -> Mistake:
        """In what was changed, the place of the change."""
        if not self._label:
            return mistake._replace(where=self._document.where(tuple(mistake.path.split("."))))
        where = self._document.where((self._label, mistake.path))
        return mistake._replace(where=where, path=f"{self._label}.{mistake.path}")

    def parts(self) -> list[Part]:
        """Every part that is played."""
        sections = (self.hazards, self.lifelines, self.population, self.services)
        found = (getattr(section, name) for section in sections for name in type(section).model_fields)
        return [part for part in found if part is not None]


def load(path: str | Path, settings: tuple[str, ...] = (), allow_outside: bool = False) -> Scenario:
    """Read a scenario. `settings` are "dotted.key=value", the value as YAML. InputError lists every mistake."""
    document = read_yaml(Path(path))
    if not isinstance(document.value, dict):
        wanted = "a mapping that starts with `schema: scenario/1`"
        raise InputError(Mistake(document.name, "", "is not a scenario", document.value, wanted))
    for setting in settings:
        document = with_setting(document, setting)
    context = {"folder": Path(path).resolve().parent, "allow_outside": allow_outside}
    scenario = validated(document, context)
    if scenario.improvement:
        scenario._improved = changed(scenario, scenario.improvement)
    return scenario


def validated(document: Document, context: dict[str, Any]) -> Scenario:
    """The scenario of a document; InputError lists every mistake."""
    try:
        scenario = Scenario.model_validate(document.value, context=context)
    except ValidationError as error:
        raise InputError(*mistakes_of(error, document)) from None
    scenario._text, scenario._document, scenario._context = document.text, document, context
    return scenario


def changed(scenario: Scenario, changes: Mapping[str, Any], label: str = "improvement") -> Scenario:
    """The scenario with other values at dotted keys, checked as strictly as a file; the run stays. InputError lists every mistake
    with its place beneath `label`."""
    written = scenario._document
    if wrong := [key for key in changes if not changeable(key)]:
        what, wanted = "cannot be changed here", f"a key beneath {', '.join(CHANGEABLE)}"
        raise InputError(*(Mistake(written.where((label, key)), f"{label}.{key}", what, wanted=wanted) for key in wrong))
    base = {key: value for key, value in written.value.items() if key != "improvement"}
    outer = {tuple(key.split(".")): key for key in changes if not key.startswith("community.")}
    inner = {tuple(key.split(".")[1:]): key for key in changes if key.startswith("community.")}
    try:
        found = validated(with_changes(written._replace(value=base), outer, changes, label, scenario), scenario._context)
        community = changed_community(scenario, inner, changes, label) if inner else scenario.community
    except InputError as error:
        beneath = (mistake._replace(path=f"{label}.{mistake.path}") for mistake in error.mistakes)
        raise InputError(*beneath) from None
    made = found.model_copy(update={"run": scenario.run, "community": community})
    made._label = label
    return made


def changeable(key: str) -> bool:
    """Whether a dotted key leads into a section that an improvement may change."""
    first, *rest = key.split(".")
    return first in CHANGEABLE and bool(rest) and all(rest)


def changed_community(
    scenario: Scenario, keys: Mapping[tuple[str, ...], str], changes: Mapping[str, Any], label: str
) -> CommunityFile:
    """The community's description with other values, checked; as JSON, which is YAML."""
    own, written = scenario.community, scenario._document
    recipe = parse_yaml(own.text, str(own.path))
    here = {at: place for at, place in written.places.items() if at[:1] == (label,)}
    try:
        document = with_changes(Document(written.name, "", recipe.value, here), keys, changes, label)
        recipe_of(document)
    except InputError as error:
        raise InputError(*(mistake._replace(path=f"community.{mistake.path}") for mistake in error.mistakes)) from None
    return CommunityFile(path=own.path, text=json.dumps(document.value, ensure_ascii=False))
