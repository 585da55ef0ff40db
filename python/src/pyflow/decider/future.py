"""The handle of one operation: what every call in a workflow returns at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyflow.decider.fibers import Fiber
from pyflow.decider.outcome import Completed, Outcome
from pyflow.errors import InvocationException
from pyflow.history.kinds import Kind


class Future:
    """The result of an invocation, once there is one. Whatever it answers is the same on replay."""

    __slots__ = ("_outcome", "_wait", "invocation_id", "kind", "settled_as", "waiters")

    def __init__(self, kind: Kind, invocation_id: str, wait: Callable[[Future], None]) -> None:
        self.kind = kind
        self.invocation_id = invocation_id
        """The id that SWF's history has for the invocation, as `activity3`."""
        self.settled_as = 0
        """Where it came among the settled futures of its run, from 1; 0 while it is open."""
        self.waiters: list[Fiber] | None = None
        self._wait = wait
        self._outcome: Outcome | None = None

    @property
    def done(self) -> bool:
        """Whether the invocation is complete, successfully or not."""
        return self._outcome is not None

    @property
    def succeeded(self) -> bool:
        """Whether the invocation completed without an error."""
        return isinstance(self._outcome, Completed)

    @property
    def failed(self) -> bool:
        """Whether the invocation failed, timed out or was canceled."""
        return self._outcome is not None and not self.succeeded

    @property
    def exception(self) -> InvocationException | None:
        """What `result()` raises; None where it does not, or not yet."""
        outcome = self._outcome
        if outcome is None or isinstance(outcome, Completed):
            return None
        return outcome.exception(self.invocation_id)

    def result(self) -> Any:
        """Waits until the invocation is done, then returns its result.

        Raises InvocationFailedException, InvocationTimedOutException or InvocationCanceledException.
        """
        while self._outcome is None:
            self._wait(self)
        if isinstance(self._outcome, Completed):
            return self._outcome.value
        raise self._outcome.exception(self.invocation_id)

    def settle(self, outcome: Outcome, settled_as: int) -> list[Fiber]:
        """Gives it its outcome, once; the fibers that wait for it are returned, to be woken."""
        if self._outcome is not None:
            return []
        self._outcome = outcome
        self.settled_as = settled_as
        waiters, self.waiters = self.waiters, None
        return waiters or []

    def __repr__(self) -> str:
        state = type(self._outcome).__name__.lower() if self._outcome is not None else "open"
        return f"<Future {self.invocation_id} {state}>"
