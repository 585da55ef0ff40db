"""The activities that every integration worker offers, in Python: `pyflow worker activities` in this folder."""

from __future__ import annotations

import os
import sys
import threading
import time
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
    """What the worker has beyond the rest (protocol/conformance), where its environment configures it."""
    features = {"PYFLOW_STORE": "claim-check", "PYFLOW_KEY_FILE": "encryption"}
    return [feature for name, feature in features.items() if name in os.environ]


@pyflow.activity(version="1")
def bulk(*, bytes: int) -> bytes:
    """Random bytes, which no coding makes smaller."""
    return os.urandom(bytes)
