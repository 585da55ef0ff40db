"""Which call meets which fault: a pure function of the seed, the profile, the operation and the call's number."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from pyflow.local.chaos.profiles import CLASSES, DEFAULT, PROFILES

SEEDS = 2**64


class PlanRefused(ValueError):
    """A text is no plan; the message says why in one sentence."""


class Planned(NamedTuple):
    """A fault to carry out. share: a number from 0 to below 1, for what a fault leaves open."""

    fault: str
    share: float


@dataclass(frozen=True)
class Plan:
    """The faults of one seed and profile.

    How calls of different operations interleave changes nothing: each operation has a row of draws of its own.
    """

    seed: int
    profile: str = DEFAULT

    @classmethod
    def read(cls, text: str) -> Plan:
        """The plan of `SEED` or `SEED:PROFILE`. Raises PlanRefused."""
        seed, colon, profile = text.partition(":")
        profiles = ", ".join(PROFILES)
        if not (seed.isascii() and seed.isdigit() and len(seed) <= 20 and int(seed) < SEEDS):
            raise PlanRefused(
                f"seed {seed!r} is no whole number from 0 to {SEEDS - 1}: "
                f"SEED or SEED:PROFILE, where the profiles are {profiles}"
            )
        if colon and profile not in PROFILES:
            raise PlanRefused(f"there is no profile {profile!r}: the profiles are {profiles}")
        return cls(int(seed), profile or DEFAULT)

    def at(self, operation: str, number: int) -> Planned | None:
        """What befalls the call of an operation that is its number-th, from 1; None where it goes well."""
        point = self._draw(operation, number, "fault")
        kind = CLASSES[operation]
        for fault, probabilities in PROFILES[self.profile].items():
            point -= probabilities.get(kind, 0.0)
            if point < 0:
                return Planned(fault, self._draw(operation, number, "share"))
        return None

    def _draw(self, operation: str, number: int, purpose: str) -> float:
        """A number from 0 to below 1, the same on every machine."""
        text = f"{purpose} {operation} {number}".encode("ascii")
        digest = blake2b(text, digest_size=4, key=self.seed.to_bytes(8, "big")).digest()
        return int.from_bytes(digest, "big") / 2**32
