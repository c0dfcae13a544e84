"""Best tracks: every way in which a file can be wrong, and the storm between rows."""

import numpy as np
import pytest

from sim.documents import FileError
from sim.hazards.track import read_track, storm_at

HEAD = "time_utc,lat_deg,lon_deg,pmin_hpa,vmax_mps,wind_averaging_min"
ROWS = ["2024-09-16T00:00:00Z,31.0,121.8,980,33.44,10", "2024-09-16T06:00:00Z,31.4,120.5,985,30.87,10"]


def track_of(tmp_path, *rows, head=HEAD):
    path = tmp_path / "track.csv"
    path.write_text("\n".join([head, *rows]) + "\n")
    return read_track(path)


@pytest.mark.parametrize(
    ("rows", "line", "message"),
    [
        (ROWS[:1], "", "is no track (got '1 rows'), wanted two rows or more"),
        (ROWS[::-1], ":3", "time_utc: is earlier than the row before it (got '2024-09-16T00:00:00Z'), wanted times that grow"),
        ([ROWS[0], ROWS[0]], ":3", "time_utc: stands twice"),
        ([ROWS[0], ROWS[1].replace("31.4", "nan")], ":3", "lat_deg: is not right (got 'nan'), wanted a number from -80 to 80"),
        ([ROWS[0], ROWS[1].replace("120.5", "")], ":3", "lon_deg: is not right (got ''), wanted a number from -180 to 360"),
        ([ROWS[0].replace("33.44", "65 kt"), ROWS[1]], ":2", "vmax_mps: is not right (got '65 kt'), wanted a number from 5 to 120"),
        ([ROWS[0][:-2], ROWS[1]], ":2", "wind_averaging_min: is not right (got ''), wanted 1, 2, 3 or 10 (JMA 10, CMA 2)"),
        ([ROWS[0].replace("Z", ""), ROWS[1]], ":2", "time_utc: is not right (got '2024-09-16T00:00:00')"),
    ],
)
def test_mistakes_are_named_with_file_and_line(tmp_path, rows, line, message):
    with pytest.raises(FileError) as caught:
        track_of(tmp_path, *rows)
    assert str(caught.value).startswith(f"{tmp_path / 'track.csv'}{line}: {message}")


def test_all_mistakes_come_at_once(tmp_path):
    with pytest.raises(FileError) as caught:
        track_of(tmp_path, ROWS[0].replace("980", "0"), ROWS[1].replace("31.4", "95"))
    assert [mistake.path for mistake in caught.value.mistakes] == ["pmin_hpa", "lat_deg"]


def test_missing_averaging_column_is_an_error(tmp_path):
    with pytest.raises(FileError, match="lacks the columns wind_averaging_min"):
        track_of(tmp_path, *(row[:-3] for row in ROWS), head=HEAD.removesuffix(",wind_averaging_min"))


def test_two_minute_winds_become_ten_minute_winds(tmp_path):
    track = track_of(tmp_path, *(row[:-2] + "2" for row in ROWS))
    assert track.vmax_mps == pytest.approx((33.44 / 1.02, 30.87 / 1.02))


def test_storm_between_rows_moves_straight(tmp_path):
    track = track_of(tmp_path, *ROWS)
    storm = storm_at(track, np.array([track.time_s[0], track.time_s[0] + 3 * 3600, track.time_s[1]]), 31.2, 121.15)
    assert storm.y_m[1] == pytest.approx(0.0, abs=1.0)
    assert storm.x_m[1] == pytest.approx(0.0, abs=1.0)
    assert storm.pressure_pa == pytest.approx([98000, 98250, 98500])
    assert storm.u_mps[1] == pytest.approx(-5.73, abs=0.05)  # 1.3 degrees of longitude in 6 h at 31.2 N
    assert storm.v_mps[1] == pytest.approx(2.06, abs=0.02)
    assert storm.filling_pa_h[1] == pytest.approx(500 / 6)


def test_date_line_is_crossed_without_a_jump(tmp_path):
    rows = [ROWS[0].replace("121.8", "179.5"), ROWS[1].replace("120.5", "-179.5")]
    storm = storm_at(track_of(tmp_path, *rows), np.array([1726455600.0]), 31.2, 180.0)
    assert abs(storm.x_m[0]) < 1000.0
    assert storm.u_mps[0] > 0
