"""The one event loop of a worker, on which all its `async def` activities run."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from pyflow.worker.activities.cancellation import Cancellation

if TYPE_CHECKING:
    import asyncio

logger = logging.getLogger("pyflow.worker")


class EventLoop:
    """A loop in a thread of its own, which begins with the first coroutine. Threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def run(self, coroutine: Coroutine[Any, Any, Any], cancellation: Cancellation) -> Any:
        """Waits until it is done; returns what it returns, raises what it raises.

        It sees the context variables of the calling thread. Once told to stop, its next `await` raises.
        """
        import asyncio

        from pyflow.worker.activities.awaiting import given, settled

        with self._lock:
            loop = self._loop = self._loop or self._begun()
        return given(asyncio.run_coroutine_threadsafe(settled(coroutine, cancellation), loop).result())

    def close(self) -> None:
        """Ends the thread; a coroutine that still runs goes no further."""
        with self._lock:
            self._closed = True
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._loop.stop)

    def _begun(self) -> asyncio.AbstractEventLoop:
        import asyncio

        loop = asyncio.new_event_loop()
        threading.Thread(
            target=self._keep_running, args=(loop,), name="pyflow-event-loop", daemon=True
        ).start()
        return loop

    def _keep_running(self, loop: asyncio.AbstractEventLoop) -> None:
        while not self._closed:
            try:
                loop.run_forever()
            except BaseException:  # an exit of the program, in a task that an activity began beside itself
                logger.exception("a task on the event loop of the activities ended it; it goes on")
        with contextlib.suppress(Exception):
            loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
