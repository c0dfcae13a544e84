"""Levers: for each cause, the scenario's own keys that take its constraint away, as far as they can.

A lever is a fiction on purpose (a thousand crews, walls of any height): it shows what the constraint costs, not what to buy.
"""

from typing import Any

Changes = dict[str, Any]

CHANNELS = ("broadcast", "sms", "app", "loudspeaker", "siren")
FAULTS = ("feeder", "area", "tree", "mast", "main", "soaked", "roof", "structure")
CREWS = ("power", "road", "telecom", "water", "housing")
RESCUERS = ("volunteer", "squad", "engine", "technician", "tree_crew")
CARE = ("clinic", "hospital")
FLEETS = ("street_fleet", "outside_fleet")
LEGS = ("load", "unload", "drive")


def each(path: str, names: tuple[str, ...], value: Any) -> Changes:
    """The same value at a path for each name."""
    return {path.format(name): value for name in names}


REGISTER: Changes = {
    "community.people.register_old": 1.0,
    "community.people.register_other": 1.0,
    "services.helpers.camps_listed_frac": 1.0,
}
HEARD = each("services.warning.channels.{}.used_frac", CHANNELS, 1.0) | each(
    "services.warning.channels.{}.used_old_frac", CHANNELS, 1.0
)
BATTERY = each("services.warning.channels.{}.mains", CHANNELS, False)
# water is seen at once, and the places at risk are called on from the first signal
DETECTED: Changes = {
    "services.helpers.start_at": "blue",
    "services.warning.doors.from_level": "blue",
    "services.warning.water.sensor_frac": 1.0,
    "services.warning.water.sensor": "1 s",
    "services.warning.water.call": "1 s",
}
HELPERS: Changes = {"services.helpers.teams": 1000, "services.helpers.carriers": 1000}
ANY_WIND: Changes = {
    "services.helpers.wind_limit": "200 m/s",
    "services.warning.doors.wind_limit": "200 m/s",
    "population.needs.stand_down_wind": "200 m/s",
}
WILLING: Changes = {
    "population.decision.never_frac": 0.0,
    "population.decision.never_ordered_frac": 0.0,
    **each("population.decision.compliance.{}", ("blue", "yellow", "orange", "red", "water", "visit", "second_visit"), 0.99),
}
READY: Changes = {"population.decision.preparing": "1 s"}
ROADS: Changes = {"lifelines.roads.closed_above": "100 m", "lifelines.roads.blocking_frac": 0.0}
# four times the room of the short-term class; with much more, shelters would order goods for guests who never come
ROOM: Changes = {
    "services.shelters.area_per_person": "0.5 m2",
    "services.shelters.persons_per_toilet": 200,
    "services.shelters.persons_per_staff": 100,
}
OPEN: Changes = {
    "services.shelters.open_at": "blue",
    "services.shelters.reserve_at": "blue",
    "services.shelters.call_out": "1 s",
    "services.shelters.prepare_100m2": "1 s",
}
REPAIR: dict[str, Changes] = {
    "not_detected": each("services.repair.{}.found", FAULTS, "1 s"),
    "stood_down": {"services.repair.wind_limit": "200 m/s"},
    "no_crew_free": each("services.repair.{}_crews_n", CREWS, 1000),
    "on_the_way": {"services.repair.speed": "1000 m/s"},
    "damage": each("services.repair.{}.mended", FAULTS, "1 s")
    | {"services.repair.drying": "1 s", "lifelines.homes.drying_full": "1 s"},
}
RESCUE: dict[str, Changes] = {
    "not_detected": {"services.rescue.finding.phone": "1 s", "services.rescue.finding.neighbour": "1 s"},
    "stood_down": each("services.rescue.{}.wind_limit", RESCUERS, "200 m/s") | {"services.rescue.height_limit": "200 m/s"},
    "no_crew_free": each("services.rescue.{}", ("squads", "engines", "technicians", "tree_crews"), 500)
    | {"services.rescue.on_call_frac": 1.0},
    "on_the_way": each("services.rescue.{}.turnout", RESCUERS, "1 s") | each("services.rescue.{}.speed", RESCUERS, "1000 m/s"),
}
MEDICAL: dict[str, Changes] = {
    "not_detected": {"services.medical.known": "1 s"},
    "stood_down": {"services.medical.stay_in": "200 m/s"},
    "no_vehicle": {
        "services.medical.fleet.per_station_n": 500,
        "services.medical.fleet.outside_n": 500,
        "services.medical.fleet.out_n": 0.0,
    },
    "on_the_way": each("services.medical.{}", ("dispatch", "door", "scene", "handover"), "1 s")
    | {"services.medical.fleet.speed": "1000 m/s", "services.medical.walk": "1000 m/s"},
    "no_bed": each("services.medical.{}.places_n", CARE, 10_000) | each("services.medical.{}.critical_n", CARE, 10_000),
    "not_staffed": each("services.medical.{}.patients_per_staff", CARE, 10_000.0)
    | each("services.medical.{}.storm_staff_frac", CARE, 1.0),
    "no_power": each("services.medical.{}.generator", CARE, "300 d") | each("services.medical.{}.dark_frac", CARE, 1.0),
}
SUPPLIES: dict[str, Changes] = {
    "stock_out": each("services.supplies.{}.persons", ("city", "district", "street"), 200_000),
    "not_open": {"services.supplies.set_up": "1 s"},
    "not_staffed": {"services.supplies.counter.persons_per_staff_h": 1e6},
    "no_vehicle": each("services.supplies.{}.vehicles", FLEETS, 1000),
    "no_crew_free": each("services.supplies.{}.crews", FLEETS, 1000),
    "stood_down": each("services.supplies.{}.wind_limit", FLEETS, "200 m/s"),
    "on_the_way": each("services.supplies.street_fleet.{}", LEGS, "1 s")
    | each("services.supplies.outside_fleet.{}", LEGS, "1 s")
    | each("services.supplies.{}.speed", FLEETS, "1000 m/s"),
}
# masts and pumps that outlast any cut
OWN_POWER: Changes = {
    "community.telecom.generator_frac": 1.0,
    "community.telecom.generator": "300 d",
    "community.water.tankless_frac": 0.0,
    "community.water.tank.least": "300 d",
    "community.water.tank.most": "300 d",
}
ANY: dict[str, Changes] = {
    "not_detected": DETECTED,
    "not_on_register": REGISTER,
    "channel_dead": BATTERY,
    "not_reached": HEARD,
    "declined": WILLING,
    "preparing": READY,
    "no_crew_free": HELPERS,
    "stood_down": ANY_WIND,
    "route_closed": ROADS,
    "shelter_full": ROOM,
    "not_open": OPEN,
}
# service -> cause -> lever: a service's own; what it has none for is taken from ANY where that constraint is the same
OWN: dict[str, dict[str, Changes]] = {
    "warning": {"no_crew_free": {"services.warning.doors.per_hour": 10_000.0}},
    "rescue": RESCUE,
    "supplies": SUPPLIES,
    "medical": MEDICAL,
    "lifelines": REPAIR | {"no_power": OWN_POWER},
    "housing": REPAIR,
}
SHARED = {"warning": tuple(ANY), "evacuation": tuple(ANY), "shelter": tuple(ANY)} | dict.fromkeys(
    ("rescue", "supplies", "medical", "lifelines", "housing"), ("route_closed",)
)
# (service, cause) -> what is changed
LEVERS: dict[tuple[str, str], Changes] = {
    (service, cause): OWN.get(service, {}).get(cause) or ANY[cause]
    for service, shared in SHARED.items()
    for cause in dict.fromkeys((*shared, *OWN.get(service, {})))
}
