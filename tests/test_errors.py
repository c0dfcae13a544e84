"""Messages that mend the user."""

from sim.errors import InputError, Mistake


def test_a_mistake_is_one_line_with_place_value_and_wish():
    mistake = Mistake("a.yaml:3:7", "run.seed", "is not right", "x", "a whole number")
    assert str(mistake) == "a.yaml:3:7: run.seed: is not right (got 'x'), wanted a whole number"


def test_all_mistakes_stand_in_one_error():
    error = InputError(Mistake("a", "", "first"), Mistake("b", "", "second"))
    assert str(error).splitlines() == ["a: first", "b: second"]
    assert error.exit_status == 2


def test_a_long_value_is_cut():
    assert len(str(Mistake("a", "b", "c", "x" * 10_000))) < 120
