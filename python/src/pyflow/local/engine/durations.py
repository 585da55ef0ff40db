"""SWF's durations: decimal seconds as text, or `NONE`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LAMBDA_TIMEOUT = "900"
"""Seconds a lambda task may take where its decision says nothing (Amazon SWF developer guide, Lambda tasks)."""


def lambda_timeout(scheduled: Mapping[str, Any]) -> str:
    """The timeout of a lambda task, given the attributes of its LambdaFunctionScheduled."""
    timeout = scheduled.get("startToCloseTimeout")
    return timeout if timeout and timeout != "NONE" else LAMBDA_TIMEOUT


def after(time: int, duration: str | None) -> int | None:
    """The time that is `duration` later, in milliseconds; None where there is no limit."""
    return None if duration in (None, "", "NONE") else time + int(duration or 0) * 1000
