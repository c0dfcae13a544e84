"""Laws that the indices keep whatever happens."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.indices.tables import CAUSES, GROUPS
from tests.indices.frames import needs, spells, summed

STATES = ["warning", "evacuation", "shelter", "supplies", "lifelines"]
FLOWS = ["rescue", "medical"]


@st.composite
def disasters(draw):
    """Need in every service, and spells that lie within it, as rows for needs and spells."""
    where = [(zone, group) for zone in ("z1", "z2") for group in ("old", "other")]
    need = [(service, 24.0 * 500, 500, 0, *place) for service in STATES + FLOWS for place in where]
    segment = st.tuples(st.sampled_from(CAUSES), st.floats(0.1, 20))
    spell = st.tuples(
        st.sampled_from(STATES + FLOWS), st.integers(1, 20), st.floats(-5, 23), st.lists(segment, min_size=1, max_size=3),
        st.just(0), st.sampled_from(["z1", "z2"]), st.sampled_from(["old", "other"]),
    )  # fmt: skip
    return need, draw(st.lists(spell, max_size=20))


def index(result, name):
    """The value, None where undefined."""
    return result["indices"][name] and result["indices"][name]["value"]


def test_nothing_unmet_is_a_hundred_and_no_loss():
    result = summed(needs(("shelter", 100, 50), ("lifelines", 900, 40)), spells())
    assert index(result, "maintenance") == 100.0
    assert index(result, "recovery") is None
    assert result["indices"]["why"]["recovery"] == "no measurable loss"


@settings(max_examples=30, deadline=None)
@given(disasters())
def test_causes_sum_to_what_is_missing(disaster):
    result = summed(needs(*disaster[0]), spells(*disaster[1]))
    lost = sum(cause["m_points"] for cause in result["causes"])
    assert lost == pytest.approx(100 - index(result, "maintenance"), abs=1e-9)
    if index(result, "recovery") is not None:
        slow = sum(cause["r_points"] for cause in result["causes"])
        assert slow == pytest.approx(100 - index(result, "recovery"), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(disasters(), st.integers(0, 19), st.floats(0.1, 30))
def test_lengthening_a_spell_raises_neither_index(disaster, which, hours):
    need, rows = disaster
    if not rows:
        return
    which %= len(rows)
    longer = list(rows)
    cause, last = rows[which][3][-1]
    longer[which] = (*rows[which][:3], [*rows[which][3][:-1], (cause, last + hours)], *rows[which][4:])
    before, after = summed(needs(*need), spells(*rows)), summed(needs(*need), spells(*longer))
    assert index(after, "maintenance") <= index(before, "maintenance") + 1e-9
    if index(before, "recovery") is not None:
        assert index(after, "recovery") <= index(before, "recovery") + 1e-9


@settings(max_examples=30, deadline=None)
@given(disasters())
def test_more_unmet_at_equal_need_never_raises_maintenance(disaster):
    need, rows = disaster
    more = [*rows, ("shelter", 3, 1.0, [("not_open", 2.0)])]
    assert index(summed(needs(*need), spells(*more)), "maintenance") < index(summed(needs(*need), spells(*rows)), "maintenance")


@settings(max_examples=20, deadline=None)
@given(disasters(), st.randoms(use_true_random=False))
def test_relabelling_zones_groups_and_rows_changes_nothing(disaster, random):
    need, rows = disaster
    swap = {"z1": "z2", "z2": "z1", "old": "other", "other": "old"}
    other_need = [(*row[:4], *(swap[name] for name in row[4:])) for row in need]
    other_rows = [(*row[:5], *(swap[name] for name in row[5:])) for row in rows]
    random.shuffle(other_rows)
    one, other = summed(needs(*need), spells(*rows)), summed(needs(*other_need), spells(*other_rows))
    for name in ("maintenance", "recovery"):
        assert index(one, name) == pytest.approx(index(other, name), abs=1e-9)
    assert one["zones"][0]["maintenance"] == pytest.approx(other["zones"][1]["maintenance"], abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(disasters())
def test_the_whole_lies_between_its_zones(disaster):
    need, rows = disaster
    one_service = [row for row in need if row[0] == "shelter"]
    result = summed(needs(*one_service), spells(*[row for row in rows if row[0] == "shelter"]))
    scores = [zone["maintenance"] for zone in result["zones"]]
    assert min(scores) - 1e-9 <= index(result, "maintenance") <= max(scores) + 1e-9


@settings(max_examples=20, deadline=None)
@given(disasters())
def test_groups_are_a_partition(disaster):
    result = summed(needs(*disaster[0]), spells(*disaster[1]))
    for name, service in result["services"].items():
        parts = [row for row in result["equity"] if row["service"] == name]
        assert {row["group"] for row in parts} <= set(GROUPS)
        assert sum(row["unmet"] for row in parts) == pytest.approx(service["unmet"])


def test_recovery_does_not_hang_on_the_runs_length_beyond_censoring():
    need = needs(("lifelines", 24 * 50, 50))
    short = summed(need, spells(("lifelines", 50, 1.0, [("damage", 12.0)])))
    assert index(short, "recovery") == pytest.approx(100 * 2**-0.5)
    censored = summed(need, spells(("lifelines", 50, 1.0, [("damage", 1e4)])))
    assert index(censored, "recovery") < index(short, "recovery")


def test_spells_that_begin_before_the_window_count_for_maintenance_alone():
    result = summed(needs(("shelter", 24 * 40, 40)), spells(("shelter", 40, -2.0, [("not_open", 5.0)])))
    assert index(result, "recovery") is None
    assert index(result, "maintenance") == pytest.approx(100 * (1 - 3 / 24))


@pytest.mark.parametrize(("hours", "score"), [(0.001, 100), (2, 50), (4, 25)])
def test_back_at_once_at_the_target_and_at_twice_the_target(hours, score):
    result = summed(needs(("shelter", 24 * 40, 40)), spells(("shelter", 40, 1.0, [("not_open", hours)])))
    assert index(result, "recovery") == pytest.approx(score, abs=0.05)


def test_the_floor_keeps_a_few_late_cases_small():
    result = summed(needs(("shelter", 1e6, 100_000)), spells(("shelter", 1, 1.0, [("not_open", 150.0)])))
    assert index(result, "recovery") == pytest.approx(99.0, abs=0.01)  # one person of a floor of 100


def test_few_in_need_are_not_scored_and_weights_renormalise():
    need = needs(("shelter", 100, 29), ("lifelines", 100, 30), ("warning", 100, 30))
    result = summed(need, spells(("lifelines", 1, 0.0, [("damage", 10.0)])))
    assert [name for name, row in result["services"].items() if row["tested"]] == ["warning", "lifelines"]
    assert result["services"]["shelter"]["m"] is None
    assert index(result, "maintenance") == pytest.approx(95.0)


def test_nothing_tested_has_no_index_and_says_why():
    result = summed(needs(("shelter", 1, 1)), spells())
    assert result["indices"]["maintenance"] is None
    assert "in need" in result["indices"]["why"]["maintenance"]
    assert result["indices"]["why"]["development"] == "no improvement declared"


def test_a_flow_case_is_late_or_not():
    need = needs(("rescue", 40, 40))
    quick = summed(need, spells(("rescue", 10, 1.0, [("on_the_way", 0.4)])))
    late = summed(need, spells(("rescue", 10, 1.0, [("no_crew_free", 3.0), ("on_the_way", 1.0)])))
    assert index(quick, "maintenance") == 100.0
    assert index(late, "maintenance") == 75.0
    assert [(row["cause"], row["m_points"]) for row in late["causes"]] == [("no_crew_free", 18.75), ("on_the_way", 6.25)]


def test_development_is_not_declared():
    assert summed(needs(("shelter", 1, 1)), spells())["indices"]["development"] is None


def test_zero_weight_of_untested_services_is_not_nan():
    result = summed(needs(("shelter", 50, 50)), spells())
    assert np.isfinite(result["indices"]["maintenance"]["value"])


@settings(max_examples=20, deadline=None)
@given(disasters(), st.integers(1, 5), st.floats(0.05, 0.95))
def test_people_who_share_a_fate_may_share_a_row_and_a_segment_may_be_cut(disaster, part, share):
    """Two rows of 3 and 5 persons are one of 8; a stretch of one cause told in two pieces is the same stretch."""
    need, rows = disaster
    apart = []
    for service, persons, start_h, parts, *place in rows:
        (cause, hours), *others = parts
        cut = [(cause, hours * share), (cause, hours * (1 - share)), *others]
        few = min(part, persons - 1)
        apart += [(service, n, start_h, cut, *place) for n in (few, persons - few) if n]
    one, other = summed(needs(*need), spells(*rows)), summed(needs(*need), spells(*apart))
    for name in ("maintenance", "recovery"):
        assert index(other, name) == pytest.approx(index(one, name), abs=1e-9)
    points = [{(row["service"], row["cause"]): row["m_points"] for row in result["causes"]} for result in (one, other)]
    assert points[1] == pytest.approx(points[0], abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(400, 500), st.floats(0, 23), st.floats(0.1, 60)), min_size=2, max_size=8))
def test_recovery_of_the_whole_lies_between_its_zones_where_no_floor_binds(losses):
    rows = [("lifelines", n, start, [("damage", hours)], 0, f"z{1 + k % 2}") for k, (n, start, hours) in enumerate(losses)]
    result = summed(needs(*(("lifelines", 24 * 5000, 5000, 0, zone) for zone in ("z1", "z2"))), spells(*rows))
    scores = [zone["recovery"] for zone in result["zones"]]
    assert min(scores) - 1e-9 <= index(result, "recovery") <= max(scores) + 1e-9


@settings(max_examples=25, deadline=None)
@given(st.integers(-36, 92).map(lambda quarter: quarter / 4), st.floats(0.1, 150))
def test_unmet_is_what_lies_in_the_window_and_loss_what_begins_in_it(start_h, hours):
    result = summed(needs(("shelter", 24 * 100, 100)), spells(("shelter", 40, start_h, [("not_open", hours)])))
    inside_h = max(min(start_h + hours, 24.0) - max(start_h, 0.0), 0.0)
    service = result["services"]["shelter"]
    assert service["unmet"] == pytest.approx(40 * inside_h, abs=1e-6)
    assert service["lost"] == (40 if start_h >= 0 else 0)


@pytest.mark.parametrize(("start_h", "lost"), [(-1e-6, 0), (0.0, 1), (23.999, 1), (24.0, 0)])
def test_the_window_holds_its_start_and_not_its_end(start_h, lost):
    result = summed(needs(("medical", 40, 40)), spells(("medical", 1, start_h, [("no_vehicle", 5.0)])))
    assert (result["services"]["medical"]["lost"], result["services"]["medical"]["unmet"]) == (lost, lost)


@settings(max_examples=15, deadline=None)
@given(disasters(), disasters())
def test_the_order_of_replications_changes_no_pooled_index(one, other):
    def both(first, second):
        need = [(*row[:3], number, *row[4:]) for number, (need, _) in enumerate((first, second)) for row in need]
        rows = [(*row[:4], number, *row[5:]) for number, (_, rows) in enumerate((first, second)) for row in rows]
        return summed(needs(*need), spells(*rows), replications=2)

    for name in ("maintenance", "recovery"):
        assert index(both(one, other), name) == pytest.approx(index(both(other, one), name), abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(disasters())
def test_a_service_that_nobody_lost_has_recovered_wholly_and_one_without_need_is_not_tested(disaster):
    need, rows = disaster
    result = summed(needs(*need), spells(*rows))
    lost = {row[0] for row in rows if row[2] > -1e-6}
    for name in set(STATES + FLOWS) - {"warning"} - lost:
        assert result["services"][name]["r"] == 100.0
    assert not result["services"]["housing"]["tested"]
