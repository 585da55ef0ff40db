"""The signals that end a worker, as items of a queue."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def signals_to(inbox: SimpleQueue[str]) -> Iterator[None]:
    """Puts the name of each SIGTERM and SIGINT into the inbox; the handlers found are put back afterwards.

    A signal that comes just before the main thread begins to wait, or to another thread, does not end that wait, and a
    handler in Python runs only in the main thread. So the interpreter itself writes each signal's number to a socket
    (signal.set_wakeup_fd), which a thread reads. Outside the main thread, where Python allows no handlers, nothing is
    done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    found = {number: signal.signal(number, _leave_to_the_socket) for number in ENDING}
    found_descriptor = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_pass_on, args=(reader, inbox), name="pyflow-signals", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(found_descriptor)
        for number, handler in found.items():
            signal.signal(number, handler)
        writer.close()


def _leave_to_the_socket(number: int, frame: FrameType | None) -> None:
    """Does nothing: that there is a handler is what makes the interpreter write the number."""


def _pass_on(reader: socket.socket, inbox: SimpleQueue[str]) -> None:
    with reader:
        while numbers := reader.recv(16):
            for number in numbers:
                if number in ENDING:
                    inbox.put(signal.Signals(number).name)
