"""How cost grows with the community: the shipped recipe scaled from 10,000 to 1,000,000 residents at equal density."""

from multiprocessing import get_context

from benchmarks.replication import TYPHOON, cost
from sim.community.growth import grown
from sim.scenario import load

SIZES = (10_000, 100_000, 1_000_000)


def measure() -> dict[str, float]:
    """Core-seconds and peak memory by size, each in a process of its own."""
    results = {}
    for residents_n in SIZES:
        with get_context("spawn").Pool(1) as pool:
            measured = pool.apply(cost_of, (residents_n,))
        results |= {f"{residents_n}_{key}": measured[key] for key in ("core_s_median", "peak_memory_mb")}
    return results


def cost_of(residents_n: int) -> dict[str, float]:
    """Cost of a community of this size."""
    scenario = load(TYPHOON, ("run.resolution=40 m",))
    text = grown(scenario.community.text, scenario.community.path.name, residents_n)
    file = scenario.community.model_copy(update={"text": text})
    return cost(scenario.model_copy(update={"community": file}), 3)
