"""The only place a Run changes: one small function for each event type that changes one.

Nothing is decided or refused here, so folding a stored history gives the run that wrote it.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush

from pyflow.local.engine.durations import after, lambda_timeout
from pyflow.local.engine.records import Event, Heartbeat, Record
from pyflow.local.engine.run import (
    Activity,
    Child,
    Deadline,
    DecisionTask,
    External,
    Kind,
    LambdaTask,
    Run,
    Timer,
)


def apply(run: Run, record: Record) -> None:
    """Let a run take a record of its own; messages are for others and change nothing."""
    if isinstance(record, Event):
        run.last_id = record.id
        if record.time != run.last_time:
            run.last_time = record.time
            run.same_time_id = record.id
        change = CHANGES.get(record.type)
        if change is not None:
            change(run, record)
    elif isinstance(record, Heartbeat):
        _beat(run, record)


def _arm(run: Run, at: int | None, kind: Kind, event_id: int) -> None:
    if at is not None:
        heappush(run.deadlines, Deadline(at, kind, event_id))


# the execution


def _execution_started(run: Run, event: Event) -> None:
    run.settings = event.attributes
    run.started_at = event.time
    run.close_by = after(event.time, event.attributes["executionStartToCloseTimeout"])
    _arm(run, run.close_by, Kind.EXECUTION, event.id)


def _cancel_requested(run: Run, event: Event) -> None:
    run.cancel_requested = True


def _closed(status: str) -> Callable[[Run, Event], None]:
    def close(run: Run, event: Event) -> None:
        run.close_status = status
        run.closed_at = event.time
        run.deadlines.clear()

    return close


# decision tasks


def _decision_scheduled(run: Run, event: Event) -> None:
    attributes = event.attributes
    start_by = after(event.time, attributes["scheduleToStartTimeout"])
    run.waiting = DecisionTask(
        event.id, attributes["taskList"]["name"], int(attributes.get("taskPriority", 0)), start_by
    )
    _arm(run, start_by, Kind.DECISION_SCHEDULE_TO_START, event.id)


def _decision_started(run: Run, event: Event) -> None:
    task = run.waiting
    assert task is not None
    run.waiting, run.deciding = None, task
    task.started_id = event.id
    task.answer_by = after(event.time, run.settings["taskStartToCloseTimeout"])
    task.since_id = run.latest_started_from
    run.latest_started_from = run.same_time_id
    _arm(run, task.answer_by, Kind.DECISION_START_TO_CLOSE, task.scheduled_id)


def _decision_completed(run: Run, event: Event) -> None:
    attributes = event.attributes
    run.deciding = None
    run.previous_started_id = attributes["startedEventId"]
    if "executionContext" in attributes:
        run.context = attributes["executionContext"]
    if "taskList" in attributes:
        start_by = attributes.get("taskListScheduleToStartTimeout", "NONE")
        run.override = (attributes["taskList"]["name"], "" if start_by == "NONE" else start_by)


def _decision_timed_out(run: Run, event: Event) -> None:
    if run.override is not None and run.override[1]:
        run.override = None
    if event.attributes["timeoutType"] == "SCHEDULE_TO_START":
        run.waiting = None
    else:
        run.deciding = None


# activity tasks


def _activity_scheduled(run: Run, event: Event) -> None:
    attributes = event.attributes
    task = Activity(
        event.id,
        attributes,
        after(event.time, attributes["scheduleToStartTimeout"]),
        after(event.time, attributes["scheduleToCloseTimeout"]),
    )
    run.activities.add(event.id, attributes["activityId"], task)
    run.latest_activity_at = event.time
    _arm(run, task.start_by, Kind.ACTIVITY_SCHEDULE_TO_START, event.id)
    _arm(run, task.close_by, Kind.ACTIVITY_SCHEDULE_TO_CLOSE, event.id)


def _activity_started(run: Run, event: Event) -> None:
    task = run.activities.by_event[event.attributes["scheduledEventId"]]
    task.started_id = event.id
    task.answer_by = after(event.time, task.scheduled["startToCloseTimeout"])
    task.beat_by = after(event.time, task.scheduled["heartbeatTimeout"])
    run.latest_activity_at = event.time
    _arm(run, task.answer_by, Kind.ACTIVITY_START_TO_CLOSE, task.scheduled_id)
    _arm(run, task.beat_by, Kind.ACTIVITY_HEARTBEAT, task.scheduled_id)


def _activity_cancel_requested(run: Run, event: Event) -> None:
    task = run.activities.named(event.attributes["activityId"])
    assert task is not None
    task.cancel_requested_id = event.id
    run.latest_activity_at = event.time


def _activity_closed(run: Run, event: Event) -> None:
    scheduled_id = event.attributes["scheduledEventId"]
    run.activities.close(scheduled_id, run.activities.by_event[scheduled_id].scheduled["activityId"])
    run.latest_activity_at = event.time


def _beat(run: Run, beat: Heartbeat) -> None:
    run.beaten = True
    task = run.activities.by_event.get(beat.scheduled_id)
    if task is not None:
        task.details = beat.details
        task.beat_by = after(beat.time, task.scheduled["heartbeatTimeout"])


# timers, lambda tasks


def _timer_started(run: Run, event: Event) -> None:
    fires_at = after(event.time, event.attributes["startToFireTimeout"])
    assert fires_at is not None
    timer_id = event.attributes["timerId"]
    run.timers.add(event.id, timer_id, Timer(timer_id, event.id, fires_at))
    _arm(run, fires_at, Kind.TIMER, event.id)


def _timer_closed(run: Run, event: Event) -> None:
    run.timers.close(event.attributes["startedEventId"], event.attributes["timerId"])


def _lambda_scheduled(run: Run, event: Event) -> None:
    run.lambdas.add(event.id, event.attributes["id"], LambdaTask(event.id, event.attributes))


def _lambda_started(run: Run, event: Event) -> None:
    task = run.lambdas.by_event[event.attributes["scheduledEventId"]]
    task.started_id = event.id
    task.answer_by = after(event.time, lambda_timeout(task.scheduled))
    _arm(run, task.answer_by, Kind.LAMBDA_START_TO_CLOSE, task.scheduled_id)


def _lambda_closed(run: Run, event: Event) -> None:
    scheduled_id = event.attributes["scheduledEventId"]
    run.lambdas.close(scheduled_id, run.lambdas.by_event[scheduled_id].scheduled["id"])


# children, other runs


def _child_initiated(run: Run, event: Event) -> None:
    attributes = event.attributes
    run.children[event.id] = Child(
        event.id,
        attributes["workflowId"],
        attributes["workflowType"],
        attributes.get("control"),
        attributes["decisionTaskCompletedEventId"],
    )


def _child_started(run: Run, event: Event) -> None:
    run.children[event.attributes["initiatedEventId"]].started_id = event.id


def _child_closed(run: Run, event: Event) -> None:
    run.children.pop(event.attributes["initiatedEventId"], None)


def _external_initiated(run: Run, event: Event) -> None:
    run.externals[event.id] = External(event.id, event.attributes)


def _external_answered(run: Run, event: Event) -> None:
    run.externals.pop(event.attributes["initiatedEventId"], None)


CHANGES: dict[str, Callable[[Run, Event], None]] = {
    "WorkflowExecutionStarted": _execution_started,
    "WorkflowExecutionCancelRequested": _cancel_requested,
    "WorkflowExecutionCompleted": _closed("COMPLETED"),
    "WorkflowExecutionFailed": _closed("FAILED"),
    "WorkflowExecutionCanceled": _closed("CANCELED"),
    "WorkflowExecutionContinuedAsNew": _closed("CONTINUED_AS_NEW"),
    "WorkflowExecutionTimedOut": _closed("TIMED_OUT"),
    "WorkflowExecutionTerminated": _closed("TERMINATED"),
    "DecisionTaskScheduled": _decision_scheduled,
    "DecisionTaskStarted": _decision_started,
    "DecisionTaskCompleted": _decision_completed,
    "DecisionTaskTimedOut": _decision_timed_out,
    "ActivityTaskScheduled": _activity_scheduled,
    "ActivityTaskStarted": _activity_started,
    "ActivityTaskCancelRequested": _activity_cancel_requested,
    "ActivityTaskCompleted": _activity_closed,
    "ActivityTaskFailed": _activity_closed,
    "ActivityTaskTimedOut": _activity_closed,
    "ActivityTaskCanceled": _activity_closed,
    "TimerStarted": _timer_started,
    "TimerFired": _timer_closed,
    "TimerCanceled": _timer_closed,
    "LambdaFunctionScheduled": _lambda_scheduled,
    "LambdaFunctionStarted": _lambda_started,
    "LambdaFunctionCompleted": _lambda_closed,
    "LambdaFunctionFailed": _lambda_closed,
    "LambdaFunctionTimedOut": _lambda_closed,
    "StartLambdaFunctionFailed": _lambda_closed,
    "StartChildWorkflowExecutionInitiated": _child_initiated,
    "StartChildWorkflowExecutionFailed": _child_closed,
    "ChildWorkflowExecutionStarted": _child_started,
    "ChildWorkflowExecutionCompleted": _child_closed,
    "ChildWorkflowExecutionFailed": _child_closed,
    "ChildWorkflowExecutionTimedOut": _child_closed,
    "ChildWorkflowExecutionCanceled": _child_closed,
    "ChildWorkflowExecutionTerminated": _child_closed,
    "SignalExternalWorkflowExecutionInitiated": _external_initiated,
    "SignalExternalWorkflowExecutionFailed": _external_answered,
    "ExternalWorkflowExecutionSignaled": _external_answered,
    "RequestCancelExternalWorkflowExecutionInitiated": _external_initiated,
    "RequestCancelExternalWorkflowExecutionFailed": _external_answered,
    "ExternalWorkflowExecutionCancelRequested": _external_answered,
}
"""Event type -> what it changes. The types that are not here only lengthen the history."""

UNCHANGING = frozenset(
    {
        "WorkflowExecutionSignaled",
        "MarkerRecorded",
        "RecordMarkerFailed",
        "CompleteWorkflowExecutionFailed",
        "FailWorkflowExecutionFailed",
        "CancelWorkflowExecutionFailed",
        "ContinueAsNewWorkflowExecutionFailed",
        "ScheduleActivityTaskFailed",
        "RequestCancelActivityTaskFailed",
        "StartTimerFailed",
        "CancelTimerFailed",
        "ScheduleLambdaFunctionFailed",
    }
)
"""The rest of SWF's event types; a test holds both tables against AWS's enum."""
