"""What invoking a Lambda function comes to, and who can be asked to invoke one.

The outcomes are SWF's events: LambdaFunctionCompleted, LambdaFunctionFailed, LambdaFunctionTimedOut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

DATA_LIMIT = 32_768
"""UTF-16 code units that SWF's `result` and `details` hold (SWF API, Data)."""


@dataclass(frozen=True)
class Completed:
    """The function returned: `result` is one JSON value as text, at most 32 768 units."""

    result: str


@dataclass(frozen=True)
class Failed:
    """The function, or calling it, failed.

    reason: `UnhandledError` or `HandledError` where the function ran, else Lambda's error code, such as
    `ResourceNotFoundException`. details: Lambda's error document as JSON text, or its message. Both fit SWF's
    fields.
    """

    reason: str
    details: str


@dataclass(frozen=True)
class TimedOut:
    """The function had not answered when its time was over."""


class Functions(Protocol):
    """Lambda functions that can be invoked by name."""

    async def invoke(self, name: str, payload: str, seconds: float) -> Completed | Failed | TimedOut:
        """Run the function once and say what came of it; its faults are outcomes, never raised.

        name: the function's name, or its ARN; payload: JSON text, empty for `{}`; seconds: all that it may
        take, waiting for a free process and starting one included. Canceling the call ends the invocation.
        """
        ...

    async def close(self) -> None:
        """End everything that was started, and wait until it has ended; a second call does nothing."""
        ...


def units(text: str) -> int:
    """Length as SWF counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
