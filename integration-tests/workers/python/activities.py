"""The activities that every integration worker offers, in Python: `pyflow worker activities` in this folder."""

from __future__ import annotations

import os
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
def fail(*, type: str, message: str, non_retryable: bool = False, details: Any = None) -> None:
    """Fails with what its input says."""
    raise pyflow.ApplicationError(message, type=type, non_retryable=non_retryable, details=details)


@pyflow.activity(version="1")
def crash(message: str) -> None:
    """Fails with an ordinary error, caused by another one."""
    try:
        raise KeyError("the cause")
    except KeyError as cause:
        raise ValueError(message) from cause


@pyflow.activity(version="1", heartbeat_timeout=10)
def hold(*, seconds: float) -> str:
    """Beats until the seconds are over; canceled, it tells how many beats it did."""
    activity = pyflow.current_activity()
    end = time.monotonic() + seconds
    beats = 0
    try:
        while time.monotonic() < end:
            beats += 1
            activity.heartbeat({"beats": beats})
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


@pyflow.activity(version="1")
def bulk(*, bytes: int) -> bytes:
    """Random bytes, which no coding makes smaller."""
    return os.urandom(bytes)
