"""The signals that end a worker, as items of a queue."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def signals_to(inbox: SimpleQueue[str]) -> Iterator[None]:
    """Puts the name of each SIGTERM and SIGINT into the inbox; the handlers found are put back afterwards.

    SimpleQueue.put alone may be called in a signal handler: a Condition or Event could wait there for a lock that its
    own thread holds. Outside the main thread, where Python allows no handlers, nothing is done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def put(number: int, frame: FrameType | None) -> None:
        inbox.put(signal.Signals(number).name)

    found = {number: signal.signal(number, put) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in found.items():
            signal.signal(number, handler)
