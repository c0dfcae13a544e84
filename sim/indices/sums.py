"""Sums over the tables, from which all indices are made: need, unmet, people, lost and slow, by whom and where.

    unmet  states: persons x hours inside the window; flows: persons of spells that begin in it and last longer than
           their target
    lost   P_k, persons of spells that begin in the window
    slow   sum p_i (1 - 2^(-d_i/tau_k)) over the same spells: back at once 0, at the target time a half
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.indices.tables import CAUSES, GROUPS, SERVICES, Tables, codes
from sim.reference.standard import Standard

HOUR_S = 3600.0
SPELL = ["replication", "service", "spell", "zone", "group"]


class Sums(NamedTuple):
    """Arrays (..., n_services) float64 of one shape; what stands before is replications, zones, groups or nothing."""

    need: np.ndarray
    unmet: np.ndarray
    people: np.ndarray
    lost: np.ndarray
    slow: np.ndarray

    def over(self, *axes: int) -> "Sums":
        """Pooled over these axes."""
        return Sums(*(values.sum(axis=axes) for values in self))

    def weighed(self, counts: np.ndarray) -> "Sums":
        """Pooled over replications, each taken `counts (b, n_replications)` times: (b, n_services)."""
        return Sums(*(np.einsum("br,rk->bk", counts, values) for values in self))


class Spells(NamedTuple):
    """Spells (n,) and, by `of (m,)`, the segments of the ledger that make them up."""

    of: np.ndarray  # (m,) int64: row of the spell
    segment_s: np.ndarray  # (m,) float64: length of the segment
    inside_s: np.ndarray  # (m,) float64: length inside the window
    cause: np.ndarray  # (m,) int64
    replication: np.ndarray  # (n,) int64: row of windows
    service: np.ndarray
    zone: np.ndarray
    group: np.ndarray
    start_s: np.ndarray  # (n,) float64 from the window's start
    length_s: np.ndarray
    persons: np.ndarray
    target_s: np.ndarray
    censored: np.ndarray  # (n,) bool
    begins: np.ndarray  # (n,) bool: begins in the window


def spells_of(tables: Tables, zone_ids: Sequence[str]) -> Spells:
    """The ledger's spells; the segments of one spell may stand anywhere in it."""
    ledger, windows = tables.ledger, tables.windows
    of = ledger.groupby(SPELL, sort=False, observed=True).ngroup().to_numpy(np.int64)
    n = int(of.max(initial=-1)) + 1
    first = np.zeros(n, np.int64)
    first[of[::-1]] = np.arange(of.size)[::-1]
    start_s, end_s = ledger["start_s"].to_numpy(np.float64), ledger["end_s"].to_numpy(np.float64)
    row = np.searchsorted(windows["replication"], ledger["replication"])
    from_s, to_s = windows["window_start_s"].to_numpy()[row], windows["window_end_s"].to_numpy()[row]
    begin_s, finish_s = np.full(n, np.inf), np.full(n, -np.inf)
    np.minimum.at(begin_s, of, start_s)
    np.maximum.at(finish_s, of, end_s)
    censored = np.zeros(n, bool)
    np.logical_or.at(censored, of, ledger["censored"].to_numpy(bool))
    return Spells(
        of,
        end_s - start_s,
        np.clip(np.minimum(end_s, to_s) - np.maximum(start_s, from_s), 0.0, None),
        codes(ledger, "cause", CAUSES),
        row[first],
        codes(ledger, "service", SERVICES)[first],
        codes(ledger, "zone", zone_ids)[first],
        codes(ledger, "group", GROUPS)[first],
        begin_s - from_s[first],
        finish_s - begin_s,
        ledger["persons"].to_numpy(np.float64)[first],
        ledger["target_s"].to_numpy(np.float64)[first],
        censored,
        (begin_s >= from_s[first]) & (begin_s < to_s[first]) & (finish_s > begin_s),
    )


class Amounts(NamedTuple):
    """What each segment (m,) and each spell (n,) adds."""

    unmet: np.ndarray  # (m,) person-hours or cases
    slow: np.ndarray  # (m,) the spell's slowness, shared by time; NaN-free, 0 where a service has no target
    hours: np.ndarray  # (m,) person-hours inside the window
    lost: np.ndarray  # (n,) persons


def amounts_of(spells: Spells, standard: Standard) -> Amounts:
    """Unmet, slow and lost of every segment and spell."""
    flow, target_s = np.array([is_flow(standard, name) for name in SERVICES]), targets_s(standard)
    lost = spells.persons * spells.begins
    late = lost * (spells.length_s > spells.target_s)
    slowness = np.nan_to_num(lost * -np.expm1(-np.log(2.0) * spells.length_s / target_s[spells.service]))
    share = spells.segment_s / spells.length_s[spells.of]
    hours = spells.persons[spells.of] * spells.inside_s / HOUR_S
    unmet = np.where(flow[spells.service[spells.of]], late[spells.of] * share, hours)
    return Amounts(unmet, slowness[spells.of] * share, hours, lost)


def is_flow(standard: Standard, name: str) -> bool:
    """Whether a service counts cases rather than person-hours."""
    return standard.services[name].kind == "flow"


def targets_s(standard: Standard) -> np.ndarray:
    """(n_services,) float64: target times, NaN where a service has none."""
    found = (standard.services[name].target_s for name in SERVICES)
    return np.array([np.nan if target_s is None else target_s for target_s in found])


def weights(standard: Standard) -> np.ndarray:
    """(n_services,) float64: the standard's weights, before renormalising."""
    return np.array([standard.services[name].weight for name in SERVICES])


def sums_of(tables: Tables, spells: Spells, amounts: Amounts, zone_ids: Sequence[str]) -> Sums:
    """Sums of shape (n_replications, n_zones, n_groups, n_services)."""
    shape = (len(tables.windows), len(zone_ids), len(GROUPS), len(SERVICES))
    need = tables.need
    place = (
        np.searchsorted(tables.windows["replication"], need["replication"]),
        codes(need, "zone", zone_ids),
        codes(need, "group", GROUPS),
        codes(need, "service", SERVICES),
    )
    spell_place = (spells.replication, spells.zone, spells.group, spells.service)
    segment_place = tuple(column[spells.of] for column in spell_place)
    return Sums(
        total(place, need["need"].to_numpy(np.float64), shape),
        total(segment_place, amounts.unmet, shape),
        total(place, need["people"].to_numpy(np.float64), shape),
        total(spell_place, amounts.lost, shape),
        total(segment_place, amounts.slow, shape),
    )


def total(place: tuple[np.ndarray, ...], amount: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Amounts (n,) summed in the order of the rows into an array of `shape` at `place`."""
    flat = np.ravel_multi_index(place, shape) if amount.size else np.empty(0, np.int64)
    return np.bincount(flat, weights=amount, minlength=int(np.prod(shape))).reshape(shape)
