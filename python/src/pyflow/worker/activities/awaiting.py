"""Coroutines of `async def` activities, and how a cancel reaches them: at the next `await`."""

from __future__ import annotations

import asyncio
import types
from collections.abc import Coroutine, Generator
from typing import Any

from pyflow.errors import ActivityCanceled
from pyflow.worker.activities.cancellation import Cancellation

AnyCoroutine = Coroutine[Any, Any, Any]


class AwaitCanceled(ActivityCanceled, asyncio.CancelledError):
    """ActivityCanceled at an `await`, and what asyncio's own constructs take for a cancel."""


def run_alone(coroutine: AnyCoroutine, cancellation: Cancellation) -> Any:
    """Runs it in this thread, in an event loop of its own; returns what it returns, raises what it raises."""
    return given(asyncio.run(settled(coroutine, cancellation)))


async def settled(coroutine: AnyCoroutine, cancellation: Cancellation) -> tuple[Any, BaseException | None]:
    """What it returned, or what it raised: an exit of the program too, which would end the loop."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    forget = cancellation.listen(lambda reason: loop.call_soon_threadsafe(task.cancel))
    try:
        return await _driven(coroutine, cancellation), None
    except BaseException as error:
        if cancellation.reason is None or isinstance(error, ActivityCanceled) or not _is_cancel(error):
            return None, error
        return None, AwaitCanceled(cancellation.reason)
    finally:
        forget()


def given(result: tuple[Any, BaseException | None]) -> Any:
    """The value that `settled` found; raises the error."""
    value, error = result
    if error is not None:
        raise error
    return value


@types.coroutine
def _driven(coroutine: AnyCoroutine, cancellation: Cancellation) -> Generator[Any, Any, Any]:
    """Passes on what the coroutine awaits, and what comes of it; a cancel of its task as AwaitCanceled."""
    step: Any = coroutine.send
    argument: Any = None
    while True:
        try:
            awaited = step(argument)
        except StopIteration as stop:
            return stop.value
        try:
            step, argument = coroutine.send, (yield awaited)
        except asyncio.CancelledError as error:
            reason = cancellation.reason
            step, argument = coroutine.throw, (error if reason is None else AwaitCanceled(reason))
        except BaseException as error:
            step, argument = coroutine.throw, error


def _is_cancel(error: BaseException) -> bool:
    """Whether it is a cancel alone; a TaskGroup raises a group of them."""
    group = getattr(error, "exceptions", None)  # an ExceptionGroup, which Python 3.10 has not
    if isinstance(group, tuple):
        return all(_is_cancel(each) for each in group)
    return isinstance(error, asyncio.CancelledError | ActivityCanceled)
