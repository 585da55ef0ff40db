"""When SWF asks a decider: the events that schedule a decision task, and the one that says so."""

from __future__ import annotations

from collections.abc import Iterator

from pyflow.local.engine.records import Event
from pyflow.local.engine.run import Run
from pyflow.local.engine.settings import given

WAKING = frozenset(
    {
        "WorkflowExecutionStarted",
        "WorkflowExecutionCancelRequested",
        "WorkflowExecutionSignaled",
        "CompleteWorkflowExecutionFailed",
        "FailWorkflowExecutionFailed",
        "CancelWorkflowExecutionFailed",
        "ContinueAsNewWorkflowExecutionFailed",
        "DecisionTaskTimedOut",
        "ScheduleActivityTaskFailed",
        "ActivityTaskCompleted",
        "ActivityTaskFailed",
        "ActivityTaskTimedOut",
        "ActivityTaskCanceled",
        "RequestCancelActivityTaskFailed",
        "RecordMarkerFailed",
        "StartTimerFailed",
        "TimerFired",
        "CancelTimerFailed",
        "StartChildWorkflowExecutionFailed",
        "ChildWorkflowExecutionStarted",
        "ChildWorkflowExecutionCompleted",
        "ChildWorkflowExecutionFailed",
        "ChildWorkflowExecutionTimedOut",
        "ChildWorkflowExecutionCanceled",
        "ChildWorkflowExecutionTerminated",
        "SignalExternalWorkflowExecutionFailed",
        "ExternalWorkflowExecutionSignaled",
        "RequestCancelExternalWorkflowExecutionFailed",
        "ExternalWorkflowExecutionCancelRequested",
        "ScheduleLambdaFunctionFailed",
        "StartLambdaFunctionFailed",
        "LambdaFunctionCompleted",
        "LambdaFunctionFailed",
        "LambdaFunctionTimedOut",
    }
)
"""Event types behind which a decision task is scheduled, unless one waits already."""


def wake(run: Run, now: int) -> Iterator[Event]:
    """The DecisionTaskScheduled that follows a waking event; nothing while one waits, or after the close."""
    if not run.open or run.waiting is not None:
        return
    settings = run.settings
    task_list, start_by = run.override or (settings["taskList"]["name"], "")
    yield run.event(
        "DecisionTaskScheduled",
        now,
        {
            "taskList": {"name": task_list},
            "startToCloseTimeout": settings["taskStartToCloseTimeout"],
            "scheduleToStartTimeout": start_by or "NONE",
            **given(settings, "taskPriority"),
        },
    )


def waking(run: Run, event: Event, now: int) -> Iterator[Event]:
    """An event that comes from outside a decision, and the decision task behind it."""
    yield event
    yield from wake(run, now)
