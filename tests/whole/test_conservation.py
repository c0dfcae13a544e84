"""Whatever the storm and the means: at every sampled time people, water, goods, beds and calls add up, and so do the books."""

import tempfile
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.engine import play_parts
from sim.indices.summary import scored
from sim.indices.tables import tables_of
from sim.result import assemble
from sim.scenario import load
from sim.streams import Streams
from sim.sweep.execute import community_for, run, scenario_facts
from sim.trajectory import Recorder, Service, name_of
from sim.world.clock import Rank
from sim.world.part import Part
from sim.world.places import zone_ids
from sim.world.tables import Place
from sim.world.world import World
from tests.hamlet import TEXT

SAMPLE_S = 1200.0
LEVELS = ("blue", "yellow", "orange", "red")


@pytest.fixture(autouse=True)
def _unwatched(monkeypatch):
    """Watching declarations takes most of the time."""
    monkeypatch.setenv("SIM_CHECK", "0")


class Auditor(Part):
    """Looks at the world after everything else of an instant; keeps what does not add up, and how often it looked."""

    rank: ClassVar[Rank] = Rank.RECORD
    found: list = []
    looks: list = []

    def run(self, world):
        """From the start to just before the end."""
        while world.now_s + SAMPLE_S < world.times.end_s:
            yield world.clock.wait(SAMPLE_S, self.rank)
            self.looks.append(world.now_s)
            self.found.extend((world.now_s, what) for what, wrong in audit(world).items() if wrong)


def audit(world):
    """What is wrong now, by name."""
    return people(world) | water(world) | goods(world) | beds(world) | calls(world)


def people(world):
    """Everybody is in one place; doors and streets have counted the same; nobody is inside a site beyond its room."""
    homes, sites = world.households, world.sites
    inside = homes.place == Place.SHELTERED
    in_site = np.bincount(homes.site[inside], homes.persons_n[inside], sites.n)
    on_street, moving = world.links.inside_n.sum(), homes.persons_n[homes.place == Place.MOVING].sum()
    return {
        "in a shelter and in none": (homes.site[inside] < 0).any(),
        "counted at the door": (in_site != sites.inside_n).any(),
        "over the room": (sites.inside_n > sites.room_n).any(),
        "on the street": not 0 <= on_street <= moving,
        "less than none": (world.links.inside_n < 0).any() or (sites.inside_n < 0).any(),
        "peak": (sites.peak_n < sites.inside_n).any(),
    }


def water(world):
    """What came in is in the drains or on the ground."""
    town, cells = world.town, world.cells
    into_m3 = town.rained_m3[0] + town.overtopped_m3[0]
    here_m3 = (cells.depth_m.sum(dtype=np.float64) + cells.residue_m.sum(dtype=np.float64)) * world.community.grid.size_m**2
    return {"water": abs(into_m3 - town.drained_m3[0] - here_m3) > 1e-6 * max(into_m3, 1.0), "depth": (cells.depth_m < 0).any()}


def goods(world):
    """No good is made or lost, and no shelf holds less than nothing."""
    desk = world.own[Rank.SUPPLIES]
    return {"goods": desk.unaccounted_n().any(), "stock": (world.sites.stock_n < 0).any(), "used": (desk.used_n < 0).any()}


def beds(world):
    """Patients in places, in line and gone are those who came; vehicles are free or out."""
    desk = world.own[Rank.MEDICAL]
    wards = [ward for house in desk.clinics + desk.hospitals for ward in (house.ward, house.critical)]
    garage = desk.garage
    return {
        "beds": any(ward.unaccounted_n for ward in wards),
        "too many in places": any(ward.queue.count > ward.queue.capacity for ward in wards),
        "ambulances": len(garage.free) + garage.queue.count != garage.queue.capacity,
    }


def calls(world):
    """Each call is answered or open; each crew is free or out."""
    desk = world.own[Rank.RESCUE]
    pools = [*desk.pools.values(), *(pool for pool in desk.volunteers if pool is not None)]
    return {
        "calls": sum(desk.called.values()) != sum(desk.answered.values()) + len(desk.open),
        "crews": any(len(pool.free) + pool.queue.count != pool.queue.capacity for pool in pools),
    }


@st.composite
def hamlets(draw):
    """Settings of a hamlet in some storm with some means."""
    number, real = (lambda low, high: draw(st.integers(low, high))), (lambda low, high: draw(st.floats(low, high)))
    return (
        f"run.seed={number(0, 10**6)}",
        f"hazards.typhoon.intensity_factor={real(1.0, 1.7):.3f}",
        f"hazards.typhoon.rain_factor={real(0.5, 2.0):.3f}",
        f"hazards.flood={{blocked_inlet_frac: {real(0.0, 1.0):.2f}}}",
        f"services.repair.power_crews_n={number(1, 4)}",
        f"services.shelters.area_per_person={real(1.5, 60.0):.1f} m2",
        f"services.shelters.open_at={draw(st.sampled_from(LEVELS))}",
        f"services.helpers={{teams: {number(0, 20)}, carriers: {number(1, 4)}, start_at: {draw(st.sampled_from(LEVELS))}}}",
        f"services.supplies={{street: {{persons: {number(0, 300)}}}, district: {{persons: {number(0, 50)}}}}}",
        f"services.medical={{fleet: {{per_station_n: {number(0, 2)}, outside_n: {number(0, 2)}}}, known: {number(1, 30)} min}}",
        f"services.rescue={{squads: {number(0, 3)}, technicians: {number(0, 2)}}}",
        f"population.travel={{link_model: {draw(st.sampled_from(('point_queue', 'spill_back')))}}}",
    )


def loaded(changes, more=""):
    """The hamlet with settings."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hamlet.yaml"
        path.write_text(TEXT + more, encoding="utf-8")
        return load(path, changes, allow_outside=True)


def played(scenario):
    """The world at the end, its trajectory, and the auditor who looked on."""
    community, recorder, auditor = community_for(scenario), Recorder(0, False), Auditor()
    world = World(community, scenario.run.times(), Streams(scenario.run.seed, 0), recorder)
    play_parts(world, [*scenario.parts(), auditor])
    return world, recorder.finish(), auditor


@settings(max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), derandomize=True)
@given(hamlets())
def test_everything_adds_up_at_every_time_and_in_the_books(changes):
    scenario = loaded(changes)
    world, trajectory, auditor = played(scenario)
    assert auditor.found == []
    assert len(auditor.looks) == world.times.end_s // SAMPLE_S - 1
    assert {name: round(value, 3) for name, value in trajectory.balances.items()} == dict.fromkeys(trajectory.balances, 0.0)
    the_ledger_is_whole(trajectory, world)
    nobody_is_unmet_who_is_not_in_need(trajectory)
    the_indices_are_in_bounds(assemble(scenario_facts(scenario), world.community, [trajectory]).summary)
    zones_bracket_the_whole(trajectory, world)


def the_ledger_is_whole(trajectory, world):
    """Spells lie in the run and are censored only at its end; segments follow one another and differ in cause; each is of some."""
    ledger = trajectory.ledger.sort_values(["service", "spell", "start_s"], kind="stable").reset_index(drop=True)
    assert (ledger.end_s > ledger.start_s).all()
    assert (ledger.persons > 0).all()
    assert (ledger.start_s >= 0.0).all()
    assert (ledger.end_s <= world.times.end_s).all()
    again = ledger.spell.eq(ledger.spell.shift()) & ledger.service.eq(ledger.service.shift())
    before = ledger.shift()[again]
    assert (before.end_s == ledger.start_s[again]).all()
    for name in ("zone", "group", "persons", "censored"):
        assert (before[name].astype(float) == ledger[name][again].astype(float)).all()
    last = ledger[~again.shift(-1, fill_value=False)]
    assert (last.censored <= (last.end_s == world.times.end_s)).all()


def nobody_is_unmet_who_is_not_in_need(trajectory):
    """At any time the persons in the ledger are at most those in need, by service, zone and group; unmet is at most need."""
    low, high = trajectory.window_start_s, trajectory.window_end_s
    place = ["service", "zone", "group"]
    need = trajectory.need.groupby(place)[["need", "people"]].sum()
    ledger = trajectory.ledger
    begins = ledger.groupby([*place, "spell"]).start_s.transform("min")
    flows = ledger.service.isin([Service.RESCUE, Service.MEDICAL])
    in_window = ledger[(flows & (begins >= low) & (begins < high)) | (~flows & (ledger.start_s < high) & (ledger.end_s > low))]
    for key, rows in in_window.groupby(place):
        assert key in need.index, (name_of(Service(key[0])), key)
        people, owed = need.people[key], need.need[key]
        if key[0] in (Service.RESCUE, Service.MEDICAL):
            assert rows.groupby("spell").persons.first().sum() <= people
            continue
        overlap_s = rows.end_s.clip(upper=high) - rows.start_s.clip(lower=low)
        assert (rows.persons * overlap_s).sum() / 3600.0 <= owed * (1 + 1e-9), (name_of(Service(key[0])), key)
        times_s = np.concatenate([rows.start_s, rows.end_s])
        change = np.concatenate([rows.persons, -rows.persons])
        order = np.lexsort((change, times_s))
        assert np.cumsum(change[order]).max() <= people + 1e-9, (name_of(Service(key[0])), key)


def the_indices_are_in_bounds(summary):
    """M and R lie in [0, 100]; causes are what is missing; groups are a partition of need."""
    for name, part in (("maintenance", "m_points"), ("recovery", "r_points")):
        index = summary["indices"][name]
        if index is not None:
            assert 0.0 <= index["value"] <= 100.0
            assert sum(row[part] for row in summary["causes"]) == pytest.approx(100.0 - index["value"], abs=1e-9)
    for name, service in summary["services"].items():
        for key in ("m", "r"):
            assert service[key] is None or -1e-9 <= service[key] <= 100.0
        groups = [row for row in summary["equity"] if row["service"] == name]
        assert sum(row["need"] for row in groups) == pytest.approx(service["need"])
        assert sum(row["unmet"] for row in groups) == pytest.approx(service["unmet"])


def zones_bracket_the_whole(trajectory, world):
    """M_k of the whole lies between its zones' least and greatest; R_k too where everybody who lost it is more than the floor."""
    ids = zone_ids(world.community)
    sums = scored(tables_of([trajectory], ids), [{"id": own, "name": own, "residents": 0} for own in ids]).sums.over(0, 2)
    for k in range(len(Service)):
        zones = np.flatnonzero(sums.need[:, k] > 0)
        if zones.size:
            met = 1.0 - sums.unmet[zones, k] / sums.need[zones, k]
            whole = 1.0 - sums.unmet[:, k].sum() / sums.need[:, k].sum()
            assert met.min() - 1e-12 <= whole <= met.max() + 1e-12


def test_an_improvement_that_changes_nothing_is_exactly_nothing():
    """Declared, played again with the same draws, scored: not a bit is gained."""
    strong = ("hazards.typhoon.intensity_factor=1.5", "hazards.typhoon.rain_factor=3.0")
    result = run(loaded(strong, "improvement:\n  services.helpers.teams: 40\n"), replications=2)
    assert result.summary["services"]["shelter"]["unmet"] > 0
    development = result.summary["indices"]["development"]
    assert development is not None
    assert {development[key] for key in ("value", "lo", "hi", "p5", "p95")} == {0.0}
    assert result.summary["improvement"]["deaths_avoided"]["value"] == 0.0
    for name in ("need", "ledger"):
        assert result.improved[name].equals(getattr(result, name))
