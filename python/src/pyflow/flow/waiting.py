"""Waiting for several futures, with or without a limit of time: features built on futures, from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from pyflow.decider.execution import Execution
from pyflow.decider.future import Future

Futures: TypeAlias = "Future | Iterable[Futures]"
"""What the waiting methods take: futures, and lists of them."""


def flat(futures: Iterable[Futures]) -> list[Future]:
    """Futures, and lists of futures, as one list."""
    found: list[Future] = []
    for each in futures:
        if isinstance(each, Future):
            found.append(each)
        else:
            found.extend(flat(each))
    return found


def finished(futures: Iterable[Future]) -> list[Future]:
    """Those that are done, in the order in which they finished."""
    return sorted((future for future in futures if future.done), key=lambda future: future.settled_as)


def wait_for_all(execution: Execution, futures: list[Future]) -> list[Future]:
    """Waits until every future is done."""
    for future in futures:
        while not future.done:
            execution.wait(future)
    return finished(futures)


def wait_for_any(execution: Execution, futures: list[Future]) -> list[Future]:
    """Waits until one future at least is done; none given, none is waited for."""
    while futures and not any(future.done for future in futures):
        execution.wait(*futures)
    return finished(futures)


def all_or_timer(execution: Execution, timer: Future, futures: list[Future]) -> bool:
    """Waits until every future is done, or the timer; whether it was the futures."""
    for future in futures:
        while not future.done:
            if timer.done:
                return False
            execution.wait(timer, future)
    return True


def any_or_timer(execution: Execution, timer: Future, futures: list[Future]) -> bool:
    """Waits until one future is done, or the timer; whether it was a future."""
    while not any(future.done for future in futures):
        if timer.done:
            return False
        execution.wait(timer, *futures)
    return True


Race = Callable[[Execution, Future, list[Future]], bool]
