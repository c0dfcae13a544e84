"""How cost grows with the community: the shipped recipe scaled from 10,000 to 1,000,000 residents at equal density."""

from benchmarks.replication import TYPHOON, cost
from sim.scenario import load

SIZES = (10_000, 100_000, 1_000_000)


def measure() -> dict[str, float]:
    """Core-seconds by size."""
    from sim.community.growth import grown

    results = {}
    scenario = load(TYPHOON, ("run.resolution=40 m",))
    for residents in SIZES:
        file = scenario.community.model_copy(update={"text": grown(scenario.community.text, scenario.community.path.name, residents)})
        measured = cost(scenario.model_copy(update={"community": file}), 3)
        results |= {f"{residents}_{key}": measured[key] for key in ("core_s_median", "peak_memory_mb")}
    return results
