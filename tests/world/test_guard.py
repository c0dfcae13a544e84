"""A part that breaks its declaration is named."""

from typing import ClassVar

import numpy as np
import pytest

from sim.engine import drive, nothing_moves, play_parts, start
from sim.errors import DeclarationError
from sim.world.clock import Rank
from sim.world.guard import SeenWorld
from sim.world.part import Part
from tests.worlds import small_world


class Honest(Part):
    """Wets the cells, as declared."""

    rank: ClassVar[Rank] = Rank.FLOOD
    writes: ClassVar[tuple[str, ...]] = ("cells.depth_m",)

    def step(self, world, dt_s):
        """One more centimetre."""
        world.cells.depth_m += np.float32(0.01)


class Thief(Honest):
    """Writes a column of another part in its step."""

    reads: ClassVar[tuple[str, ...]] = ("areas.on",)

    def step(self, world, dt_s):
        """Takes the power away."""
        world.areas.on[0] = False


class LateThief(Honest):
    """Writes it in a spawned process, later."""

    reads: ClassVar[tuple[str, ...]] = ("areas.on",)

    def run(self, world):
        """Leaves the deed to a child."""

        def child():
            yield world.clock.wait(700, self.rank)
            world.areas.on[1] = False

        yield world.spawn(child())


class Peeper(Honest):
    """Reads what it did not declare."""

    def step(self, world, dt_s):
        """Looks."""
        assert world.areas.on[0]


def test_an_honest_part_is_left_alone():
    world = small_world()
    play_parts(world, [Honest()])
    assert world.cells.depth_m.tolist() == pytest.approx([0.03, 0.03])


@pytest.mark.parametrize(
    ("part", "message"),
    [(Thief(), "Thief writes areas.on"), (LateThief(), "LateThief writes areas.on"), (Peeper(), "Peeper reads areas.on")],
)
def test_the_part_that_breaks_its_word_is_named(part, message):
    with pytest.raises(DeclarationError, match=message):
        play_parts(small_world(), [part])


def test_static_columns_need_no_word():
    world = small_world()
    assert SeenWorld(world, Honest()).cells.ground_m.tolist() == [0, 0]


def test_nothing_is_watched_without_the_check():
    world = small_world()
    start(world, Thief(), lambda function, *arguments: function(*arguments))
    drive(world, nothing_moves)
    assert not world.areas.on[0]
