"""The tables of a community and their columns; the one place where a column is named, typed and given its unit.

Indices into other tables are int32, -1 meaning none. Positions are metres east and north of the community's south-west
corner on the tangent plane. Elevations are metres above the community's datum.
"""

from enum import IntEnum

import numpy as np

from sim.world.columns import Table, state, static

F32, F64, I8, U8, I32, I64, BOOL = np.float32, np.float64, np.int8, np.uint8, np.int32, np.int64, np.bool_
NEVER = np.inf


class BuildingClass(IntEnum):
    """Classes that wind, water and people tell apart."""

    HIGH_RISE = 0  # concrete, lifts
    WALK_UP = 1  # masonry, five or six floors, no lift
    OLD_LANE = 2  # old lane houses, two or three floors
    HUT = 3  # simple sheds
    CAMP = 4  # construction dormitories
    PUBLIC = 5  # schools, clinics, offices, shops


class HouseholdKind(IntEnum):
    """Who lives or stays together and moves together."""

    RESIDENT = 0
    CAMP = 1  # a dormitory room of construction workers
    HUT = 2
    VISITOR = 3  # commuters and visitors, there for some hours of the day


class Place(IntEnum):
    """Where a household is."""

    HOME = 0
    WAITING = 1  # ready to go, needs help that has not come
    MOVING = 2
    SHELTERED = 3
    STRANDED = 4  # on the road, no open way on
    ELSEWHERE = 5  # left the community: kin, hotel
    RETURNING = 6


class SiteKind(IntEnum):
    """Everyday function of a site."""

    SCHOOL = 0
    GYM = 1
    COMMUNITY_CENTRE = 2
    PARK = 3
    CLINIC = 4
    HOSPITAL = 5
    DEPOT = 6
    FIRE_STATION = 7
    AMBULANCE_STATION = 8


class Signal(IntEnum):
    """Warning signals, in order."""

    NONE = 0
    BLUE = 1
    YELLOW = 2
    ORANGE = 3
    RED = 4


class Channel(IntEnum):
    """By which way a warning reached a household."""

    BROADCAST = 0  # television and radio
    SMS = 1
    APP = 2  # community app
    LOUDSPEAKER = 3
    SIREN = 4
    DOOR = 5  # a grid worker or a helper at the door
    NEIGHBOUR = 6


class Zones(Table):
    """Neighbourhood committees (居委), the reporting units."""

    columns = {
        "x_m": static(F64, "m", "centroid east"),
        "y_m": static(F64, "m", "centroid north"),
        "residents_n": static(I32, "persons", "who live there"),
        "grid_workers_n": static(I32, "persons", "grid workers and building heads who knock on doors"),
    }


class Buildings(Table):
    """Buildings, huts and camps."""

    columns = {
        "zone": static(I32, "zones", "its neighbourhood committee"),
        "compound": static(I32, "id", "its compound (小区)"),
        "x_m": static(F64, "m", "east"),
        "y_m": static(F64, "m", "north"),
        "cell": static(I32, "cells", "grid cell it stands in"),
        "node": static(I32, "nodes", "nearest road node"),
        "area": static(I32, "areas", "transformer area that feeds it"),
        "kind": static(U8, "BuildingClass", "class"),
        "floors_n": static(U8, "floors", "storeys"),
        "age_yr": static(F32, "yr", "age"),
        "sill_m": static(F32, "m", "ground floor above the ground outside"),
        "depth_m": state(F32, "m", "water outside (hazards.flood)"),
        "gust_mps": state(F32, "m/s", "3 s gust at the building (hazards.typhoon)"),
        "wind_point": state(U8, "points", "nearest of the nine wind points (hazards.typhoon)"),
        "gust_max_mps": state(F32, "m/s", "largest gust so far (hazards.typhoon)"),
        "flood_from_s": state(F64, "s", "ground floor unsafe by water, first (population.needs)", NEVER),
        "flood_to_s": state(F64, "s", "ground floor unsafe by water, last (population.needs)", -NEVER),
        "wind_from_s": state(F64, "s", "unsafe by wind for its class, first (population.needs)", NEVER),
        "wind_to_s": state(F64, "s", "unsafe by wind for its class, last (population.needs)", -NEVER),
        "homes_n": state(I32, "households", "who stays in it (services.warning)"),
        "flood_known": state(BOOL, "-", "water at it is known to a sensor or by a call (services.warning)"),
    }


class Households(Table):
    """Those who live or stay together and move together: households, dormitory rooms, visitor parties."""

    columns = {
        "building": static(I32, "buildings", "where it stays"),
        "zone": static(I32, "zones", "its committee"),
        "node": static(I32, "nodes", "road node of its building"),
        "area": static(I32, "areas", "transformer area of its building"),
        "kind": static(U8, "HouseholdKind", "who it is"),
        "persons_n": static(I32, "persons", "size"),
        "group_n": static(U8, "persons", "members by equity group", width=6),
        "group": static(U8, "Group", "the household's own group, as a customer"),
        "ground_floor": static(BOOL, "-", "dwelling on the ground floor"),
        "floor": static(U8, "floors", "floor of the dwelling, 0 the ground floor"),
        "on_register": static(BOOL, "-", "in the community register (社区云)"),
        "smart_phone": static(BOOL, "-", "someone uses a smart phone independently"),
        "any_phone": static(BOOL, "-", "someone has a phone that rings"),
        "old_alone": static(BOOL, "-", "one person of 60 or more"),
        "needs_help": static(BOOL, "-", "cannot walk to a shelter unaided"),
        "speed_mps": static(F32, "m/s", "walking speed of the slowest"),
        "from_h": static(F32, "h", "present from this hour of the day"),
        "to_h": static(F32, "h", "present until this hour of the day (24 = always, with from_h 0)"),
        "warned_s": state(F64, "s", "first reached by a warning (services.warning)", NEVER),
        "warned_by": state(I8, "Channel", "by which channel (services.warning)", -1),
        "visited_s": state(F64, "s", "last told at the door (services.warning)", NEVER),
        "channel_dead": state(BOOL, "-", "a message did not get through for want of power or telecom (services.warning)"),
        "rumour_left": state(F32, "1", "unit-exponential hazard still to go until a neighbour tells it (services.warning)", NEVER),
        "reluctance": state(F64, "odds", "a telling with higher odds than this moves it (population.decision)", NEVER),
        "preparing_s": state(F32, "s", "time it takes to get ready when not told in person (population.decision)"),
        "advice_s": state(F64, "s", "told to leave (population.decision)", NEVER),
        "willing": state(I8, "-", "-1 not decided, 0 stays, 1 leaves (population.decision)", -1),
        "ready_s": state(F64, "s", "ready to leave (population.decision)", NEVER),
        "helper_s": state(F64, "s", "help came (services.helpers)", NEVER),
        "place": state(U8, "Place", "where it is (population.travel)"),
        "at_node": state(I32, "nodes", "last road node passed (population.travel)", -1),
        "site": state(I32, "sites", "shelter it is heading to or in (population.travel)", -1),
        "left_s": state(F64, "s", "first left home (population.travel)", NEVER),
        "refused_n": state(I32, "doors", "times turned away at a full door (population.travel)"),
        "sheltered_s": state(F64, "s", "first let in to a shelter (population.travel)", NEVER),
        "stranded_s": state(F64, "s", "found no open way on (population.travel)", NEVER),
        "returned_s": state(F64, "s", "home again after an all-clear, last (population.travel)", NEVER),
        "away_s": state(F64, "s", "out of home: (from, to) of each time, see population.spans (population.travel)", NEVER, width=8),
        "inside_s": state(F64, "s", "in a shelter, or later with kin: the same (population.travel)", NEVER, width=8),
        "habitable": state(BOOL, "-", "its dwelling can be lived in (lifelines.homes)", 1),
    }


class People(Table):
    """Persons."""

    columns = {
        "household": static(I32, "households", "its household"),
        "age_yr": static(U8, "yr", "age"),
        "group": static(U8, "Group", "equity group"),
        "disabled": static(BOOL, "-", "limited mobility"),
        "smart_phone": static(BOOL, "-", "uses a smart phone independently"),
        "chronic": static(BOOL, "-", "depends on regular medicine, dialysis or oxygen"),
        "trained": static(BOOL, "-", "first-aid trained"),
        "volunteer": static(BOOL, "-", "registered volunteer"),
    }


class Nodes(Table):
    """Road junctions."""

    columns = {
        "x_m": static(F64, "m", "east"),
        "y_m": static(F64, "m", "north"),
        "cell": static(I32, "cells", "grid cell"),
    }


class Links(Table):
    """Directed road links; the two directions of a road are two links. Sorted by `tail` (CSR order)."""

    columns = {
        "tail": static(I32, "nodes", "from"),
        "head": static(I32, "nodes", "to"),
        "length_m": static(F32, "m", "length"),
        "width_m": static(F32, "m", "clear width for walking"),
        "cell": static(I32, "cells", "grid cell of its middle"),
        "tree_n": static(I32, "trees", "trees that can fall on it"),
        "depth_m": state(F32, "m", "water on it (hazards.flood)"),
        "debris_s": state(F64, "s", "blocked by a fallen tree since (lifelines.roads)", NEVER),
        "tree_gust_mps": state(F32, "m/s", "town gust at which a tree falls across it, drawn beforehand (lifelines.roads)", NEVER),
        "fallen_n": state(I32, "trees", "trees fallen on it or beside it so far, of a road on its first link (lifelines.roads)"),
        "twin": state(I32, "links", "the other direction of the same road (lifelines.roads)", -1),
        "open": state(BOOL, "-", "can be entered (lifelines.roads)", 1),
        "speed_frac": state(F32, "1", "walking speed there as a share of the dry speed (lifelines.roads)", 1),
        "free_s": state(F64, "s", "when its exit is next free (population.travel)", -NEVER),
        "inside_n": state(I32, "persons", "on it now (population.travel)"),
    }


class Sites(Table):
    """Facilities with an everyday and a disaster function (平灾转换)."""

    columns = {
        "kind": static(U8, "SiteKind", "everyday function"),
        "shelter": static(BOOL, "-", "designated as a shelter"),
        "indoor": static(BOOL, "-", "has a roof that stands a typhoon"),
        "zone": static(I32, "zones", "its committee"),
        "x_m": static(F64, "m", "east"),
        "y_m": static(F64, "m", "north"),
        "node": static(I32, "nodes", "its door on the road graph"),
        "cell": static(I32, "cells", "grid cell"),
        "area": static(I32, "areas", "transformer area"),
        "floor_area_m2": static(F32, "m2", "area that can be slept on"),
        "toilets_n": static(I32, "toilets", "toilets"),
        "staff_n": static(I32, "persons", "who can open and run it"),
        "sill_m": static(F32, "m", "floor above the ground outside"),
        "depth_m": state(F32, "m", "water outside (hazards.flood)"),
        "open": state(BOOL, "-", "open as a shelter (services.shelters)"),
        "open_s": state(F64, "s", "opened (services.shelters)", NEVER),
        "room_n": state(I32, "persons", "how many it may hold (services.shelters)"),
        "inside_n": state(I32, "persons", "how many are in (population.travel)"),
        "peak_n": state(I32, "persons", "most it ever held (population.travel)"),
        "refused_n": state(I32, "persons", "turned away at its door (population.travel)"),
        "stock_n": state(
            I64, "units", "goods there: water in mL, food in kcal, medicine in day/1000, blankets (services.supplies)", width=4
        ),
    }


class Feeders(Table):
    """Medium-voltage lines."""

    columns = {
        "overhead_frac": static(F32, "1", "share of overhead line"),
        "x_m": static(F64, "m", "middle, east"),
        "y_m": static(F64, "m", "middle, north"),
        "node": static(I32, "nodes", "road node where a crew starts"),
        "faulty": state(BOOL, "-", "line out (lifelines.power)"),
        "limit_mps": state(F32, "m/s", "gust at which it breaks, drawn beforehand (lifelines.power)", NEVER),
    }


class Areas(Table):
    """Transformer areas (台区)."""

    columns = {
        "feeder": static(I32, "feeders", "line that feeds it"),
        "zone": static(I32, "zones", "committee most of its customers are in"),
        "x_m": static(F64, "m", "east"),
        "y_m": static(F64, "m", "north"),
        "node": static(I32, "nodes", "road node"),
        "cell": static(I32, "cells", "grid cell"),
        "overhead": static(BOOL, "-", "on poles"),
        "plinth_m": static(F32, "m", "height of live parts above the ground"),
        "customers_n": static(I32, "customers", "households it feeds"),
        "tank_s": static(F32, "s", "how long its high-rises' roof tanks last at ordinary use, 0 where water is pumped directly"),
        "depth_m": state(F32, "m", "water outside (hazards.flood)"),
        "gust_mps": state(F32, "m/s", "gust (hazards.typhoon)"),
        "wind_point": state(U8, "points", "nearest of the nine wind points (hazards.typhoon)"),
        "faulty": state(BOOL, "-", "own fault (lifelines.power)"),
        "limit_mps": state(F32, "m/s", "gust at which it breaks, drawn beforehand (lifelines.power)", NEVER),
        "drowned": state(BOOL, "-", "live parts have been under water (lifelines.power)"),
        "on": state(BOOL, "-", "has power (lifelines.power)", 1),
        "telecom_on": state(BOOL, "-", "a mast near it works (lifelines.telecom)", 1),
        "main_limit_mps": state(F32, "m/s", "gust at which a tree breaks its main, drawn beforehand (lifelines.water)", NEVER),
        "main_on": state(BOOL, "-", "water in the street main (lifelines.water)", 1),
        "lifted_on": state(BOOL, "-", "water on the upper floors of its high-rises (lifelines.water)", 1),
        "waterless_n": state(I32, "customers", "customers without water now (lifelines.water)"),
    }


class Masts(Table):
    """Base stations of the mobile network, on roofs."""

    columns = {
        "x_m": static(F64, "m", "east"),
        "y_m": static(F64, "m", "north"),
        "node": static(I32, "nodes", "road node"),
        "area": static(I32, "areas", "transformer area that feeds it"),
        "reserve_s": static(F32, "s", "how long its battery, and its generator's fuel where it has one, last without mains"),
        "limit_mps": state(F32, "m/s", "gust at which it breaks, drawn beforehand (lifelines.telecom)", NEVER),
        "faulty": state(BOOL, "-", "broken (lifelines.telecom)"),
        "working": state(BOOL, "-", "neither broken nor without power (lifelines.telecom)", 1),
    }


class Catchments(Table):
    """Drain catchments, each with a pump station at its outfall."""

    columns = {
        "capacity_mps": static(F64, "m/s", "design drain capacity over its surface (36 mm/h = 1e-5)"),
        "invert_m": static(F32, "m", "outfall invert above the datum: above this stage nothing drains by gravity"),
        "area": static(I32, "areas", "transformer area that feeds the pump"),
        "generator_s": static(F32, "s", "how long the pump's generator lasts"),
        "working": state(BOOL, "-", "drains now (hazards.flood)", 1),
        "unpowered_s": state(F64, "s", "pump without mains since (hazards.flood)", NEVER),
    }


class Cells(Table):
    """The raster ground, row by row from the south-west; its shape is in Community.grid."""

    columns = {
        "ground_m": static(F32, "m", "ground above the datum"),
        "catchment": static(I32, "catchments", "drains to"),
        "inlet_frac": static(F32, "1", "share of drain capacity its inlets take when clean"),
        "pervious_frac": static(F32, "1", "unsealed share"),
        "wall_m": static(F32, "m", "length of river wall along the cell"),
        "depth_m": state(F32, "m", "water (hazards.flood)"),
        "drain_mps": state(F32, "m/s", "what its inlets take, some blocked, while the catchment works (hazards.flood)"),
        "residue_m": state(F32, "m", "what rounding has left out of depth_m (hazards.flood)"),
        "qx_m2ps": state(F32, "m2/s", "flow to the east face (hazards.flood)"),
        "qy_m2ps": state(F32, "m2/s", "flow to the north face (hazards.flood)"),
        "depth_max_m": state(F32, "m", "deepest so far (hazards.flood)"),
    }


class Forcing(Table):
    """Hazard forcing at every tick of the storm, known before the clock starts; the window W comes from here alone."""

    columns = {
        "time_s": state(F64, "s", "tick"),
        "wind_mps": state(F32, "m/s", "10-min mean wind, open terrain, town centre (hazards.typhoon)"),
        "rain_mps": state(F32, "m/s", "mean rain over the tick (hazards.typhoon)"),
        "wind_from_deg": state(F32, "deg", "where the wind at the town centre comes from, clockwise from north (hazards.typhoon)"),
        "wind_at_mps": state(F32, "m/s", "10-min mean wind, open terrain, at the nine points (hazards.typhoon)", width=9),
        "pressure_drop_pa": state(F32, "Pa", "sea-level pressure at the town below the storm's surroundings (hazards.typhoon)"),
        "stage_m": state(F32, "m", "river stage above the datum (hazards.surge)", -NEVER),
    }


class Town(Table):
    """One row: what holds for the whole community now."""

    columns = {
        "wind_mps": state(F32, "m/s", "10-min mean wind, open terrain (hazards.typhoon)"),
        "gust_mps": state(F32, "m/s", "3 s gust, open terrain (hazards.typhoon)"),
        "rain_mps": state(F32, "m/s", "rain (hazards.typhoon)"),
        "stage_m": state(F32, "m", "river stage above the datum (hazards.surge)", -NEVER),
        "warning_stage_m": state(F32, "m", "stage from which the river is dangerous (hazards.surge)", NEVER),
        "signal": state(I8, "Signal", "signal in force (services.warning)"),
        "first_signal_s": state(F64, "s", "first signal (services.warning)", NEVER),
        "rained_m3": state(F64, "m3", "water from rain so far (hazards.flood)"),
        "overtopped_m3": state(F64, "m3", "water over the wall so far (hazards.flood)"),
        "drained_m3": state(F64, "m3", "water taken by drains and soil so far (hazards.flood)"),
        "routes_version": state(I32, "-", "counts changes of open links (lifelines.roads)"),
    }


TABLES: dict[str, type[Table]] = {
    "zones": Zones,
    "buildings": Buildings,
    "households": Households,
    "people": People,
    "nodes": Nodes,
    "links": Links,
    "sites": Sites,
    "feeders": Feeders,
    "areas": Areas,
    "masts": Masts,
    "catchments": Catchments,
    "cells": Cells,
}
