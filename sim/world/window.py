"""The event window W, from forcing and the first signal only, never from depth or damage."""

import numpy as np

from sim.reference.standard import standard
from sim.world.world import World


def window(world: World) -> tuple[float, float]:
    """Start and end in seconds: [the earlier of first signal and forcing onset, forcing end + 4 h], within the run.

    Without any forcing above the thresholds the window is empty: (0, 0). Where a policy is compared with another, the window of
    that one holds."""
    if world.given_window_s is not None:
        return world.given_window_s
    rules = standard()
    forcing, times = world.forcing, world.times
    rough = forcing.wind_mps >= rules.onset_wind_mps
    rough |= forcing.rain_mps >= rules.onset_rain_mps
    rough |= forcing.stage_m >= world.town.warning_stage_m[0]
    when = np.flatnonzero(rough)
    if when.size == 0:
        return 0.0, 0.0
    onset_s = min(float(forcing.time_s[when[0]]), float(world.town.first_signal_s[0]))
    end_s = float(forcing.time_s[when[-1]]) + times.tick_s + rules.after_end_s
    return max(onset_s, 0.0), min(end_s, times.end_s)
