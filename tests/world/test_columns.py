"""Tables: typed columns, static shared, state new."""

import numpy as np
import pytest

from sim.world.columns import Table, state, static
from sim.world.tables import TABLES, Forcing, Town


class Wells(Table):
    """A table for these tests."""

    columns = {
        "depth_m": static(np.float32, "m", "depth"),
        "level_m": state(np.float64, "m", "water", 1.5),
        "by_day": state(np.int32, "-", "x", 0, 7),
    }


def test_static_columns_are_shared_and_read_only_state_is_new():
    wells = Wells(2, {"depth_m": [3, 4]})
    one, two = wells.fresh(), wells.fresh()
    one.level_m[0] = 9
    assert two.level_m.tolist() == [1.5, 1.5]
    assert one.depth_m is two.depth_m
    with pytest.raises(ValueError, match="read-only"):
        one.depth_m[0] = 1


def test_wrong_lengths_and_names_are_refused():
    with pytest.raises(ValueError, match=r"Wells\.depth_m has shape \(3,\), wanted \(2,\)"):
        Wells(2, {"depth_m": [1, 2, 3]})
    with pytest.raises(ValueError, match="no columns"):
        Wells(1, {"deep": [1]})
    assert Wells(2).by_day.shape == (2, 7)


def test_every_column_has_a_unit_a_meaning_and_every_state_column_names_its_one_writer():
    for table in [*TABLES.values(), Forcing, Town]:
        for name, column in table.columns.items():
            assert column.unit, name
            assert column.meaning, name
            if column.state and name != "time_s":
                assert column.meaning.endswith(")"), f"{table.__name__}.{name} names no writer"
