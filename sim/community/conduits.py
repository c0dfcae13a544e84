"""Water and telecom as people meet them: roof tanks of high-rises, masts on roofs."""

import numpy as np

from sim.community.form import TelecomForm, WaterForm
from sim.community.lots import Luck, plots
from sim.community.stock import nearest


def tanks_s(form: WaterForm, luck: Luck, areas_n: int) -> np.ndarray:
    """(n_areas,) float64 s: how long the roof tanks of each transformer area's high-rises last; 0 where there are none."""
    lasts_s = luck.between("water.tank", areas_n, form.tank_s.least, form.tank_s.most)
    return np.where(luck.uniform("water.tankless", areas_n) < form.tankless_frac, 0.0, lasts_s)


def mast_columns(
    form: TelecomForm, luck: Luck, extent_m: tuple[float, float], buildings: dict[str, np.ndarray], nodes: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """The table of masts: one in each of equal plots, on the building nearest to its middle."""
    n = max(1, round(form.masts_per_km2 * extent_m[0] * extent_m[1] / 1e6))
    west_m, south_m, east_m, north_m = plots(*extent_m, n)
    roof, _ = nearest((west_m + east_m) / 2, (south_m + north_m) / 2, buildings["x_m"], buildings["y_m"])
    x_m, y_m = buildings["x_m"][roof], buildings["y_m"][roof]
    fuelled = luck.uniform("masts.generator", n) < form.generator_frac
    battery_s = luck.between("masts.battery", n, form.battery_s.least, form.battery_s.most)
    return {
        "x_m": x_m,
        "y_m": y_m,
        "node": nearest(x_m, y_m, nodes["x_m"], nodes["y_m"])[0],
        "area": buildings["area"][roof],
        "reserve_s": battery_s + np.where(fuelled, form.generator_s, 0.0),
    }
