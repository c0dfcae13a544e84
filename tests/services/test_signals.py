"""Signals from a list and from thresholds."""

from datetime import datetime

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.stats import kstest

from sim.services.signals import Delay, RecordedSignal, from_thresholds, recorded
from sim.world.tables import Signal
from tests.places import START, place

AT_ONCE = Delay(median="0 s", shape=1.0)


def test_a_list_is_played_in_order_of_time_whatever_its_form():
    rows = (
        RecordedSignal(time="5 h", level="red"),
        RecordedSignal(time="2024-09-15T09:00:00+08:00", level="blue", kind="gale"),
        RecordedSignal(time="2024-09-14T09:00:00+08:00", level="yellow"),
    )
    changes = recorded(rows, place().times)
    wanted = [(0.0, Signal.YELLOW), (3600.0, Signal.BLUE), (18000.0, Signal.RED)]
    assert [(change.time_s, change.level) for change in changes] == wanted
    assert datetime.fromisoformat("2024-09-15T08:00:00+08:00") == START


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ({"time": "7", "level": "blue"}, "such as '7 h'"),
        ({"time": 7, "level": "blue"}, "such as '7 h'"),
        ({"time": "2024-09-15T09:00:00", "level": "blue"}, "got '2024-09-15T09:00:00'"),
        ({"time": "7 h", "level": "purple"}, "none, blue, yellow, orange, red"),
        ({"time": "7 h", "level": 3}, "got 3"),
    ],
)
def test_what_is_not_a_signal_says_what_was_wanted(row, wanted):
    with pytest.raises(ValidationError, match=wanted):
        RecordedSignal(**row)


def test_calm_issues_nothing():
    world = place()
    world.forcing.wind_mps[:] = 8.0
    assert from_thresholds(world, AT_ONCE) == []


def test_gale_is_forecast_by_its_horizon():
    world = place(storm_h=40.0)
    world.forcing.wind_mps[world.forcing.time_s >= 30 * 3600.0] = 18.0
    first = {change.level: change.time_s / 3600.0 for change in reversed(from_thresholds(world, AT_ONCE)) if change.level}
    assert first == {Signal.BLUE: 6.0, Signal.YELLOW: 18.0}


def test_gusts_raise_a_signal_before_the_mean_wind_does():
    world = place(storm_h=40.0)
    world.forcing.wind_mps[:] = 22.0
    assert max(change.level for change in from_thresholds(world, AT_ONCE)) == Signal.ORANGE


def test_signals_are_lifted_after_the_wind():
    world = place(storm_h=20.0)
    world.forcing.wind_mps[world.forcing.time_s < 5 * 3600.0] = 12.0
    last = from_thresholds(world, AT_ONCE)[-1]
    assert last.level == Signal.NONE
    assert last.time_s == 6 * 3600.0


def test_rain_signal_when_an_hour_of_it_has_fallen():
    world = place()
    hour = (world.forcing.time_s >= 3600.0) & (world.forcing.time_s < 7200.0)
    world.forcing.rain_mps[hour] = 55e-3 / 3600.0
    on = {change.level: change.time_s for change in from_thresholds(world, AT_ONCE) if change.level}
    assert on == {Signal.BLUE: 3600.0 + 4 * 600.0, Signal.YELLOW: 3600.0 + 6 * 600.0}


def test_delays_follow_lindell_s_curve():
    delay = Delay(median="20 min", shape=1.7)
    draws = -np.log1p(-np.linspace(0.0005, 0.9995, 1000))
    minutes = delay.seconds(draws) / 60.0
    a = np.log(2) / 20.0**1.7
    assert kstest(minutes, lambda t: 1 - np.exp(-a * t**1.7)).statistic < 0.002
