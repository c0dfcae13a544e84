"""The words of a recipe: figures with their sources, ranges, and the kinds of numbers in them."""

from typing import Annotated, Generic, TypeVar

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from sim.units import Length, MetresPerSecond, Model, parse_quantity
from sim.world.tables import SiteKind

T = TypeVar("T")
Size = Annotated[int, Field(ge=1, le=200)]  # persons of a party, storeys, dwellings on a floor
Number = Annotated[int, Field(ge=0, le=100_000)]  # of things that are built
NumberPositive = Annotated[int, Field(ge=1, le=100_000)]
Persons = Annotated[int, Field(ge=0, le=5_000_000)]
PersonsPositive = Annotated[int, Field(ge=1, le=5_000_000)]
PerTenThousand = Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]
Height = Annotated[Length, Field(le=100)]  # of sills, plinths, dips: nobody builds or digs more here
Pace = Annotated[MetresPerSecond, Field(gt=0, le=20)]
Hour = Annotated[float, Field(ge=0, le=24)]
SITE_KINDS = {kind.name.lower(): kind for kind in SiteKind}


def site_kind(value: object) -> SiteKind:
    """`school` -> SiteKind.SCHOOL; ValueError lists what there is."""
    if not isinstance(value, str) or value not in SITE_KINDS:
        raise ValueError(f"one of {', '.join(SITE_KINDS)} (got {value!r})")
    return SITE_KINDS[value]


def mapping(value: object, example: str) -> object:
    """The value, or ValueError with an example where it is no mapping."""
    if not isinstance(value, dict | Model):
        raise ValueError(f"a mapping such as {example} (got {value!r})")
    return value


def angle_deg(value: object) -> float:
    """Text with a unit, within the range of latitudes and longitudes on the ellipsoid."""
    parsed_deg = parse_quantity(value, "deg")
    if not abs(parsed_deg) <= 180:
        raise ValueError(f"an angle between -180 deg and 180 deg (got {value!r})")
    return parsed_deg


Degrees = Annotated[float, BeforeValidator(angle_deg), WithJsonSchema({"type": "string", "pattern": r"^[-+0-9.]+ ?deg$"})]
Kind = Annotated[SiteKind, BeforeValidator(site_kind), WithJsonSchema({"enum": sorted(SITE_KINDS)})]


class Figure(Model, Generic[T]):
    """A public figure."""

    value: T = Field(description="the figure, with its unit")
    source: str = Field(min_length=1, description="where it was read, or 'assumed' with why")
    verified: bool = Field(description="true only if it was read at the body that is responsible for it")

    @model_validator(mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        return mapping(value, "{value: 32, source: where it was read, verified: false}")


class Range(Model, Generic[T]):
    """From the least to the most, both possible."""

    least: T = Field(description="the least")
    most: T = Field(description="the most")

    @model_validator(mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        return mapping(value, "{least: 1, most: 2}")

    @model_validator(mode="after")
    def _ordered(self) -> "Range[T]":
        if self.least > self.most:  # type: ignore[operator]
            raise ValueError(f"least <= most (got {self.least} and {self.most})")
        return self
