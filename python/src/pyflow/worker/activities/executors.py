"""Where a worker's activities run: in the threads of its slots, in an executor of the author's, in processes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from pyflow.declare.activity import Activity
from pyflow.errors import PyflowException
from pyflow.stores.payloads import Payloads
from pyflow.worker.activities.call import call
from pyflow.worker.activities.cancellation import Cancellation
from pyflow.worker.activities.context import ActivityContext, Interceptor
from pyflow.worker.activities.event_loop import EventLoop
from pyflow.worker.activities.outcome import Outcome

if TYPE_CHECKING:
    from concurrent.futures import Executor


class Calls(Protocol):
    """Calls activities for the slots of a worker, whose threads wait for the outcome."""

    def prepare(self) -> None:
        """This thread is about to poll: what the poll brings is to be run at once."""

    def release(self) -> None:
        """The poll brought nothing."""

    def call(
        self,
        activity: Activity[..., Any],
        value: Any,
        context: ActivityContext,
        cancellation: Cancellation,
        /,
    ) -> Outcome | None:
        """What came of it, None where SWF must not be answered."""

    def close(self) -> None:
        """Ends what was begun for it."""


class InThreads:
    """In the thread that asks, or in one of the executor's; `async def` activities on one event loop."""

    def __init__(
        self, payloads: Payloads, interceptors: Sequence[Interceptor], executor: Executor | None = None
    ) -> None:
        self._loop = EventLoop()
        self._executor = executor
        self._call = partial(call, payloads=payloads, interceptors=interceptors, awaits=self._loop.run)

    def prepare(self) -> None:
        """A thread is there, or its executor's affair."""

    def release(self) -> None:
        """There is nothing to give back."""

    def call(
        self, activity: Activity[..., Any], value: Any, context: ActivityContext, cancellation: Cancellation
    ) -> Outcome | None:
        """What came of it, None where SWF must not be answered."""
        if self._executor is None:
            return self._call(activity, value, context, cancellation)
        run = copy_context().run
        return self._executor.submit(run, self._call, activity, value, context, cancellation).result()

    def close(self) -> None:
        """Ends the event loop; the executor is its owner's."""
        self._loop.close()


def calls_by(
    executor: Any,
    activities: Iterable[Activity[..., Any]],
    *,
    payloads: Payloads,
    interceptors: Sequence[Interceptor],
    cancel_timeout: float,
) -> Calls:
    """For `threads`, `processes` or an Executor; PyflowException for anything else."""
    if executor == "threads":
        return InThreads(payloads, interceptors)
    if executor == "processes":
        from pyflow.worker.activities.processes import Processes  # multiprocessing

        return Processes(activities, payloads=payloads, interceptors=interceptors, grace=cancel_timeout)
    if not hasattr(executor, "submit"):
        raise PyflowException(
            f"executor is {executor!r}: it must be 'threads', 'processes' or a concurrent.futures.Executor"
        )
    from concurrent.futures import ProcessPoolExecutor

    if isinstance(executor, ProcessPoolExecutor):
        raise PyflowException("a ProcessPoolExecutor can't run activities: say executor='processes'")
    return InThreads(payloads, interceptors, executor)
