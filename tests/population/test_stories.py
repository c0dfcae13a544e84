"""Stories of households in danger, told to leave, or in the dark."""

import numpy as np

from sim.engine import play_parts
from sim.population.needs import Needs
from sim.population.stories import MOST
from tests.population.test_needs import HOUR_S, Columns, played, told, town


def whats(story):
    """What happened, in order."""
    return [moment["what"] for moment in story["moments"]]


def test_a_story_names_what_was_lacking_and_why():
    (story,) = played(town(), *told(11, 12, left_s=12, sheltered_s=12.5)).stories
    unmet = [moment for moment in story["moments"] if moment["what"] == "unmet"]
    lacked = [(m["service"], m["cause"], m["time_s"] / HOUR_S, m["until_s"] / HOUR_S) for m in unmet]
    assert lacked[0] == ("warning", "not_reached", 8, 11)
    assert lacked[-2:] == [("shelter", "preparing", 11, 12), ("shelter", "on_the_way", 12, 12.5)]


def test_nobody_in_danger_those_told_to_leave_are_told_of():
    (story,) = played(town(ground_floor=[0]), *told(8, 9, left_s=9, sheltered_s=9.5, returned_s=20)).stories
    assert whats(story) == ["warned", "advice", "ready", "left", "sheltered", "returned"]


def dark_town(hours, **columns):
    """The stories of a town whose one area is dark for so many hours from 5 h on."""
    world = town(2, ground_floor=[0, 0], **columns)
    changes = ((5 * HOUR_S, "areas.on", False), ((5 + hours) * HOUR_S, "areas.on", True))
    play_parts(world, [Columns(changes=changes), Needs()])
    return world.recorder.stories


def test_nobody_told_one_who_sat_in_the_dark_is_told_of():
    (story,) = dark_town(3)
    assert [(m["what"], m["time_s"] / HOUR_S) for m in story["moments"]] == [("dark", 5), ("lit", 8)]


def test_of_those_in_the_dark_somebody_old_and_alone_comes_first():
    (story,) = dark_town(3, old_alone=[0, 1])
    assert (story["household"], story["old_alone"]) == (1, True)


def test_a_flicker_is_no_story():
    assert dark_town(0.5) == []


def test_one_household_of_each_fate_and_not_too_many():
    world_n = 40
    stories = played(town(world_n, needs_help=np.arange(world_n) % 2), *told(8, 9)).stories
    assert len(stories) == 2 <= MOST
    assert {story["needs_help"] for story in stories} == {True, False}


def test_moments_are_in_order_of_time():
    for story in played(town(), *told(8, 9, left_s=9, stranded_s=9.5, sheltered_s=11)).stories:
        times_s = [moment["time_s"] for moment in story["moments"]]
        assert times_s == sorted(times_s)
