"""Sentences and rows of the page, from the saved result alone."""

from dataclasses import replace

import pytest

from sim.report.curves import curves_of
from sim.report.losses import Step
from sim.report.saved import Saved
from sim.report.view import (
    clip,
    depth_legend,
    fall_of,
    headline,
    identity,
    limits_of,
    sentence,
    service_rows,
    story_views,
    time_axis,
    zone_rows,
)
from sim.report.waits import Wait
from sim.report.words import Words

EN = Words("en")
LINES = {"shelter": [Wait("shelter_full", 5.0, 9.0), Wait("no_crew_free", 2.0, 3.0)]}


def with_summary(saved, **changed):
    """The same result with other keys in summary.json."""
    return Saved(replace(saved.result, summary=saved.summary | changed))


def test_the_headline_says_what_it_is(saved):
    head = headline(saved, EN)
    assert (head["community"], head["synthetic"], head["title"]) == ("周家渡样例街道", True, "台风贝碧嘉（2024）")
    assert (head["start"], head["zone"], head["version"]) == ("2024-09-15 17:00", "UTC+08", "renxing 0.1.0")
    assert head["given"]


def test_a_community_that_does_not_say_so_counts_as_synthetic(saved):
    silent = Saved(replace(saved.result, manifest=saved.manifest | {"community": {}}))
    assert silent.synthetic
    assert silent.community_title == "typhoon"


def test_all_eight_services_stand_with_their_longest_line(saved):
    rows = {row["name"]: row for row in service_rows(saved, LINES, EN)}
    assert len(rows) == 8
    assert rows["Shelter"]["met"] == pytest.approx(rows["Shelter"]["m"] / 100)
    assert rows["Shelter"]["people"] == 1140


def test_a_service_that_too_few_needed_has_people_and_no_score(saved):
    few = saved.summary["services"]["shelter"] | {"tested": False, "people": 12.0}
    rows = service_rows(with_summary(saved, services=saved.summary["services"] | {"shelter": few}), LINES, EN)
    assert (rows[2]["tested"], rows[2]["people"]) == (False, 3.0)


def test_sentences_name_service_cause_and_amount(saved):
    fall = fall_of(saved, "maintenance", "m_points", EN)
    leading = saved.summary["causes"][0]
    assert fall["steps"][0]["text"].startswith("Warning: on the register and channels alive, but not reached yet, ")
    assert fall["steps"][0]["text"].endswith(f" {leading['person_hours'] / 4:,.0f} person-hours a replication")
    assert fall["steps"][-1]["text"].endswith(" more")


def test_a_score_that_is_not_there_has_no_waterfall(saved):
    none = with_summary(saved, indices=saved.summary["indices"] | {"recovery": None})
    assert fall_of(none, "recovery", "r_points", EN) is None


def test_committees_with_most_to_move_come_first(saved):
    to_move = [row["to_move"] for row in zone_rows(saved)]
    assert to_move == sorted(to_move, reverse=True)
    assert min(to_move) > 0


def test_limits_are_those_of_the_scenario(saved):
    assert limits_of(saved) == {"wind": {"work_limit": 17.0}, "stage": {"warning_stage": 4.55}}
    bare = Saved(replace(saved.result, manifest=saved.manifest | {"scenario": {"resolved": {"run": saved.resolved["run"]}}}))
    assert limits_of(bare) == {"wind": {}, "stage": {}}


def test_the_axis_shows_the_window_and_a_margin(saved):
    axis = time_axis(saved, curves_of(saved.result.series))
    assert axis.window_s == (17 * 3600, 46 * 3600)
    assert (axis.from_s, axis.to_s) == (11 * 3600, 52 * 3600)


def test_stories_are_told_in_local_time(saved):
    story = story_views(saved, EN)[0]
    assert story["title"] == "齐河居委 · Residents · old lane house · 2 persons · ground floor · off the register"
    assert story["lines"][0] == ("09-15 20:00", "warned")
    assert story["lines"][-2] == ("09-16 02:00", "Shelter missing: the shelters within reach were full (1.5 h)")
    assert story["lines"][-1][1] == "turned away at a full door 1 times"


def test_a_cause_of_cases_is_counted_in_the_hours_that_they_waited():
    step = Step("rescue", "no_crew_free", 2.0, 1811.0, 100.0, 98.0)
    assert sentence(step, 10, EN) == "Rescue: waiting for help, no crew free, 181 case-hours a replication"


def test_identity_holds_what_makes_the_result(saved):
    values = dict(identity(saved, EN))
    assert (values["Seed"], values["Index standard"]) == ("7", "0123456789abcdef")


def test_depth_classes_are_named_from_shallow_to_deep():
    assert [label for _, _, label in depth_legend()] == ["0.05–0.15", "0.15–0.3", "0.3–0.5", "0.5–1", "≥ 1"]


@pytest.mark.parametrize(("value", "place"), [(-20.0, 0.0), (61.234, 61.23), (140.0, 100.0)])
def test_a_place_on_the_scale(value, place):
    assert clip(value) == place
