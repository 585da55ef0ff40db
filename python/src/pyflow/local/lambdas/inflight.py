"""The invocations under way: each within its time, all given up together."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from pyflow.local.lambdas.outcome import Completed, Failed, TimedOut


class InFlight:
    """Runs invocations until they end, their time is over, or all are closed."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Completed | Failed | TimedOut]] = set()
        self._closed = False

    async def within(
        self, seconds: float, invocation: Coroutine[Any, Any, Completed | Failed | TimedOut]
    ) -> Completed | Failed | TimedOut:
        """The invocation's outcome; it is canceled when the seconds are over, or with the caller."""
        if self._closed:
            invocation.close()
            return Failed("ServiceException", "the local Lambda host is closed")
        task = asyncio.ensure_future(invocation)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            await asyncio.wait({task}, timeout=seconds)
            too_slow = not task.done()
        finally:
            task.cancel()
        if too_slow:
            await asyncio.wait({task})
            return TimedOut()
        if task.cancelled():
            return Failed("ServiceException", "the local Lambda host was closed in mid-invocation")
        return task.result()

    async def close(self) -> None:
        """Cancel what is under way, wait for it, and take no more."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
