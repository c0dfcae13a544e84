from sim.community.check import MADE, check, compare
from tests.community.recipes import made, shipped


def test_what_was_made_is_what_was_asked():
    rows = {row.name: row for row in compare(shipped("zhoujiadu_like"))}
    assert rows.keys() == MADE.keys()
    assert (rows["residents"].asked, rows["residents"].made) == ("142200", "142200")
    assert (rows["drains.capacity"].asked, rows["drains.capacity"].made) == ("36 mm/h", "36 mm/h")
    for name in ("household_size", "old_frac", "very_old_frac", "alone_frac", "only_old_frac", "child_frac"):
        assert abs(float(rows[f"people.{name}"].made) - float(rows[f"people.{name}"].asked)) < 1e-3, name
    assert abs(float(rows["people.smart_phone_old"].made) - 0.27) < 0.01


def test_rounding_that_bends_a_figure_is_seen():
    rows = {row.name: row for row in compare(made(("compounds.old_frac.value", 0.75)))}
    assert (rows["compounds.old_frac"].asked, rows["compounds.old_frac"].made) == ("0.75", "0.6667")  # 4.5 of 6: banker's rounding


def test_every_line_says_whether_it_could_be_verified():
    lines = check(shipped("zhoujiadu_like"))
    assert "142200 (" in next(line for line in lines if line.startswith("residents: "))
    assert sum("not verified" in line for line in lines) == len(MADE)
    assert lines[0].startswith("周家渡类社区（按周家渡街道公开数据合成） / ")
    assert "32 zones, " in lines[0]
    assert lines[1] == "22 indoor shelters with 6,640 m2 to sleep on"
