"""The gust at which a thing in the wind breaks, drawn beforehand so that a storm only has to be compared with it."""

import numpy as np
from scipy.special import ndtri

from sim.units import Factor, MetresPerSecond, Model


class Fragility(Model):
    """Lognormal fragility of a wholly exposed thing: P(broken by gust v) = Phi(ln(v / median) / sigma)."""

    median_mps: MetresPerSecond
    sigma: Factor

    def limits_mps(self, uniform: np.ndarray, exposure: np.ndarray, harmful_frac: float = 1.0) -> np.ndarray:
        """(n,) float64 gusts at which the first of `exposure (n,)` like elements in series does harm; inf where none can.

        P(harm by v) = 1 - (1 - harmful_frac F(v))^exposure, so the limit solves F(limit) = (1 - (1-u)^(1/exposure)) / harmful_frac
        for `uniform (n,)` u in [0, 1). Exposure may be a share: a line that is half overhead counts one half.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            first = -np.expm1(np.log1p(-uniform) / np.asarray(exposure, np.float64))
        needed = first / max(harmful_frac, 1e-12)
        can = (needed < 1.0) & (np.asarray(exposure) > 0)
        normal = ndtri(np.where(can, np.maximum(needed, 2.0**-54), 0.5))
        return np.where(can, self.median_mps * np.exp(self.sigma * normal), np.inf)
