"""Stage at the river: tide, storm, records and datums."""

from pathlib import Path

import numpy as np
import pytest

from sim.documents import FileError
from sim.engine import play_parts
from sim.errors import InputError
from sim.hazards.surge import METRES_PER_PA, Observed, Surge, lagged, read_stages
from sim.hazards.track import read_track
from sim.hazards.typhoon import Typhoon
from tests.hazards.towns import town, world_of

BEBINCA = Path(__file__).resolve().parents[2] / "scenarios" / "tables" / "bebinca_2413_jma.csv"
TIDE = {"high_water": "2024-09-16T12:00:00+08:00"}


def stage_of(surge, **settings):
    world = world_of(**{"storm_h": 48.0, **settings})
    surge.begin(world)
    return world.forcing.stage_m


def test_tide_alone_is_highest_at_high_water_and_again_half_a_lunar_day_later():
    stage = stage_of(Surge(tide=TIDE))
    assert stage.max() == pytest.approx(2.3 + 1.5 + 0.25, abs=0.01)
    assert abs((24 + stage[144:].argmax() / 6) - 36.0) < 0.2
    assert stage[round((36 - 12.42) * 6)] == pytest.approx(2.3 + 1.5 - 0.25, abs=0.03)


def test_bebinca_lifts_the_river_to_what_was_read_before_noon():
    """5.1 m Wusong at Huangpu Park before noon on 16 September; 5.5 m was forecast, no peak is known."""
    typhoon, before_noon, community = Typhoon(track=read_track(BEBINCA), intensity_factor=1.1), [], town()
    for replication in range(60):
        world = world_of(community=community, storm_h=48.0, replication=replication)
        for part in (typhoon, Surge(tide=TIDE)):
            part.begin(world)
        before_noon.append(world.forcing.stage_m[33 * 6 : 36 * 6].max())
    assert np.percentile(before_noon, 10) < 5.1 < np.percentile(before_noon, 90)
    assert abs(np.median(before_noon) - 5.1) < 0.2


def test_low_pressure_lifts_the_sea_a_centimetre_a_hectopascal():
    world, calm = world_of(), world_of()
    world.forcing.pressure_drop_pa[:] = 1000.0
    for each in (world, calm):
        Surge(tide=TIDE).begin(each)
    assert world.forcing.stage_m - calm.forcing.stage_m == pytest.approx(0.0995, abs=1e-3)


def test_set_up_is_the_slope_of_the_stress():
    """A slight set-up is tau L / (rho g h); a wind from behind draws the same off."""
    surge = Surge(tide=TIDE, reach_depth="1000 m")
    onshore, offshore = surge.setup_m(np.array([8.0, 8.0]), np.array([110.0, 290.0]))
    stress_pa = 1.15 * 2e-3 * (8.0 * 1.33) ** 2
    assert onshore == pytest.approx(stress_pa * METRES_PER_PA * 110e3 / 1000.0, rel=1e-3)
    assert offshore == pytest.approx(-onshore, rel=1e-3)


def test_lagged_answer_is_exact_whatever_the_tick():
    coarse, fine = lagged(np.r_[0.0, np.ones(6)], 600.0, 7200.0), lagged(np.r_[0.0, np.ones(60)], 60.0, 7200.0)
    assert coarse[-1] == pytest.approx(1 - np.exp(-0.5))
    assert fine[-1] == pytest.approx(coarse[-1])


def record(tmp_path, *rows):
    path = tmp_path / "gauge.csv"
    path.write_text("time,stage_m\n" + "\n".join(rows) + "\n")
    return read_stages(path)


def test_record_is_followed_between_its_rows(tmp_path):
    stages = record(tmp_path, "2024-09-15T00:00:00+08:00,3.0", "2024-09-15T02:00:00+08:00,5.0")
    stage = stage_of(Surge(observed=Observed.model_construct(file=stages, datum="Wusong")), storm_h=2.0)
    assert stage[0] == pytest.approx(3.0 + 2.0 / 24)
    assert np.ptp(np.diff(stage)) < 1e-5


def test_record_that_ends_before_the_storm_is_an_error(tmp_path):
    stages = record(tmp_path, "2024-09-15T00:00:00+08:00,3.0", "2024-09-15T02:00:00+08:00,5.0")
    surge = Surge(observed=Observed.model_construct(file=stages, datum="Wusong"))
    with pytest.raises(InputError, match=r"gauge\.csv does not cover the storm \(got '2024-09-14T16.* to 2024-09-14T18"):
        stage_of(surge, storm_h=3.0)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["2024-09-15T00:00:00+08:00,3.0"], "is no series"),
        (["2024-09-15T00:00:00+08:00,3.0", "2024-09-15T00:00:00+08:00,3.1"], r"csv:3: time: does not come after"),
        (["2024-09-15T00:00:00+08:00,3.0", "2024-09-15T01:00:00+08:00,8.0"], r"csv:3: stage_m: jumps from 3"),
        (["2024-09-15T00:00:00,3.0"], r"csv:2: is not right .*a time with its offset"),
        (["2024-09-15T00:00:00+08:00,nan"], r"csv:2: stage_m: is not a stage \(got 'nan'\)"),
    ],
)
def test_mistakes_in_a_record_are_named(tmp_path, rows, message):
    with pytest.raises(FileError, match=message):
        record(tmp_path, *rows)


def test_mixed_datums_need_a_stated_offset():
    community = town(datum="1985")
    with pytest.raises(InputError, match=r"warning_stage: stands on another vertical datum .*'4.55 m Wusong'\), wanted 1985"):
        stage_of(Surge(tide=TIDE), community=community)
    shifted, plain = stage_of(Surge(tide=TIDE, datum_offset="-1.63 m"), community=community), stage_of(Surge(tide=TIDE))
    assert plain - shifted == pytest.approx(1.63, abs=1e-5)


def test_neither_tide_nor_record_is_an_error():
    with pytest.raises(InputError, match="has neither `tide` nor `observed`"):
        stage_of(Surge())


def test_whole_part_keeps_to_its_declaration():
    world = world_of(storm_h=1.0)
    play_parts(world, [Surge(tide=TIDE)])
    assert world.town.stage_m[0] == world.forcing.stage_m[-1]
    assert world.town.warning_stage_m[0] == pytest.approx(4.55)


def test_record_is_named_beside_the_scenario(tmp_path):
    (tmp_path / "gauge.csv").write_text("time,stage_m\n2024-09-15T00:00:00+08:00,3.0\n2024-09-15T02:00:00+08:00,3.0\n")
    given = {"observed": {"file": "gauge.csv", "datum": "1985"}, "datum_offset": "1.63 m"}
    surge = Surge.model_validate(given, context={"folder": tmp_path})
    assert stage_of(surge, storm_h=2.0) == pytest.approx(4.63)
