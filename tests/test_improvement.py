"""`improvement:` of a scenario: dotted keys, checked as strictly as the file, each mistake with its place."""

import pytest

from sim.community.recipe import read_recipe
from sim.errors import InputError
from sim.scenario import load
from tests.hamlet import TEXT

LINE = len(TEXT.splitlines()) + 2  # of the first key


def loaded(folder, *lines):
    """The hamlet with an improvement of these lines."""
    path = folder / "hamlet.yaml"
    path.write_text(TEXT + "improvement:\n" + "".join(f"  {line}\n" for line in lines), encoding="utf-8")
    return load(path, allow_outside=True)


def improved(folder, *lines):
    """What the lines make of it."""
    return loaded(folder, *lines).improved


def test_the_scenario_as_written_stays(tmp_path):
    scenario = loaded(tmp_path, "services.repair.power_crews_n: 9")
    assert scenario.services.repair.power_crews_n != 9
    assert scenario.improved.services.repair.power_crews_n == 9
    assert scenario.improved.run == scenario.run
    assert scenario.improved.improvement == {}


def test_what_the_file_leaves_to_defaults_is_kept_beside_the_change(tmp_path):
    scenario = loaded(tmp_path, "services.warning.channels.sms.used_frac: 0.9", "services.repair.feeder.mended: 1 h")
    own, other = scenario.services, scenario.improved.services
    assert other.warning.channels.sms.used_frac == 0.9
    assert other.warning.channels.sms.delay == own.warning.channels.sms.delay
    assert other.warning.channels.siren == own.warning.channels.siren
    assert other.repair.feeder.mended_s == 3600.0
    assert other.repair.feeder.found_s == own.repair.feeder.found_s
    assert other.repair.wind_limit_mps == own.repair.wind_limit_mps


def test_keys_of_the_community(tmp_path):
    scenario = loaded(
        tmp_path, "community.people.register_old: 1.0", "community.sites.school.floor_area: 640 m2", "community.sites.1.toilets: 9"
    )
    recipe, _ = read_recipe(scenario.improved.community.text, "improved")
    before, _ = read_recipe(scenario.community.text, "as written")
    assert recipe.people.register_old == 1.0
    assert [site.floor_area_m2 for site in recipe.sites if site.name == "School"] == [640.0]
    assert recipe.sites[1].toilets == 9
    assert recipe.residents == before.residents


def test_other_run_settings_hold_for_both(tmp_path):
    scenario = loaded(tmp_path, "services.repair.power_crews_n: 9").with_run(seed=77, replications=3)
    assert (scenario.run.seed, scenario.improved.run.seed, scenario.improved.run.replications) == (77, 77, 3)


WRONG = [
    ("services.shelters.areas: 2 m2", r":\d+: improvement\.services\.shelters\.areas: is not a known key"),
    (
        "services.shelters.area_per_person: 2",
        r"improvement\.services\.shelters\.area_per_person: is not right, wanted a number with one",
    ),
    ("services.shelters.open_at: purple", r"improvement\.services\.shelters\.open_at: is not right, wanted one of none, blue"),
    ("services.helpers.teams: -1", r"improvement\.services\.helpers\.teams: is not right \(got -1\)"),
    (
        "services.helpers.teams.more: 1",
        r"improvement\.services\.helpers\.teams\.more: has no place, wanted keys where more is looked for",
    ),
    ("community.people.register: 1.0", r"improvement\.community\.people\.register: is not a known key"),
    ("community.people.register_old: 1.5", r"improvement\.community\.people\.register_old: is not right \(got 1\.5\)"),
    ("community.compounds.lane_count: 100", r"improvement\.community\.compounds\.lane_count: does not fit"),
    (
        "community.sites.zoo.toilets: 1",
        r"improvement\.community\.sites\.zoo\.toilets: has no place, wanted a number below \d+, or the name",
    ),
    ("community.sites.1.colour: 1", r"improvement\.community\.sites\.1\.colour: is not a known key"),
    ("run.seed: 3", r"improvement\.run\.seed: cannot be changed here, wanted a key beneath hazards"),
    ("community: other.yaml", r"improvement\.community: cannot be changed here"),
    ("services..x: 3", r"improvement\.services\.\.x: cannot be changed here"),
]


@pytest.mark.parametrize(("line", "message"), WRONG, ids=[line.partition(":")[0] for line, _ in WRONG])
def test_each_mistake_has_its_place(tmp_path, line, message):
    with pytest.raises(InputError, match=message) as told:
        loaded(tmp_path, line)
    (mistake,) = told.value.mistakes
    assert mistake.where.startswith(f"{tmp_path}/hamlet.yaml:{LINE}:")


def test_several_mistakes_are_told_at_once(tmp_path):
    with pytest.raises(InputError) as told:
        loaded(tmp_path, "services.shelters.areas: 2 m2", "services.helpers.teams: -1")
    assert sorted(mistake.where.split(":")[1] for mistake in told.value.mistakes) == [str(LINE), str(LINE + 1)]


def test_doubled_keys_are_refused(tmp_path):
    with pytest.raises(InputError, match="stands twice"):
        loaded(tmp_path, "services.helpers.teams: 1", "services.helpers.teams: 2")
