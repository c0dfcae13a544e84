"""Channels reach whom they can, as fast as they can."""

import numpy as np
import pytest

from sim.services.channels import Audience, MassChannel, audience, note_reached, reach
from sim.services.signals import Delay
from sim.streams import Streams
from sim.trajectory import Group
from sim.world.tables import Channel
from tests.places import place

N = 4000


def channel(**fields):
    """A radio that everyone hears in about half an hour."""
    given = {"from_level": "blue", "audience": "everyone", "used_frac": 1.0, "used_old_frac": 1.0, "mains": False}
    return MassChannel(**{**given, "delay": Delay(median="30 min", shape=2.0), **fields})


def crowd(old=False, phone=True, powered=True, connected=True, n=N):
    """All alike."""
    return Audience(np.arange(n), *(np.full(n, value) for value in (old, phone, phone, powered, connected)))


def tell(models, people=None, message=1, slower=1.0):
    """Reach a crowd."""
    return reach(models, people or crowd(), message, slower, Streams(3, 0))


def test_all_who_use_it_are_reached_and_half_by_the_median():
    found = tell({Channel.BROADCAST: channel()})
    assert np.isfinite(found.delay_s).all()
    assert np.mean(found.delay_s <= 1800.0) == pytest.approx(0.5, abs=0.03)
    assert (found.channel == Channel.BROADCAST).all()


@pytest.mark.parametrize(("old", "wanted"), [(False, 0.4), (True, 0.7)])
def test_share_reached_depends_on_age(old, wanted):
    found = tell({Channel.BROADCAST: channel(used_frac=0.4, used_old_frac=0.7)}, crowd(old=old))
    assert np.isfinite(found.delay_s).mean() == pytest.approx(wanted, abs=0.03)


@pytest.mark.parametrize("who", ["any_phone", "smart_phone"])
def test_without_the_phone_nobody_is_reached(who):
    assert np.isinf(tell({Channel.APP: channel(audience=who)}, crowd(phone=False)).delay_s).all()
    assert np.isfinite(tell({Channel.APP: channel(audience=who)}, crowd(phone=True)).delay_s).all()


def test_who_does_not_use_a_channel_is_never_reached_by_it():
    first, second = (tell({Channel.SMS: channel(used_frac=0.5)}, message=message) for message in (1, 2))
    assert (np.isinf(first.delay_s) == np.isinf(second.delay_s)).all()
    assert (first.delay_s != second.delay_s)[np.isfinite(first.delay_s)].all()


def test_the_earliest_channel_counts_and_one_more_never_delays():
    one = tell({Channel.SMS: channel()})
    two = tell({Channel.SMS: channel(), Channel.SIREN: channel(delay=Delay(median="5 min", shape=2.0))})
    assert (two.delay_s <= one.delay_s).all()
    assert set(two.channel) == {Channel.SMS, Channel.SIREN}


def test_a_dark_home_hears_no_mains_and_says_so():
    found = tell({Channel.BROADCAST: channel(mains=True), Channel.SMS: channel(used_frac=0.3)}, crowd(powered=False))
    assert found.silenced.all()
    assert np.isfinite(found.delay_s).mean() == pytest.approx(0.3, abs=0.03)
    assert not tell({Channel.SMS: channel()}, crowd(powered=False)).silenced.any()


def test_without_a_mast_phones_are_silent_and_loudspeakers_are_not():
    cut_off = crowd(connected=False)
    for which in (Channel.SMS, Channel.APP):
        found = tell({which: channel()}, cut_off)
        assert np.isinf(found.delay_s).all()
        assert found.silenced.all()
    assert np.isfinite(tell({Channel.LOUDSPEAKER: channel(mains=True)}, cut_off).delay_s).all()


def test_night_stretches_every_delay():
    day, night = (tell({Channel.SMS: channel()}, slower=slower) for slower in (1.0, 2.0))
    assert night.delay_s == pytest.approx(2 * day.delay_s)


def test_draws_belong_to_the_household_not_to_who_else_is_asked():
    everyone = tell({Channel.SMS: channel()})
    some = tell({Channel.SMS: channel()}, Audience(np.arange(100, 110), *(np.ones(10, bool) for _ in range(5))))
    assert (some.delay_s == everyone.delay_s[100:110]).all()


def test_audience_reads_age_phones_power_and_telecom():
    world = place(
        areas={"customers_n": [1, 1]},
        households={"area": [0, 1, -1], "group": [Group.OLD, Group.OTHER, Group.OTHER], "old_alone": [False, False, True]},
    )
    world.areas.on[1] = world.areas.telecom_on[0] = False
    people = audience(world.households, np.arange(3), world.areas)
    assert people.old.tolist() == [True, False, True]
    assert people.powered.tolist() == [True, False, False]
    assert people.connected.tolist() == [False, True, True]


def test_an_earlier_warning_stands():
    world = place(households={"area": [0, 0]})
    rows = np.arange(2)
    note_reached(world.households, rows, np.array([10.0, 30.0]), Channel.SMS)
    note_reached(world.households, rows, np.array([20.0, 20.0]), np.array([4, 4], np.int8))
    assert world.households.warned_s.tolist() == [10.0, 20.0]
    assert world.households.warned_by.tolist() == [Channel.SMS, Channel.SIREN]
