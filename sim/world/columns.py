"""Tables of columns: each column has a dtype, a unit and a meaning, and is either static or state.

Static columns belong to the community and are shared, read-only, by all replications; state columns are new in each.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np


class Column(NamedTuple):
    """dtype, unit, meaning; `state` columns start at `fill`; `width` > 0 makes the column (n, width)."""

    dtype: Any
    unit: str
    meaning: str
    state: bool = False
    fill: float = 0
    width: int = 0


def static(dtype: Any, unit: str, meaning: str, width: int = 0) -> Column:
    """A column that never changes while the clock runs."""
    return Column(dtype, unit, meaning, width=width)


def state(dtype: Any, unit: str, meaning: str, fill: float = 0, width: int = 0) -> Column:
    """A column that one part writes while the clock runs."""
    return Column(dtype, unit, meaning, True, fill, width)


class Table:
    """Columns of one kind of thing; `n` rows. Subclasses list them in `columns`."""

    columns: ClassVar[dict[str, Column]] = {}

    if TYPE_CHECKING:  # columns are made from `columns`, where a type checker does not look

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, n: int, given: Mapping[str, Any] | None = None) -> None:
        """Allocate every column at its fill; take those `given`, checked for length and cast to the dtype."""
        self.n = n
        for name, column in self.columns.items():
            shape = (n, column.width) if column.width else (n,)
            if given is not None and name in given:
                values = np.array(given[name], dtype=column.dtype)
                if values.shape != shape:
                    raise ValueError(f"{type(self).__name__}.{name} has shape {values.shape}, wanted {shape}")
            else:
                values = np.full(shape, column.fill, column.dtype)
            setattr(self, name, values)
        if given is not None and (unknown := set(given) - set(self.columns)):
            raise ValueError(f"{type(self).__name__} has no columns {sorted(unknown)}")

    def fresh(self) -> "Table":
        """The same things at the start of a replication: static columns shared and read-only, state columns new."""
        other = object.__new__(type(self))
        other.n = self.n
        for name, column in self.columns.items():
            values = getattr(self, name)
            if column.state:
                values = np.full(values.shape, column.fill, column.dtype)
            else:
                values.setflags(write=False)
            setattr(other, name, values)
        return other

    def static_arrays(self) -> dict[str, np.ndarray]:
        """name -> array of the static columns, for the cache."""
        return {name: getattr(self, name) for name, column in self.columns.items() if not column.state}
