"""One activity task, from its input to its outcome. No SWF here: the heartbeats and the answer are the caller's."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from types import TracebackType
from typing import Any

from pyflow import codec
from pyflow.declare.activity import Activity
from pyflow.errors import (
    ActivityCanceled,
    PayloadException,
    PayloadUnavailable,
    UnknownCodec,
    UnsupportedPayloadVersion,
)
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.worker.activities.cancellation import Cancellation
from pyflow.worker.activities.context import ActivityContext, Interceptor, running
from pyflow.worker.activities.outcome import (
    Canceled,
    Deferred,
    Failed,
    Outcome,
    completed,
    failed,
    raised,
    shut_down,
    written,
)

logger = logging.getLogger("pyflow.worker")


def read_input(text: str | None, payloads: Payloads = PLAIN) -> codec.Payload | Failed:
    """The payload of a task's input, fetched if it lies in a store, else the failure to answer without a call."""
    try:
        return payloads.read(text)
    except PayloadException as error:
        kind, non_retryable = next(told for known, told in _UNREADABLE.items() if isinstance(error, known))
        return failed(kind, str(error), non_retryable=non_retryable, payloads=payloads)


_UNREADABLE = {  # the type to answer, and whether trying again is useless
    UnsupportedPayloadVersion: ("pyflow.UnsupportedPayloadVersion", True),
    UnknownCodec: ("pyflow.UnknownCodec", False),
    PayloadUnavailable: ("pyflow.PayloadUnavailable", False),
    PayloadException: ("pyflow.PayloadDecodeError", True),
}


Awaits = Callable[[Coroutine[Any, Any, Any], Cancellation], Any]


def awaits_alone(coroutine: Coroutine[Any, Any, Any], cancellation: Cancellation) -> Any:
    """Runs the coroutine of an `async def` activity in this thread, in an event loop of its own."""
    from pyflow.worker.activities.awaiting import (
        run_alone,  # asyncio: 25 ms that plain functions need not spend
    )

    return run_alone(coroutine, cancellation)


def call(
    activity: Activity[..., Any],
    value: Any,
    context: ActivityContext,
    cancellation: Cancellation,
    payloads: Payloads = PLAIN,
    *,
    interceptors: Sequence[Interceptor] = (),
    awaits: Awaits = awaits_alone,
) -> Outcome | None:
    """Runs the activity in this thread and says what came of it; None where SWF must not be answered.

    Whatever the activity raises is an outcome, SystemExit and KeyboardInterrupt too.
    interceptors: wrap the call, the first one outermost. awaits: waits for what an `async def` activity returns.
    """
    try:
        bound = activity.arguments.bind(value)
    except TypeError as error:
        return failed("pyflow.ArgumentError", str(error), non_retryable=True, payloads=payloads)

    outcome: Outcome
    try:
        result = perform(activity, bound, context, cancellation, interceptors, awaits)
        outcome = Deferred() if context.deferred else completed(result, str(activity), payloads)
    except ActivityCanceled as error:
        outcome = _stopped(error, context, cancellation, payloads)
    except BaseException as error:
        error.__traceback__ = _without_our_frames(error.__traceback__)
        context.logger.info("failed: %s: %s", type(error).__name__, error, exc_info=True)
        outcome = raised(error, payloads)
    return None if cancellation.reason in ("gone", "heartbeat_lost") else outcome


def perform(
    activity: Activity[..., Any],
    bound: inspect.BoundArguments,
    context: ActivityContext,
    cancellation: Cancellation,
    interceptors: Sequence[Interceptor] = (),
    awaits: Awaits = awaits_alone,
) -> Any:
    """Calls the activity through its interceptors; returns what they return, raises what they raise."""

    def proceed() -> Any:
        result = activity.function(*bound.args, **bound.kwargs)
        return awaits(result, cancellation) if inspect.iscoroutine(result) else result

    for interceptor in reversed(interceptors):
        proceed = partial(interceptor, context, proceed)
    with running(context):
        return proceed()


def _without_our_frames(traceback: TracebackType | None) -> TracebackType | None:
    """The frames above the activity or its interceptors, which say nothing to their author, left out."""
    ours = traceback
    while ours is not None and ours.tb_frame.f_globals.get("__package__") == __package__:
        ours = ours.tb_next
    return ours or traceback


def _stopped(
    error: ActivityCanceled, context: ActivityContext, cancellation: Cancellation, payloads: Payloads
) -> Outcome:
    """What it means that it stopped. One that was not told to has failed: SWF wants a cancel only when asked for."""
    if cancellation.reason == "worker_shutdown":
        return shut_down(payloads)
    if cancellation.reason is None:
        return raised(error, payloads)
    if error.details is None:
        return Canceled(None)
    try:
        return Canceled(written(error.details, f"cancel details of {context.info.name}", payloads))
    except PayloadException as trouble:
        context.logger.warning("its cancel details are left out: %s", trouble)
        return Canceled(None)
