"""A few threads that make calls for one that must not wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue


class Senders:
    """At most `threads` threads, that start with the calls that need them.

    They are daemon threads of our own: a pool of concurrent.futures would keep the process from ending while one
    call hangs.
    """

    def __init__(self, threads: int, name: str = "pyflow-heartbeat-sender") -> None:
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._left = self._threads = threads
        self._name = name
        self._lock = threading.Lock()

    def put(self, call: Callable[[], None]) -> None:
        """Runs the call soon, in one of the threads; it must not raise."""
        self._calls.put(call)
        with self._lock:
            if self._left:
                self._left -= 1
                threading.Thread(target=self._run, name=self._name, daemon=True).start()

    def end(self) -> None:
        """Lets the threads end once they have made the calls put so far; a later `put` starts new ones."""
        with self._lock:
            started, self._left = self._threads - self._left, self._threads
        for _ in range(started):
            self._calls.put(None)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
