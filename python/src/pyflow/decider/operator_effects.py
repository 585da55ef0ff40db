"""What the orders about one step do to its future. What SWF has open stays open; its answer is not waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from pyflow.codec import Order
from pyflow.decider.asked import Asked
from pyflow.decider.asking import Asking
from pyflow.decider.future import ChildFuture, Future
from pyflow.decider.outcome import Completed, Failed, Outcome, read_payload
from pyflow.errors import PayloadDecodeError
from pyflow.history.kinds import ACTIVITY, CANCEL_TIMER, CHILD, LAMBDA, TIMER
from pyflow.history.reserved import is_reserved

TARGETS = frozenset({ACTIVITY, CHILD, LAMBDA, TIMER})


class Ordered(Asking, Protocol):
    """An execution, seen from an operator's order."""

    def pending(self) -> Iterable[Future]:
        """The futures of what was asked for and has not ended."""

    def ask_first(self, asked: Asked) -> None:
        """Adds a decision before those of this turn."""

    def cancel(self, future: Future, *, wait: bool) -> None:
        """Takes back what the future stands for, or asks SWF to."""


def retry(execution: Ordered, order: Order) -> str | None:
    """Attempts a step now that waits for its next attempt; in words, why not."""
    future, timer = _found(execution, order.target)
    if timer is None:
        return "it does not wait for another attempt" if future is not None else UNKNOWN
    if not execution.withdraw(timer):
        execution.ask(Asked(CANCEL_TIMER, {"timerId": timer.current_id}))
    execution.settle(timer, Completed(None))
    return None


def result(execution: Ordered, order: Order) -> str | None:
    """Gives a step a result; in words, why not. Raises DeciderException where the value needs another decider."""
    assert isinstance(order.value, str)
    try:
        value = read_payload(order.value, f"the result that an operator gave {order.target}")
    except PayloadDecodeError as error:
        return f"the value is no payload: {error}"
    return _settle(execution, order, Completed(value))


def failure(execution: Ordered, order: Order) -> str | None:
    """Lets a step fail, for good; in words, why not."""
    assert isinstance(order.value, dict)
    return _settle(execution, order, Failed(order.value["reason"], order.value.get("details")))


EFFECTS: dict[str, Callable[[Ordered, Order], str | None]] = {
    "retry": retry,
    "result": result,
    "failure": failure,
}
UNKNOWN = "no such step is open"


def _settle(execution: Ordered, order: Order, outcome: Outcome) -> str | None:
    future, timer = _found(execution, order.target)
    if future is None:
        return UNKNOWN
    if timer is not None:
        timer.listener = None
        execution.cancel(timer, wait=True)
    execution.withdraw(future)
    if isinstance(future, ChildFuture):
        started = Completed(future.run_id) if isinstance(outcome, Completed) else outcome
        _settle_for_good(execution, future.started, started)
    _settle_for_good(execution, future, outcome)
    return None


def _settle_for_good(execution: Ordered, future: Future, outcome: Outcome) -> None:
    future.again = None
    execution.settle(future, outcome)


def _found(execution: Ordered, target: str | None) -> tuple[Future | None, Future | None]:
    """The future of that id, and the timer that its next attempt waits for, if it does."""
    for future in execution.pending():
        if future.done or future.kind not in TARGETS or is_reserved(future.current_id):
            continue
        step = future.attempt_of or future
        if target in (future.current_id, future.invocation_id, step.invocation_id):
            return step, future if future.attempt_of is not None else None
    return None, None
