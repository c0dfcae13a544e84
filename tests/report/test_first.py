"""The first screen, from the saved result alone."""

from dataclasses import replace

import pytest

from sim.report import first
from sim.report.facts import Gaps
from sim.report.saved import Saved
from sim.report.waits import Wait
from sim.report.words import Words
from tests.report.folder import improvement, relieved

EN = Words("en")
GAPS = Gaps(1500.0, 1530.0, 660, 12.0)


def with_summary(saved, **changed):
    """The same result with other keys in summary.json."""
    return Saved(replace(saved.result, summary=saved.summary | changed))


def values(rows):
    """What stands behind the words."""
    return {row.text: row.value for row in rows}


def alerts(rows):
    """Lines that call for attention."""
    return [row.text for row in rows if row.alert]


def test_moving_adds_up_and_says_who_was_late_and_who_stayed(saved):
    rows = first.moving(saved, GAPS, EN)
    to_move, in_time, late, stayed = (row.value for row in rows)
    assert to_move == in_time + late + stayed == 1530
    assert alerts(rows) == ["in shelter after that", "not moved"]


def test_an_old_result_without_briefing_still_says_who_had_to_move(saved):
    old = with_summary(saved, briefing={})
    assert [row.value for row in first.moving(old, GAPS, EN)] == [1500.0]
    assert values(first.places(old, GAPS, EN))["Missing: all within 30 min full"] == 12.0
    assert first.frail(old, EN) == first.pumps(old, EN) == []


def test_the_last_in_stands_against_the_deadline(saved):
    deadline, last = first.times(saved, "17", EN)
    assert (deadline.text, deadline.value) == ("Helpers stand down: mean wind above 17 m/s", "09-16 04:50")
    assert (last.value, last.alert, last.note) == ("09-16 07:10", True, "09-16 07:10 to 09-16 09:00 in 4 outcomes")
    calm = with_summary(saved, briefing=saved.summary["briefing"] | {"deadline": None})
    assert [(row.value, row.alert) for row in first.times(calm, "17", EN)] == [("never", False), ("09-16 07:10", False)]


def test_places_needed_held_and_missing(saved):
    rows = first.places(saved, GAPS, EN)
    assert [row.value for row in rows] == [1530.0, 660, 1900.0, 75.0]
    assert alerts(rows) == ["Missing: all within 30 min full"]


def test_deaths_are_said_or_said_to_be_unknown(saved):
    assert [row.value for row in first.toll(saved, EN)] == [None, None]
    number = {"value": 1.0, "lo": 0.3, "hi": 1.9}
    people = saved.summary["people"] | {"deaths": number, "injured": number | {"value": 0.0, "lo": 0.0, "hi": 0.0}}
    died, hurt = first.toll(with_summary(saved, people=people), EN)
    assert (died.value, died.note, died.alert) == ("1.0", "95 % interval 0.3 to 1.9", True)
    assert (hurt.value, hurt.note, hurt.alert) == ("0.0", "", False)


def test_the_frail_not_told_and_in_the_dark(saved):
    rows = first.frail(saved, EN)
    assert [row.value for row in rows] == [4.0, 31.0, 20.0, 140.0]
    assert rows[0].text == "Old, alone (269) not told"


def test_lines_that_nobody_stood_in_are_not_shown():
    lines = {"rescue": [Wait("no_crew_free", 17.0, 30.0)], "shelter": [Wait("shelter_full", 5.0, 9.0)]}
    assert values(first.hands(lines, EN)) == {"Calls waiting for a crew": 17.0}
    assert values(first.hands({}, EN)) == {"Nobody waited for hands, vehicles or beds": ""}


def test_the_improvement_shows_points_and_deaths(saved):
    rows = first.improved(with_summary(saved, improvement=improvement()), EN)
    assert [(row.value, row.note) for row in rows] == [(value, "95 % interval +0.80 to +1.6") for value in ("+1.2", "1.2")]
    assert first.improved(saved, EN) == []


def test_blocks_stand_in_three_columns_read_down(saved):
    facts = first.facts_shown(with_summary(saved, improvement=improvement()), GAPS, {}, "17", EN)
    assert [[fact.key for fact in column] for column in first.columns(facts)] == [
        ["moving", "frail"],
        ["places", "hands"],
        ["toll", "pumps", "improved"],
    ]


def test_committees_with_most_to_move_and_whose_last_came_late(saved):
    axis_s = (0.0, 48 * 3600.0)
    marks = first.zone_marks(saved, saved.summary["zones"], axis_s)
    assert [zone["late"] for zone in marks] == [False, False, True, True, True, False]
    assert marks[0]["at"] == pytest.approx(100 * 27.5 / 48, abs=0.06)
    assert (marks[5]["last"], marks[5]["at"]) == (None, None)
    assert first.zone_marks(saved, [{"to_move": 0.0}], axis_s) == []


def test_labels_say_what_is_real_modelled_and_synthetic(saved):
    assert [kind for kind, _ in first.labels(saved, EN)] == ["real", "modelled", "synthetic"]
    assert "best.csv" in first.labels(saved, EN)[0][1]
    counted = Saved(replace(saved.result, manifest=saved.manifest | {"community": {"synthetic": False}}))
    assert [kind for kind, _ in first.labels(counted, EN)] == ["real", "modelled", "given"]


def test_causes_of_one_lever_stand_together_and_only_gains_are_called_first(saved):
    gains = first.gains(with_summary(saved, relieved=relieved()), EN)
    assert gains[0].text == "Evacuation: shelter full; Shelter: shelter full"
    assert [(gain.first, gain.sure) for gain in gains] == [(True, True), (True, False), (False, False), (False, False)]
    assert gains[-1].why == "No key of a scenario takes this constraint away alone."


def test_a_reason_that_the_page_does_not_know_is_told_in_its_own_words(saved):
    row = relieved()[-1] | {"why": "this scenario does not take the change: x"}
    (gain,) = first.gains(with_summary(saved, relieved=[row]), EN)
    assert gain.why == "This scenario does not take the change."


def test_rows_of_an_older_result_have_the_mean_of_both_gains():
    assert first.total({"gain_m": 1.0, "gain_r": 3.0}) == 2.0
    assert first.total({"gain_m": None, "gain_r": None}) is None


def test_the_improvement_names_its_changes(saved):
    assert first.improvement(saved, EN) is None
    block = first.improvement(with_summary(saved, improvement=improvement()), EN)
    assert [name for name, _, _ in block["changes"]] == ["Households with someone 60 or older on the register", "services.new.key"]
    assert block["points"]["gain_r"] is None
