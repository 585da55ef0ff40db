"""What canceling means for each kind of operation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pyflow.decider.asked import Asked
from pyflow.decider.asking import Asking
from pyflow.decider.future import Future
from pyflow.decider.outcome import Canceled
from pyflow.decider.scope import Scope, is_reached
from pyflow.history.kinds import (
    ACTIVITY,
    CANCEL_ACTIVITY,
    CANCEL_EXTERNAL,
    CANCEL_TIMER,
    CHILD,
    LAMBDA,
    TIMER,
    Kind,
)


def cancel(execution: Asking, future: Future, *, wait: bool) -> None:
    """Takes back what was not sent; else does what its kind does. wait=False: it is settled as canceled at once."""
    if execution.withdraw(future):
        execution.settle(future, Canceled())
        return
    settled = not wait
    if future.on_cancel is not None:
        settled = future.on_cancel() or settled
    elif future.kind in BY_KIND:
        if not future.cancel_asked:
            settled = BY_KIND[future.kind](execution, future) or settled
            future.cancel_asked = True
    else:
        return  # a signal, a marker: what was sent stays sent
    if settled:
        execution.settle(future, Canceled())


def cancel_all(execution: Asking, futures: Iterable[Future], scope: Scope | None) -> None:
    """Cancels those of the scope that no shield covers, in the order given."""
    for future in futures:
        if not future.done and is_reached(future.scope, scope):
            cancel(execution, future, wait=True)


def ask_child(execution: Asking, child: Future) -> None:
    """Asks SWF to cancel a child that was started."""
    attributes: dict[str, Any] = {"workflowId": child.current_id}
    if child.run_id is not None:
        attributes["runId"] = child.run_id
    execution.ask(Asked(CANCEL_EXTERNAL, attributes, site=execution.site()))


def _timer(execution: Asking, timer: Future) -> bool:
    execution.ask(Asked(CANCEL_TIMER, {"timerId": timer.current_id}, site=execution.site()))
    return True  # SWF tells nobody of a canceled timer


def _lambda(execution: Asking, function: Future) -> bool:
    return True  # SWF has no way to cancel one: its result is not waited for any more


def _activity(execution: Asking, activity: Future) -> bool:
    execution.ask(Asked(CANCEL_ACTIVITY, {"activityId": activity.current_id}, site=execution.site()))
    return False


def _child(execution: Asking, child: Future) -> bool:
    if child.run_id is not None:  # else once it was started: SWF refuses to cancel what is not there yet
        ask_child(execution, child)
    return False


BY_KIND: dict[Kind, Callable[[Asking, Future], bool]] = {
    TIMER: _timer,
    LAMBDA: _lambda,
    ACTIVITY: _activity,
    CHILD: _child,
}
