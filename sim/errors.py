"""Errors that mend the user: where, what is wrong, the value, what was wanted."""

from typing import Any, NamedTuple


class Mistake(NamedTuple):
    """One thing wrong in what the user gave: `where` is FILE:LINE:COLUMN, FILE or --option; empty where only the key is known, and
    then the scenario finds the place."""

    where: str
    path: str
    what: str
    got: object = None
    wanted: str = ""

    def __str__(self) -> str:
        """`FILE:LINE:COLUMN: path.to.key: what is wrong (got VALUE), wanted ...`, one line."""
        text = ": ".join(part for part in (self.where, self.path, self.what) if part)
        if self.got is not None:
            shown = repr(self.got)
            text += f" (got {shown if len(shown) <= 80 else shown[:77] + '...'})"
        if self.wanted:
            text += f", wanted {self.wanted}"
        return text.replace("\n", " ")


class SimError(Exception):
    """What the program says and ends with; `exit_status` is that of the command line."""

    exit_status = 2


class InputError(SimError):
    """Every mistake found in the input, all at once."""

    def __init__(self, *mistakes: Mistake) -> None:
        """Keep the mistakes; the text is one line for each."""
        self.mistakes = mistakes
        super().__init__("\n".join(str(mistake) for mistake in mistakes))

    def __reduce__(self) -> tuple[Any, ...]:
        """Whole again at the other end of a pipe from a worker."""
        return InputError, self.mistakes


class EnvironmentMistake(SimError):
    """The machine says no: a path, a disk, memory, an address."""


class DeclarationError(SimError):
    """A part wrote or read a column that it did not declare: a fault of ours."""

    exit_status = 1


class NumericalError(SimError):
    """A field left the range in which it means anything; the run stops rather than show NaN."""

    exit_status = 1


class Interrupted(KeyboardInterrupt):
    """Stopped by the user; the text says what is kept and how to go on."""


def mistake_in(where: str, what: str, got: object = None, wanted: str = "") -> InputError:
    """An InputError of one mistake."""
    return InputError(Mistake(str(where), "", what, got, wanted))


def mistake_under(key: str, what: str, got: object = None, wanted: str = "") -> InputError:
    """An InputError of one mistake at a dotted key of the scenario, for whoever knows the key but not the file."""
    return InputError(Mistake("", key, what, got, wanted))
