"""The index standard: targets, weights, floors, thresholds and windows of the three indices, in one versioned file.

Read by the parts that book need and by the indices that score it, so it lies below both. A scenario cannot change it;
its hash is in every result.
"""

from functools import cache
from hashlib import sha256
from importlib.resources import files

import yaml

from sim.trajectory import Service, name_of
from sim.units import Factor, MetresPerSecond, Model, Seconds, Share


class ServiceStandard(Model):
    """How one service is scored."""

    kind: str  # state (person-hours) or flow (cases)
    target_s: Seconds | None  # tau_k; None for warning, which has no recovery
    weight: Factor


class Standard(Model):
    """index_standard.yaml."""

    version: str
    services: dict[str, ServiceStandard]
    least_people: int
    floor_persons: float
    floor_frac: Share
    onset_wind_mps: MetresPerSecond
    onset_rain_mps: MetresPerSecond
    after_end_s: Seconds
    reach_within_s: Seconds
    warning_lead_s: Seconds
    evacuation_lead_s: Seconds

    def of(self, service: Service) -> ServiceStandard:
        """The row of a service."""
        return self.services[name_of(service)]


def standard_text() -> str:
    """The file as shipped."""
    return files("sim.reference").joinpath("index_standard.yaml").read_text(encoding="utf-8")


@cache
def standard() -> Standard:
    """The standard in force."""
    return Standard.model_validate(yaml.safe_load(standard_text()))


def standard_hash() -> str:
    """First 16 hex digits of SHA-256 over the file."""
    return sha256(standard_text().replace("\r\n", "\n").encode()).hexdigest()[:16]
