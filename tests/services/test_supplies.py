"""Supplies by stories: who waits for what, which lever helps, and that no good is made or lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.errors import InputError
from sim.services.agreements import Agreement
from sim.services.convoys import Fleet
from sim.services.larders import Homes
from sim.services.plan import Split
from sim.services.points import Counter
from sim.services.stocks import Good, Level, Norms, shares_n
from sim.services.supplies import Supplies
from sim.trajectory import Cause, Group
from sim.world.clock import Rank
from sim.world.part import Part
from sim.world.tables import BuildingClass, SiteKind
from tests.services.stores import OTHER, Books, Sky, plan, street, supplied

HOUR_S = 3600.0
FULL = Split(depot=0.0, shelters=1.0)
DEPOT = {"street": Level(persons=200, chronic_frac=0.0, reorder_frac=0.0)}


def hours(record, cause=None):
    """Person-hours unmet, by one cause or all."""
    ledger = record.ledger if cause is None else record.ledger[record.ledger.cause == cause]
    return float((ledger.persons * (ledger.end_s - ledger.start_s)).sum()) / HOUR_S


def after(supplies, guests=(40,), away_m=(500.0,), *others, world=None, **times):
    """The record of a street of shelters."""
    world = world or street(guests, away_m)
    return supplied(world, supplies, len(guests), *others, **times)


def test_a_stocked_and_staffed_shelter_lets_nobody_wait():
    record = after(plan(street=Level(persons=100, chronic_frac=0.0), split=FULL))
    assert hours(record) == 0.0
    assert record.numbers["supplies.food_used"] == 40 * 525 * 7  # seven rounds in two days, the last at 18:00


def test_stock_without_staff_feeds_no_one():
    counter = Counter(persons_per_staff_h=0.0, volunteers_frac=0.0)
    record = after(plan(street=Level(persons=100, chronic_frac=0.0), split=FULL, counter=counter))
    assert set(record.ledger.cause) == {Cause.NOT_STAFFED}
    # 40 persons, two goods, due at 07:00, to the end of the second day
    assert hours(record) == 40 * 2 * (48 - 7)
    assert record.ledger.censored.all()


def test_nothing_anywhere_is_a_stock_out():
    record = after(plan())
    assert set(record.ledger.cause) == {Cause.STOCK_OUT}
    assert hours(record) == 40 * 2 * (48 - 7)


@pytest.mark.parametrize(("fleet", "cause"), [
    (Fleet(vehicles=0), Cause.NO_VEHICLE), (Fleet(crews=0), Cause.NO_CREW_FREE), (Fleet(load="100 h"), Cause.ON_THE_WAY),
])  # fmt: skip
def test_goods_at_the_depot_wait_for_the_first_link_that_lacks(fleet, cause):
    record = after(plan(**DEPOT, street_fleet=fleet))
    assert set(record.ledger.cause) == {cause}
    assert hours(record) == 40 * 2 * (48 - 7)


def test_a_closed_road_is_booked_as_one():
    class Flood(Part):
        rank = Rank.ROADS
        writes = ("links.open", "town.routes_version")

        def run(self, world):
            """Closed from five to nine in the morning of the first day."""
            for hour, state in ((5, False), (9, True)):
                yield world.clock.wait_until(hour * HOUR_S, self.rank)
                world.links.open[:] = state
                world.town.routes_version[0] += 1

    homes = Homes(kit_frac=0.0, food="1000 h")
    record = after(plan(**DEPOT, homes=homes), (40,), (500.0,), Flood())
    # due at 7; the roads open at 9, the van needs 90 s and 15 min to unload, the first batch of 10 another 15 min
    assert hours(record, Cause.ROUTE_CLOSED) == 40 * 2 * 2
    first_s = record.ledger.groupby("spell").end_s.max().min()
    assert first_s == 9 * HOUR_S + 500.0 / (20 / 3.6) + 900.0 + 900.0


def test_vans_stand_down_in_wind():
    windy = tuple(6 <= tick // 6 < 11 for tick in range(144))
    record = after(plan(**DEPOT), (40,), (500.0,), Sky(windy=windy))
    assert hours(record, Cause.STOOD_DOWN) == 40 * 2 * (11 - 7)


def test_goods_come_down_from_the_city():
    alone, helped = after(plan()), after(plan(city=Level(persons=300, chronic_frac=0.0)))
    assert hours(helped) < hours(alone)
    # two drives of 45 min, one of 90 s, each with half an hour's loading and a quarter's unloading, after the first round at 6
    first_s = helped.ledger.groupby("spell").end_s.max().min()
    assert first_s == 6 * HOUR_S + 2 * 2700 + 90 + 3 * 2700 + 900


def test_an_agreement_is_called_off_when_the_depot_is_out():
    agreement = Agreement(persons=100, call_off="3 h", spread=0.0, honoured_frac=0.5)
    helped, alone = after(plan(agreements=(agreement,))), after(plan())
    assert hours(helped) < hours(alone)
    assert helped.numbers["supplies.called_off"] >= 1
    assert helped.balances["goods"] == 0.0


def test_kits_last_a_while():
    kits = {"homes": Homes(kit_frac=1.0, kit="24 h")}
    assert hours(after(plan(**kits))) == 40 * 2 * (48 - 25)


def test_the_chronically_ill_need_medicine():
    people = {"household": [0, 0, 0], "group": [OTHER] * 3, "chronic": [True, True, False]}
    ill = street((40,), (500.0,), people=people)
    without = plan(homes=Homes(kit_frac=1.0, kit="1000 h", carried_frac=0.0))
    record = after(without, (40,), (500.0,), Sky(windy=(True,) * 143), world=ill)
    assert hours(record) == 2 * (48 - 7)
    assert record.need.people.sum() == 40 * 2 + 2


def test_frail_groups_are_served_first():
    mixed = street((40,), (500.0,), households={"group_n": [[0, 0, 0, 0, 10, 30]]})
    counter = Counter(persons_per_staff_h=4.0, staff_frac=1.0, turn="frail_first")
    record = after(plan(street=Level(persons=100), split=FULL, counter=counter), world=mixed)
    ends = record.ledger.groupby("group").end_s.min()
    assert ends[Group.OLD] < ends[Group.OTHER]


def test_need_ends_with_the_all_clear():
    record = after(plan(), go=12 * HOUR_S)
    assert record.ledger.end_s.max() == 12 * HOUR_S
    assert not record.ledger.censored.any()


def test_water_on_the_floor_spoils_what_lies_low():
    class Flood(Part):
        rank = Rank.FLOOD
        writes = ("sites.depth_m",)

        def step(self, world, dt_s):
            """From the second hour on."""
            world.sites.depth_m[0] = 1.0 if world.now_s >= 2 * HOUR_S else 0.0

    world = street((40,), (500.0,))
    record = after(plan(**DEPOT), (40,), (500.0,), Flood(), world=world)
    assert world.own[Rank.SUPPLIES].spoiled_n.tolist() == [900_000, 630_000, 0, 100]
    assert record.balances["goods"] == 0.0


class Dry(Part):
    """Upper floors without water from 1 h to `to_h`."""

    rank = Rank.WATER
    writes = ("areas.lifted_on",)
    to_h: float = 1e9

    def run(self, world):
        """Off, on."""
        yield world.clock.wait_until(HOUR_S, self.rank)
        world.areas.lifted_on[:] = False
        yield world.clock.wait_until(self.to_h * HOUR_S, self.rank)
        world.areas.lifted_on[:] = True


def tower(floor, kind=BuildingClass.HIGH_RISE):
    """A shelter of one, and a household of 30 on a floor."""
    return street((1,), (500.0,), homes=(30,), buildings={"kind": [kind]}, households={"floor": [0, floor]})


def test_upper_floors_fetch_water_when_their_own_is_used_up():
    own = Homes(kit_frac=0.0, water="3 h", spread=0.0)
    dry = after(plan(homes=own), (1,), (500.0,), Dry(), world=tower(10))
    assert hours(dry) == 2 * (48 - 7) + 30 * (48 - 4)
    back = after(plan(homes=own), (1,), (500.0,), Dry(to_h=8.0), world=tower(10))
    assert hours(back) == pytest.approx(2 * (48 - 7) + 30 * (8 - 4), abs=30 / 6)


def test_lower_floors_live_on_the_street():
    own = Homes(kit_frac=0.0, water="3 h", spread=0.0)
    for world in (tower(2), tower(10, BuildingClass.WALK_UP)):
        assert hours(after(plan(homes=own), (1,), (500.0,), Dry(), world=world)) == 2 * (48 - 7)


def test_lockers_give_without_staff():
    own = Homes(kit_frac=0.0, water="3 h", spread=0.0)
    with_them = after(plan(homes=own, lockers=1000), (1,), (500.0,), Dry(), world=tower(10))
    assert hours(with_them) < 2 * (48 - 7) + 30 * (48 - 4)
    assert with_them.balances["goods"] == 0.0


small = st.integers(0, 60)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(small, min_size=1, max_size=3), small, small, small, st.integers(0, 2), st.integers(0, 2),
    st.sampled_from([0.0, 0.3, 1.0]), small,
)  # fmt: skip
def test_no_good_is_made_or_lost_at_any_time(guests, city, district, persons, vans, crews, share, agreed):
    seen: list[int] = []
    supplies = plan(
        city=Level(persons=city), district=Level(persons=district), street=Level(persons=persons), first_order_frac=0.5,
        split=Split(depot=1.0 - share, shelters=share), street_fleet=Fleet(vehicles=vans, crews=crews, capacity_kg=100.0),
        agreements=(Agreement(persons=agreed),), lockers=persons,
    )  # fmt: skip
    world = street(guests, [500.0 * (k + 1) for k in range(len(guests))])
    record = supplied(world, supplies, len(guests), Books(seen=seen), Sky(windy=(False, True) * 30))
    assert len(seen) == 96
    assert set(seen) == {0}
    assert record.balances["goods"] == 0.0
    assert (world.sites.stock_n >= 0).all()


def test_more_vans_make_no_line_longer():
    fleets = [Fleet(vehicles=n, crews=n, capacity_kg=100.0) for n in (1, 2, 4)]
    waits = [hours(after(plan(**DEPOT, street_fleet=fleet), (30, 50), (2000.0, 3000.0))) for fleet in fleets]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > waits[-1]


def test_parts_lose_nothing():
    total_n = np.array([10, 7, 0, 1])
    parts = shares_n(total_n, 3)
    assert np.sum(parts, axis=0).tolist() == total_n.tolist()
    assert np.ptp(parts, axis=0).max() <= 1


def test_rations():
    rations_n = Norms().rations_n(6 * HOUR_S)
    assert rations_n[:, Good.WATER].tolist() == [750, 3750]
    assert rations_n[0, Good.FOOD] == 525


@pytest.mark.parametrize(("fields", "said"), [
    ({"street": {"persons": -1}}, "greater than or equal to 0"),
    ({"split": {"depot": 0.5, "shelters": 0.6}}, "shares that add up to 1 (got 0.5 + 0.6)"),
    ({"agreements": [{"honoured_frac": 1.2}]}, "less than or equal to 1"),
])  # fmt: skip
def test_bad_plans_are_refused(fields, said):
    with pytest.raises(ValidationError) as error:
        Supplies.model_validate(fields)
    assert said in str(error.value)


def test_without_a_depot_there_is_no_place_for_the_stock():
    world = street((10,), (500.0,), sites={"kind": [SiteKind.SCHOOL] * 2})
    with pytest.raises(InputError) as error:
        supplied(world, plan(), 1)
    said = "has no depot for the street's stock (got 0), wanted a site of kind depot in the community"
    assert str(error.value) == f"services.supplies: {said}"
