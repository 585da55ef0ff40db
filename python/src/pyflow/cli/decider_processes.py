"""Several decider processes under one: started, told to stop, and started again when one crashes."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from queue import SimpleQueue
from typing import Any

import click

from pyflow.cli.decider import PARENT
from pyflow.cli.options import EXIT_BAD_INPUT, EXIT_FAILED
from pyflow.worker.process.backoff import Backoff
from pyflow.worker.process.signals import signals_to

logger = logging.getLogger("pyflow")

STABLE = 60.0  # seconds after which a process counts as well, and its next crash as its first


def supervise(classes: Sequence[str], processes: int, options: dict[str, Any]) -> int:
    """Runs so many deciders until a signal ends them; the exit status.

    Prints `ready` once all are. 0 when all have drained; 2 when one finds its input bad before it is ready; 1 when one
    had to be ended or crashed while it drained.
    """
    return Deciders(classes, processes, options).run()


class Deciders:
    """The processes and what becomes of them."""

    def __init__(self, classes: Sequence[str], processes: int, options: dict[str, Any]) -> None:
        self._commands = [command(classes, options, number) for number in range(processes)]
        self._news: SimpleQueue[Any] = SimpleQueue()  # a signal's name, or what a process did
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._backoffs = [Backoff() for _ in range(processes)]
        self._started = [0.0] * processes
        self._ready: set[int] = set()
        self._said_ready = False
        self._stopping = False
        self._status = 0

    def run(self) -> int:
        """Starts them and waits for the end of all; the exit status."""
        with signals_to(self._news):
            try:
                for number in range(len(self._commands)):
                    self._start(number)
                while self._running or not self._stopping:
                    self._take(self._news.get())
            finally:
                for process in self._running.values():
                    process.kill()
        return self._status

    def _take(self, news: Any) -> None:
        if isinstance(news, str):
            self._signal(signal.Signals[news])
            return
        number, what = news
        if what == "ready":
            self._ready.add(number)
            if len(self._ready) == len(self._commands) and not self._said_ready:
                self._said_ready = True
                click.echo("ready")
                sys.stdout.flush()
        elif what == "start":
            if not self._stopping:
                self._start(number)
        else:
            self._ended(number, what)

    def _signal(self, number: signal.Signals) -> None:
        """The first lets them drain; each of them ends at once at the second."""
        if not self._stopping:
            logger.info("%s: the deciders drain", number.name)
        self._stopping = True
        for process in self._running.values():
            process.send_signal(number)

    def _ended(self, number: int, status: int) -> None:
        del self._running[number]
        if self._stopping:
            if status and number in self._ready:
                self._status = max(self._status, EXIT_FAILED)
        elif status == EXIT_BAD_INPUT and not self._said_ready:
            self._status, self._stopping = EXIT_BAD_INPUT, True
            for process in self._running.values():
                process.terminate()
        else:
            if time.monotonic() - self._started[number] > STABLE:
                self._backoffs[number].succeeded()
            pause = self._backoffs[number].failed()
            logger.error("decider process %d ended with status %d: another in %.1f s", number, status, pause)
            later = threading.Timer(pause, self._news.put, [(number, "start")])
            later.daemon = True
            later.start()

    def _start(self, number: int) -> None:
        """A group of its own: what a terminal's Ctrl-C says to all, it hears from here alone, once."""
        process = subprocess.Popen(
            self._commands[number],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, PARENT: str(os.getpid())},
            start_new_session=True,
        )
        self._running[number], self._started[number] = process, time.monotonic()
        self._ready.discard(number)
        threading.Thread(target=self._watch, args=(number, process), daemon=True).start()

    def _watch(self, number: int, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == b"ready":
                self._news.put((number, "ready"))
        self._news.put((number, process.wait()))


def command(classes: Sequence[str], options: dict[str, Any], number: int) -> list[str]:
    """The command line of one process; each has a port of its own for metrics."""
    port = options.get("metrics_port")
    given = {**options, "metrics_port": port + number if port else port}
    stores = given.pop("stores", ())
    words = [sys.executable, "-m", "pyflow", "decider", *classes]
    for name, value in given.items():
        if value is not None:
            words += [f"--{name.replace('_', '-')}", str(value)]
    return words + [word for store in stores for word in ("--store", store)]
