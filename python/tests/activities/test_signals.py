"""A signal reaches whoever waits for it, whichever thread the system gives it to."""

from __future__ import annotations

import signal
import threading
from queue import SimpleQueue

from pyflow.worker.process.signals import signals_to


def test_a_signal_that_another_thread_gets_ends_the_main_threads_wait():
    inbox: SimpleQueue[str] = SimpleQueue()
    with signals_to(inbox):
        thread = threading.Thread(target=lambda: signal.pthread_kill(threading.get_ident(), signal.SIGTERM))
        thread.start()
        assert inbox.get(timeout=10) == "SIGTERM"
        thread.join()


def test_the_handlers_found_are_put_back():
    before = signal.getsignal(signal.SIGTERM)
    with signals_to(SimpleQueue()):
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_another_thread_than_the_main_one_leaves_the_signals_alone():
    def elsewhere():
        with signals_to(SimpleQueue()):
            found.append(signal.getsignal(signal.SIGTERM))

    found: list[object] = []
    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert found == [signal.getsignal(signal.SIGTERM)]
