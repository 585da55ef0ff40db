"""What the measured Python worker can do."""

from __future__ import annotations

import time

import pyflow


@pyflow.activity(version="1")
def nothing(value: object) -> object:
    return value


@pyflow.activity(version="1")
def nap(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


@pyflow.activity(version="1", heartbeat_timeout=5)
def busy(seconds: float) -> str:
    """Never sleeps; looks every few milliseconds whether it should stop, and says when it was told so."""
    context = pyflow.current_activity()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(20_000))
        try:
            context.heartbeat()
        except pyflow.ActivityCanceled as canceled:
            canceled.details = time.time()
            raise
    return "never told to stop"
