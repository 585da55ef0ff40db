"""How a client waits for what SWF will say later: again and again, with longer pauses."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Protocol


class Time(Protocol):
    """A clock and a way to let time pass, as the module `time` has them; a test hands in its own."""

    def monotonic(self) -> float:
        """Seconds, never going back."""

    def sleep(self, seconds: float, /) -> object:
        """Let so many seconds pass."""


REAL: Time = time


def pauses(shortest: float = 0.05, longest: float = 2.0) -> Iterator[float]:
    """Seconds to wait before each further attempt: doubling, without end."""
    pause = shortest
    while True:
        yield pause
        pause = min(2 * pause, longest)
