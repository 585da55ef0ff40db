"""SWF's durations: decimal seconds as text, or `NONE`."""

from __future__ import annotations

LAMBDA_TIMEOUT = "900"
"""Seconds a lambda task may take where its decision says nothing (Amazon SWF developer guide, Lambda tasks)."""


def after(time: int, duration: str | None) -> int | None:
    """The time that is `duration` later, in milliseconds; None where there is no limit."""
    return None if duration in (None, "", "NONE") else time + int(duration or 0) * 1000
