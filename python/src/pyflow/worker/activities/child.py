"""A process that calls activities for its parent, one at a time. It knows no SWF, no keys and no stores."""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import pickle
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from pyflow import codec
from pyflow.declare.activity import Activity
from pyflow.errors import Failure, PayloadException
from pyflow.stores.payloads import Payloads
from pyflow.worker.activities.call import call
from pyflow.worker.activities.cancellation import Cancellation
from pyflow.worker.activities.context import ActivityContext, ActivityInfo, Interceptor
from pyflow.worker.activities.event_loop import EventLoop
from pyflow.worker.activities.outcome import Failed, Outcome
from pyflow.worker.process.about import about, about_of


@dataclass(frozen=True)
class Run:
    """What a child is to do: the activity by module and name, its input, and which task it is."""

    place: tuple[str, str]
    value: Any
    info: ActivityInfo


def main(connection: Connection, modules: Sequence[str], interceptors: bytes, level: int) -> None:
    """Does what the parent says until the parent ends it, or ends itself."""
    for number in (signal.SIGINT, signal.SIGTERM):  # a whole group may get them: the parent says what to do
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(AttributeError, OSError):
        os.setsid()  # a group of its own, with whatever an activity starts
    for module in modules:
        importlib.import_module(module)
    Child(connection, interceptors, level).run()


class _Whole(Payloads):
    """Writes every value, however long: the parent makes it fit. told: the failure that was written last."""

    told: Failure

    def failure(self, failure: Failure) -> tuple[str, str]:
        self.told = failure
        return super().failure(failure)

    def write(self, value: object, *, what: str = "payload", limit: int = 0, **options: Any) -> str:
        return super().write(value, what=what, limit=sys.maxsize, **options)


class Child:
    """The process: its main thread calls activities, another one hears the parent."""

    def __init__(self, connection: Connection, interceptors: bytes, level: int) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._inbox: SimpleQueue[tuple[Run, Cancellation] | None] = SimpleQueue()
        self._current: tuple[str, Cancellation] | None = None  # by its task token
        self._payloads = _Whole()
        self._loop = EventLoop()
        self._interceptors: tuple[Interceptor, ...] = pickle.loads(interceptors)
        root = logging.getLogger()
        root.setLevel(level)
        root.addHandler(_ToParent(self._send))

    def run(self) -> None:
        """Until the parent closes its end."""
        threading.Thread(target=self._hear, name="pyflow-parent", daemon=True).start()
        self._send("ready")
        while (asked := self._inbox.get()) is not None:
            outcome = self._called(*asked)
            self._current = None  # before it is told: a parent that ends then has its answer
            if isinstance(outcome, Failed):
                self._send("failed", portable(self._payloads.told))
            else:
                self._send("done", outcome)

    def _hear(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                match self._connection.recv():
                    case ("run", run):
                        cancellation = Cancellation()
                        self._current = run.info.task_token, cancellation
                        self._inbox.put((run, cancellation))
                    case ("cancel", token, reason):
                        current = self._current
                        if current is not None and current[0] == token:
                            current[1].cancel(reason)
        if self._current is not None:  # nobody is left to answer, and SWF gives the task to another
            with contextlib.suppress(AttributeError, OSError):
                os.killpg(0, signal.SIGKILL)
            os._exit(1)
        self._inbox.put(None)

    def _called(self, run: Run, cancellation: Cancellation) -> Outcome | None:
        context = ActivityContext(run.info, cancellation, self._beat)
        with about(run.info.ids):
            activity = _found(*run.place)
            return call(
                activity,
                run.value,
                context,
                cancellation,
                self._payloads,
                interceptors=self._interceptors,
                awaits=self._loop.run,
            )

    def _beat(self, details: Any) -> None:
        self._send("beat", codec.encode(details, what="heartbeat details", limit=sys.maxsize))

    def _send(self, *message: Any) -> None:
        with self._sending:
            self._connection.send(message)


def portable(failure: Failure) -> Failure:
    """The same, of values that the parent can be given; details outside the model are still outside."""
    details: Any = None
    if failure.details is not None:
        try:
            details = codec.decode(codec.encode(failure.details, limit=sys.maxsize))
        except PayloadException:
            details = object
    cause = None if failure.cause is None else portable(failure.cause)
    return replace(failure, details=details, cause=cause)


def _found(module: str, name: str) -> Activity[..., Any]:
    found = getattr(importlib.import_module(module), name)
    assert isinstance(found, Activity)
    return found


class _ToParent(logging.Handler):
    """Hands records to the parent, whose log has its form and place; what is odd about them stays here."""

    def __init__(self, send: Any) -> None:
        super().__init__()
        self._send = send

    def emit(self, record: logging.LogRecord) -> None:
        try:
            plain: dict[str, Any] = {
                key: value
                for key, value in vars(record).items()
                if value is None or isinstance(value, str | int | float)
            }
            plain |= {"msg": record.getMessage(), "args": None, "exc_info": None, "about": about_of(record)}
            if record.exc_info:
                plain["exc_text"] = logging.Formatter().formatException(record.exc_info)
            self._send("log", plain)
        except Exception:
            self.handleError(record)
