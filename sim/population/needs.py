"""Needs: where it is unsafe, what is sampled for drawing, and the ledgers of warning, evacuation and shelter.

Danger is written at ticks. Everything else waits for the end of the run: need is set by the hazard and by who is there,
so it is known only when the danger has been.
"""

from collections.abc import Generator
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from sim.population.access import AccessLog
from sim.population.booking import Needed, Segments, book_need, book_spells, mean_level, unmet_segments
from sim.population.briefing import Tally, brief
from sim.population.fates import Exposure, Judge, Judgement, exposures, fates
from sim.population.samples import sample_state, tail_times_s
from sim.population.stories import Want, tell_stories
from sim.reference.standard import standard
from sim.trajectory import Service, name_of
from sim.units import Factor, Length, MetresPerSecond, Seconds
from sim.world.clock import Rank
from sim.world.part import Part
from sim.world.risk import worn_lanes
from sim.world.tables import BuildingClass, HouseholdKind
from sim.world.window import window
from sim.world.world import World


class Needs(Part):
    """When a dwelling is unsafe. All thresholds are assumed: transfers go by building class, no gust is published for them."""

    rank: ClassVar[Rank] = Rank.NEEDS
    reads: ClassVar[tuple[str, ...]] = (
        *(f"buildings.{name}" for name in ("depth_m", "gust_mps", "flood_from_s", "flood_to_s", "wind_from_s", "wind_to_s")),
        *(f"households.{name}" for name in ("warned_s", "channel_dead", "advice_s", "willing", "ready_s", "helper_s", "place")),
        *(f"households.{name}" for name in ("left_s", "refused_n", "sheltered_s", "stranded_s", "returned_s")),
        *("households.away_s", "households.inside_s"),
        *(f"town.{name}" for name in ("wind_mps", "gust_mps", "rain_mps", "stage_m", "warning_stage_m", "first_signal_s")),
        "town.routes_version",
        *(f"forcing.{name}" for name in ("time_s", "wind_mps", "rain_mps", "stage_m")),
        *(f"sites.{name}" for name in ("open", "room_n", "inside_n", "peak_n", "refused_n")),
        "links.open", "links.speed_frac", "areas.on", "areas.telecom_on", "areas.waterless_n", "catchments.working",
    )  # fmt: skip
    writes: ClassVar[tuple[str, ...]] = (
        "buildings.flood_from_s", "buildings.flood_to_s", "buildings.wind_from_s", "buildings.wind_to_s",
    )  # fmt: skip

    unsafe_depth_m: Length = Field(0.05, description="water above a ground floor from which it is unsafe to stay (assumed)")
    hut_gust_mps: MetresPerSecond = Field(24.5, description="gust at it from which the median hut is unsafe (Bft 10; assumed)")
    camp_gust_mps: MetresPerSecond = Field(28.5, description="the same of a construction dormitory (Bft 11; assumed)")
    lane_gust_mps: MetresPerSecond = Field(32.7, description="the same of an old lane house (Bft 12; assumed)")
    worn_lane_gust_mps: MetresPerSecond = Field(28.5, description="the same of a worn old lane house (Bft 11; assumed)")
    strength_spread: Factor = Field(0.15, description="log-spread of that gust among buildings of a class (assumed)")
    stand_down_wind_mps: MetresPerSecond = Field(17.0, description="mean wind above which helpers stay in, as theirs (assumed)")
    tail_sample_s: Seconds = Field(21600.0, gt=0, description="series are sampled this often after the storm")

    def limit_gust_mps(self, world: World) -> np.ndarray:
        """(n_buildings,) float64: gust from which each building is unsafe, drawn for it; inf for the classes that stand. One limit
        for a whole class would make thousands unsafe, or nobody, for a tenth of a metre a second."""
        kind, worn = world.buildings.kind, worn_lanes(world.buildings)
        lane = kind == BuildingClass.OLD_LANE
        classes = [kind == BuildingClass.HUT, kind == BuildingClass.CAMP, worn, lane]
        middle = np.select(classes, [self.hut_gust_mps, self.camp_gust_mps, self.worn_lane_gust_mps, self.lane_gust_mps], np.inf)
        return middle * np.exp(self.strength_spread * world.streams.normal("needs.strength", world.buildings.n))

    def begin(self, world: World) -> None:
        """Every building's strength is drawn once."""
        world.own[self.rank] = self.limit_gust_mps(world)

    def step(self, world: World, dt_s: float) -> None:
        """Danger holds over the tick, as its hazard does."""
        buildings = world.buildings
        flooded = self.flooded(world)
        mark(flooded, buildings.flood_from_s, buildings.flood_to_s, world.now_s, dt_s)
        windy = buildings.gust_mps >= world.own[self.rank]
        mark(windy, buildings.wind_from_s, buildings.wind_to_s, world.now_s, dt_s)

    def flooded(self, world: World) -> np.ndarray:
        """(n_buildings,) bool: water stands in the ground floor."""
        return world.buildings.depth_m > world.buildings.sill_m + np.float32(self.unsafe_depth_m)

    def run(self, world: World) -> Generator[Any, Any, None]:
        """Remember roads, doors and dark homes during the storm, sample the series to the end, then book."""
        log, tally, times, sampled_s = AccessLog(world), Tally(world), world.times, []
        for tick in range(times.ticks_n):
            yield world.clock.wait_until(tick * times.tick_s, self.rank, 1)
            log.look(world)
            tally.look(world, world.now_s + times.tick_s)
            sample_state(world, self.flooded(world))
            sampled_s.append(world.now_s)
        for time_s in tail_times_s(times, self.tail_sample_s):
            yield world.clock.wait_until(time_s, self.rank, 1)
            tally.look(world, world.now_s)
            sample_state(world, self.flooded(world))
            sampled_s.append(world.now_s)
        yield world.clock.wait_until(times.end_s, Rank.RECORD)
        world.recorder.window_s = window(world)
        wants = self.book(world, log, np.append(sampled_s, times.end_s))
        calm_s = self.calm_s(world)
        brief(world, tally, wants, float(calm_s[0]) if calm_s.size else np.inf)
        keep_maps(world, log)
        count_people(world)
        if world.recorder.detailed:
            tell_stories(world, wants, tally.dark_from_s, tally.dark_to_s)

    def book(self, world: World, log: AccessLog, edges_s: np.ndarray) -> list[Want]:
        """Need, unmet spells and service levels of the three services; what was needed and unmet of each."""
        rules, exposed = standard(), exposures(world)
        fate = fates(world, exposed.household, rules.reach_within_s)
        judge = Judge(fate, log, float(world.town.first_signal_s[0]), self.calm_s(world))
        wants = []
        chain: tuple[tuple[Service, float, Judgement], ...] = (
            (Service.WARNING, rules.warning_lead_s, judge.warning),
            (Service.EVACUATION, rules.evacuation_lead_s, judge.evacuation),
            (Service.SHELTER, 0.0, judge.shelter),
        )
        for service, lead_s, judgement in chain:
            needed = needed_by(world, exposed, lead_s)
            segments = unmet_segments(needed, judge.breaks_s(), judgement)
            book_need(world.recorder, service, needed, world.recorder.window_s)
            book_spells(world.recorder, service, needed, segments, world.times.end_s)
            sample_level(world, service, needed, segments, edges_s)
            wants.append(Want(service, needed, segments))
        return wants

    def calm_s(self, world: World) -> np.ndarray:
        """(m,) float64: when walking transfers stop, go on, stop again."""
        rough = np.concatenate([[False], world.forcing.wind_mps > self.stand_down_wind_mps])
        return world.forcing.time_s[np.flatnonzero(rough[1:] != rough[:-1])]


def mark(unsafe: np.ndarray, from_s: np.ndarray, to_s: np.ndarray, now_s: float, dt_s: float) -> None:
    """Widen the spans (n,) in place to hold [now, now + dt) where it is unsafe."""
    rows = np.flatnonzero(unsafe)
    from_s[rows] = np.minimum(from_s[rows], now_s)
    to_s[rows] = now_s + dt_s


def needed_by(world: World, exposed: Exposure, lead_s: float) -> Needed:
    """The exposures as need of a service that must be there `lead_s` before the danger."""
    households = world.households
    rows = exposed.household
    return Needed(rows, households.zone[rows], households.group_n[rows], exposed.since(lead_s), exposed.safe_s)


def sample_level(world: World, service: Service, needed: Needed, segments: Segments, edges_s: np.ndarray) -> None:
    """q_k by zone: 1 - unmet / need, the mean over each stretch between samples; NaN where nobody is in need."""
    n = world.zones.n
    persons = needed.group_n.sum(axis=1).astype(np.float64)
    level = np.full((edges_s.size - 1, n + 1), np.nan)
    for zone in [*(range(n) if world.recorder.detailed else ()), n]:
        rows = np.flatnonzero(needed.zone == zone) if zone < n else np.arange(persons.size)
        if not rows.size:
            continue
        parts = np.flatnonzero(needed.zone[segments.row] == zone) if zone < n else np.arange(segments.row.size)
        need = mean_level(needed.start_s[rows], needed.end_s[rows], persons[rows], edges_s)
        unmet = mean_level(segments.start_s[parts], segments.end_s[parts], persons[segments.row[parts]], edges_s)
        there = need > 1e-9  # sums of floats leave dust where nobody is
        level[there, zone] = np.clip(1.0 - unmet[there] / need[there], 0.0, 1.0)
    for row, time_s in enumerate(edges_s[:-1]):
        world.recorder.sample(float(time_s), f"q_{name_of(service)}", level[row])


def keep_maps(world: World, log: AccessLog) -> None:
    """Shelters and closures for the map."""
    recorder, sites = world.recorder, world.sites
    recorder.keep("site_peak_n", sites.peak_n.copy())
    recorder.keep("site_refused_n", sites.refused_n.copy())
    recorder.keep("site_room_n", log.most_room_n.copy())
    recorder.keep("link_closed", np.any([seen.roads == 0 for seen in log.seen], axis=0))


def count_people(world: World) -> None:
    """Numbers of the run: who is there at midday of the first day, residents and who left for a shelter."""
    households = world.households
    resident = households.kind == HouseholdKind.RESIDENT
    noon = (households.from_h <= 12) & (households.to_h > 12)
    persons = households.persons_n
    world.recorder.numbers["people.residents"] = float(persons[resident].sum())
    world.recorder.numbers["people.present"] = float(persons[noon].sum())
    world.recorder.numbers["people.evacuated"] = float(persons[np.isfinite(households.sheltered_s)].sum())
