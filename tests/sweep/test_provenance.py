"""What a run is known by."""

import pandas as pd
import pytest

from sim.errors import InputError
from sim.sweep.provenance import identity, refuse_another, results_sha256
from tests.hamlet import TEXT
from tests.sweep.played import scenario_in


def differing(tmp_path, text):
    """Names of what differs from the hamlet."""
    one, other = (identity(scenario_in(tmp_path, each), range(each_n)) for each, each_n in ((TEXT, 2), (text, 2)))
    return [key for key in one if one[key] != other[key]]


def test_a_comment_changes_nothing(tmp_path):
    assert differing(tmp_path, TEXT + "# a word\n") == []


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("seed: 1", "seed: 2", ["seed"]),
        ("flood: {}", "flood: {blocked_inlet_frac: 0.5}", ["scenario"]),
        ("warning: {}\n", "warning: {}\nimprovement: {services.helpers.teams: 3}\n", ["scenario"]),
    ],
)
def test_what_changes_results_has_another_name(tmp_path, old, new, names):
    assert old in TEXT
    assert differing(tmp_path, TEXT.replace(old, new)) == names


def test_everything_that_differs_is_named_at_once(tmp_path):
    own = identity(scenario_in(tmp_path), [0, 1])
    other = own | {"platform": {"cpu": "abacus"}, "libraries": {"numpy": "0"}, "program version": "0"}
    with pytest.raises(InputError) as told:
        refuse_another(other, own, tmp_path)
    assert [name in str(told.value) for name in ("another platform", "another libraries", "another program version")] == [True] * 3
    assert len(told.value.mistakes) == 3
    refuse_another(own, own, tmp_path)


def test_the_hash_of_results_knows_values_and_not_order():
    rows = pd.DataFrame({"replication": [0, 1], "x": [0.1, float("nan")]})
    assert results_sha256(rows) == results_sha256(rows.iloc[::-1])
    assert results_sha256(rows) != results_sha256(rows.assign(x=[0.1 + 1e-16, 0.0]))
