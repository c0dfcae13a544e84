"""Six communities in the same storms, told apart by their scores: `python -m tests.six_communities [REPLICATIONS [WORKERS]]`
plays the shipped street and prints the tables of docs/trial.md."""

import sys
from typing import Any

from sim.result import assemble
from sim.scenario import Scenario, changed, load
from sim.sweep.execute import Arm, community_for, compile_kernels, play_arms, scenario_facts
from sim.sweep.hands import Count, hands
from sim.sweep.store import Memory
from tests.hamlet import ROOT

STORM = ("hazards.typhoon.intensity_spread=0", "hazards.typhoon.intensity_factor=1.5")  # the wind fixed, strong enough to test all
GOOD, ALL_BAD = "good", "all of these"
SHELTERS, CREWS, AMBULANCES, REGISTER = "shelters halved", "crews halved", "ambulances halved", "register bad"
HALVED = {  # counts that are halved, down to whole ones, at least 1
    SHELTERS: ("shelters.persons_per_toilet", "shelters.persons_per_staff"),
    CREWS: (
        *(f"repair.{kind}_crews_n" for kind in ("power", "road", "telecom", "water", "housing")),
        *(f"rescue.{kind}" for kind in ("squads", "engines", "technicians", "tree_crews")),
    ),
    AMBULANCES: (
        *("medical.fleet.per_station_n", "medical.fleet.outside_n"),
        *(f"medical.{house}.{places}" for house in ("clinic", "hospital") for places in ("places_n", "critical_n")),
    ),
}
DOUBLED_M2 = {SHELTERS: ("shelters.area_per_person",)}
BAD_REGISTER = {"community.people.register_old": 0.5, "community.people.register_other": 0.3}
MATCHING = {  # the scores in which each must show
    SHELTERS: (("shelter", "m"), ("evacuation", "m")),
    CREWS: (("lifelines", "r"),),
    AMBULANCES: (("medical", "m"), ("medical", "r")),
    REGISTER: (("warning", "m"),),
}
MATCHING[ALL_BAD] = tuple(score for scores in MATCHING.values() for score in scores)


def communities(good: Scenario) -> dict[str, Scenario]:
    """The good community and the five that lack something, in that order."""
    changes = {name: lacking(good, name) for name in (SHELTERS, CREWS, AMBULANCES)} | {REGISTER: BAD_REGISTER}
    changes[ALL_BAD] = {key: value for own in changes.values() for key, value in own.items()}
    return {GOOD: changed(good, {})} | {name: changed(good, own) for name, own in changes.items()}


def lacking(good: Scenario, name: str) -> dict[str, Any]:
    """What is other than in the good community."""
    halves = {f"services.{key}": max(1, int(setting(good, key)) // 2) for key in HALVED[name]}
    return halves | {f"services.{key}": f"{2 * setting(good, f'{key}_m2'):g} m2" for key in DOUBLED_M2.get(name, ())}


def setting(scenario: Scenario, key: str) -> float:
    """The value of a service's setting."""
    value: Any = scenario.services
    for name in key.split("."):
        value = getattr(value, name)
    return value


def summaries(good: Scenario, replications: int, workers: int) -> dict[str, dict[str, Any]]:
    """Each community's summary, of the same replications: no relief, no improvement."""
    scenarios, numbers = communities(good.with_run(replications=replications)), range(replications)
    with hands(workers) as team:
        if workers > 1:
            compile_kernels(good, community_for(good), 0)
        arms = [Arm(name, scenario, numbers) for name, scenario in scenarios.items()]
        found = {arm.name: play_arms([arm], team, Memory(), Count(None))[arm.name] for arm in arms}
    return {
        name: assemble(scenario_facts(scenario), community_for(scenario), found[name]).summary
        for name, scenario in scenarios.items()
    }


def apart(one: dict[str, Any], other: dict[str, Any], score: str) -> bool:
    """Whether the intervals of a score of two services do not overlap."""
    return one[f"{score}_lo"] > other[f"{score}_hi"] or other[f"{score}_lo"] > one[f"{score}_hi"]


def tables(found: dict[str, dict[str, Any]]) -> str:
    """The tables in Markdown: M and R, then every service. Bold: apart from the good community."""
    parts = [table(("community", "M", "R"), [(name, *whole(summary)) for name, summary in found.items()])]
    for score in ("m", "r"):
        names = [name for name, row in found[GOOD]["services"].items() if row[score] is not None]
        rows = [
            (name, *(cell(each["services"][name], found[GOOD]["services"][name], score) for each in found.values()))
            for name in names
        ]
        parts.append(table((f"{score.upper()} of", *found), rows))
    return "\n\n".join(parts)


def whole(summary: dict[str, Any]) -> list[str]:
    """M and R with their intervals."""
    both = (summary["indices"][name] for name in ("maintenance", "recovery"))
    return [f"{index['value']:.2f} ({index['lo']:.2f}-{index['hi']:.2f})" for index in both]


def cell(row: dict[str, Any], good: dict[str, Any], score: str) -> str:
    """A service's score with its interval."""
    text = f"{row[score]:.2f} ({row[f'{score}_lo']:.2f}-{row[f'{score}_hi']:.2f})"
    return f"**{text}**" if apart(row, good, score) else text


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Rows in Markdown."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    street = load(ROOT / "scenarios" / "typhoon.yaml", STORM)
    print(tables(summaries(street, *map(int, sys.argv[1:] + ["40", "2"][len(sys.argv) - 1 :]))))
