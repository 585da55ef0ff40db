"""Functions of a workflow that run side by side, each as a fiber of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from pyflow.decider.closing import EndOfRun
from pyflow.decider.execution import Execution
from pyflow.decider.fibers import FiberExit
from pyflow.decider.future import Future
from pyflow.decider.outcome import Canceled, Completed, Outcome, Raised
from pyflow.decider.scope import Scope
from pyflow.errors import WorkflowCanceled
from pyflow.history.kinds import FIBER

logger = logging.getLogger("pyflow")


def spawn(execution: Execution, own_id: str, call: Callable[[], Any]) -> Future:
    """The future of a call that begins when the current fiber waits; ids of what it asks for begin with `own_id.`"""
    outer = execution.fiber.scope
    scope = Scope(outer)
    future = Future(FIBER, own_id, execution, outer)

    def cancel() -> bool:
        execution.cancel_scope(scope, "")
        return False  # it is done when its code has come to an end

    def body() -> None:
        outcome = _outcome(execution, future, call)
        if not execution.over:
            execution.settle(future, outcome)

    future.on_cancel = cancel
    execution.spawn(body, f"{own_id}.", scope)
    return future


def _outcome(execution: Execution, future: Future, call: Callable[[], Any]) -> Outcome:
    fiber = execution.fiber
    try:
        if fiber.canceled_by and fiber.owner.is_told(fiber):  # before it began
            return Canceled(details=next(iter(fiber.canceled_by.values())) or None)
        return Completed(call())
    except FiberExit:
        return Canceled()  # the run is over
    except WorkflowCanceled as canceled:
        return Canceled(details=str(canceled) or None)
    except EndOfRun as end:
        execution.end(end.close)
        return Canceled()
    except (Exception, SystemExit) as error:
        if not (future.waiters or future.listener or execution.replaying):
            logger.warning("%s raised, and nobody waits for it", future.invocation_id, exc_info=True)
        return Raised(error)
