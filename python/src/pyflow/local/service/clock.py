"""The clock is an argument: the wall's, one that skips what nobody needs, or one that a test drives.

Milliseconds since 1970.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import ClassVar, Protocol


class Clock(Protocol):
    """What the service asks for the time. name: what it is asked for by, and shown as."""

    name: ClassVar[str]

    def now(self) -> int:
        """Milliseconds since 1970; never less than before."""


class Settable(Clock, Protocol):
    """A clock that can be moved ahead."""

    def set(self, now: int) -> None:
        """Move to `now`; a time that has passed is ignored."""


class WallClock:
    """The machine's time, held still where the machine sets it back."""

    name: ClassVar[str] = "real"

    def __init__(self) -> None:
        self._latest = 0

    def now(self) -> int:
        """Milliseconds since 1970."""
        self._latest = max(self._latest, time.time_ns() // 1_000_000)
        return self._latest


class VirtualClock:
    """The machine's time, and what was skipped of it: it flows, and can be moved ahead."""

    name: ClassVar[str] = "virtual"

    def __init__(self) -> None:
        self._wall = WallClock()
        self._skipped = 0

    def now(self) -> int:
        """Milliseconds since 1970."""
        return self._wall.now() + self._skipped

    def set(self, now: int) -> None:
        """Move to `now`; a time that has passed is ignored."""
        self._skipped += max(0, now - self.now())


class DrivenClock:
    """A clock that stands still until it is set.

    start: an aware datetime, or milliseconds since 1970.
    """

    name: ClassVar[str] = "driven"

    def __init__(self, start: datetime | int = datetime(2026, 1, 1, tzinfo=timezone.utc)) -> None:
        self._now = start if isinstance(start, int) else round(start.timestamp() * 1000)

    def now(self) -> int:
        """Milliseconds since 1970."""
        return self._now

    def set(self, now: int) -> None:
        """Move to `now`; a time that has passed is ignored."""
        self._now = max(self._now, now)


CLOCKS: dict[str, Callable[[], Clock]] = {clock.name: clock for clock in (WallClock, VirtualClock)}
"""The clocks that go by themselves, by name."""
