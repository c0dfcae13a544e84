"""Two models of a street: a point queue at its exit, and a queue with storage that spills back.

Point queue (Vickrey 1969): a group walks to the exit at its own speed and leaves when those before it have passed, at the
flow of the clear width. Spill-back adds three things: who enters walks at the speed of the crowd (Weidmann 1993); a street
holds no more than its area at jam density, so a group at the head of an exit waits until there is room beyond; and those
behind it wait too. A group blocked for the holding time squeezes on, so no ring of full streets holds anybody for ever.
Who steps out of a front door joins the street in any case.
"""

import numpy as np

from sim.numerics.heap import push
from sim.numerics.jit import njit_step
from sim.population.crowd import DENSITY_STEPS, JAM_PER_M2, Crowd

ON_LINK, AT_EXIT = 1, 2  # phases of a group on a street
LEAST_FRAC = 0.05  # slowest share of the dry speed on a street that is open, so that every walk ends (assumed)


@njit_step
def on_lattice(time_s: float) -> float:
    """The time rounded to 1/1024 s, as the clock rounds it."""
    return np.rint(time_s * 1024.0) / 1024.0


@njit_step
def pace_mps(crowd: Crowd, group: int) -> float:
    """The group's free speed; with a helper at least that of a pushed wheelchair."""
    own_mps = np.float64(crowd.groups.speed_mps[group])
    if crowd.groups.steps["helped"][group] == 1:
        return max(own_mps, crowd.rules.helped_mps)
    return own_mps


@njit_step
def enter(crowd: Crowd, time_s: float, group: int, link: int) -> None:
    """Step onto a street; the next event is its far end."""
    streets, persons_n = crowd.streets, crowd.groups.persons_n[group]
    streets.inside_n[link] += persons_n
    speed_mps = pace_mps(crowd, group) * max(np.float64(crowd.network.speed_frac[link]), LEAST_FRAC)
    if crowd.rules.spill:
        per_m2 = streets.inside_n[link] / streets.area_m2[link]
        speed_mps *= crowd.rules.density_frac[min(int(per_m2 / JAM_PER_M2 * DENSITY_STEPS), DENSITY_STEPS - 1)]
        waiter = streets.queues["waiter"][link]
        if waiter >= 0:
            push(crowd.heap, time_s, waiter)  # the first who waits looks whether there is room for it too
    crowd.groups.steps["link"][group] = link
    crowd.groups.steps["phase"][group] = ON_LINK
    push(crowd.heap, on_lattice(time_s + np.float64(crowd.network.length_m[link]) / speed_mps), group)


@njit_step
def reach_exit(crowd: Crowd, time_s: float, group: int) -> bool:
    """At the far end: True if the group may step off now, else its turn is an event."""
    if crowd.rules.spill:
        return join_exit(crowd, time_s, group)
    streets, link = crowd.streets, crowd.groups.steps["link"][group]
    leave_s = max(time_s, streets.free_s[link])
    streets.free_s[link] = on_lattice(leave_s + crowd.groups.persons_n[group] / streets.capacity_ps[link])
    if leave_s == time_s:
        return True
    crowd.groups.steps["phase"][group] = AT_EXIT
    push(crowd.heap, leave_s, group)
    return False


@njit_step
def join_exit(crowd: Crowd, time_s: float, group: int) -> bool:
    """Spill-back: join the exit's queue; True if nobody is before it and the exit is free."""
    steps, streets = crowd.groups.steps, crowd.streets
    link = steps["link"][group]
    queues = streets.queues
    steps["phase"][group] = AT_EXIT
    if queues["first"][link] >= 0:
        steps["behind"][queues["last"][link]] = group
        queues["last"][link] = group
        return False
    queues["first"][link] = queues["last"][link] = group
    if streets.free_s[link] <= time_s:
        return True
    push(crowd.heap, streets.free_s[link], group)
    return False


@njit_step
def blocked(crowd: Crowd, time_s: float, group: int, ahead: int) -> bool:
    """Spill-back: is the street ahead full for the group at the head of an exit? Then it is woken by room or by patience."""
    steps, streets = crowd.groups.steps, crowd.streets
    inside_n = streets.inside_n[ahead]
    stop_waiting(crowd, group)
    if inside_n == 0 or inside_n + crowd.groups.persons_n[group] <= streets.storage_n[ahead]:
        return False
    steps["blocked_s"][group] = min(steps["blocked_s"][group], time_s)
    patient_until_s = on_lattice(steps["blocked_s"][group] + crowd.rules.hold_s)
    if time_s >= patient_until_s:
        return False
    steps["wanted"][group] = ahead
    steps["after"][group] = -1
    last = streets.queues["waiter"][ahead]
    if last < 0:
        streets.queues["waiter"][ahead] = group
    else:
        while steps["after"][last] >= 0:
            last = steps["after"][last]
        steps["after"][last] = group
    push(crowd.heap, patient_until_s, group)
    return True


@njit_step
def stop_waiting(crowd: Crowd, group: int) -> None:
    """Leave the line of those who want to enter a full street; the line is as short as its junction has arms."""
    steps, queues = crowd.groups.steps, crowd.streets.queues
    link = steps["wanted"][group]
    if link < 0:
        return
    steps["wanted"][group] = -1
    if queues["waiter"][link] == group:
        queues["waiter"][link] = steps["after"][group]
        return
    before = queues["waiter"][link]
    while steps["after"][before] != group:
        before = steps["after"][before]
    steps["after"][before] = steps["after"][group]


@njit_step
def step_off(crowd: Crowd, time_s: float, group: int) -> None:
    """Leave a street by its exit; with spill-back the next in line and who waits for room have their turn."""
    steps, streets = crowd.groups.steps, crowd.streets
    link = steps["link"][group]
    streets.inside_n[link] -= crowd.groups.persons_n[group]
    steps["link"][group] = -1
    if not crowd.rules.spill:
        return
    streets.free_s[link] = on_lattice(time_s + crowd.groups.persons_n[group] / streets.capacity_ps[link])
    steps["blocked_s"][group] = np.inf
    following = steps["behind"][group]
    steps["behind"][group] = -1
    streets.queues["first"][link] = following
    if following >= 0:
        push(crowd.heap, streets.free_s[link], following)
    waiter = streets.queues["waiter"][link]
    if waiter >= 0:
        push(crowd.heap, time_s, waiter)
