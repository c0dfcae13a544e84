"""From dark areas to spells in the ledger."""

import numpy as np
import pytest

from sim.lifelines.outages import Outage, OutageLog, book_need, book_outages, customers_of
from sim.trajectory import Cause, Group, Recorder, Service
from sim.world.tables import HouseholdKind
from tests.places import place


def homes_by_area():
    """Two areas, two zones, one visitor, one home without mains."""
    return place(
        zones={"x_m": [0, 0]},
        areas={"customers_n": [3, 1]},
        households={
            "area": [0, 0, 0, 1, 1, -1],
            "zone": [0, 0, 1, 1, 1, 1],
            "group": [Group.OLD, Group.OLD, Group.OTHER, Group.OTHER, Group.NOT_RESIDENT, Group.OTHER],
            "kind": [HouseholdKind.RESIDENT] * 4 + [HouseholdKind.VISITOR, HouseholdKind.RESIDENT],
        },
    )


def test_customers_are_households_on_the_mains_but_visitors():
    customers = customers_of(homes_by_area())
    rows = set(zip(*(column.tolist() for column in customers), strict=True))
    assert rows == {(0, 0, Group.OLD, 2), (0, 1, Group.OTHER, 1), (1, 1, Group.OTHER, 1)}


def test_log_cuts_where_the_cause_changes_and_keeps_what_lasts():
    log = OutageLog(np.array([3, 1]))
    log.note(10.0, 0, Cause.NOT_DETECTED)
    log.count()
    log.note(10.0, 1, Cause.NOT_DETECTED)
    log.note(20.0, 0, Cause.DAMAGE)
    log.note(25.0, 0, Cause.DAMAGE)
    log.count()
    log.note(30.0, 0, None)
    log.note(31.0, 0, None)
    lit, dark = log.outages(99.0)
    assert lit == Outage(0, [(10.0, Cause.NOT_DETECTED), (20.0, Cause.DAMAGE)], 30.0, False)
    assert dark == Outage(1, [(10.0, Cause.NOT_DETECTED)], 99.0, True)
    assert log.customers_out_peak == 4


def test_spells_are_whole_and_carry_every_customer():
    recorder, customers = Recorder(0, True), customers_of(homes_by_area())
    outage = Outage(0, [(10.0, Cause.NOT_DETECTED), (20.0, Cause.DAMAGE)], 30.0, False)
    book_outages(recorder, Service.LIFELINES, [outage], customers)
    ledger = recorder.finish().ledger
    assert len(ledger) == 4
    for _, spell in ledger.sort_values("start_s").groupby("spell"):
        assert spell.start_s.iloc[0] == 10.0
        assert spell.end_s.iloc[-1] == 30.0
        assert (spell.start_s.iloc[1:].to_numpy() == spell.end_s.iloc[:-1].to_numpy()).all()
    assert ((ledger.end_s - ledger.start_s) * ledger.persons).sum() == 20.0 * 3
    assert ledger.target_s.isna().all()
    assert not ledger.censored.any()


def test_need_is_customers_times_the_window():
    world = homes_by_area()
    world.forcing.wind_mps[:] = 20.0
    world.town.first_signal_s[0] = 0.0
    book_need(world, Service.LIFELINES, customers_of(world))
    need = world.recorder.finish().need
    assert need.people.sum() == 4
    assert need.need.sum() == pytest.approx(4 * (6 + 4))
    assert (need.service == Service.LIFELINES).all()


def test_calm_weather_has_no_need():
    world = homes_by_area()
    book_need(world, Service.LIFELINES, customers_of(world))
    assert world.recorder.finish().need.empty
