import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.community.lots import Luck, plot_of, plots, shared_out, split, within

WEIGHTS = st.lists(st.floats(0.01, 100), min_size=1, max_size=30)
SIDE = st.floats(50, 5000)


@given(st.integers(0, 10_000), WEIGHTS)
def test_what_is_shared_out_is_all_there_is_and_within_one_of_its_share(total, weights):
    weights = np.array(weights)
    parts = shared_out(total, weights)
    assert parts.sum() == total
    assert np.all(np.abs(parts - total * weights / weights.sum()) < 1 + 1e-6)


def test_nothing_is_shared_out_among_nobody():
    assert shared_out(5, np.empty(0)).size == 0


@given(SIDE, SIDE, st.integers(1, 60))
def test_plots_are_equal_and_fill_the_rectangle(width_m, height_m, n):
    west, south, east, north = plots(width_m, height_m, n)
    assert west.size == n
    np.testing.assert_allclose((east - west) * (north - south), width_m * height_m / n)
    assert north.max() <= height_m * (1 + 1e-9)
    assert east.max() <= width_m * (1 + 1e-9)


@given(SIDE, SIDE, st.integers(1, 60))
def test_every_plot_is_found_from_its_middle(width_m, height_m, n):
    areas = plots(width_m, height_m, n)
    found = plot_of(areas, (areas.west_m + areas.east_m) / 2, (areas.south_m + areas.north_m) / 2)
    np.testing.assert_array_equal(found, np.arange(n))


def test_a_point_beyond_the_edge_belongs_to_the_plot_at_the_edge():
    areas = plots(100, 100, 4)
    np.testing.assert_array_equal(plot_of(areas, np.array([-5.0, 105.0]), np.array([-5.0, 105.0])), [0, 3])


@given(st.lists(st.integers(1, 5), min_size=6, max_size=6))
def test_strips_keep_the_area_of_their_plot(counts):
    outer, counts = plots(600, 300, 6), np.array(counts)
    west, south, east, north = split(outer, counts)
    assert west.size == counts.sum()
    owner = np.repeat(np.arange(6), counts)
    np.testing.assert_allclose(np.bincount(owner, (east - west) * (north - south)), 30_000.0)
    assert np.all(west >= outer.west_m[owner] - 1e-9)
    assert np.all(north <= outer.north_m[owner] + 1e-9)


def test_within_counts_from_zero_in_every_run():
    np.testing.assert_array_equal(within(np.array([2, 0, 3])), [0, 1, 0, 1, 2])


def test_luck_chooses_exactly_as_many_as_asked():
    assert Luck(1).chosen("x", 50, 13).sum() == 13


def test_luck_goes_by_name_and_seed():
    draws = [Luck(1).uniform("a", 9), Luck(1).uniform("b", 9), Luck(2).uniform("a", 9)]
    assert not np.array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[0], draws[2])
    np.testing.assert_array_equal(draws[0], Luck(1).uniform("a", 9))


def test_whole_numbers_reach_both_ends_evenly():
    draws = Luck(3).whole("die", 6000, 1, 6)
    counts = np.bincount(draws, minlength=7)[1:]
    assert counts.sum() == 6000
    assert np.all(np.abs(counts - 1000) < 5 * 1000**0.5)


def test_an_order_is_a_permutation():
    np.testing.assert_array_equal(np.sort(Luck(4).order("x", 31)), np.arange(31))
