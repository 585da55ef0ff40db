"""How long clients may take over a request: those that trickle theirs (slow-loris) are dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Patience:
    """Drops who is not done in time: `seconds` after it began.

    As all have the same time, whoever began first is due first: one timer serves any number of them.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[object, tuple[float, Callable[[], None]]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, who: object, drop: Callable[[], None]) -> None:
        """Expect somebody to be done in time; one who is expected already gains nothing."""
        if who not in self._waiting:
            self._waiting[who] = (self._loop.time() + self._seconds, drop)
            if self._timer is None:
                self._timer = self._loop.call_later(self._seconds, self._look)

    def end(self, who: object) -> None:
        """Somebody is done, or has gone."""
        self._waiting.pop(who, None)

    def close(self) -> None:
        """Expect nobody any more."""
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        self._timer = None
        while self._waiting:
            who, (due, drop) = next(iter(self._waiting.items()))
            if due > self._loop.time():
                self._timer = self._loop.call_at(due, self._look)
                return
            del self._waiting[who]
            drop()
