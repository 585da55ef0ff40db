"""What an activity comes to: completed, canceled or failed, one answer for each; or somebody else answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyflow import codec
from pyflow.codec.model.refusals import sentence
from pyflow.declare.typed import untyped
from pyflow.errors import Failure, PayloadEncodeError, PayloadTooLarge, PayloadUnavailable
from pyflow.stores.payloads import PLAIN, Payloads


@dataclass(frozen=True)
class Completed:
    """It returned; result is encoded, None for null."""

    result: str | None


@dataclass(frozen=True)
class Canceled:
    """It stopped because its decider asked; details are encoded."""

    details: str | None


@dataclass(frozen=True)
class Failed:
    """It raised, or was never called; reason and details as protocol/failure.md writes them."""

    reason: str
    details: str | None


@dataclass(frozen=True)
class Deferred:
    """Its answer is left to somebody else, who has the task token."""


Answer = Completed | Canceled | Failed
Outcome = Answer | Deferred


def completed(value: Any, what: str, payloads: Payloads = PLAIN) -> Completed | Failed:
    """The returned value as SWF takes it, else the failure that says why it can't be sent.

    what: names the activity in that failure.
    """
    if value is None:
        return Completed(None)
    try:
        return Completed(written(value, f"result of {what}", payloads))
    except PayloadTooLarge as error:
        return failed("pyflow.ResultTooLarge", str(error), non_retryable=True, payloads=payloads)
    except PayloadEncodeError as error:
        return failed("pyflow.ResultEncodeError", str(error), non_retryable=True, payloads=payloads)
    except PayloadUnavailable as error:
        return failed("pyflow.PayloadUnavailable", str(error), payloads=payloads)


def written(value: Any, what: str, payloads: Payloads = PLAIN) -> str:
    """The value as SWF takes it: dataclasses, models and the like as maps. Raises what `Payloads.write` raises."""
    try:
        return payloads.write(value, what=what)
    except PayloadTooLarge:
        raise
    except PayloadEncodeError:
        return payloads.write(untyped(value), what=what)


def failed(type: str, message: str, *, non_retryable: bool = False, payloads: Payloads = PLAIN) -> Failed:
    """A failure of the worker's own, of one of the reserved types."""
    failure = Failure(type=type, message=message, language="python", non_retryable=non_retryable)
    return Failed(*payloads.failure(failure))


def raised(error: BaseException, payloads: Payloads = PLAIN) -> Failed:
    """The failure of an activity that raised. Never raises itself: an error too odd to describe keeps its class."""
    try:
        return Failed(*payloads.failure(codec.failure_of(error)))
    except Exception as trouble:
        message = f"the error could not be described: {type(trouble).__name__}"
        return failed(type(error).__name__, message, payloads=payloads)


def shut_down(payloads: Payloads = PLAIN) -> Failed:
    """The answer to a task that the worker has no time left for; another worker may take it."""
    return failed("pyflow.WorkerShutdown", sentence("worker-shutdown"), payloads=payloads)
