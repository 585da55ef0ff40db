"""The run's own dice: the same throws on every replay."""

from __future__ import annotations

import hashlib
import random
import uuid
from typing import TypeAlias

Dice: TypeAlias = random.Random
Uuid: TypeAlias = uuid.UUID


def dice(run_id: str, purpose: str) -> Dice:
    """A generator seeded by the run and a purpose, so that no use of one disturbs another."""
    return random.Random(hashlib.sha256(f"{purpose}\0{run_id}".encode()).digest())


def uuid4_of(generator: Dice) -> Uuid:
    """A version 4 UUID of the generator's next 128 bits."""
    return uuid.UUID(int=generator.getrandbits(128), version=4)
