"""Run ids in SWF's form: 46 characters that end with `=`."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256


def run_id(seed: bytes) -> str:
    """The run id of a seed of 32 bytes."""
    return "22" + b64encode(seed).decode("ascii")


def derived(parent: str, event_id: int) -> str:
    """The id of the run that event `event_id` of run `parent` opens: the same whenever it is asked for."""
    return run_id(sha256(f"{parent} {event_id}".encode()).digest())
