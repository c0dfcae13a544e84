"""The summary: its shape, its intervals, its times, its rows."""

import json

import numpy as np
import pytest

from sim.indices.numbers import RESAMPLES, resamples
from sim.indices.summary import replication_rows, scored
from tests.indices.frames import WINDOW_S, ZONES, needs, spells, summed, tables


def two_outcomes():
    """Two replications, one without loss and one bad."""
    need = needs(("shelter", 400, 40, 0), ("shelter", 400, 40, 1))
    return need, spells(("shelter", 40, 1, [("not_open", 2.0)], 1))


def test_keys_are_the_contracts():
    result = summed(*two_outcomes(), replications=2)
    wanted = {
        "schema", "scenario", "seed", "replications", "index_standard", "window", "indices", "services", "causes", "relieved",
        "improvement", "people", "briefing", "balances", "zones", "equity", "unverified",
    }  # fmt: skip
    assert set(result) == wanted
    bounds = {"m_lo", "m_hi", "r_lo", "r_hi"}
    sums = {"need", "unmet", "people", "lost", "slow"}
    assert set(result["services"]["shelter"]) == {"m", "r", "tested", "t50_h", "t90_h"} | bounds | sums
    assert set(result["indices"]["maintenance"]) == {"value", "lo", "hi", "p5", "p95", "given"}
    counted = {"deaths", "injured", "evacuated", "sheltered_peak", "displaced_person_nights"}
    assert set(result["people"]) == {"residents", "present"} | counted
    assert set(result["balances"]) == {"people", "water_m3", "goods", "beds"}
    json.dumps(result, allow_nan=False)


def test_pooled_before_dividing_and_single_outcomes_beside():
    maintenance = summed(*two_outcomes(), replications=2)["indices"]["maintenance"]
    assert maintenance["value"] == pytest.approx(90.0)
    assert (maintenance["lo"], maintenance["hi"]) == (pytest.approx(80.0), pytest.approx(100.0))
    assert (maintenance["p5"], maintenance["p95"]) == (pytest.approx(81.0), pytest.approx(99.0))


def test_each_service_has_its_interval():
    service = summed(*two_outcomes(), replications=2)["services"]["shelter"]
    assert (service["m"], service["m_lo"], service["m_hi"]) == tuple(map(pytest.approx, (90.0, 80.0, 100.0)))
    assert (service["r"], service["r_lo"], service["r_hi"]) == tuple(map(pytest.approx, (50.0, 50.0, 100.0)))


def test_where_one_service_alone_is_tested_its_interval_is_the_index():
    result = summed(*two_outcomes(), replications=2)
    service, index = result["services"]["shelter"], result["indices"]["maintenance"]
    assert [service[key] for key in ("m", "m_lo", "m_hi")] == [index[key] for key in ("value", "lo", "hi")]


def test_a_service_without_a_score_has_no_interval():
    service = summed(needs(("warning", 240, 60)), spells(("warning", 30, 0, [("not_reached", 4)])))["services"]["warning"]
    assert (service["r"], service["r_lo"], service["r_hi"]) == (None, None, None)
    assert service["m_lo"] == service["m"] == service["m_hi"]


def test_one_replication_has_no_width():
    need, ledger = needs(("shelter", 400, 40)), spells(("shelter", 40, 1, [("not_open", 2.0)]))
    for name in ("maintenance", "recovery"):
        index = summed(need, ledger)["indices"][name]
        assert {index[key] for key in ("lo", "hi", "p5", "p95")} == {index["value"]}


def test_the_same_seed_gives_the_same_interval():
    assert (resamples(5, 7) == resamples(5, 7)).all()
    assert (resamples(5, 7) != resamples(6, 7)).any()
    assert resamples(5, 7).shape == (RESAMPLES, 7)
    assert set(resamples(5, 7).sum(axis=1)) == {7}


def test_the_interval_covers_the_mean_of_a_known_law():
    need = needs(*(("shelter", 100, 40, number) for number in range(40)))
    unmet = np.linspace(1, 3, 40)
    ledger = spells(*(("shelter", 10, 1, [("not_open", float(hours))], number) for number, hours in enumerate(unmet)))
    index = summed(need, ledger, replications=40)["indices"]["maintenance"]
    half = 1.96 * 10 * unmet.std() / np.sqrt(40)
    assert index["value"] == pytest.approx(80.0)
    assert (index["hi"] - index["lo"]) / 2 == pytest.approx(half, rel=0.1)


def test_half_and_nine_tenths_back_reached_and_held():
    rows = [("lifelines", 50, 0, [("damage", 10)]), ("lifelines", 40, 0, [("damage", 20)]), ("lifelines", 10, 0, [("damage", 30)])]
    service = summed(needs(("lifelines", 2400, 100)), spells(*rows))["services"]["lifelines"]
    assert (service["t50_h"], service["t90_h"]) == (10.0, 20.0)
    again = summed(needs(("lifelines", 2400, 100)), spells(*rows, ("lifelines", 45, 15, [("damage", 10)])))["services"]["lifelines"]
    assert again["t50_h"] == 25.0  # half were back after 10 h, but not for good


def test_never_back_within_the_run_has_no_time():
    service = summed(needs(("lifelines", 2400, 100)), spells(("lifelines", 50, 0, [("damage", 1e5)])))["services"]["lifelines"]
    assert (service["t50_h"], service["t90_h"]) == (None, None)
    assert service["lost"] == 50


def test_warning_has_no_recovery():
    result = summed(needs(("warning", 240, 60)), spells(("warning", 30, 0, [("not_reached", 4)])))
    warning = result["services"]["warning"]
    assert (warning["m"], warning["r"], warning["slow"]) == (pytest.approx(50.0), None, None)
    assert result["indices"]["why"]["recovery"] == "no service had enough people in need"


def test_window_is_iso_with_offset():
    window = summed(needs(("shelter", 1, 1)), spells())["window"]
    assert window == {"start": "2024-09-15T10:00:00+08:00", "end": "2024-09-16T10:00:00+08:00"}


def test_people_are_means_with_intervals_and_unmeasured_ones_are_none():
    people = summed(*two_outcomes(), replications=2)["people"]
    assert people["evacuated"] == {"value": 5.5, "lo": 5.0, "hi": 6.0}
    assert people["deaths"] is None


def test_rows_score_each_replication_alone():
    score = scored(tables(*two_outcomes(), replications=2), ZONES)
    rows = replication_rows(score, [{}, {"people.deaths": 1.0}])
    assert rows["indices.maintenance"].tolist() == [100.0, 80.0]
    assert np.isnan(rows["indices.recovery"][0])
    assert rows["indices.recovery"][1] == pytest.approx(50.0)
    assert rows["zones.z1.maintenance"].tolist() == [100.0, 80.0]
    assert rows["zones.z2.maintenance"].isna().all()
    assert rows["services.shelter.t50_h"][1] == 2.0
    assert rows["people.deaths"].isna().tolist() == [True, False]
    assert rows.window_start_s.tolist() == [WINDOW_S[0]] * 2


def test_causes_are_sorted_by_points():
    need = needs(("shelter", 100, 40), ("lifelines", 1000, 40))
    ledger = spells(("shelter", 5, 1, [("declined", 1), ("not_open", 2)]), ("lifelines", 40, 1, [("damage", 10)]))
    result = summed(need, ledger)
    assert [row["cause"] for row in result["causes"]] == ["damage", "not_open", "declined"]
    assert [row["m_points"] for row in result["causes"]] == pytest.approx([20.0, 5.0, 2.5])
    assert [row["person_hours"] for row in result["causes"]] == [400.0, 10.0, 5.0]
