"""A history as steps that people can follow: what ran, where, for how long, and how it ended. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyflow.history.event import Event, attributes_key

OPENING = {  # event type: kind, and the attributes that hold its own id and its name
    "ActivityTaskScheduled": ("activity", "activityId", "activityType"),
    "LambdaFunctionScheduled": ("lambda", "id", "name"),
    "TimerStarted": ("timer", "timerId", "startToFireTimeout"),
    "StartChildWorkflowExecutionInitiated": ("child workflow", "workflowId", "workflowType"),
    "MarkerRecorded": ("marker", "markerName", ""),
    "WorkflowExecutionSignaled": ("signal", "signalName", ""),
    "WorkflowExecutionCancelRequested": ("cancel request", "", "cause"),
    "SignalExternalWorkflowExecutionInitiated": ("signal sent", "signalName", "workflowId"),
    "RequestCancelExternalWorkflowExecutionInitiated": ("cancel sent", "workflowId", ""),
}
AT_ONCE = {  # kind: where, and the state that it is in at once
    "marker": ("decider", "recorded"),
    "signal": ("client", "received"),
    "cancel request": ("client", "received"),
}
WHERE = {
    "lambda": "lambda",
    "timer": "swf",
    "child workflow": "workflow",
    "signal sent": "swf",
    "cancel sent": "swf",
}
STARTING = {"ActivityTaskStarted", "LambdaFunctionStarted", "ChildWorkflowExecutionStarted"}
CLOSING = {
    "TimerFired": "fired",
    "TimerCanceled": "canceled",
    "StartLambdaFunctionFailed": "failed",
    "StartChildWorkflowExecutionFailed": "failed",
    "ExternalWorkflowExecutionSignaled": "delivered",
    "SignalExternalWorkflowExecutionFailed": "failed",
    "ExternalWorkflowExecutionCancelRequested": "delivered",
    "RequestCancelExternalWorkflowExecutionFailed": "failed",
}
STATES = {
    "Completed": "completed",
    "Failed": "failed",
    "TimedOut": "timed out",
    "Canceled": "canceled",
    "Terminated": "terminated",
}


@dataclass
class Step:
    """One operation of a run. where: the identity of whoever did it; state: `open` until it closed."""

    kind: str
    id: str
    name: str
    asked: datetime
    started: datetime | None = None
    closed: datetime | None = None
    where: str = ""
    state: str = "open"
    failure: str = ""


def timeline(events: Iterable[Event]) -> list[Step]:
    """The steps of a run, in the order in which they were asked for."""
    steps: dict[int, Step] = {}
    for event in events:
        event_type, time = event["eventType"], event["eventTimestamp"]
        attributes: dict[str, Any] = event.get(attributes_key(event_type)) or {}
        if event_type in OPENING:
            steps[event["eventId"]] = _opened(event_type, attributes, time)
            continue
        step = _step_of(steps, attributes)
        if step is None:
            continue
        if event_type in STARTING:
            step.started = time
            step.where = attributes.get("identity", step.where)
        elif (state := _state(event_type)) is not None:
            step.state, step.closed = state, time
            step.failure = str(
                attributes.get("reason") or attributes.get("cause") or attributes.get("timeoutType") or ""
            )
    return list(steps.values())


def _opened(event_type: str, attributes: dict[str, Any], time: datetime) -> Step:
    kind, own_id, name = OPENING[event_type]
    target = attributes.get(name, "")
    if isinstance(target, dict):
        target = f"{target['name']} {target['version']}"
    if kind == "timer":
        target = f"{target} s"
    step = Step(kind, attributes[own_id] if own_id else kind, str(target), time, where=WHERE.get(kind, ""))
    if kind == "timer":
        step.started = time
    if kind in AT_ONCE:
        step.where, step.state = AT_ONCE[kind]
        step.started = step.closed = time
    sender = attributes.get("externalWorkflowExecution")
    if sender:
        step.where = sender["workflowId"]
    return step


def _step_of(steps: dict[int, Step], attributes: dict[str, Any]) -> Step | None:
    for link in ("scheduledEventId", "initiatedEventId", "startedEventId"):
        step = steps.get(attributes.get(link, 0))
        if step is not None:
            return step
    return None


def _state(event_type: str) -> str | None:
    if event_type in CLOSING:
        return CLOSING[event_type]
    for prefix in ("ActivityTask", "LambdaFunction", "ChildWorkflowExecution"):
        if event_type.startswith(prefix):
            return STATES.get(event_type.removeprefix(prefix))
    return None
