"""Walking stories: streets, queues, doors, help, closed ways, and the way home."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from pydantic import ValidationError

from sim.engine import play_parts
from sim.population.crowd import density_frac
from sim.population.travel import Travel
from sim.world.clock import Rank
from sim.world.letters import AllClear, Habitable, Leave, NoticeKind, Opened, Return, Vacate
from sim.world.tables import Place
from tests.streets import Doorkeeper, Orders, town, walked

LINE = [(0, 1, 100.0, 2.0), (1, 2, 100.0, 2.0), (2, 3, 100.0, 2.0)]
both_models = pytest.mark.parametrize("link_model", ["point_queue", "spill_back"])


def post(to, letter):
    """An act that posts a letter."""
    return lambda world: world.post(to, letter)


def places(world):
    """Where the groups are."""
    return [Place(place).name for place in world.households.place]


def close(tail, head):
    """An act that closes both directions of a road."""

    def act(world):
        links = world.links
        road = ((links.tail == tail) & (links.head == head)) | ((links.tail == head) & (links.head == tail))
        links.open[road] = False
        world.town.routes_version[0] += 1

    return act


def reopen(world):
    """An act that opens every road."""
    world.links.open[:] = True
    world.town.routes_version[0] += 1


@both_models
def test_alone_one_walks_at_ones_own_speed(link_model):
    world = walked(town(LINE, [(3, 0)], [(0, 1, 1.25)]), [5], [60.0], link_model=link_model)
    assert world.households.left_s[0] == 60.0
    assert world.households.sheltered_s[0] == 60.0 + 3 * 80.0
    assert places(world) == ["SHELTERED"]


@both_models
def test_a_street_lets_through_no_more_than_its_flow(link_model):
    groups = [(0, 5, 1.25)] * 40
    world = walked(town(LINE[:1], [(1, 0)], groups), [1000], [0.0] * 40, link_model=link_model, flow_pmps=1.0)
    arrived_s = np.sort(world.households.sheltered_s)
    assert np.diff(arrived_s).min() >= 2.5  # 5 persons through 2 m at 1 person/(m s)
    assert arrived_s[-1] - arrived_s[0] == pytest.approx(39 * 2.5, rel=0.2)


@both_models
def test_equal_times_go_by_household(link_model):
    world = walked(town(LINE, [(3, 0)], [(0, 4, 1.0)] * 3), [8], [0.0] * 3, link_model=link_model)
    assert places(world) == ["SHELTERED", "SHELTERED", "HOME"]
    assert world.sites.refused_n[0] >= 4


def test_without_crowding_the_two_street_models_agree():
    groups = [(0, 1, 1.0), (3, 1, 1.2), (1, 1, 0.8)]
    leave_s = [0.0, 40.0, 900.0]
    point, spill = (walked(town(LINE, [(2, 0)], groups), [9], leave_s, link_model=model) for model in ("point_queue", "spill_back"))
    assert point.households.sheltered_s == pytest.approx(spill.households.sheltered_s, abs=0.01)


def test_spill_back_holds_those_behind_a_full_street_and_strands_nobody():
    roads = [(0, 1, 50.0, 4.0), (1, 2, 4.0, 0.5), (2, 3, 50.0, 4.0)]  # the middle holds 10 persons
    groups = [(0, 6, 1.2)] * 30
    point = walked(town(roads, [(3, 0)], groups), [500], [0.0] * 30)
    spill = walked(town(roads, [(3, 0)], groups), [500], [0.0] * 30, link_model="spill_back")
    assert places(spill) == ["SHELTERED"] * 30
    assert spill.households.sheltered_s.max() > point.households.sheltered_s.max()
    assert spill.recorder.balances["people"] == 0


def test_a_ring_of_full_streets_moves_on_after_the_holding_time():
    ring = [(i, (i + 1) % 4, 3.0, 0.3) for i in range(4)]
    roads = [*ring, *((i, i + 4, 30.0, 3.0) for i in range(4))]
    groups = [(4 + i % 4, 4, 1.0) for i in range(40)]
    sites = [(0, 0), (1, 0), (2, 0), (3, 0)]
    world = walked(town(roads, sites, groups), [40, 40, 40, 40], [0.0] * 40, link_model="spill_back", hold="1 min")
    assert places(world) == ["SHELTERED"] * 40


def test_weidmann_speed_falls_with_density():
    frac = density_frac(0.2)
    assert frac[0] == 1.0
    assert (np.diff(frac) <= 0).all()
    assert frac[-1] == 0.2
    assert frac[128] == pytest.approx(1 - np.exp(-1.913 * (1 / 2.7 - 1 / 5.4)))


def test_a_full_door_sends_on_to_the_nearest_with_room():
    world = walked(town(LINE, [(1, 0), (3, 0)], [(0, 4, 1.0), (0, 4, 1.0)]), [4, 9], [0.0, 10.0])
    assert world.households.site.tolist() == [0, 1]
    assert world.households.refused_n.tolist() == [0, 1]
    assert world.households.sheltered_s.tolist() == [100.0, 310.0]


def test_told_of_a_full_house_one_goes_elsewhere_at_once():
    world = walked(town(LINE, [(1, 0), (3, 0)], [(0, 4, 1.0), (0, 4, 1.0)]), [4, 9], [0.0, 200.0])
    assert world.households.refused_n.tolist() == [0, 0]
    assert world.households.sheltered_s.tolist() == [100.0, 500.0]


def test_without_a_place_one_stays_home_and_goes_when_one_opens():
    acts = [(50000.0, unlock(0, 9)), (50000.0, post(Rank.TRAVEL, Opened(0)))]
    world = walked(town(LINE, [(3, 0)], [(0, 4, 1.0)]), [-1], [0.0], acts=acts)
    assert world.households.left_s[0] == 50000.0
    assert world.households.sheltered_s[0] == 50300.0


def unlock(site, room_n):
    """An act that opens a site without a word."""

    def act(world):
        world.sites.open[site], world.sites.room_n[site] = True, room_n

    return act


@pytest.mark.parametrize(("open_s", "left_s"), [(3000.0, 3600.0), (10000.0, 10800.0), (11000.0, np.inf)])
def test_who_finds_no_place_says_so_once_and_tries_again_three_times(open_s, left_s):
    world = town(LINE, [(3, 0)], [(0, 4, 1.0)])
    heard = notices(world, [-1], [0.0], acts=[(open_s, unlock(0, 9))])
    assert heard == [(0.0, NoticeKind.NO_ROOM, 0, -1)]
    assert world.households.left_s[0] == left_s


def test_a_place_that_opens_calls_the_nearest_it_has_room_for():
    def open_late(world):
        unlock(0, 9)(world)
        world.post(Rank.TRAVEL, Opened(0))

    groups = [(0, 4, 1.0), (2, 4, 1.0), (1, 4, 1.0)]
    world = walked(town(LINE, [(3, 0)], groups), [-1], [0.0] * 3, acts=[(20000.0, open_late)])
    assert np.isinf(world.households.left_s).tolist() == [True, False, False]
    assert world.sites.refused_n[0] == 0


def notices(world, rooms, leave_s, acts=()):
    """What services hear, in order."""
    heard = []

    class Overheard(Travel):
        """Travel with an open door."""

        def advance(self, world, until_s):
            notice = super().advance(world, until_s)
            if notice is not None:
                heard.append((notice.time_s, notice.kind, notice.household, notice.site))
            return notice

    play_parts(world, [Overheard(), Doorkeeper(rooms=tuple(rooms)), Orders(leave=tuple(leave_s), acts=tuple(acts))])
    return heard


def test_an_earlier_order_replaces_a_later():
    earlier = post(Rank.TRAVEL, Leave(np.array([0]), np.array([100.0])))
    later = post(Rank.TRAVEL, Leave(np.array([0]), np.array([900.0])))
    world = walked(town(LINE, [(3, 0)], [(0, 1, 1.0)]), [9], [500.0], acts=[(5.0, earlier), (6.0, later)])
    assert world.households.left_s[0] == 100.0


def test_closed_on_the_way_one_waits_and_goes_on_when_the_way_opens():
    world = walked(town(LINE, [(3, 0)], [(0, 1, 1.0)]), [9], [0.0], acts=[(50.0, close(1, 2)), (1000.0, reopen)])
    assert world.households.stranded_s[0] == 100.0
    assert world.households.at_node[0] == 3
    assert world.households.sheltered_s[0] == 1200.0


def test_a_street_that_closes_under_ones_feet_is_walked_to_its_end():
    world = walked(town(LINE[:1], [(1, 0)], [(0, 1, 1.0)]), [9], [0.0], acts=[(50.0, close(0, 1))])
    assert world.households.sheltered_s[0] == 100.0


def test_cut_off_at_home_one_waits_there_for_the_way():
    world = walked(town(LINE, [(3, 0)], [(0, 1, 1.0)]), [9], [60.0], acts=[(50.0, close(0, 1)), (1000.0, reopen)])
    assert world.households.stranded_s[0] == 60.0
    assert world.households.left_s[0] == 1000.0
    assert world.households.sheltered_s[0] == 1300.0


def test_one_who_needs_help_waits_for_it_and_walks_at_the_helpers_pace():
    help_comes = post(Rank.TRAVEL, Leave(np.array([0]), np.array([700.0]), True))
    frail = {"needs_help": [True]}
    world = town(LINE, [(3, 0)], [(0, 1, 0.4)], households=frail)
    heard = notices(world, [9], [0.0], acts=[(600.0, help_comes)])
    arrived_s = pytest.approx(700.0 + 300.0 / 1.1, abs=0.01)
    assert heard == [(0.0, NoticeKind.NEEDS_HELP, 0, -1), (arrived_s, NoticeKind.HELPED_ARRIVED, 0, 0)]
    assert world.households.left_s[0] == 700.0


def test_a_helper_is_free_also_when_there_is_no_place():
    help_comes = post(Rank.TRAVEL, Leave(np.array([0]), np.array([700.0]), True))
    world = town(LINE, [(3, 0)], [(0, 1, 0.4)], households={"needs_help": [True]})
    kinds = [kind for _, kind, _, _ in notices(world, [-1], [0.0], acts=[(600.0, help_comes)])][:3]
    assert kinds == [NoticeKind.NEEDS_HELP, NoticeKind.NO_ROOM, NoticeKind.HELPED_ARRIVED]


def test_a_site_in_the_water_sends_its_people_on():
    def flood(world):
        world.sites.open[0] = False
        world.post(Rank.TRAVEL, Vacate(0))

    world = walked(town(LINE, [(1, 0), (3, 0)], [(0, 4, 1.0)]), [9, 9], [0.0], acts=[(500.0, flood)])
    assert world.households.site[0] == 1
    assert world.sites.inside_n.tolist() == [0, 4]
    assert world.households.sheltered_s[0] == 100.0
    assert spans(world, "inside_s") == [100.0, 500.0, 700.0, np.inf]
    assert spans(world, "away_s") == [0.0, np.inf]
    assert world.recorder.balances["people"] == 0


def spans(world, name):
    """Times of the first group's spans that have begun."""
    times_s = getattr(world.households, name)[0].reshape(-1, 2)
    return times_s[np.isfinite(times_s[:, 0])].ravel().tolist()


def test_sent_out_by_the_water_and_home_for_want_of_another_place():
    def flood(world):
        world.sites.open[0] = False
        world.post(Rank.TRAVEL, Vacate(0))

    world = walked(town(LINE, [(3, 0)], [(0, 4, 1.0)]), [9], [0.0], acts=[(500.0, flood)])
    assert places(world) == ["HOME"]
    assert spans(world, "inside_s") == [300.0, 500.0]
    assert spans(world, "away_s") == [0.0, 800.0]


def test_after_the_all_clear_one_is_home_by_the_way_one_came():
    world = walked(town(LINE, [(3, 0)], [(0, 4, 1.5)]), [9], [0.0], acts=[(5000.0, post(Rank.TRAVEL, Return(0)))])
    assert world.households.returned_s[0] == 5200.0
    assert places(world) == ["HOME"]
    assert world.sites.inside_n[0] == 0
    assert world.sites.peak_n[0] == 4


def test_a_wet_ground_floor_is_not_returned_to_while_the_storm_lasts():
    def wet(world):
        world.buildings.depth_m[0] = 1.0

    acts = [(4000.0, wet), (5000.0, post(Rank.TRAVEL, Return(0)))]
    world = town(LINE, [(3, 0)], [(0, 4, 1.0)], storm_s=12000.0, households={"ground_floor": [True]})
    walked(world, [9], [0.0], acts=acts)
    assert world.households.returned_s[0] == 5000.0 + 2 * 3600.0 + 300.0


def lost_home(*groups):
    """An act that makes the dwellings of groups unfit to live in."""

    def act(world):
        world.households.habitable[list(groups)] = False

    return act


def test_who_has_no_home_to_go_to_goes_to_kin_when_the_shelter_shuts():
    acts = [(1000.0, lost_home(0)), (5000.0, post(Rank.TRAVEL, Return(0)))]
    world = walked(town(LINE, [(3, 0)], [(0, 4, 1.5), (0, 2, 1.5)]), [9], [0.0, 0.0], acts=acts)
    assert places(world) == ["ELSEWHERE", "HOME"]
    assert np.isinf(world.households.returned_s[0])
    assert world.sites.inside_n[0] == 0
    assert world.recorder.balances["people"] == 0


def test_kin_are_left_when_the_home_can_be_lived_in():
    def mended(world):
        world.households.habitable[:] = True
        world.post(Rank.TRAVEL, Habitable(np.array([0, 1])))

    acts = [(1000.0, lost_home(0, 1)), (5000.0, post(Rank.TRAVEL, Return(0))), (90_000.0, mended)]
    world = walked(town(LINE, [(3, 0)], [(0, 4, 1.5), (0, 2, 1.5)]), [9], [0.0, np.inf], acts=acts)
    assert places(world) == ["HOME", "HOME"]
    assert world.households.returned_s.tolist() == [90_000.0, np.inf]


def test_a_home_mended_before_the_all_clear_is_gone_back_to_as_ever():
    def mended(world):
        world.households.habitable[:] = True
        world.post(Rank.TRAVEL, Habitable(np.array([0])))

    acts = [(1000.0, lost_home(0)), (2000.0, mended), (5000.0, post(Rank.TRAVEL, Return(0)))]
    world = walked(town(LINE, [(3, 0)], [(0, 4, 1.5)]), [9], [0.0], acts=acts)
    assert world.households.returned_s[0] == 5200.0


def test_the_all_clear_keeps_at_home_who_has_not_left():
    acts = [(50.0, post(Rank.TRAVEL, AllClear(50.0)))]
    world = town(LINE, [(3, 0)], [(0, 1, 1.0), (0, 1, 1.0)], households={"needs_help": [True, False]})
    walked(world, [9], [0.0, 100.0], acts=acts)
    assert places(world) == ["HOME", "HOME"]
    assert np.isinf(world.households.left_s).all()


def test_nonsense_is_refused():
    with pytest.raises(ValidationError, match="greater than 0"):
        Travel(flow_pmps=0)
    with pytest.raises(ValidationError, match="point_queue"):
        Travel(link_model="teleport")


CROWDED = """
import json, numpy as np
from tests.streets import town, walked
roads = [(i, (i + 1) % 8, 40.0 + i, 0.7) for i in range(8)]
groups = [(i % 8, 1 + i % 5, 0.8 + 0.05 * (i % 9)) for i in range(60)]
found = []
for model in ("point_queue", "spill_back"):
    world = town(roads, [(2, 0), (6, 0)], groups, storm_s=12000.0, recovery_s=0.0)
    homes = walked(world, [70, 60], [float(i % 7) for i in range(60)], link_model=model).households
    found.append([getattr(homes, name).tolist() for name in ("place", "site", "sheltered_s", "left_s", "refused_n", "at_node")])
print(json.dumps(found))
"""


def test_compiled_equals_interpreted_exactly():
    outputs = []
    for off in ("0", "1"):
        environment = os.environ | {"NUMBA_DISABLE_JIT": off}
        done = subprocess.run([sys.executable, "-c", CROWDED], env=environment, capture_output=True, text=True, check=True)
        outputs.append(json.loads(done.stdout))
    assert outputs[0] == outputs[1]
    assert outputs[0][0] != outputs[0][1]  # the two street models do differ where it is crowded
