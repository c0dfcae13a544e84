"""A shard gives back what was put in, or says that it is damaged."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.sweep.shard import PLAIN, Damaged, from_bytes, to_bytes
from tests.sweep.played import trajectories


def test_what_comes_out_is_what_went_in():
    for one, other in zip(trajectories(), from_bytes(to_bytes(trajectories())), strict=True):
        assert one.replication == other.replication
        for name in ("need", "ledger", "series"):
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
        assert one.events.astype(str).equals(other.events.astype(str))
        assert one.fields.keys() == other.fields.keys()
        assert all(np.array_equal(one.fields[name], other.fields[name], equal_nan=True) for name in one.fields)
        for name in PLAIN:
            assert getattr(one, name) == pytest.approx(getattr(other, name), nan_ok=True) if name != "stories" else True
        assert len(one.stories) == len(other.stories)


def test_the_same_trajectories_are_the_same_bytes():
    once = to_bytes(trajectories())
    assert to_bytes(from_bytes(once)) == once


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_changed_byte_or_a_missing_end_is_noticed(data):
    whole = to_bytes(trajectories())
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    for broken in (flipped, whole[:at]):
        with pytest.raises(Damaged, match="checksum"):
            from_bytes(broken)
