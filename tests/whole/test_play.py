"""Whole runs of a hamlet: the same to the bit, closed balances, and what each resource is worth where it binds."""

import json
from functools import cache

import pandas as pd
import pytest
import yaml

from sim.reference.standard import standard_text
from sim.result import json_bytes
from sim.scenario import load
from sim.sweep.execute import run
from tests.hamlet import TEXT, hamlet_result


@pytest.fixture(autouse=True)
def _unwatched(monkeypatch):
    """Watching declarations takes most of the time; tests/whole/test_declarations.py does it once."""
    monkeypatch.setenv("SIM_CHECK", "0")


@cache
def played(*settings: str, replications: int = 2, workers: int = 1):
    """The hamlet with settings, played once for all tests."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hamlet.yaml"
        path.write_text(TEXT, encoding="utf-8")
        return run(load(path, settings, allow_outside=True), replications=replications, workers=workers)


def same(one, other):
    """Byte for byte."""
    assert json_bytes(one.summary) == json_bytes(other.summary)
    for name in ("need", "ledger", "replications", "series", "events"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)


def test_two_runs_with_one_seed_are_the_same():
    same(hamlet_result(), played())


def test_workers_change_no_bit():
    same(played(replications=4), played(replications=4, workers=2))


def test_a_replication_depends_on_its_number_alone():
    few, more = played(replications=2), played(replications=4)
    for name in ("need", "ledger", "replications"):
        kept = getattr(more, name)
        kept = kept[kept.replication < 2].reset_index(drop=True)
        pd.testing.assert_frame_equal(getattr(few, name), kept, check_exact=True)


def test_another_seed_is_another_luck():
    assert json_bytes(played("run.seed=2").summary) != json_bytes(played().summary)


def test_balances_close():
    result = played(replications=4)
    rained_m3 = result.replications["flood.rained_m3"].sum()
    assert rained_m3 > 0
    assert abs(result.summary["balances"]["water_m3"]) < 1e-6 * rained_m3
    assert result.summary["balances"]["people"] == 0
    assert result.summary["balances"]["goods"] == 0


def test_every_service_is_played():
    services = played(STRONG, replications=4).summary["services"]
    assert all(row["need"] > 0 for row in services.values())


def test_pandas_alone_recomputes_the_indices_of_a_real_run():
    """Only need, ledger, the window and the standard: what a reader without the program does."""
    result = played(replications=4)
    rules = yaml.safe_load(standard_text())
    need = result.need.groupby("service", observed=True)[["need", "people"]].sum()
    spells = result.ledger.merge(result.replications[["replication", "window_start_s", "window_end_s"]], on="replication")
    inside_h = (spells.end_s.clip(upper=spells.window_end_s) - spells.start_s.clip(lower=spells.window_start_s)).clip(
        lower=0
    ) / 3600
    unmet = (spells.persons * inside_h).groupby(spells.service, observed=True).sum()
    tested = need.index[need.people >= rules["least_people"]]
    m = {name: 100 * (1 - unmet.get(name, 0.0) / need.need[name]) for name in tested}
    assert sum(m.values()) / len(m) == pytest.approx(result.summary["indices"]["maintenance"]["value"], abs=1e-9)

    keys = ["replication", "service", "spell"]
    whole = spells.groupby(keys, observed=True).agg(
        start_s=("start_s", "min"),
        end_s=("end_s", "max"),
        persons=("persons", "first"),
        low=("window_start_s", "first"),
        high=("window_end_s", "first"),
    )
    whole = whole[(whole.start_s >= whole.low) & (whole.start_s < whole.high)].reset_index()
    seconds = {"s": 1, "min": 60, "h": 3600, "d": 86400}
    r = {}
    for name in (name for name in tested if name != "warning"):
        number, unit = rules["services"][name]["target"].split()
        lost = whole[whole.service == name]
        slow = (lost.persons * (1 - 2 ** (-(lost.end_s - lost.start_s) / (float(number) * seconds[unit])))).sum()
        floor = max(rules["floor_persons"], rules["floor_frac"] * need.people[name])
        r[name] = 100 * (1 - slow / max(lost.persons.sum(), floor))
    assert sum(r.values()) / len(r) == pytest.approx(result.summary["indices"]["recovery"]["value"], abs=1e-9)


def test_causes_account_for_every_point():
    summary = played(replications=4).summary
    assert sum(row["m_points"] for row in summary["causes"]) == pytest.approx(
        100 - summary["indices"]["maintenance"]["value"], abs=1e-9
    )
    assert sum(row["r_points"] for row in summary["causes"]) == pytest.approx(
        100 - summary["indices"]["recovery"]["value"], abs=1e-9
    )


def service(result, name):
    return result.summary["services"][name]


QUIET = "used_frac: 0.0, used_old_frac: 0.0, mains: false, delay: {median: 1 h, shape: 2}"
SPEAKS_TO_NOBODY = f"{{from_level: blue, audience: everyone, {QUIET}}}"
CHANNELS = ("broadcast", "sms", "app", "loudspeaker", "siren")
ALONE = (  # nobody but the door-knockers warns
    "services.helpers.teams=0",
    "services.warning.neighbour_rate=0 1/h",
    *(f"services.warning.channels.{name}={SPEAKS_TO_NOBODY}" for name in CHANNELS),
)
STRONG = "hazards.typhoon.intensity_factor=1.4"
KNOCK = "services.warning.doors={{per_hour: {}, from_level: blue}}"
WORTH = {
    "shelters": ((), ("services.shelters.area_per_person=5000 m2",), ("evacuation", "shelter")),
    "door-knockers": ((*ALONE, KNOCK.format(30.0)), (*ALONE, KNOCK.format(0.05)), ("warning",)),
}


@pytest.mark.parametrize(("with_it", "without", "names"), WORTH.values(), ids=WORTH)
def test_without_a_resource_that_binds_its_service_holds_less(with_it, without, names):
    better, worse = played(STRONG, *with_it), played(STRONG, *without)
    for name in names:
        assert service(worse, name)["tested"]
        assert service(worse, name)["need"] == service(better, name)["need"]  # need knows nothing of the policy
        assert service(worse, name)["m"] < service(better, name)["m"]


def test_fewer_crews_recover_power_later():
    many = played(STRONG, "services.repair.power_crews_n=8")
    one = played(STRONG, "services.repair.power_crews_n=1")
    assert service(one, "lifelines")["lost"] >= service(many, "lifelines")["lost"]  # batteries and tanks outlast short outages
    assert service(one, "lifelines")["r"] < service(many, "lifelines")["r"]
    assert service(one, "lifelines")["m"] < service(many, "lifelines")["m"]


def test_blocked_drains_make_more_people_unsafe():
    wet = "hazards.typhoon.rain_factor=3.0"
    clean = played(wet, "hazards.flood={blocked_inlet_frac: 0.0}")
    blocked = played(wet, "hazards.flood={blocked_inlet_frac: 1.0}")
    assert blocked.replications["flood.depth_max_m"].min() > clean.replications["flood.depth_max_m"].max()
    assert service(blocked, "shelter")["need"] > service(clean, "shelter")["need"]
    assert service(blocked, "shelter")["m"] < service(clean, "shelter")["m"]


def test_halving_the_tick_moves_the_indices_by_less_than_the_sampling_error():
    coarse, fine = played("run.tick=20 min", replications=8), played("run.tick=10 min", replications=8)
    for name in ("maintenance", "recovery"):
        one, other = coarse.summary["indices"][name], fine.summary["indices"][name]
        assert abs(one["value"] - other["value"]) < max(one["hi"] - one["lo"], other["hi"] - other["lo"])


def test_the_summary_is_plain_json_without_nan():
    json.loads(json_bytes(played().summary), parse_constant=pytest.fail)
