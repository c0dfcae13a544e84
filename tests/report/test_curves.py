"""Curves are medians and bands over replications of the whole community."""

import numpy as np
import pandas as pd

from sim.report.curves import Curve, between, curves_of, hazard_panels, service_panels

TIMES = np.array([0.0, 600.0, 1200.0])


def frame(values, zone="all"):
    """A series `rain_mmph` (replications, times)."""
    return pd.concat(
        [pd.DataFrame({"replication": r, "time_s": TIMES, "zone": zone, "rain_mmph": row}) for r, row in enumerate(values)]
    )


def curve(values, name="wind_mps"):
    return Curve(name, TIMES, np.array(values), np.array(values), np.array(values))


def test_middle_is_the_median_and_the_band_holds_it():
    values = np.arange(21.0)[:, None] + np.array([0.0, 5.0, 9.0])
    rain = curves_of(frame(values))["rain_mmph"]
    np.testing.assert_allclose(rain.middle, [10, 15, 19])
    np.testing.assert_allclose(rain.low, [1, 6, 10])
    np.testing.assert_allclose(rain.high, [19, 24, 28])


def test_committees_are_not_the_whole():
    both = pd.concat([frame([[1.0, 2.0, 3.0]]), frame([[9.0, 9.0, 9.0]], zone="z001")])
    np.testing.assert_array_equal(curves_of(both)["rain_mmph"].middle, [1, 2, 3])


def test_what_was_never_defined_is_not_a_curve():
    assert curves_of(frame([[np.nan, np.nan, np.inf]])) == {}


def test_panels_hold_what_there_is():
    panels = hazard_panels({"wind_mps": curve([1, 2, 3])}, {"wind": {"work_limit": 17.0}, "stage": {}})
    assert [panel.key for panel in panels] == ["wind"]
    assert panels[0].limits == {"work_limit": 17.0}


def test_services_are_in_percent_in_the_standards_order_and_only_if_tested():
    levels = {f"q_{name}": curve([0.25, 0.5, 1.0], f"q_{name}") for name in ("shelter", "warning", "housing")}
    panels = service_panels(levels, {"shelter": True, "warning": True, "housing": False})
    assert [panel.key for panel in panels] == ["warning", "shelter"]
    np.testing.assert_allclose(panels[0].curves[0].middle, [25, 50, 100])


def test_between_keeps_its_ends():
    assert between(curve([1, 2, 3]), 600.0, 1200.0).middle.tolist() == [2, 3]
