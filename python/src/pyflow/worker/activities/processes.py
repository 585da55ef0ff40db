"""Activities in processes of their own: one for each slot that polls or is busy, kept for later, replaced when it dies.

The parent polls, beats and answers; a child only calls activities, which it finds by import. Between them go values of the
contract, so that nothing of an activity's has to be pickled.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any

from pyflow import codec
from pyflow.codec import DATA_LIMIT, units
from pyflow.declare.activity import Activity
from pyflow.errors import ActivityCanceled, PyflowException
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.worker.activities.cancellation import Cancellation, Reason
from pyflow.worker.activities.child import Run, main
from pyflow.worker.activities.context import ActivityContext, Interceptor
from pyflow.worker.activities.outcome import Canceled, Completed, Failed, Outcome, completed, failed, written

logger = logging.getLogger("pyflow.worker")

NOBODY_WAITS = ("gone", "heartbeat_lost")
LAST_SECONDS = 5.0  # that a process which has nothing to do gets to end by itself


class Processes:
    """Calls activities in children; threads share it.

    grace: seconds that an activity gets to stop once nobody waits for its answer any more; then its process is killed.
    Raises PyflowException for what a child could not find by import.
    """

    def __init__(
        self,
        activities: Iterable[Activity[..., Any]],
        *,
        payloads: Payloads = PLAIN,
        interceptors: Sequence[Interceptor] = (),
        grace: float = 5.0,
    ) -> None:
        self._places = {(each.name, each.version): place_of(each) for each in activities}
        self._modules = sorted({module for module, _ in self._places.values()})
        self._reserved = threading.local()
        try:
            self._interceptors = pickle.dumps(tuple(interceptors))
        except Exception as error:
            raise PyflowException(
                f"an interceptor can't be found by import, as executor processes needs it: {error}"
            ) from None
        self._payloads = payloads
        self._grace = grace
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._all: set[Child] = set()
        self._closed = False

    def prepare(self) -> None:
        """Makes sure that a child waits for a task of this thread's. Raises PyflowException for one that can't start."""
        if self._child is None:
            self._child = self._take()

    def release(self) -> None:
        """There is no task for it."""
        child, self._child = self._child, None
        if child is not None:
            self._give_back(child, killed=False)

    def call(
        self, activity: Activity[..., Any], value: Any, context: ActivityContext, cancellation: Cancellation
    ) -> Outcome | None:
        """Runs the activity in a child and says what came of it, as `pyflow.worker.activities.call.call` does."""
        child, self._child = self._child or self._take(), None
        run = Run(self._places[activity.name, activity.version], value, context.info)
        try:
            outcome = child.call(run, context, cancellation, self._payloads, self._grace)
        except (EOFError, OSError):
            outcome = self._crashed(child, activity)
        else:
            self._give_back(child, killed=cancellation.reason in NOBODY_WAITS)
        return None if cancellation.reason in NOBODY_WAITS else self._sealed(outcome, activity)

    def close(self) -> None:
        """Ends the children, those that are busy at once."""
        atexit.unregister(self.close)
        with self._lock:
            self._closed = True
            children, idle = list(self._all), list(self._idle)
            self._idle.clear()
        for child in children:
            child.end(now=child not in idle)
        until = time.monotonic() + LAST_SECONDS
        for child in children:
            child.gone(until)

    def _take(self) -> Child:
        with self._lock:
            if self._closed:
                raise PyflowException("the worker's processes have ended")
            if self._idle:
                return self._idle.pop()
            if not self._all:
                atexit.register(self.close)  # before multiprocessing's own, which waits for children
            child = Child(self._modules, self._interceptors)
            self._all.add(child)
        try:
            child.wait_until_ready()
        except (EOFError, OSError):
            how = self._buried(child)
            raise PyflowException(f"a process for activities ended before it was ready: {how}") from None
        return child

    @property
    def _child(self) -> Child | None:
        """The one that waits for a task of this thread's."""
        return getattr(self._reserved, "child", None)

    @_child.setter
    def _child(self, child: Child | None) -> None:
        self._reserved.child = child

    def _give_back(self, child: Child, *, killed: bool) -> None:
        """It is idle; one that may just be killed is not used again."""
        with self._lock:
            if not killed:
                self._idle.append(child)
                return
            self._all.discard(child)
        child.end(now=False)
        child.gone()

    def _crashed(self, child: Child, activity: Activity[..., Any]) -> Failed:
        message = f"the process that ran {activity} died: {self._buried(child)}"
        logger.error("%s", message)
        return failed("pyflow.WorkerCrashed", message, payloads=self._payloads)

    def _buried(self, child: Child) -> str:
        """How it ended."""
        status = child.gone()
        with self._lock:
            self._all.discard(child)
        return f"exit status {status}" if status >= 0 else signal.Signals(-status).name

    def _sealed(self, outcome: Outcome | None, activity: Activity[..., Any]) -> Outcome | None:
        """A value that a child wrote without keys, stores and limits, as SWF is to get it."""
        match outcome:
            case Completed(result=str(text)) if not (self._payloads.plain and units(text) <= DATA_LIMIT):
                return completed(codec.decode(text), str(activity), self._payloads)
            case Canceled(details=str(text)):
                return Canceled(
                    written(codec.decode(text), f"cancel details of {activity.name}", self._payloads)
                )
        return outcome


class Child:
    """One process, seen from its parent. One thread at a time calls it."""

    def __init__(self, modules: Sequence[str], interceptors: bytes) -> None:
        context = multiprocessing.get_context("spawn")  # a fork of a process of many threads may hang
        self._connection, its_end = context.Pipe()
        self._sending = threading.Lock()
        self._burying = (
            threading.Lock()
        )  # of two threads that wait for a process, one would never learn its status
        self._process = context.Process(
            target=main,
            args=(its_end, modules, interceptors, logging.getLogger().level),
            name="pyflow-activities",
        )
        self._process.start()
        its_end.close()

    def wait_until_ready(self) -> None:
        """Until it has imported the activities. Raises EOFError or OSError where it dies of that."""
        while self._connection.recv() != ("ready",):
            pass  # its first lines of log, which nobody can place

    def call(
        self,
        run: Run,
        context: ActivityContext,
        cancellation: Cancellation,
        payloads: Payloads,
        grace: float,
    ) -> Outcome | None:
        """What came of it. Raises EOFError or OSError where the process dies meanwhile."""
        killing = threading.Timer(grace, self.kill)
        killing.daemon = True

        def tell(reason: Reason) -> None:
            with contextlib.suppress(OSError):
                self._send(("cancel", run.info.task_token, reason))
            if reason in NOBODY_WAITS:
                killing.start()

        self._send(("run", run))
        forget = cancellation.listen(tell)
        try:
            while True:
                match self._connection.recv():
                    case ("beat", text):
                        with contextlib.suppress(ActivityCanceled):  # the child hears it by itself
                            context.heartbeat(codec.decode(text))
                    case ("log", record):
                        logging.getLogger(record["name"]).handle(logging.makeLogRecord(record))
                    case ("failed", failure):
                        return Failed(*payloads.failure(failure))
                    case ("done", outcome):
                        return outcome  # type: ignore[no-any-return]
        finally:
            forget()
            killing.cancel()

    def end(self, *, now: bool) -> None:
        """Ends it: at once, or an idle one in its own way."""
        if now:
            self.kill()
        with contextlib.suppress(OSError):
            self._connection.close()

    def kill(self) -> None:
        """Kills it, and what its activity has started."""
        assert self._process.pid is not None
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def gone(self, until: float | None = None) -> int:
        """Waits for its end, until a time or for a moment, then kills it; its exit status, below zero for a signal."""
        with self._burying:
            self._process.join(LAST_SECONDS if until is None else max(0.0, until - time.monotonic()))
            if self._process.exitcode is None:
                self.kill()
            # A thread that starts another process notes the ends of all: it may be about to note this one.
            while (status := self._process.exitcode) is None:
                self._process.join()
            return status

    def _send(self, message: tuple[Any, ...]) -> None:
        with self._sending:
            self._connection.send(message)


def place_of(activity: Activity[..., Any]) -> tuple[str, str]:
    """The module and the name by which a child finds it; PyflowException where there is none."""
    own = sys.modules.get(activity.function.__module__)
    for module in [own, *sys.modules.copy().values()]:
        for name, value in vars(module).copy().items() if module is not None else ():
            if value is activity and module is not None:
                return module.__name__, name
    raise PyflowException(
        f"{activity} has no name in a module, by which executor processes could find it: define it at the top of one"
    )
