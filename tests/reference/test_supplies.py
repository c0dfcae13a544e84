"""The engine's supplies equal their slow reference exactly: who was unmet, of what, from when to when and why."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.services.convoys import Fleet
from sim.services.plan import Split
from sim.services.stocks import Level
from sim.trajectory import name_of
from sim.world.clock import Rank
from tests.places import play
from tests.reference.supplies import Chain, Given
from tests.services.stores import Doors, Guests, Sky, plan, street

SPEED_MPS = 5.0
STORM_H, RECOVERY_H = 24.0, 11.0 + 7.0 / 3600.0
END_S = 126_007.0
shelters = st.lists(st.tuples(st.integers(1, 60), st.sampled_from([500, 500, 1250, 4000])), min_size=1, max_size=4)


def engine(guests, away_m, windy, supplies):
    """The desk after the run, and its spells as the reference tells them: sorted (good, persons, steps, end)."""
    world = street(guests, away_m, STORM_H, RECOVERY_H)
    play(world, supplies, Guests(n=len(guests)), Doors(n=len(guests)), Sky(windy=tuple(windy)))
    desk = world.own[Rank.SUPPLIES]
    spells = []
    for spell in desk.waiting.spells:
        ends_s = [*(at_s for at_s, _ in spell.steps[1:]), spell.end_s]
        steps = [(at_s, name_of(cause)) for (at_s, cause), end_s in zip(spell.steps, ends_s, strict=True) if end_s > at_s]
        spells.append((int(spell.good), int(spell.people_n.sum()), steps, spell.end_s))
    return desk, sorted(spells)


def stocked(persons, in_shelters_frac, vans, crews, capacity_kg):
    """Supplies of one street without help from above."""
    return plan(
        street=Level(persons=persons, days=1.0, reorder_frac=0.0, chronic_frac=0.0),
        split=Split(depot=1.0 - in_shelters_frac, shelters=in_shelters_frac),
        street_fleet=Fleet(vehicles=vans, crews=crews, capacity_kg=capacity_kg, speed=f"{SPEED_MPS} m/s"),
    )


def reference(guests, away_m, windy, persons, in_shelters_frac, vans, crews, capacity_kg):
    """The same by the reference."""
    total_n = [persons * 3000, persons * 2100, 0, persons]
    shelter_n = [round(n * in_shelters_frac) for n in total_n]
    n = len(guests)
    return Chain(Given(
        guests, [metres / SPEED_MPS for metres in away_m], [10] * n, vans, crews, capacity_kg, windy,
        [a - b for a, b in zip(total_n, shelter_n, strict=True)],
        [[a * (k + 1) // n - a * k // n for a in shelter_n] for k in range(n)], END_S,
    ))  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    shelters, st.lists(st.booleans(), max_size=100), st.integers(0, 80), st.sampled_from([0.0, 0.25]), st.integers(1, 3),
    st.integers(1, 3), st.sampled_from([60.0, 200.0, 1500.0]),
)  # fmt: skip
def test_everybody_is_unmet_for_the_same_time_and_reason(places, windy, persons, share, vans, crews, capacity_kg):
    guests, away_m = (list(column) for column in zip(*places, strict=True))
    desk, spells = engine(guests, away_m, windy, stocked(persons, share, vans, crews, capacity_kg))
    chain = reference(guests, away_m, windy, persons, share, vans, crews, capacity_kg)
    assert spells == chain.play()
    assert [store.stock_n.tolist() for store in desk.stores.depots] == [chain.depot]
    assert [point.store.stock_n.tolist() for point in desk.stores.points.values()] == [one.stock for one in chain.shelters]
    assert not np.any(desk.unaccounted_n())


def test_one_van_for_two_shelters_in_a_storm():
    windy = [False] * 30 + [True] * 40
    _, spells = engine([20, 30], [1000, 2000], windy, stocked(100, 0.0, 1, 1, 1500.0))
    assert spells == reference([20, 30], [1000, 2000], windy, 100, 0.0, 1, 1, 1500.0).play()
    assert any("stood_down" in dict((cause, at) for at, cause in steps) for _, _, steps, _ in spells)
