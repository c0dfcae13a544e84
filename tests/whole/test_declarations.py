"""Every part keeps its word in a whole run: it reads and writes only the columns it declared."""

from sim.scenario import load
from sim.sweep.execute import run
from tests.hamlet import TEXT


def test_all_parts_keep_their_declarations(tmp_path, monkeypatch):
    monkeypatch.setenv("SIM_CHECK", "1")
    path = tmp_path / "hamlet.yaml"
    path.write_text(TEXT.replace("storm: 24 h", "storm: 8 h").replace("15T18:00", "16T04:00"), encoding="utf-8")
    result = run(
        load(path, ("hazards.typhoon.intensity_factor=1.4", "hazards.typhoon.rain_factor=3.0"), allow_outside=True), replications=1
    )
    assert result.summary["services"]["shelter"]["need"] > 0
