"""What an event makes available to pollers, and what it takes back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyflow.local.engine.records import Event
from pyflow.local.engine.run import Run

DECISION, ACTIVITY, LAMBDA = "decision", "activity", "lambda"


class Offer(NamedTuple):
    """A task that waits for whoever may do it; higher priorities first."""

    kind: str
    task_list: str
    priority: int
    scheduled_id: int


class Withdrawal(NamedTuple):
    """A task that nobody may take any more."""

    scheduled_id: int


def moved(run: Run, event: Event) -> Iterator[Offer | Withdrawal]:
    """What an event, already applied, changes about the tasks that wait.

    A decision task that is scheduled while another one runs is held back until that one has ended.
    A lambda task is offered until it closes: the service itself is its worker.
    """
    type_, attributes = event.type, event.attributes
    if type_ == "DecisionTaskScheduled" or type_ == "DecisionTaskCompleted":
        yield from _held_back(run)
    elif type_ == "DecisionTaskTimedOut":
        if attributes["startedEventId"]:
            yield from _held_back(run)
        else:
            yield Withdrawal(attributes["scheduledEventId"])
    elif type_ == "ActivityTaskScheduled":
        yield Offer(
            ACTIVITY, attributes["taskList"]["name"], int(attributes.get("taskPriority", 0)), event.id
        )
    elif type_ == "LambdaFunctionScheduled":
        yield Offer(LAMBDA, "", 0, event.id)
    elif type_ in _TAKEN or (type_ in _CLOSED_UNSTARTED and not attributes["startedEventId"]):
        yield Withdrawal(attributes["scheduledEventId"])
    elif not run.open:
        yield from _left(run)


def waiting(run: Run) -> Iterator[Offer]:
    """Every task of a run that waits, derived from its state alone."""
    if not run.open:
        return
    yield from _held_back(run)
    for task in run.activities.by_event.values():
        if not task.started_id:
            scheduled = task.scheduled
            priority = int(scheduled.get("taskPriority", 0))
            yield Offer(ACTIVITY, scheduled["taskList"]["name"], priority, task.scheduled_id)
    for scheduled_id in run.lambdas.by_event:
        yield Offer(LAMBDA, "", 0, scheduled_id)


def _held_back(run: Run) -> Iterator[Offer]:
    task = run.waiting
    if task is not None and run.deciding is None:
        yield Offer(DECISION, task.task_list, task.priority, task.scheduled_id)


def _left(run: Run) -> Iterator[Withdrawal]:
    if run.waiting is not None:
        yield Withdrawal(run.waiting.scheduled_id)
    for scheduled_id, task in run.activities.by_event.items():
        if not task.started_id:
            yield Withdrawal(scheduled_id)
    for scheduled_id in run.lambdas.by_event:
        yield Withdrawal(scheduled_id)


_TAKEN = frozenset(
    {
        "DecisionTaskStarted",
        "ActivityTaskStarted",
        "LambdaFunctionCompleted",
        "LambdaFunctionFailed",
        "LambdaFunctionTimedOut",
        "StartLambdaFunctionFailed",
    }
)
_CLOSED_UNSTARTED = frozenset({"ActivityTaskTimedOut", "ActivityTaskCanceled"})
