"""The form of a recipe: what a planner writes about a community, key by key.

A `Figure` is a number that someone published, with where it stands and whether it could be checked there. Every other value is an
assumption of whoever wrote the recipe.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.community.figures import (
    Degrees,
    Figure,
    Height,
    Hour,
    Kind,
    Number,
    NumberPositive,
    Pace,
    Persons,
    PersonsPositive,
    PerTenThousand,
    Range,
    Size,
)
from sim.units import Factor, Length, Level, MetresPerSecond, Model, Seconds, Share, SquareMetres


class Origin(Model):
    """Where the community lies."""

    latitude_deg: Degrees = Field(description="latitude of the centre")
    longitude_deg: Degrees = Field(description="longitude of the centre")
    datum: Literal["Wusong", "1985", "EGM96"] = Field(description="vertical datum of every elevation in the recipe")
    utc_offset_h: float = Field(ge=-12, le=14, description="hours ahead of UTC")


class ZoneForm(Model):
    """Neighbourhood committees."""

    count: Figure[NumberPositive] = Field(description="how many committees")
    name: str = Field("居委", description="their names are this and a number")
    grid_workers_per_10000: Figure[PerTenThousand] = Field(description="community workers per 10,000 residents")
    building_heads_per_10000: Figure[PerTenThousand] = Field(description="building heads who knock on doors, per 10,000 residents")


class CompoundForm(Model):
    """Compounds (小区) and how many of them are old."""

    count: Figure[NumberPositive] = Field(description="how many compounds")
    old_frac: Figure[Share] = Field(description="share of compounds that are old: walk-ups and old lanes")
    lane_count: Number = Field(description="how many of the old ones are old lane houses")


class DwellingForm(Model):
    """One class of dwellings."""

    residents_frac: Share = Field(description="share of residents who live in it")
    floors: Range[Size] = Field(description="storeys, drawn by compound")
    homes_per_floor: Size = Field(description="dwellings on one floor of one building")
    age_yr: Range[Annotated[Factor, Field(le=1000)]] = Field(description="age in years, drawn by compound")
    sill_m: Range[Height] = Field(description="ground floor above the ground outside, drawn by building")
    overhead_frac: Share = Field(description="share of its transformer areas that hang on poles")


class Dwellings(Model):
    """The classes of dwellings; their shares add up to 1."""

    high_rise: DwellingForm
    walk_up: DwellingForm
    old_lane: DwellingForm

    @model_validator(mode="after")
    def _whole(self) -> "Dwellings":
        total = self.high_rise.residents_frac + self.walk_up.residents_frac + self.old_lane.residents_frac
        if abs(total - 1) > 1e-6:
            raise ValueError(f"residents_frac of high_rise, walk_up and old_lane that add up to 1 (got {total:g})")
        return self


class PeopleForm(Model):
    """Households and persons."""

    household_size: Figure[Annotated[float, Field(ge=1, le=4)]] = Field(description="persons per household, mean")
    old_frac: Figure[Share] = Field(description="share of residents aged 60 or more")
    very_old_frac: Figure[Share] = Field(description="share of those 60+ who are 80 or more")
    alone_frac: Figure[Share] = Field(description="share of those 60+ who live alone")
    only_old_frac: Figure[Share] = Field(description="share of those 60+ in households where all are 60+, alone or not")
    child_frac: Figure[Share] = Field(description="share of residents aged 0-14")
    smart_phone_old: Figure[Share] = Field(description="share of those 60+ who use a smart phone independently")
    own_smart_phone_old: Figure[Share] = Field(description="share of those 60+ who own a smart phone: it rings")
    plain_phone_old: Share = Field(description="share of those 60+ without a smart phone who have another phone")
    smart_phone_other: Share = Field(description="share of those 15-59 who use a smart phone independently")
    register_old: Share = Field(description="share of households with someone 60+ that are in the community register")
    register_other: Share = Field(description="share of the other households that are in the community register")
    disabled_60: Share = Field(description="share of those 60-79 with limited mobility")
    disabled_80: Share = Field(description="share of those 80+ with limited mobility")
    disabled_other: Share = Field(description="share of those below 60 with limited mobility")
    chronic_old: Share = Field(description="share of those 60+ who depend on regular medicine, dialysis or oxygen")
    chronic_other: Share = Field(description="share of those below 60 who do")
    trained: Figure[Share] = Field(description="share of those 18-69 who are trained in first aid")
    volunteer: Share = Field(description="share of those 18-69 who are registered volunteers")


class Speeds(Model):
    """Walking speed on a dry, level road."""

    adult_mps: Pace = Field(description="15-59 years")
    child_mps: Pace = Field(description="0-14 years, with whom an adult walks")
    old_mps: Pace = Field(description="60-79 years")
    very_old_mps: Pace = Field(description="80 years or more")
    disabled_mps: Pace = Field(description="limited mobility")


class CampForm(Model):
    """Construction camps: dormitory rooms."""

    count: Number = Field(description="how many camps")
    workers: Figure[Persons] = Field(description="workers who sleep there")
    room: Size = Field(description="persons in one room")
    floors_n: Size = Field(description="storeys of the dormitories")
    sill_m: Height = Field(description="ground floor above the ground outside")


class HutForm(Model):
    """Simple sheds that people live in."""

    dwellers: Figure[Persons] = Field(description="persons who live in huts")
    per_hut: Size = Field(description="persons in one hut")


class VisitorForm(Model):
    """People who are there for some hours of the day."""

    who: str = Field(min_length=1, description="what they come for")
    persons: Persons = Field(description="how many are there in those hours")
    party: Size = Field(description="persons who stay and move together")
    from_h: Hour = Field(description="present from this hour of the day")
    to_h: Hour = Field(description="present until this hour of the day")

    @model_validator(mode="after")
    def _forward(self) -> "VisitorForm":
        if self.from_h >= self.to_h:
            raise ValueError(f"from_h < to_h; a stay over midnight is two entries (got {self.from_h:g} and {self.to_h:g})")
        return self


class RoadForm(Model):
    """The road graph: an irregular grid."""

    block_m: Range[Annotated[Length, Field(ge=20, le=5000)]] = Field(description="distance between parallel roads")
    main_every: NumberPositive = Field(description="every so manieth road is a main road")
    width_m: Range[Annotated[Length, Field(gt=0, le=100)]] = Field(
        description="clear width for walking, of lanes and of main roads"
    )
    missing_frac: Share = Field(description="share of the grid's roads that do not exist; all stays connected")
    trees_per_km: Annotated[Factor, Field(le=1000)] = Field(description="trees along one kilometre that can fall on the road")


class GroundForm(Model):
    """Synthetic ground; flood places on it are no forecast."""

    mean: Level = Field(description="mean elevation")
    relief_m: Height = Field(description="standard deviation of the undulating ground")
    lane_dip_m: Height = Field(description="how much deeper old lane compounds lie")
    hollows_per_km2: Annotated[Factor, Field(le=100)] = Field(description="hollows such as underpasses")
    hollow_m: Height = Field(description="depth of a hollow")
    pervious_frac: Share = Field(description="unsealed share between buildings")
    pervious_park_frac: Share = Field(description="unsealed share in parks")
    river_side: Literal["west", "east", "south", "north"] | None = Field(
        description="edge along which the river wall runs, or null"
    )


class DrainForm(Model):
    """Drain catchments and their pump stations."""

    count: NumberPositive = Field(description="how many catchments")
    capacity_mps: Figure[Annotated[MetresPerSecond, Field(le=1)]] = Field(description="what newer drains take, over the surface")
    old_capacity_mps: Figure[Annotated[MetresPerSecond, Field(le=1)]] = Field(description="what old drains take")
    old_frac: Share = Field(description="share of catchments with old drains")
    invert: Level = Field(description="outfall invert")
    generator_frac: Share = Field(description="share of pump stations with a generator")
    generator_s: Seconds = Field(le=3.2e7, description="how long such a generator lasts on its fuel")
    inlet_frac_off_road: Share = Field(description="share of drain capacity that inlets away from roads take")


class PowerForm(Model):
    """Medium-voltage feeders and transformer areas."""

    feeders: NumberPositive = Field(description="how many feeders")
    customers_per_area: NumberPositive = Field(description="households that one transformer feeds")
    overhead_frac: Range[Share] = Field(description="share of overhead line, drawn by feeder")
    plinth_m: Range[Height] = Field(description="live parts above the ground outside, drawn by area")


class WaterForm(Model):
    """Water in high-rises: roof tanks filled by pumps that need power."""

    tank_s: Range[Annotated[Seconds, Field(le=3.2e7)]] = Field(
        Range[Annotated[Seconds, Field(le=3.2e7)]](least="4 h", most="16 h"),
        description="how long a roof tank lasts at ordinary use, drawn by transformer area; assumed",
    )
    tankless_frac: Share = Field(0.3, description="share of areas that pump directly, without roof tanks; assumed")


class TelecomForm(Model):
    """Base stations of the mobile network."""

    masts_per_km2: Annotated[Factor, Field(gt=0, le=1000)] = Field(10.0, description="base stations; assumed")
    battery_s: Range[Annotated[Seconds, Field(le=3.2e7)]] = Field(
        Range[Annotated[Seconds, Field(le=3.2e7)]](least="2 h", most="6 h"),
        description="what a battery lasts, drawn by mast; assumed",
    )
    generator_frac: Share = Field(0.1, description="share with a generator of their own; assumed")
    generator_s: Seconds = Field("12 h", le=3.2e7, validate_default=True, description="how long its fuel lasts; assumed")


class Position(Model):
    """Where a site stands."""

    east_m: Length = Field(description="east of the south-west corner")
    north_m: Length = Field(description="north of the south-west corner")


class SiteForm(Model):
    """Sites of one sort, each with an everyday and a disaster function."""

    kind: Kind = Field(description="everyday function")
    name: str = Field(min_length=1, description="name; with count > 1 a number follows")
    count: NumberPositive = Field(1, description="how many like this")
    at: Position | None = Field(None, description="where it stands; else spread over the community")
    shelter: bool = Field(description="designated as a shelter")
    indoor: bool = Field(description="has a roof that stands a typhoon")
    floor_area_m2: SquareMetres = Field(le=1e7, description="area that can be slept on, each")
    toilets: Number = Field(description="toilets, each")
    staff: Number = Field(description="persons who can open and run it, each")
    sill_m: Height = Field(description="floor above the ground outside")

    @model_validator(mode="after")
    def _one_place(self) -> "SiteForm":
        if self.at is not None and self.count > 1:
            raise ValueError(f"count 1 where `at` is given (got {self.count})")
        return self


class RecipeForm(Model):
    """A whole recipe."""

    schema_: Literal["community/1"] = Field(alias="schema")
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="short name")
    title: str = Field(min_length=1, description="what pages are headed with; a synthetic community says so here")
    seed: int = Field(ge=0, lt=2**63, description="all luck of the recipe comes from it")
    origin: Origin
    area_m2: Figure[Annotated[SquareMetres, Field(ge=4e4, le=1e9)]] = Field(description="area of the community")
    aspect: Annotated[float, Field(ge=0.2, le=5)] = Field(
        1.0, description="its extent from west to east over that from south to north"
    )
    residents: Figure[PersonsPositive] = Field(description="people who live there")
    zones: ZoneForm
    compounds: CompoundForm
    dwellings: Dwellings
    people: PeopleForm
    speeds: Speeds
    camps: CampForm
    huts: HutForm
    public_buildings: NumberPositive = Field(description="offices, shops and markets, where visitors are")
    visitors: list[VisitorForm]
    roads: RoadForm
    ground: GroundForm
    drains: DrainForm
    power: PowerForm
    water: WaterForm = WaterForm()
    telecom: TelecomForm = TelecomForm()
    sites: list[SiteForm] = Field(min_length=1)
