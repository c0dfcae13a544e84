"""Messages that mend the user."""

import pickle

from sim.errors import InputError, Mistake, mistake_under


def test_a_mistake_is_one_line_with_place_value_and_wish():
    mistake = Mistake("a.yaml:3:7", "run.seed", "is not right", "x", "a whole number")
    assert str(mistake) == "a.yaml:3:7: run.seed: is not right (got 'x'), wanted a whole number"


def test_all_mistakes_stand_in_one_error():
    error = InputError(Mistake("a", "", "first"), Mistake("b", "", "second"))
    assert str(error).splitlines() == ["a: first", "b: second"]
    assert error.exit_status == 2


def test_a_long_value_is_cut():
    assert len(str(Mistake("a", "b", "c", "x" * 10_000))) < 120


def test_a_mistake_that_knows_no_file_starts_with_its_key():
    assert (
        str(mistake_under("hazards.surge", "has no tide", 1.5, "a tide")) == "hazards.surge: has no tide (got 1.5), wanted a tide"
    )


def test_an_error_comes_whole_from_a_worker():
    error = InputError(Mistake("a", "b", "c", 1, "d"), Mistake("", "e", "f"))
    again = pickle.loads(pickle.dumps(error))
    assert (again.mistakes, str(again)) == (error.mistakes, str(error))
