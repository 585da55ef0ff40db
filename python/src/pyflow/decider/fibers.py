"""The suspended pieces of one run's code. The only module that knows greenlets.

A fiber parks when it waits and is woken by what it waits for; nothing is raised in it meanwhile but a cancel,
so an `except Exception` in a workflow sees its own errors alone. Greenlets can't change threads: whoever runs
the fibers of a run must always be the same thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, NoReturn

from greenlet import GreenletExit, getcurrent, greenlet

from pyflow.decider.ids import Ids
from pyflow.decider.scope import Scope, is_inside, is_reached
from pyflow.errors import PyflowException, WorkflowCanceled

logger = logging.getLogger("pyflow")

FiberExit = GreenletExit
"""Raised where a fiber is parked when its run is let go, so that its `finally` blocks run."""

UNWIND_ATTEMPTS = 10


class Fiber(greenlet):
    """One line of a workflow's code. ids: its own counts; scope: where in the code it is."""

    __slots__ = ("canceled_by", "ids", "is_ready", "owner", "scope")

    owner: Fibers
    is_ready: bool
    ids: Ids
    scope: Scope | None
    canceled_by: dict[Scope | None, str] | None
    """The cancels that it has not been told of: each scope, and the cause."""


class Fibers:
    """The fibers of one run: those ready to go on, in the order in which they were woken."""

    __slots__ = ("_alive", "_at_rest", "_conditions", "_exits", "_halted", "_hub", "_ready", "over")

    def __init__(self) -> None:
        self._ready: list[Fiber] = []
        self._alive: dict[Fiber, None] = {}  # in the order in which they were spawned
        self._conditions: dict[Fiber, Callable[[], Any]] = {}
        self._halted: BaseException | None = None
        self._at_rest = False
        self._hub: greenlet | None = None
        self._exits = 0  # how often the fiber that is being ended was told so
        self.over = False

    def spawn(self, body: Callable[[], None], ids: Ids, scope: Scope | None = None) -> Fiber:
        """A fiber that is ready to begin. Its body must catch what it raises, but for FiberExit."""
        fiber = Fiber(body)
        fiber.owner, fiber.ids, fiber.scope, fiber.canceled_by = self, ids, scope, None
        fiber.is_ready = True
        self._alive[fiber] = None
        self._ready.append(fiber)
        return fiber

    def run(self) -> None:
        """Lets every ready fiber go on until all are parked or done. Raises what `halt` was given."""
        self._hub = getcurrent()
        while not self._at_rest and (self._ready or (self._conditions and self._wake_by_condition())):
            batch, self._ready = self._ready, []
            for fiber in batch:
                if self._at_rest:
                    break
                fiber.is_ready = False
                self._switch(fiber, self._hub)
        if self._halted is not None:
            raise self._halted

    def _switch(self, fiber: Fiber, hub: greenlet) -> None:
        fiber.parent = hub
        if fiber.canceled_by and self.is_told(fiber) and fiber:
            fiber.throw(self._telling(fiber))
        else:
            fiber.switch()
        if fiber.dead:
            del self._alive[fiber]

    @property
    def inside(self) -> bool:
        """Whether a fiber is running, and not whoever runs them."""
        return isinstance(getcurrent(), Fiber)

    def current(self) -> Fiber:
        """The fiber that is running now. Raises PyflowException outside of this run's own code."""
        fiber = getcurrent()
        if not isinstance(fiber, Fiber) or fiber.owner is not self:
            raise PyflowException(
                "a future was waited for, or a step asked for, outside of its workflow's own code:"
                " do it in run(), not in another thread or after the run was decided"
            )
        return fiber

    def park(self) -> None:
        """Suspends the current fiber until it is woken. Raises WorkflowCanceled if a cancel has reached it."""
        if self.over:
            self.exit()
        fiber = self.current()
        if fiber.canceled_by and self.is_told(fiber):
            raise self._telling(fiber)
        assert self._hub is not None
        self._hub.switch()

    def park_until(self, condition: Callable[[], Any]) -> None:
        """Suspends the current fiber until the condition holds, seen when all others are parked; may return early."""
        fiber = self.current()
        self._conditions[fiber] = condition
        try:
            self.park()
        finally:
            self._conditions.pop(fiber, None)

    def wake(self, fiber: Fiber) -> None:
        """Makes a parked fiber ready, behind those woken before it; one that runs now, or is done, stays as it is."""
        if not fiber.is_ready and not fiber.dead and fiber is not getcurrent():
            fiber.is_ready = True
            self._ready.append(fiber)

    def cancel(self, scope: Scope | None, cause: str) -> None:
        """Tells every fiber inside the scope, once, at its next wait that no shield covers."""
        for fiber in self._alive:
            if is_inside(fiber.scope, scope):
                if fiber.canceled_by is None:
                    fiber.canceled_by = {}
                fiber.canceled_by[scope] = cause
                if self.is_told(fiber):
                    self.wake(fiber)

    def forget_cancel(self, scope: Scope) -> None:
        """The current fiber leaves the scope: what it was not told by then concerns it no more."""
        fiber = self.current()
        if fiber.canceled_by:
            fiber.canceled_by.pop(scope, None)

    def rest(self) -> None:
        """No fiber goes on any more: the run has come to its end."""
        self._at_rest = True

    def halt(self, error: BaseException) -> None:
        """Stops the run for good: `run` raises the error, and the calling fiber never goes on."""
        self._halted = error
        self._at_rest = True
        if not self.inside:
            raise error
        assert self._hub is not None
        self._hub.switch()
        raise FiberExit

    def exit(self) -> NoReturn:
        """Ends the current fiber, whose run is over; one that keeps catching that is left where it is."""
        self._exits += 1
        if self._exits >= UNWIND_ATTEMPTS:
            assert self._hub is not None
            self._hub.switch()
        raise FiberExit

    def close(self) -> None:
        """Unwinds every fiber. The run is marked over first, so that a `finally` can't ask SWF for anything."""
        self.over = True
        self._ready.clear()
        self._conditions.clear()
        self._hub = getcurrent()
        for fiber in self._alive:
            fiber.parent = self._hub
            self._exits = 0
            while fiber and not fiber.dead and self._exits < UNWIND_ATTEMPTS:
                self._exits += 1
                fiber.throw(FiberExit)
            if fiber and not fiber.dead:
                logger.warning("a workflow keeps catching the exception that ends it: it is left behind")
        self._alive.clear()

    def is_told(self, fiber: Fiber) -> bool:
        """Whether a cancel reaches the fiber that it has not been told of."""
        return any(is_reached(fiber.scope, scope) for scope in fiber.canceled_by or ())

    def _telling(self, fiber: Fiber) -> WorkflowCanceled:
        """The outermost of the cancels that reach it: it passes the scopes of the others on its way."""
        assert fiber.canceled_by
        reached = [scope for scope in fiber.canceled_by if is_reached(fiber.scope, scope)]
        [outermost] = [each for each in reached if all(is_inside(other, each) for other in reached)]
        return WorkflowCanceled(fiber.canceled_by.pop(outermost), scope=outermost)

    def _wake_by_condition(self) -> bool:
        """Makes ready, in the order in which they began to wait, the fibers whose condition holds."""
        for fiber, condition in list(self._conditions.items()):
            try:
                holds = condition()
            except Exception:
                holds = True  # raised again where the fiber looks itself
            if holds:
                self.wake(fiber)
        return bool(self._ready)
