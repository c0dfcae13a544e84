"""A street with one depot and shelters around it, guests who stay, and weather by the tick: for tests of supplies."""

from datetime import datetime
from typing import Any, ClassVar

import numpy as np

from sim.services.larders import Homes
from sim.services.plan import Split
from sim.services.points import Counter
from sim.services.stocks import Level
from sim.services.supplies import Supplies
from sim.world.clock import Rank
from sim.world.letters import AllClear, Opened
from sim.world.part import Part
from sim.world.tables import Place, SiteKind
from tests.places import place, play

MIDNIGHT = datetime.fromisoformat("2024-09-15T00:00:00+08:00")
NOTHING = Level(persons=0)
OTHER = 5


def street(guests, away_m, storm_h=24.0, recovery_h=24.0, homes=(), **more):
    """Site 0 is the depot at node 0; shelter k at node k, `away_m[k]` from it, takes `guests[k]` in. `homes` are persons of further
    households, at the depot's node. `more` are columns by table that are added or replaced."""
    n, at_home = len(guests), len(homes)
    roads = sorted((a, b, metres) for k, metres in enumerate(away_m, 1) for a, b in ((0, k), (k, 0)))
    tail, head, length_m = (list(column) for column in zip(*roads, strict=True))
    persons = [*guests, *homes]
    tables: dict[str, dict[str, Any]] = {
        "nodes": {"x_m": [0.0, *away_m], "y_m": [0.0] * (n + 1)},
        "links": {"tail": tail, "head": head, "length_m": length_m},
        "sites": {
            "kind": [SiteKind.DEPOT] + [SiteKind.SCHOOL] * n,
            "shelter": [False] + [True] * n,
            "node": range(n + 1),
            "staff_n": [0] + [1] * n,
            "x_m": [0.0, *away_m],
            "sill_m": [0.3] * (n + 1),
        },
        "households": {
            "persons_n": persons,
            "group_n": [[0] * OTHER + [many] for many in persons],
            "node": [*range(1, n + 1), *[0] * at_home],
            "building": [0] * (n + at_home),
        },
    }
    for name, columns in more.items():
        tables[name] = tables.get(name, {}) | columns
    return place(storm_h, recovery_h, MIDNIGHT, **tables)


class Guests(Part):
    """In the shelters from `come` on until `go`, in seconds."""

    rank: ClassVar[Rank] = Rank.TRAVEL
    writes: ClassVar[tuple[str, ...]] = ("households.place", "households.site", "households.sheltered_s")

    n: int
    come: float = 0.0
    go: float = np.inf

    def run(self, world):
        """Come, go."""
        households = world.households
        yield world.clock.wait_until(self.come, self.rank)
        households.place[: self.n], households.site[: self.n] = Place.SHELTERED, np.arange(1, self.n + 1)
        households.sheltered_s[: self.n] = self.come
        if self.go < np.inf:
            yield world.clock.wait_until(self.go, Rank.RECORD)
            households.place[: self.n] = Place.HOME


class Doors(Part):
    """Every shelter opens at the start and is cleared at `clear`."""

    rank: ClassVar[Rank] = Rank.SHELTERS
    n: int
    clear: float = np.inf

    def run(self, world):
        """Post the letters."""
        for site in range(1, self.n + 1):
            world.post(Rank.SUPPLIES, Opened(site))
        if self.clear < np.inf:
            yield world.clock.wait_until(self.clear, self.rank)
            world.post(Rank.SUPPLIES, AllClear(world.now_s))
        yield world.clock.event()


class Sky(Part):
    """Wind by the tick, 20 m/s or none; river below its warning stage."""

    rank: ClassVar[Rank] = Rank.TYPHOON
    writes: ClassVar[tuple[str, ...]] = ("town.wind_mps", "forcing.wind_mps")
    windy: tuple[bool, ...] = ()

    def begin(self, world):
        """The forcing is known beforehand."""
        world.forcing.wind_mps[: len(self.windy)] = np.array(self.windy, float) * 20.0

    def step(self, world, dt_s):
        """The tick's wind."""
        world.town.wind_mps[0] = world.forcing.wind_mps[world.tick]


class Books(Part):
    """Looks at the books of supplies every half an hour."""

    rank: ClassVar[Rank] = Rank.RECORD
    seen: Any

    def run(self, world):
        """Until the end."""
        while True:
            yield world.clock.wait(1800.0, self.rank)
            self.seen.append(int(np.abs(world.own[Rank.SUPPLIES].unaccounted_n()).max()))


def plan(**fields):
    """Supplies with nothing anywhere but what is said, one person of staff serving 40 an hour."""
    nothing = {"city": NOTHING, "district": NOTHING, "street": NOTHING, "agreements": (), "first_order_frac": 0.0}
    counter = {"persons_per_staff_h": 40.0, "staff_frac": 1.0, "turn": "equal"}
    rules = {"homes": Homes(kit_frac=0.0), "split": Split(depot=1.0, shelters=0.0), "counter": Counter(**counter)}
    return Supplies(**nothing | rules | fields)


def supplied(world, supplies, n, *others, **times):
    """The world after guests have been supplied; its need and ledger as frames."""
    doors = {"clear": times["go"]} if "go" in times else {}
    play(world, supplies, Guests(n=n, **times), Doors(n=n, **doors), *others)
    return world.recorder.finish()
