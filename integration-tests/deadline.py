"""The one way in which these tests wait: they ask again until something is so, or its time is over."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

ASK_EVERY = 0.05  # seconds


def until(condition: Callable[[], T | None], what: str, *, seconds: float = 90) -> T:
    """What `condition` answers, once that is true. Raises AssertionError, with `what`, after `seconds`."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        time.sleep(ASK_EVERY)
    return answer
