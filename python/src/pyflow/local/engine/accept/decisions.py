"""Decision tasks: started by a poll, answered by a batch of decisions, each a row of one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from pyflow.local.engine.accept import activities, closing, lambdas, others, timers
from pyflow.local.engine.accept.waking import WAKING, wake
from pyflow.local.engine.fault import invalid, unknown_decision_task
from pyflow.local.engine.records import Attributes, Event, Records, Request
from pyflow.local.engine.registry import World
from pyflow.local.engine.run import DecisionTask, Run
from pyflow.local.engine.settings import given

Decide: TypeAlias = Callable[[Run, World, Attributes, int, int], Records]

DECISIONS: dict[str, Decide] = {
    "ScheduleActivityTask": activities.schedule,
    "RequestCancelActivityTask": activities.request_cancel,
    "CompleteWorkflowExecution": closing.complete,
    "FailWorkflowExecution": closing.fail,
    "CancelWorkflowExecution": closing.cancel,
    "ContinueAsNewWorkflowExecution": closing.continue_as_new,
    "RecordMarker": timers.record_marker,
    "StartTimer": timers.start,
    "CancelTimer": timers.cancel,
    "SignalExternalWorkflowExecution": others.signal,
    "RequestCancelExternalWorkflowExecution": others.request_cancel,
    "StartChildWorkflowExecution": others.start_child,
    "ScheduleLambdaFunction": lambdas.schedule,
}
"""Decision type -> what becomes of it, given the run, the world, its attributes, the id of the
DecisionTaskCompleted and the time."""

CLOSES = frozenset(
    {
        "CompleteWorkflowExecution",
        "FailWorkflowExecution",
        "CancelWorkflowExecution",
        "ContinueAsNewWorkflowExecution",
    }
)

INCOMPATIBLE_WITH_A_CLOSE = frozenset({"ScheduleActivityTask", "StartTimer", "ScheduleLambdaFunction"})


def start(run: Run, scheduled_id: int, identity: str | None, now: int) -> Records:
    """A decider takes the task."""
    attributes: Attributes = {"scheduledEventId": scheduled_id}
    if identity is not None:
        attributes["identity"] = identity
    yield run.event("DecisionTaskStarted", now, attributes)


def started(run: Run, scheduled_id: int, started_id: int) -> DecisionTask:
    """The started task that a decider's token names; UnknownResourceFault once it has ended."""
    task = run.deciding
    if task is None or task.scheduled_id != scheduled_id or task.started_id != started_id:
        raise unknown_decision_task(scheduled_id)
    return task


def respond(run: Run, world: World, task: DecisionTask, request: Request, now: int) -> Records:
    """RespondDecisionTaskCompleted: a batch that is refused leaves the task as it was."""
    decisions: Sequence[Attributes] = request.get("decisions", ())
    _check(decisions)
    names = ("executionContext", "taskList", "taskListScheduleToStartTimeout")
    completed = run.event(
        "DecisionTaskCompleted",
        now,
        {**given(request, *names), "scheduledEventId": task.scheduled_id, "startedEventId": task.started_id},
    )
    yield completed
    woken = False
    for decision in decisions:
        type_ = decision["decisionType"]
        for record in DECISIONS[type_](run, world, decision.get(member(type_), {}), completed.id, now):
            if isinstance(record, Event) and record.type in WAKING:
                woken = True
            yield record
    if woken:
        yield from wake(run, now)


def member(decision_type: str) -> str:
    """The member of a Decision that holds the attributes of that type."""
    return f"{decision_type[0].lower()}{decision_type[1:]}DecisionAttributes"


def _check(decisions: Sequence[Attributes]) -> None:
    types = [decision["decisionType"] for decision in decisions]
    if any(type_ in CLOSES for type_ in types[:-1]):
        raise invalid("Close must be last decision in list")
    if types and types[-1] in CLOSES and not INCOMPATIBLE_WITH_A_CLOSE.isdisjoint(types):
        raise invalid("Specified decision is incompatible with close decision")
