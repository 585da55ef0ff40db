"""Threads that repeat a step, poll and work, until they are told to poll no more."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

from pyflow.worker.process.backoff import Backoff

logger = logging.getLogger("pyflow.worker")

T = TypeVar("T")


class Crew(Generic[T]):
    """`size` threads, of which at most `pollers` poll at a time: a thread that polls is free for the task it gets.

    poll: waits for a task, None without one; it gets the back-off of its permit and raises only to end the crew.
    work: does the task; it must not raise. ended: called by the last thread that leaves.
    """

    def __init__(
        self,
        poll: Callable[[Backoff], T | None],
        work: Callable[[T], None],
        *,
        size: int,
        pollers: int,
        ended: Callable[[], None],
    ) -> None:
        self._poll = poll
        self._work = work
        self._size = size
        self._ended = ended
        self._permits: SimpleQueue[Backoff | None] = SimpleQueue()
        for _ in range(pollers):
            self._permits.put(Backoff())
        self._changed = threading.Condition()
        self._there = 0
        self.quiet = threading.Event()
        self.error: BaseException | None = None

    def start(self) -> None:
        """Starts the threads."""
        self._there = self._size
        for number in range(self._size):
            threading.Thread(target=self._run, name=f"pyflow-worker-{number}", daemon=True).start()

    def poll_no_more(self) -> None:
        """Polls in flight end by themselves, and each thread leaves after what it does."""
        self.quiet.set()
        for _ in range(self._size):
            self._permits.put(None)

    def wait(self, seconds: float | None, *, until: Callable[[], bool] = lambda: False) -> bool:
        """Waits until all have left, the seconds are over, or `until` holds (see `look`); whether all have left."""
        with self._changed:
            self._changed.wait_for(lambda: self._there == 0 or until(), seconds)
            return self._there == 0

    def look(self) -> None:
        """Lets `wait` ask again."""
        with self._changed:
            self._changed.notify_all()

    def _run(self) -> None:
        try:
            while (permit := self._permits.get()) is not None and not self.quiet.is_set():
                try:
                    task = self._poll(permit)
                finally:
                    self._permits.put(permit)
                if task is not None:
                    self._work(task)
                    task = None  # its input may be large, the next poll long
        except BaseException as error:
            self.error = error
            self.poll_no_more()
        finally:
            with self._changed:
                self._there -= 1
                self._changed.notify_all()
                last = self._there == 0
            if last:
                self._ended()
