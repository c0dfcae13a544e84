"""Paired comparison: two policies with the same draws, the second scored on the ground of the first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sim.indices.development import development_index, improvement_block, single_outcomes
from sim.indices.numbers import mean_with_interval, resamples
from sim.indices.summary import Scored, column, replication_rows, scored
from sim.indices.sums import Sums
from sim.indices.tables import Tables, tables_of
from sim.reference.standard import standard
from sim.result import Result, numbers_of
from sim.trajectory import Trajectory

WINDOWS = ["replication", "window_start_s", "window_end_s"]


def windows_of(trajectories: Sequence[Trajectory]) -> dict[int, tuple[float, float]]:
    """The event windows that another policy is judged in too."""
    return {each.replication: (each.window_start_s, each.window_end_s) for each in trajectories}


def sums_of_result(result: Result, most: int | None = None) -> Sums:
    """Sums (n_replications, n_services) of a result, of its first `most` replications."""
    numbers = result.replications["replication"].to_numpy()[:most]
    frames = (result.need, result.ledger, result.replications[WINDOWS])
    return by_replication(score_of(Tables(*(frame[frame["replication"].isin(numbers)] for frame in frames)), zones_of(result)))


def zones_of(result: Result) -> list[str]:
    """The zones' ids."""
    return [zone["id"] for zone in result.summary["zones"]]


def score_of(tables: Tables, ids: Sequence[str]) -> Scored:
    """Tables summed up, by zones of these ids."""
    return scored(tables, [{"id": own, "name": own, "residents": 0} for own in ids])


def by_replication(score: Scored) -> Sums:
    """Sums (n_replications, n_services), over zones and groups."""
    return score.sums.over(1, 2)


def improved_result(result: Result, changes: Mapping[str, Any], improved: Sequence[Trajectory], ids: Sequence[str]) -> Result:
    """The result with development, what stands beside it, and the improved run's tables. `ids` are its community's zones."""
    tables = tables_of(improved, ids)
    score = score_of(tables, ids)
    rows = replication_rows(score, [numbers_of(each) for each in improved])
    before, after, rules = sums_of_result(result), by_replication(score), standard()
    summary, counts = result.summary, resamples(result.summary["seed"], len(rows))
    value, why = development_index(before, after, counts, rules)
    given = {"given": next((index["given"] for index in summary["indices"].values() if index and "given" in index), "")}
    reasons = {name: text for name, text in summary["indices"]["why"].items() if name != "development"}
    indices = summary["indices"] | {
        "development": None if value is None else value | given,
        "why": reasons if value is not None else reasons | {"development": why},
    }
    block = improvement_block(changes, before, after, counts, rules)
    avoided = column(result.replications, "people.deaths") - column(rows, "people.deaths")
    singles = result.replications.assign(**{"indices.development": single_outcomes(before, after, rules)})
    return replace(
        result,
        summary=summary | {"indices": indices, "improvement": block | {"deaths_avoided": mean_with_interval(avoided, counts)}},
        replications=singles,
        improved={"need": tables.need, "ledger": tables.ledger, "replications": rows},
    )
