"""Pictures on the page: local time, ranges that hold the data, words on the lines."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from bokeh.models import BoxAnnotation, Label, Legend, Span

from sim.report.charts import TimeAxis, time_curves, value_range
from sim.report.curves import Curve, Panel
from sim.report.mapplot import map_plot
from sim.report.maps import town_map
from sim.report.words import Words
from tests.report.folder import NAMES, SIZE_M, fields, places

SHANGHAI = timezone(timedelta(hours=8))
AXIS = TimeAxis(datetime(2024, 9, 15, tzinfo=SHANGHAI), 0.0, 7200.0, (600.0, 3600.0))
TIMES = np.array([0.0, 3600.0, 7200.0])
EN = Words("en")


def curve(name, values):
    middle = np.array(values, np.float64)
    return Curve(name, TIMES, middle - 1, middle, middle + 1)


WIND = Panel("wind", "mps", [curve("gust_mps", [9, 30, 9]), curve("wind_mps", [6, 20, 6])], {"work_limit": 17.0})
SHELTER = Panel("shelter", "percent", [curve("q_shelter", [50, np.nan, 90])], {}, service=True)


def test_the_axis_reads_local_time():
    assert datetime.fromtimestamp(float(AXIS.at(5400.0)) / 1000, UTC).strftime("%F %H:%M") == "2024-09-15 01:30"


@pytest.mark.parametrize(("limits", "least_top"), [({}, 31), ({"work_limit": 60.0}, 60)])
def test_ranges_hold_bands_and_limits(limits, least_top):
    shown = value_range(WIND._replace(limits=limits))
    assert shown.start == 0
    assert shown.end > least_top


def test_shares_run_from_nothing_to_all():
    shown = value_range(SHELTER)
    assert shown.start < 0
    assert shown.end > 100


def test_levels_below_zero_are_shown():
    assert value_range(Panel("stage", "m", [curve("stage_m", [-2, 0, 3])], {})).start == -3


def test_panels_share_one_axis_and_only_the_last_carries_times():
    layout = time_curves([WIND, SHELTER], AXIS, EN)
    first, last = layout.children
    assert first.x_range is last.x_range
    assert [plot.xaxis[0].visible for plot in (first, last)] == [False, True]
    assert (first.title.text, last.title.text) == ("Wind (m/s)", "Shelter (%)")


def test_several_lines_have_a_legend_and_limits_their_words():
    first, last = time_curves([WIND, SHELTER], AXIS, EN).children
    assert [item.label.value for item in first.select_one(Legend).items] == ["Gust", "10-min mean wind"]
    assert last.select_one(Legend) is None
    assert first.select_one(Span).location == 17.0
    assert first.select_one(Label).text == "outdoor work stops above a mean wind of 17 m/s"


def test_the_event_window_is_shaded():
    plot = time_curves([WIND], AXIS, EN).children[0]
    window = plot.select_one(BoxAnnotation)
    assert (window.left, window.right) == (float(AXIS.at(600.0)), float(AXIS.at(3600.0)))


def test_the_map_names_committees_and_labels_open_shelters():
    plot = map_plot(town_map(places(), fields(), SIZE_M), EN)
    sources = [renderer.data_source.data for renderer in plot.renderers]
    assert NAMES in [list(value) for data in sources for value in data.values() if len(value) == len(NAMES)]
    labels = next(data["label"] for data in sources if "label" in data)
    assert labels == ["149/149", "80/200", "220/260", ""]
