"""One activity task, from its input to its outcome. No SWF here: the heartbeats and the answer are the caller's."""

from __future__ import annotations

import inspect
import logging
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
from pyflow.worker.activities.context import ActivityContext, running
from pyflow.worker.activities.outcome import Canceled, Failed, Outcome, completed, failed, raised, shut_down

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


def call(
    activity: Activity[..., Any],
    value: Any,
    context: ActivityContext,
    cancellation: Cancellation,
    payloads: Payloads = PLAIN,
) -> Outcome | None:
    """Runs the activity in this thread and says what came of it; None where SWF must not be answered.

    Whatever the activity raises is an outcome, SystemExit and KeyboardInterrupt too. An `async def` one runs in an
    event loop of its own.
    """
    try:
        bound = activity.arguments.bind(value)
    except TypeError as error:
        return failed("pyflow.ArgumentError", str(error), non_retryable=True, payloads=payloads)
    outcome: Outcome
    try:
        with running(context):
            result = activity.function(*bound.args, **bound.kwargs)
            if inspect.iscoroutine(result):
                import asyncio  # 25 ms that a worker of plain functions need not spend

                result = asyncio.run(result)
        outcome = completed(result, str(activity), payloads)
    except ActivityCanceled as error:
        outcome = _stopped(error, context, cancellation, payloads)
    except BaseException as error:
        if error.__traceback__ is not None and error.__traceback__.tb_next is not None:
            error.__traceback__ = (
                error.__traceback__.tb_next
            )  # without this frame, which says nothing to its author
        context.logger.info("failed: %s: %s", type(error).__name__, error, exc_info=True)
        outcome = raised(error, payloads)
    return None if cancellation.reason in ("gone", "heartbeat_lost") else outcome


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
        return Canceled(payloads.write(error.details, what=f"cancel details of {context.info.name}"))
    except PayloadException as trouble:
        context.logger.warning("its cancel details are left out: %s", trouble)
        return Canceled(None)
