"""Movement again, in SimPy: one process a group. Written from the description, not from the kernel.

Streets are point queues: a group reaches the end after length / speed, passes when those before it have passed, and its
passing takes persons / (width x flow). The nearest open site with room is chosen at departure and after each refusal. A
group without any place walks back as long as it walked out and tries again an hour later, three times.
"""

import itertools
from typing import NamedTuple

import numpy as np
from simpy import Environment, Event

RETRY_S, TRIES, DOORS = 3600.0, 3, 8


def lattice(time_s):
    """Rounded to 1/1024 s."""
    return round(time_s * 1024) / 1024


class Road(NamedTuple):
    """A directed road."""

    tail: int
    head: int
    length_m: float
    width_m: float


def shortest(roads, nodes_n):
    """Lengths of all shortest ways (Floyd 1962)."""
    cost = np.full((nodes_n, nodes_n), np.inf)
    np.fill_diagonal(cost, 0.0)
    for road in roads:
        cost[road.tail, road.head] = min(cost[road.tail, road.head], road.length_m)
    for k, i, j in itertools.product(range(nodes_n), repeat=3):
        cost[i, j] = min(cost[i, j], cost[i, k] + cost[k, j])
    return cost


class Town:
    """What the processes share: roads, doors, and a clock on which equal times go by group."""

    def __init__(self, roads, sites, nodes_n, flow, cost=None):
        """sites: (node, room_n); `cost (n, n)` is the length of the shortest way, worked out here unless given."""
        self.clock = Environment()
        self.roads = [Road(int(a), int(b), float(np.float32(m)), float(np.float32(w))) for a, b, m, w in roads]
        self.sites, self.flow = sites, flow
        self.free_s = [-np.inf] * len(roads)
        self.inside_n = [0] * len(sites)
        self.peak_n = [0] * len(sites)
        self.refused_n = [0] * len(sites)
        self.log = []
        self.out = [[] for _ in range(nodes_n)]
        for i, road in enumerate(self.roads):
            self.out[road.tail].append(i)
        self.cost = shortest(self.roads, nodes_n) if cost is None else cost

    def until(self, time_s, group):
        """An event at a time, behind those of lower groups."""
        event = Event(self.clock)
        event._ok, event._value = True, None
        self.clock.schedule(event, priority=2 + group, delay=time_s - self.clock.now)
        return event

    def road_towards(self, node, goal):
        """The first road of the shortest way."""
        return min(self.out[node], key=lambda i: self.roads[i].length_m + self.cost[self.roads[i].head, goal])

    def choose(self, node, persons_n, tried):
        """The nearest site with room, reachable, not tried; None; or 'no way'."""
        free = [s for s, (_, room) in enumerate(self.sites) if self.inside_n[s] + persons_n <= room and s not in tried]
        if not free or len(tried) >= DOORS:
            return None
        best = min(free, key=lambda s: (self.cost[node, self.sites[s][0]], s))
        return best if np.isfinite(self.cost[node, self.sites[best][0]]) else "no way"


class Group:
    """One group and its story."""

    def __init__(self, town, number, home, persons_n, speed_mps):
        """At home."""
        self.town, self.number, self.home = town, number, home
        self.persons_n, self.speed_mps = persons_n, float(np.float32(speed_mps))
        self.sheltered_s, self.left_s, self.site, self.refusals = np.inf, np.inf, -1, 0

    def live(self, leave_s):
        """Leave, and try again as often as people do."""
        yield self.town.until(leave_s, self.number)
        for attempt in range(TRIES + 1):
            came_in = yield from self.trip(attempt == 0)
            if came_in or attempt == TRIES:
                return
            yield self.town.until(lattice(self.town.clock.now + RETRY_S), self.number)

    def trip(self, first):
        """From home to a door that lets the group in, or home again; services hear of the first failure."""
        clock, town = self.town.clock, self.town
        out_s, node, tried = clock.now, self.home, []
        while True:
            site = town.choose(node, self.persons_n, tried)
            if site is None:
                town.log += [(clock.now, "NO_ROOM", self.number)] * first
                yield town.until(clock.now + (clock.now - out_s if node != self.home else 0.0), self.number)
                return False
            if not tried:
                self.left_s = min(self.left_s, clock.now)
            while node != town.sites[site][0]:
                node = yield from self.walk(town.road_towards(node, town.sites[site][0]))
            if town.inside_n[site] + self.persons_n <= town.sites[site][1]:
                town.inside_n[site] += self.persons_n
                town.peak_n[site] = max(town.peak_n[site], town.inside_n[site])
                self.sheltered_s, self.site = clock.now, site
                return True
            town.refused_n[site] += self.persons_n
            self.refusals += 1
            tried.append(site)
            town.log.append((clock.now, "TURNED_AWAY", self.number))
            yield town.until(clock.now, self.number)

    def walk(self, number):
        """One road: to its end, and through when it is one's turn."""
        town, road = self.town, self.town.roads[number]
        end_s = lattice(town.clock.now + road.length_m / self.speed_mps)
        yield town.until(end_s, self.number)
        pass_s = max(end_s, town.free_s[number])
        town.free_s[number] = lattice(pass_s + self.persons_n / (road.width_m * town.flow))
        if pass_s > end_s:
            yield town.until(pass_s, self.number)
        return road.head


def played(roads, sites, nodes_n, groups, leave_s, end_s=np.inf, cost=None):
    """Town and groups after everything has happened before `end_s`; flow 1.22 persons/(m s)."""
    town = Town(roads, sites, nodes_n, 1.22, cost)
    people = [Group(town, i, *group) for i, group in enumerate(groups)]
    for group, at_s in zip(people, leave_s, strict=True):
        town.clock.process(group.live(at_s))
    town.clock.run(until=None if np.isinf(end_s) else end_s)
    return town, people
