"""The activities that every integration worker offers, in Python: `pyflow worker activities` in this folder."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pyflow

BEAT_EVERY = 0.05  # seconds


@pyflow.activity(version="1")
def echo(value: Any) -> Any:
    """Returns its input as it is."""
    return value


@pyflow.activity(version="1")
def fail(
    *, type: str, message: str, non_retryable: bool = False, details: Any = None, causes: int = 0
) -> None:
    """Fails with what its input says, caused by so many failures of the same type and message."""
    error = pyflow.ApplicationError(message, type=type, non_retryable=non_retryable, details=details)
    cause = None
    for _ in range(causes):
        behind, cause = cause, pyflow.ApplicationError(message, type=type)
        cause.__cause__ = behind
    raise error from cause


@pyflow.activity(version="1")
def crash(message: str) -> None:
    """Fails with an ordinary error, caused by another one."""
    try:
        raise KeyError("the cause")
    except KeyError as cause:
        raise ValueError(message) from cause


@pyflow.activity(version="1")
def quit() -> None:
    """Does what ends an ordinary program."""
    sys.exit(3)


@pyflow.activity(version="1")
def dive() -> None:
    """Calls itself without end."""
    dive.function()


@pyflow.activity(version="1", heartbeat_timeout=10)
def hold(*, seconds: float, padding: str | None = None) -> str:
    """Beats until the seconds are over; canceled, it tells how many beats it did."""
    activity = pyflow.current_activity()
    end = time.monotonic() + seconds
    beats = 0
    try:
        while time.monotonic() < end:
            beats += 1
            activity.heartbeat({"beats": beats} if padding is None else {"beats": beats, "padding": padding})
            activity.wait(BEAT_EVERY)
    except pyflow.ActivityCanceled as canceled:
        canceled.details = {"beats": beats}
        raise
    return "held"


@pyflow.activity(version="1", heartbeat="manual")
def doze(*, seconds: float) -> str:
    """Waits without a heartbeat, and heeds nothing."""
    threading.Event().wait(seconds)
    return "dozed"


@pyflow.activity(version="1", heartbeat="manual")
def resume(*, seconds: float) -> Any:
    """Beats once and then never again, for so long; the attempt after it returns what it reads of that heartbeat."""
    activity = pyflow.current_activity()
    if activity.info.last_heartbeat is None:
        activity.heartbeat({"row": 7, "card": "4111"})
        threading.Event().wait(seconds)
    return activity.info.last_heartbeat


@pyflow.activity(version="1")
def rest(*, seconds: float) -> str:
    """Waits and leaves the heartbeat to the worker."""
    threading.Event().wait(seconds)
    return "rested"


@pyflow.activity(version="1")
def supports() -> list[str]:
    """What the worker has beyond the rest (protocol/conformance), some of it where its environment configures it."""
    features = {"PYFLOW_STORE": "claim-check", "PYFLOW_KEY_FILE": "encryption"}
    return ["codecs", "late-completion", *(each for name, each in features.items() if name in os.environ)]


@pyflow.activity(version="1")
def defer(*, file: str) -> None:
    """Writes its task token into the file, and leaves the answer to whoever reads it."""
    whole, part = Path(file), Path(f"{file}.part")
    part.write_text(pyflow.current_activity().complete_later())
    part.rename(whole)  # nobody reads half a token


class Xor:
    """The user codec of protocol/vectors: each byte XOR 0x5a, both ways."""

    def encode(self, data: bytes, context: Any = None) -> bytes:
        return bytes(byte ^ 0x5A for byte in data)

    decode = encode


def configure(settings: dict[str, Any]) -> None:
    """What the command has no option for: the codec is read, and nothing is written with it."""
    settings.update(codecs={"test-xor": Xor()}, apply=[])


@pyflow.activity(version="1")
def bulk(*, bytes: int) -> bytes:
    """Random bytes, which no coding makes smaller."""
    return os.urandom(bytes)
