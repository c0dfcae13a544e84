"""Zones and groups: the same indices, scored on the part of the tables that is theirs."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.indices.maintenance import maintenance, maintenance_of_services, tested
from sim.indices.numbers import plain
from sim.indices.recovery import recovery
from sim.indices.sums import Sums
from sim.indices.tables import GROUPS, SERVICES
from sim.reference.standard import Standard


def zone_rows(sums: Sums, zones: Sequence[Mapping[str, Any]], standard: Standard) -> list[dict[str, Any]]:
    """Each zone {id, name, residents} with its M and R over its own tested services. `sums` are (n_zones, n_services)."""
    which = tested(sums, standard)
    scores = zip(maintenance(sums, which, standard), recovery(sums, which, standard), strict=True)
    return [{**zone, "maintenance": plain(m), "recovery": plain(r)} for zone, (m, r) in zip(zones, scores, strict=True)]


def equity_rows(sums: Sums, standard: Standard) -> list[dict[str, Any]]:
    """Need, unmet and M_k of each group and service with need. `sums` are (n_groups, n_services); m is None where too few were
    in need."""
    which, scores = tested(sums, standard), maintenance_of_services(sums)
    return [
        {
            "group": GROUPS[g],
            "service": SERVICES[k],
            "need": float(sums.need[g, k]),
            "unmet": float(sums.unmet[g, k]),
            "people": float(sums.people[g, k]),
            "m": plain(scores[g, k]) if which[g, k] else None,
        }
        for g in range(len(GROUPS))
        for k in range(len(SERVICES))
        if sums.need[g, k] > 0
    ]
