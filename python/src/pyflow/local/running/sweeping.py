"""The sweep: what retention asks for, bite by bite between requests, when its time has come."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from pyflow.local.engine.fault import Fault
from pyflow.local.running.pace import BETWEEN_BITES, LONGEST_SLEEP, RETRY

if TYPE_CHECKING:
    from pyflow.local.running.running import Running

logger = logging.getLogger("pyflow.local")


class Sweeper:
    """Takes the next bite when there is one to take. ticks: whether the service's clock goes by itself."""

    def __init__(self, running: Running, *, ticks: bool) -> None:
        self._running = running
        self._ticks = ticks
        self._next: asyncio.TimerHandle | None = None
        self._next_at = 0

    def look(self) -> None:
        """See to it that the next bite will be taken; called after every change."""
        at = self._running.service.removal.next
        if at is None or (self._next is not None and self._next_at <= at):
            return
        milliseconds = at - self._running.service.clock.now()
        if milliseconds > 0 and not self._ticks:
            return
        self._wait(min(max(milliseconds / 1000, BETWEEN_BITES), LONGEST_SLEEP), at)

    def _wait(self, seconds: float, at: int = 0) -> None:
        self.close()
        self._next_at = at
        self._next = asyncio.get_running_loop().call_later(seconds, self._bite)

    def _bite(self) -> None:
        self._next = None
        try:
            self._running.do(lambda service: service.sweep())
        except Fault:  # the database's, and said already
            self._wait(RETRY)
        except Exception:
            logger.exception("could not remove closed runs")

    def close(self) -> None:
        """Take no more."""
        if self._next is not None:
            self._next.cancel()
            self._next = None
