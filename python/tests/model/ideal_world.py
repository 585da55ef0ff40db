"""Of the plain interpreter: a heap of events, scopes, futures, fibers."""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field
from itertools import count

from model.program import UNIT


class Undetermined(Exception):
    """The program's outcome is open: two things happen at once, or it met what is known to be left open."""


class World:
    def __init__(self):
        self.now, self.main, self.children, self.activities = 0, None, deque(), []
        self._heap, self._count, self._last = [], count(), -UNIT

    def at(self, time, happen, run):
        heapq.heappush(self._heap, (time, next(self._count), happen, run))

    def step(self):
        if not self._heap:
            raise Undetermined("nothing happens any more")
        self.now, _, happen, run = heapq.heappop(self._heap)
        if (run is None or run.status is None) and happen():
            if self.now - self._last < UNIT:
                raise Undetermined("two things happen at once")
            self._last = self.now
            self.settle()

    def settle(self):
        """The workflow's own turns come first, then those of its children in the order in which they have news."""
        while self.main.status is None:
            if self.main.news:
                self.main.turn()
            elif self.children:
                self.children.popleft().turn()
            else:
                break


class Scope:
    def __init__(self, parent, shield=False):
        self.parent, self.shield, self.canceled, self.expired = parent, shield, False, False

    def outwards(self):
        scope = self
        while scope is not None:
            yield scope
            scope = scope.parent


def is_inside(scope, outer):
    return any(each is outer for each in scope.outwards())


def is_reached(scope, outer):
    for each in scope.outwards():
        if each is outer:
            return True
        if each.shield:
            return False
    return False


class Canceled(BaseException):
    def __init__(self, scope, cause):
        super().__init__(cause)
        self.scope = scope


class Renewing(BaseException):
    def __init__(self, block):
        super().__init__()
        self.block = block


class Late(Exception):
    pass


@dataclass(eq=False)
class Future:
    kind: str
    scope: Scope
    outcome: tuple | None = None
    settled_as: int = 0
    waiters: list = field(default_factory=list)
    listener: object = None
    again: object = None
    on_cancel: object = None
    cancel_asked: bool = False
    operation: Operation | None = None

    @property
    def done(self):
        return self.outcome is not None

    def value(self):
        how, value = self.outcome
        if how == "ok":
            return value
        if how == "raised":
            raise value
        raise Unsuccessful(how if value is None else f"{how} {value}")


class Unsuccessful(Exception):
    """Of a step: canceled, timed out, failed and why."""


@dataclass(eq=False)
class Operation:
    """What SWF is asked for. begin: called when it is; ended: SWF will say no more of it."""

    kind: str
    future: Future | None
    begin: object
    ended: bool = False
    cancel: object = None
    started: bool = False


class Fiber:
    def __init__(self, code, scope):
        self.code, self.scope, self.is_ready, self.is_dead, self.has_begun = code, scope, True, False, False
        self.pending: list[tuple[Scope, str]] = []

    def told(self):
        """The outermost of the cancels that reach it."""
        reached = [each for each in self.pending if is_reached(self.scope, each[0])]
        return min(reached, key=lambda each: len(list(each[0].outwards())), default=None)

    def tell(self, told):
        self.pending.remove(told)
        return Canceled(*told)
