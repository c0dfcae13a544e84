"""The engine's chain of casualty, ambulance and bed equals its slow reference exactly, ties included."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.trajectory import name_of
from sim.world.clock import Rank
from tests.reference.medical import Hurt, Rules, Street
from tests.ward_town import FLEET, NODES_M, care, street, treated_s

minutes = st.integers(0, 40).map(lambda n: n * 150.0)
durations = st.one_of(minutes, st.floats(0.0, 9_000.0).map(lambda s: round(s * 1024) / 1024))
one = st.tuples(st.integers(0, 2), minutes, st.integers(0, 3), durations, durations, durations)
hurt_of = st.lists(one, min_size=1, max_size=14)


def both(hurt, stations, per_station_n, places_n, critical_n):
    """(treated times, stories of causes in order of the calls) by the engine and by the reference."""
    patients = {k: (triage, onset, node) for k, (triage, onset, node, *_) in enumerate(hurt)}
    stages = {k: one[3:] for k, one in enumerate(hurt)}
    fleet = FLEET.model_copy(update={"per_station_n": per_station_n})
    world = street(stations=stations)
    engine_s = treated_s(world, patients, stages, fleet=fleet, clinic=care(places_n), hospital=care(places_n, critical_n))
    stories = [[(since_s, name_of(cause)) for since_s, cause in case.segments] for case in world.own[Rank.MEDICAL].book.cases]
    rules = Rules(
        tuple(NODES_M[node] for node in stations for _ in range(per_station_n)), NODES_M[1], NODES_M[3],
        {"clinic": places_n, "ward": places_n, "critical": critical_n}, 5.0, 180.0, 150.0, 900.0, 180.0,
    )  # fmt: skip
    people = [Hurt(k, triage, onset, NODES_M[node], *rest) for k, (triage, onset, node, *rest) in enumerate(hurt)]
    slow = Street(people, rules).play()
    return (engine_s, stories), (slow.treated_s, list(slow.story.values()))


@settings(max_examples=60, deadline=None)
@given(hurt_of, st.sampled_from([(0,), (0, 3), (1, 2, 2)]), st.integers(1, 2), st.integers(1, 3), st.integers(1, 2))
def test_every_patient_is_treated_at_the_same_moment_for_the_same_causes(hurt, stations, per_station_n, places_n, critical_n):
    engine, slow = both(hurt, stations, per_station_n, places_n, critical_n)
    assert engine == slow


def test_all_at_once_with_one_ambulance_and_one_bed():
    hurt = [(1, 600.0, 2, 0.0, 600.0, 3600.0)] * 4 + [(2, 600.0, 2, 0.0, 600.0, 3600.0)]
    (engine_s, stories), slow = both(hurt, (0,), 1, 1, 1)
    assert (engine_s, stories) == slow
    # the worst goes first: dispatch 180, 1,000 m at 5 m/s, door 150, scene 600, 1,000 m to the hospital, triage 180
    assert engine_s[4] == 600.0 + 180.0 + 200.0 + 150.0 + 600.0 + 200.0 + 180.0
    assert [engine_s[k] for k in range(4)] == sorted(engine_s[k] for k in range(4))
    assert engine_s[0] > engine_s[4]
