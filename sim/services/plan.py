"""The plan of supplies: what is kept where, by whom it is moved and handed out, and who comes first."""

from typing import Literal

from pydantic import Field, model_validator

from sim.services.agreements import Agreement
from sim.services.convoys import Fleet
from sim.services.larders import Homes
from sim.services.points import Counter
from sim.services.stocks import Level, Norms
from sim.units import Count, Factor, Model, Seconds, Share


class Split(Model):
    """Where the street's own stock lies."""

    depot: Share = Field(0.7, description="in the street's depots (assumed)")
    shelters: Share = Field(0.3, description="in the shelters (assumed)")

    @model_validator(mode="after")
    def _whole(self) -> "Split":
        if abs(self.depot + self.shelters - 1.0) > 1e-9:
            raise ValueError(f"shares that add up to 1 (got {self.depot:g} + {self.shelters:g})")
        return self


class Plan(Model):
    """How much there is, how it moves, who gets it first."""

    city: Level = Field(Level(persons=500), description="kept by the city for it (one city plan: 500 persons; unverified)")
    district: Level = Field(Level(persons=250), description="kept by the district (same plan: 250 persons; unverified)")
    street: Level = Field(Level(persons=100), description="kept by the street or town (same plan: 100 persons; unverified)")
    split: Split = Field(Split(), description="where the street's stock lies")
    agreements: tuple[Agreement, ...] = Field(
        (Agreement(name="supermarket"), Agreement(name="canteens and caterers", call_off="2 h")),
        strict=False,
        description="social stock: supermarkets, enterprises",
    )
    lockers: Count = Field(0, description="smart lockers as contactless points: stock for so many persons a zone, for one day")
    norms: Norms = Field(Norms(), description="what a person needs")
    homes: Homes = Field(Homes(), description="what households hold of their own")
    counter: Counter = Field(Counter(), description="how points hand out")
    street_fleet: Fleet = Field(Fleet(), description="vans of each street depot")
    outside_fleet: Fleet = Field(
        Fleet(vehicles=2, crews=2, capacity_kg=5000.0), description="lorries of city and district, each (assumed)"
    )
    round_s: Seconds = Field(21600.0, ge=3600, le=86400, description="from meal to meal (assumed)")
    first_order_frac: Share = Field(0.5, description="share of a shelter's room that is ordered for when it opens (assumed)")
    cover_days: Factor = Field(1.0, description="a shelter orders up to so many days of its guests' need (assumed)")
    reorder_days: Factor = Field(0.5, description="... when it has less than so many (assumed)")
    set_up_s: Seconds = Field(7200.0, description="until community centres hand out to people at home (assumed)")
    first: Literal["largest", "first_come"] = Field("largest", description="whose order is filled first: most guests, or who asked")
