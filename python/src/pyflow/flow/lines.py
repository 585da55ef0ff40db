"""Concurrent lines of a workflow, as its code asks for them: spawn, map, scopes and limits of time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar, overload

from pyflow.decider.future import Future
from pyflow.declare.descriptors import Step
from pyflow.flow import mapping, spawning
from pyflow.flow.scopes import CancelScope, Limit, Shield
from pyflow.flow.seconds import whole_seconds
from pyflow.flow.waits import Waits
from pyflow.history.kinds import TIMER

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class Lines(Waits):
    """Several things at a time, and what cancels them together."""

    def spawn(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Runs a function side by side with the caller, beginning when the caller waits; its future.

        The future's `result()` is what the function returns, or raises what it raised. When `run` returns, what
        is still running is let go.
        """
        own_id = self._execution.next_id("spawn")
        return spawning.spawn(self._execution, own_id, lambda: function(*args, **kwargs))

    @overload
    def map(
        self,
        function: Step[Any, Future[R]],
        items: Iterable[Any],
        *,
        width: int | None = None,
        batch: int | None = None,
    ) -> list[R]: ...
    @overload
    def map(
        self,
        function: Callable[[T], R],
        items: Iterable[T],
        *,
        width: int | None = None,
        batch: int | None = None,
    ) -> list[R]: ...
    def map(
        self,
        function: Callable[[Any], Any],
        items: Iterable[Any],
        *,
        width: int | None = None,
        batch: int | None = None,
    ) -> list[Any]:
        """Calls a step, or a function, for each item and waits; the results in the order of the items.

        width: how many at a time; None for all. batch: so many items go to a child workflow of this type each,
        whose history holds their steps; then `function` must be a step or a method of the workflow class.
        The first failure cancels the others and is raised.
        """
        if batch is not None:
            return mapping.in_children(self._execution, function, list(items), width, batch)
        return mapping.in_place(self._execution, function, list(items), width)

    def scope(self) -> CancelScope:
        """A block that is canceled as a whole: `with self.swf.scope() as scope:`, then `scope.cancel()`. See CancelScope."""
        return CancelScope(self._execution)

    def shielded(self) -> Shield:
        """A block that no cancel from outside reaches, for clean-up: `with self.swf.shielded():`. See Shield."""
        return Shield(self._execution)

    def timeout(self, seconds: float) -> Limit:
        """A block that is canceled after so many whole seconds, with WaitTimedOutException behind it. See Limit."""
        own_id = self._execution.next_id("timeout")
        attributes = {"startToFireTimeout": whole_seconds(seconds), "timerId": own_id}
        return Limit(self._execution, seconds, self._execution.open(TIMER, own_id, attributes))

    def wait_until(self, predicate: Callable[[], Any], timeout: float | None = None) -> None:
        """Waits until the predicate is true; it is asked whenever everything else of the run waits.

        It must only look, never wait. timeout: in whole seconds, then WaitTimedOutException.
        """
        if timeout is None:
            while not predicate():
                self._execution.wait_until(predicate)
            return
        if predicate():
            return
        with self.timeout(timeout):
            while not predicate():
                self._execution.wait_until(predicate)
