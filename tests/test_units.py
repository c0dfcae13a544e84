"""Quantities carry their unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.units import UNITS, Elevation, Level, Metres, Model, Seconds, parse_elevation, parse_quantity, yaml_key


class Opening(Model):
    """A table for these tests."""

    delay_s: Seconds
    height_m: Metres = 0.0
    crest: Level = Elevation(6.9, "Wusong")


def test_text_with_unit_becomes_si_and_the_key_has_no_unit():
    assert Opening(delay="2 h").delay_s == 7200.0
    assert Opening(delay="1e1 min", height="-3 cm").height_m == pytest.approx(-0.03)


@pytest.mark.parametrize("wrong", ["2", 2, 2.0, "2 m", "h", "", None, "2 hours", "nan s", "inf s", "-1 s"])
def test_a_bare_number_or_another_unit_is_refused(wrong):
    with pytest.raises(ValidationError):
        Opening(delay=wrong)


def test_the_message_names_the_units_and_the_value():
    with pytest.raises(ValueError, match=r"units s, min, h, d, such as '6 d' \(got 5\)"):
        parse_quantity(5, "s")


def test_unknown_keys_are_refused():
    with pytest.raises(ValidationError, match="Extra inputs"):
        Opening(delay="2 h", dealy="3 h")


def test_an_elevation_carries_its_datum():
    assert parse_elevation("5.1 m Wusong") == Elevation(5.1, "Wusong")
    for wrong in ("5.1 m", "5.1", 5.1, "5.1 m MSL", "m Wusong"):
        with pytest.raises(ValueError, match="m"):
            parse_elevation(wrong)


@given(st.floats(-1e6, 1e6, allow_nan=False), st.sampled_from([(d, u) for d, units in UNITS.items() for u in units]))
def test_every_unit_scales(value, unit):
    dimension, name = unit
    assert parse_quantity(f"{value!r} {name}", dimension) == pytest.approx(value * UNITS[dimension][name])


def test_yaml_keys_lose_only_their_unit():
    assert [yaml_key(name) for name in ("opening_s", "reach_frac", "wind_mps", "n", "tau_per_s")] == [
        "opening",
        "reach_frac",
        "wind",
        "n",
        "tau",
    ]
