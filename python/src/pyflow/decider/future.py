"""The handle of one operation: what every call in a workflow returns at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Protocol

from pyflow.decider.fibers import Fiber
from pyflow.decider.outcome import Completed, Outcome, Unsuccessful
from pyflow.decider.scope import Scope
from pyflow.errors import InvocationException
from pyflow.history.kinds import Kind

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    T_co = TypeVar("T_co", covariant=True, default=Any)
else:
    from typing import TypeVar

    T_co = TypeVar("T_co", covariant=True)


class Owner(Protocol):
    """What a future needs of its run."""

    def wait(self, *futures: Future) -> None:
        """Parks the calling fiber until one of them is done; may return early."""

    def cancel(self, future: Future, *, wait: bool) -> None:
        """Takes back what it stands for, or asks SWF to."""


class Future(Generic[T_co]):
    """The result of an invocation, once there is one. Whatever it answers is the same on replay.

    For type checkers it is `Future[int]` where the result is known to be one, and `Future` where it comes from a worker.
    """

    __slots__ = (
        "_outcome",
        "_owner",
        "again",
        "attempt_of",
        "attempts",
        "cancel_asked",
        "current_id",
        "invocation_id",
        "kind",
        "listener",
        "on_cancel",
        "run_id",
        "scope",
        "settled_as",
        "waiters",
    )

    def __init__(self, kind: Kind, invocation_id: str, owner: Owner, scope: Scope | None = None) -> None:
        self.kind = kind
        self.invocation_id = invocation_id
        """The id that SWF's history has for the invocation, as `activity3`."""
        self.settled_as = 0
        """Where it came among the settled futures of its run, from 1; 0 while it is open."""
        self.scope = scope
        self.waiters: list[Fiber] | None = None
        self.listener: Callable[[Future], None] | None = None
        """Called when it is settled, before anybody is woken."""
        self.again: Callable[[Future, Outcome], bool] | None = None
        """Asked before it is settled: True where another attempt is made instead."""
        self.on_cancel: Callable[[], bool] | None = None
        """How it is canceled, where that is not up to its kind: True if it is settled with that."""
        self.attempt_of: Future | None = None
        """Of a timer: the future whose next attempt begins when it fires."""
        self.current_id = invocation_id
        """The id of the attempt that is on."""
        self.attempts = 1
        """How many SWF was asked for so far; more than one with a retry policy alone."""
        self.run_id: str | None = None
        """Of a child that was started."""
        self.cancel_asked = False
        self._owner = owner
        self._outcome: Outcome | None = None

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._outcome is not None

    @property
    def succeeded(self) -> bool:
        """Whether it has ended, and `result()` returns."""
        return isinstance(self._outcome, Completed)

    @property
    def failed(self) -> bool:
        """Whether it has ended, and `result()` raises: it failed, timed out or was canceled."""
        return self._outcome is not None and not self.succeeded

    @property
    def exception(self) -> BaseException | None:
        """What `result()` raises; None where it does not, or not yet."""
        outcome = self._outcome
        if outcome is None or isinstance(outcome, Completed):
            return None
        return self._exception(outcome)

    def result(self) -> T_co:
        """Waits until the invocation is done, then returns its result.

        Raises InvocationFailedException, InvocationTimedOutException or InvocationCanceledException; of a
        spawned function, what it raised.
        """
        while self._outcome is None:
            self._owner.wait(self)
        if isinstance(self._outcome, Completed):
            value: T_co = self._outcome.value
            return value
        raise self._exception(self._outcome)

    def cancel(self, wait: bool = True) -> None:
        """Takes back what was not sent yet, or asks SWF to cancel it; no effect on one that is done.

        A timer or a lambda function is done at once, canceled. An activity or a child stays open until SWF
        answers, and may still succeed; wait=False settles it as canceled at once. A spawned function is told
        at its next wait. A signal that was sent can't be canceled.
        """
        self._owner.cancel(self, wait=wait)

    def settle(self, outcome: Outcome, settled_as: int) -> list[Fiber]:
        """Gives it its outcome, once; the fibers that wait for it are returned, to be woken."""
        if self._outcome is not None:
            return []
        self._outcome = outcome
        self.settled_as = settled_as
        self.again = self.on_cancel = None
        waiters, self.waiters = self.waiters, None
        listener, self.listener = self.listener, None
        if listener is not None:
            listener(self)
        return waiters or []

    def _exception(self, outcome: Unsuccessful) -> BaseException:
        error = outcome.exception(self.current_id)
        if self.attempts > 1 and isinstance(error, InvocationException):
            error.attempts = self.attempts
        return error

    @property
    def outcome(self) -> Outcome | None:
        """How it ended, by value; None while it is open."""
        return self._outcome

    def __repr__(self) -> str:
        state = type(self._outcome).__name__.lower() if self._outcome is not None else "open"
        return f"<{type(self).__name__} {self.invocation_id} {state}>"


class ChildFuture(Future[T_co]):
    """The future of a child workflow, done when the child has closed."""

    __slots__ = ("started",)

    def __init__(self, kind: Kind, invocation_id: str, owner: Owner, scope: Scope | None = None) -> None:
        super().__init__(kind, invocation_id, owner, scope)
        self.started: Future[str] = Future(kind, invocation_id, owner, scope)
        """Done once the child runs, with its run id; failed where SWF could not start it."""

    @property
    def workflow_id(self) -> str:
        """The child's workflow id; with a retry policy that of its last attempt."""
        return self.current_id
