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

    def __init__(self, threads: int) -> None:
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._left = threads
        self._lock = threading.Lock()

    def put(self, call: Callable[[], None]) -> None:
        """Runs the call soon, in one of the threads; it must not raise."""
        self._calls.put(call)
        with self._lock:
            if self._left:
                self._left -= 1
                threading.Thread(target=self._run, name="pyflow-heartbeat-sender", daemon=True).start()

    def _run(self) -> None:
        while True:
            self._calls.get()()
