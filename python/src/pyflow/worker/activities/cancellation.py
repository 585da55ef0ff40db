"""Why an activity should stop: told once, seen by every thread that works for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Literal

from pyflow.errors import ActivityCanceled

Reason = Literal["requested", "gone", "heartbeat_lost", "worker_shutdown"]


class Cancellation:
    """A flag that goes up once.

    requested: the decider asked; gone: SWF no longer knows the task; heartbeat_lost: no heartbeat reached SWF for
    the heartbeat timeout; worker_shutdown: the worker's time to stop is over.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told = threading.Event()
        self._reason: Reason | None = None
        self._listeners: list[Callable[[Reason], object]] = []

    @property
    def reason(self) -> Reason | None:
        """The first reason told; None while the activity should go on."""
        return self._reason

    def cancel(self, reason: Reason) -> bool:
        """Tells it; False when another reason was told before, which then stays."""
        with self._lock:
            if self._reason is not None:
                return False
            self._reason = reason
            listeners = list(self._listeners)
        self._told.set()
        for listener in listeners:
            listener(reason)
        return True

    def listen(self, listener: Callable[[Reason], object]) -> Callable[[], None]:
        """Calls it once told, in the thread that tells, or now if that has been; what ends the listening.

        listener: must neither block nor raise.
        """
        with self._lock:
            self._listeners.append(listener)
            reason = self._reason
        if reason is not None:
            listener(reason)
        return lambda: self._forget(listener)

    def _forget(self, listener: Callable[[Reason], object]) -> None:
        with self._lock:
            self._listeners.remove(listener)

    def wait(self, seconds: float | None) -> bool:
        """Waits that long, or until told; whether it was told."""
        return self._told.wait(seconds)

    def check(self) -> None:
        """Raises ActivityCanceled once told."""
        if self._reason is not None:
            raise ActivityCanceled(self._reason)
