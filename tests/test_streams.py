"""Luck belongs to someone."""

import numpy as np
import pytest

from sim.streams import Streams, fill_uniform, philox

STREAMS = Streams(20240916, 3)


@pytest.mark.parametrize("kernel", [philox, philox.py_func], ids=["compiled", "python"])
def test_equals_numpys_philox(kernel):
    key = (np.uint64(0x243F6A8885A308D3), np.uint64(0x13198A2E03707344))
    for entity, block in ((5, 0), (2**63 + 11, 7), (1, 2**64 - 1)):
        words = np.empty(4, np.uint64)
        with np.errstate(over="ignore"):
            kernel(np.uint64(entity), np.uint64(block), *key, words)
        # numpy counts up before it draws
        counter = np.array([entity - 1, block, 0, 0], np.uint64)
        expected = np.random.Philox(counter=counter, key=np.array(key)).random_raw(4)
        assert words.tolist() == expected.tolist()


def test_uniform_and_uncorrelated_over_entities_blocks_replications_and_concerns():
    n = 200_000
    draws = [
        STREAMS.uniform("a", n), STREAMS.uniform("a", n, block=1), STREAMS.uniform("a", n, lane=1), STREAMS.uniform("b", n),
        Streams(20240916, 4).uniform("a", n), Streams(1, 3).uniform("a", n),
    ]  # fmt: skip
    for draw in draws:
        assert draw.min() >= 0
        assert draw.max() < 1
        histogram = np.histogram(draw, 100, (0, 1))[0]
        assert ((histogram - n / 100) ** 2 / (n / 100)).sum() < 160  # chi-square, 99 degrees: p = 1e-4
        assert abs(np.corrcoef(draw[1:], draw[:-1])[0, 1]) < 4 / n**0.5
    correlations = np.corrcoef(draws) - np.eye(len(draws))
    assert abs(correlations).max() < 4 / n**0.5


def test_a_draw_belongs_to_its_entity_not_to_who_else_asks():
    everyone = STREAMS.uniform("doors", 1000)
    few = np.array([997, 3, 500])
    assert STREAMS.uniform("doors", few).tolist() == everyone[few].tolist()


def test_normals_and_exponentials_have_their_moments():
    normal, exponential = STREAMS.normal("n", 100_000), STREAMS.exponential("e", 100_000)
    assert np.isfinite(normal).all()
    assert abs(normal.mean()) < 0.015
    assert abs(normal.std() - 1) < 0.01
    assert abs(exponential.mean() - 1) < 0.015


def test_the_kernel_in_python_agrees():
    out, slow = np.empty((3, 4)), np.empty((3, 4))
    arguments = (np.arange(3, dtype=np.uint64), np.uint64(2), *STREAMS.key("x"))
    fill_uniform(*arguments, out)
    with np.errstate(over="ignore"):
        fill_uniform.py_func(*arguments, slow)
    assert out.tolist() == slow.tolist()
