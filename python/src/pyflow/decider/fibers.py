"""The suspended pieces of one run's code. The only module that knows greenlets.

A fiber parks when it waits and is woken by what it waits for; nothing is raised in it meanwhile, so an
`except Exception` in a workflow sees its own errors alone. Greenlets can't change threads: whoever runs the
fibers of a run must always be the same thread.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from greenlet import GreenletExit, getcurrent, greenlet

from pyflow.errors import PyflowException

logger = logging.getLogger("pyflow")

Fiber: TypeAlias = greenlet
FiberExit = GreenletExit
"""Raised where a fiber is parked when its run is let go, so that its `finally` blocks run."""

UNWIND_ATTEMPTS = 10


class Fibers:
    """The fibers of one run: those ready to go on, in the order in which they were woken."""

    __slots__ = ("_alive", "_errors", "_halted", "_hub", "_ready", "over")

    def __init__(self) -> None:
        self._ready: deque[Fiber] = deque()
        self._alive: list[Fiber] = []
        self._errors: dict[Fiber, BaseException] = {}
        self._hub: greenlet | None = None
        self._halted: BaseException | None = None
        self.over = False

    def spawn(self, function: Callable[[], None]) -> Fiber:
        """A fiber that will run the function; it must handle its own exceptions."""
        fiber = greenlet(function)
        self._alive.append(fiber)
        self._ready.append(fiber)
        return fiber

    def run(self) -> None:
        """Lets every ready fiber go on until all are parked or done. Raises what `halt` was given."""
        self._hub = getcurrent()
        while self._ready and self._halted is None:
            fiber = self._ready.popleft()
            fiber.parent = self._hub
            error = self._errors.pop(fiber, None)
            if error is None:
                fiber.switch()
            else:
                fiber.throw(error)
            if fiber.dead:
                self._alive.remove(fiber)
        if self._halted is not None:
            raise self._halted

    def current(self) -> Fiber:
        """The fiber that is running now. Raises PyflowException outside of this run's own code."""
        fiber = getcurrent()
        if fiber not in self._alive:
            raise PyflowException(
                "a future was waited for outside of its workflow's own code:"
                " call result() in run(), not in another thread or after the run was decided"
            )
        return fiber

    def park(self) -> None:
        """Suspends the current fiber until it is woken."""
        if self.over:
            raise FiberExit
        assert self._hub is not None
        self._hub.switch()

    def wake(self, fiber: Fiber) -> None:
        """Makes a parked fiber ready, behind those woken before it; one that runs now, or is done, stays as it is."""
        if fiber is not getcurrent() and not fiber.dead and fiber not in self._ready:
            self._ready.append(fiber)

    def interrupt(self, fiber: Fiber, error: BaseException) -> None:
        """Wakes a fiber with an exception instead of an answer; one that has not begun is left to begin first."""
        if fiber.dead:
            return
        self._errors[fiber] = error
        self.wake(fiber)

    def halt(self, error: BaseException) -> None:
        """Stops the run for good: `run` raises the error, and the calling fiber never goes on."""
        self._halted = error
        if getcurrent() not in self._alive:
            raise error
        assert self._hub is not None
        self._hub.switch()
        raise FiberExit

    def close(self) -> None:
        """Unwinds every fiber. The run is marked over first, so that a `finally` can't ask SWF for anything."""
        self.over = True
        self._ready.clear()
        self._hub = getcurrent()
        for fiber in self._alive:
            fiber.parent = self._hub
            for _ in range(UNWIND_ATTEMPTS):
                if fiber.dead or not fiber:
                    break
                fiber.throw(FiberExit)
            else:
                logger.warning("a workflow keeps catching the exception that ends it: it is left behind")
        self._alive.clear()
