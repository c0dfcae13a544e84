"""Curves over time from the saved series: over the whole community, the median of all replications and their 5-95 % band."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.trajectory import Service, name_of

ALL = "all"


class Curve(NamedTuple):
    """time_s (n,) float64 s from the run's start; low, middle, high (n,) float64 in the series' unit, NaN where undefined."""

    name: str
    time_s: np.ndarray
    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray


class Panel(NamedTuple):
    """Curves that share a vertical axis: its key and unit in the words, its curves, and dashed limits by word key."""

    key: str
    unit: str
    curves: list[Curve]
    limits: dict[str, float]
    service: bool = False


# panel -> unit, series drawn in it (those that the result has)
PANELS: dict[str, tuple[str, tuple[str, ...]]] = {
    "wind": ("mps", ("gust_mps", "wind_mps")),
    "rain": ("mmph", ("rain_mmph",)),
    "stage": ("m", ("stage_m",)),
    "water": ("buildings", ("buildings_flooded",)),
    "power": ("customers", ("customers_out",)),
    "people": ("persons", ("n_waiting", "n_moving", "n_sheltered", "n_stranded")),
}


def curves_of(series: pd.DataFrame) -> dict[str, Curve]:
    """Every series that has a value, by name; a column without any finite value is left out."""
    whole = series[series["zone"].astype(str) == ALL]
    names = [name for name in whole.columns if name not in ("replication", "time_s", "zone")]
    by_time = whole[["time_s", *names]].replace([np.inf, -np.inf], np.nan).groupby("time_s")
    low, middle, high = (by_time.quantile(share) for share in (0.05, 0.5, 0.95))
    time_s = middle.index.to_numpy(np.float64)
    return {
        name: Curve(name, time_s, low[name].to_numpy(), middle[name].to_numpy(), high[name].to_numpy())
        for name in names
        if middle[name].notna().any()
    }


def hazard_panels(curves: Mapping[str, Curve], limits: Mapping[str, dict[str, float]]) -> list[Panel]:
    """What came and what it did to the town: only the panels that the result has series for, with the `limits` of each."""
    panels = []
    for key, (unit, names) in PANELS.items():
        found = [curves[name] for name in names if name in curves]
        if found:
            panels.append(Panel(key, unit, found, limits.get(key, {})))
    return panels


def service_panels(curves: Mapping[str, Curve], tested: Mapping[str, bool]) -> list[Panel]:
    """q_k(t) in percent for each tested service, in the standard's order."""
    panels = []
    for name in map(name_of, Service):
        curve = curves.get(f"q_{name}")
        if curve is not None and tested.get(name, False):
            percent = curve._replace(low=100 * curve.low, middle=100 * curve.middle, high=100 * curve.high)
            panels.append(Panel(name, "percent", [percent], {}, service=True))
    return panels


def between(curve: Curve, start_s: float, end_s: float) -> Curve:
    """The part of a curve between two times."""
    kept = (curve.time_s >= start_s) & (curve.time_s <= end_s)
    return Curve(curve.name, *(values[kept] for values in curve[1:]))
