"""How an operation ends: once, by value."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from pyflow import codec
from pyflow.codec.payloads.envelope import has_unknown_coding
from pyflow.errors import (
    DeciderException,
    InvocationCanceledException,
    InvocationException,
    InvocationFailedException,
    InvocationTimedOutException,
    PayloadDecodeError,
    UnknownCodec,
    UnsupportedPayloadVersion,
)
from pyflow.history.kinds import ACTIVITY, CHILD, Kind
from pyflow.history.routes import Change


@dataclass(frozen=True)
class Completed:
    """The operation succeeded with this value."""

    value: Any


@dataclass(frozen=True)
class Failed:
    """The operation failed, or SWF did not take it: reason and details as SWF holds them.

    final: it is no failure of the step itself, so that another attempt is likely to meet the same.
    """

    reason: str | None = None
    details: str | None = None
    final: bool = False

    def exception(self, invocation_id: str) -> InvocationException:
        """What `result()` raises."""
        return InvocationFailedException(
            self.reason, self.details, failure=codec.decode_failure(self.reason, self.details)
        )


@dataclass(frozen=True)
class TimedOut:
    """The operation was not done in time. timeout: SWF's name of the timeout; details: of the last heartbeat."""

    timeout: str | None = None
    details: str | None = None

    def exception(self, invocation_id: str) -> InvocationException:
        """What `result()` raises."""
        try:
            last_heartbeat = codec.decode(self.details, lenient=True)
        except PayloadDecodeError:
            last_heartbeat = self.details
        return InvocationTimedOutException(
            f"{invocation_id} timed out ({self.timeout})",
            self.details,
            timeout=self.timeout,
            last_heartbeat=last_heartbeat,
        )


@dataclass(frozen=True)
class Canceled:
    """The operation was canceled; details are what the worker or the child answered."""

    reason: str | None = None
    details: str | None = None

    def exception(self, invocation_id: str) -> InvocationException:
        """What `result()` raises."""
        return InvocationCanceledException(self.reason, self.details)


class Raised:
    """A spawned function raised this."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def exception(self, invocation_id: str) -> BaseException:
        """What `result()` raises."""
        return self.error


Unsuccessful: TypeAlias = Failed | TimedOut | Canceled | Raised
Outcome: TypeAlias = Completed | Unsuccessful

_UNREADABLE = {  # the reasons of pyflow-swf 2.0.0, which workflows compare
    ACTIVITY: "Decoding result failed",
    CHILD: "Failed to decode child workflow output",
}


def outcome_of(change: Change, kind: Kind, attributes: dict[str, Any], what: str) -> Outcome:
    """What an event's attributes make of the operation of this kind. what: names it in errors."""
    if change is Change.COMPLETED:
        return completed(attributes.get("result"), what, _UNREADABLE.get(kind, "Decoding result failed"))
    if change is Change.FAILED:
        reason, details = attributes.get("reason"), attributes.get("details")
        if details and '"codecs"' in details:  # now, since `result()` is in the hands of the workflow's code
            with configured(what):
                codec.decode_failure(reason, details)
        return Failed(reason, details)
    if change is Change.TIMED_OUT:
        return TimedOut(attributes.get("timeoutType"), attributes.get("details"))
    if change is Change.CANCELED:
        return Canceled(None, attributes.get("details"))
    if change is Change.TERMINATED:
        return Failed("Child workflow was terminated", final=True)
    return Failed(attributes.get("cause"), attributes.get("message"), final=True)


def completed(text: str | None, what: str, unreadable: str) -> Outcome:
    """The value in a payload; a text that is no payload fails the one operation, with the reason given."""
    try:
        return Completed(read_payload(text, what))
    except PayloadDecodeError as error:
        return Failed(unreadable, str(error), final=True)


def read_payload(text: str | None, what: str) -> Any:
    """A payload's value, read as leniently as pyflow-swf 2.0.0 wrote.

    Raises PayloadDecodeError for bad content, and DeciderException for what another decider may be able to
    read: this one is too old, or lacks something, and two deciders must not see two results.
    """
    try:  # not `with configured(…)`: this is done for every result of every replay
        value = codec.decode(text, lenient=True)
    except (UnknownCodec, UnsupportedPayloadVersion) as error:
        raise _not_configured(what, error) from error
    except PayloadDecodeError as error:
        if has_unknown_coding(text):
            raise _not_configured(what, error) from error
        raise
    if isinstance(value, codec.Reference):
        raise DeciderException(f"{what} lies in a payload store, and this decider has none configured")
    return value


@contextlib.contextmanager
def configured(what: str) -> Iterator[None]:
    """Raises DeciderException where this decider's configuration lacks what a payload needs."""
    try:
        yield
    except (UnknownCodec, UnsupportedPayloadVersion) as error:
        raise _not_configured(what, error) from error


def _not_configured(what: str, error: Exception) -> DeciderException:
    return DeciderException(f"{what} can't be read here: {error}")
