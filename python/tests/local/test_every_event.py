"""Every event type of AWS's model, and every value that its attributes may take, has a row here that makes it,
or stands in the list of what can't arise on one machine."""

from __future__ import annotations

import pytest
from local.conformity import SHAPES, attributes_member
from local.direct import Direct, attributes, child, complete, decision, function, schedule, timer
from local.stories import (
    CANCEL,
    NOBODY,
    SIGNAL,
    Story,
    activity_times_out,
    answered,
    cancel_activity,
    cancel_requested,
    cancel_timer,
    child_closes,
    child_is_terminated,
    child_times_out,
    decided,
    decision_times_out,
    execution_times_out,
    lambda_step,
    parent_ends,
    run_is_full,
    signaled,
    sticky_task_times_out,
    terminated,
    timer_fires,
    to_another,
    unseen_signal,
)

from pyflow.local.engine.accept.waking import WAKING
from pyflow.local.engine.apply import CHANGES, UNCHANGING

EVENT_TYPES = set(SHAPES["EventType"]["enum"])
POLICIES = SHAPES["ChildPolicy"]["enum"]

EVENTS: dict[str, Story] = {
    "WorkflowExecutionStarted": decided(),
    "WorkflowExecutionSignaled": signaled,
    "WorkflowExecutionCancelRequested": cancel_requested,
    "WorkflowExecutionCompleted": decided(complete()),
    "WorkflowExecutionFailed": decided(decision("FailWorkflowExecution")),
    "WorkflowExecutionCanceled": decided(decision("CancelWorkflowExecution")),
    "WorkflowExecutionContinuedAsNew": decided(decision("ContinueAsNewWorkflowExecution")),
    "WorkflowExecutionTimedOut": execution_times_out(),
    "WorkflowExecutionTerminated": terminated(),
    "CompleteWorkflowExecutionFailed": unseen_signal("CompleteWorkflowExecution"),
    "FailWorkflowExecutionFailed": unseen_signal("FailWorkflowExecution"),
    "CancelWorkflowExecutionFailed": unseen_signal("CancelWorkflowExecution"),
    "ContinueAsNewWorkflowExecutionFailed": unseen_signal("ContinueAsNewWorkflowExecution"),
    "DecisionTaskScheduled": decided(),
    "DecisionTaskStarted": decided(),
    "DecisionTaskCompleted": decided(),
    "DecisionTaskTimedOut": decision_times_out,
    "ActivityTaskScheduled": decided(schedule()),
    "ScheduleActivityTaskFailed": decided(schedule(activityType=NOBODY)),
    "ActivityTaskStarted": answered("RespondActivityTaskCompleted"),
    "ActivityTaskCompleted": answered("RespondActivityTaskCompleted"),
    "ActivityTaskFailed": answered("RespondActivityTaskFailed"),
    "ActivityTaskCanceled": answered("RespondActivityTaskCanceled"),
    "ActivityTaskTimedOut": activity_times_out("startToCloseTimeout"),
    "ActivityTaskCancelRequested": cancel_activity,
    "RequestCancelActivityTaskFailed": decided(decision("RequestCancelActivityTask", activityId="a1")),
    "MarkerRecorded": decided(decision("RecordMarker", markerName="m")),
    "TimerStarted": decided(timer()),
    "StartTimerFailed": decided(timer(), timer()),
    "TimerFired": timer_fires,
    "TimerCanceled": cancel_timer,
    "CancelTimerFailed": decided(decision("CancelTimer", timerId="t1")),
    "StartChildWorkflowExecutionInitiated": decided(child()),
    "StartChildWorkflowExecutionFailed": decided(child(workflowType=NOBODY)),
    "ChildWorkflowExecutionStarted": decided(child()),
    "ChildWorkflowExecutionCompleted": child_closes(complete()),
    "ChildWorkflowExecutionFailed": child_closes(decision("FailWorkflowExecution")),
    "ChildWorkflowExecutionCanceled": child_closes(decision("CancelWorkflowExecution")),
    "ChildWorkflowExecutionTerminated": child_is_terminated,
    "ChildWorkflowExecutionTimedOut": child_times_out,
    "SignalExternalWorkflowExecutionInitiated": decided(SIGNAL),
    "SignalExternalWorkflowExecutionFailed": decided(SIGNAL),
    "ExternalWorkflowExecutionSignaled": to_another("SignalExternalWorkflowExecution", signalName="s"),
    "RequestCancelExternalWorkflowExecutionInitiated": decided(CANCEL),
    "RequestCancelExternalWorkflowExecutionFailed": decided(CANCEL),
    "ExternalWorkflowExecutionCancelRequested": to_another("RequestCancelExternalWorkflowExecution"),
    "LambdaFunctionScheduled": lambda_step("started"),
    "LambdaFunctionStarted": lambda_step("started"),
    "LambdaFunctionCompleted": lambda_step("completed"),
    "LambdaFunctionFailed": lambda_step("failed"),
    "LambdaFunctionTimedOut": lambda_step("timed out"),
    "StartLambdaFunctionFailed": lambda_step("no role"),
    "ScheduleLambdaFunctionFailed": decided(function(), function()),
}

WITHOUT_IAM = {"RecordMarkerFailed"}
"""Event types whose one cause is a missing permission."""


@pytest.mark.parametrize("event_type", sorted(EVENTS))
def test_every_event_can_be_made(swf: Direct, event_type: str) -> None:
    EVENTS[event_type](swf)
    written = {written for execution in swf.executions() for written in swf.types(*execution)}
    assert event_type in written


def test_no_event_type_is_forgotten() -> None:
    assert set(EVENTS) | WITHOUT_IAM == EVENT_TYPES
    assert set(CHANGES) | UNCHANGING == EVENT_TYPES
    assert not set(CHANGES) & UNCHANGING
    assert WAKING < EVENT_TYPES


VALUES: dict[tuple[str, str, str], Story] = {
    **{("WorkflowExecutionStarted", "childPolicy", p): decided(childPolicy=p) for p in POLICIES},
    **{("WorkflowExecutionTimedOut", "childPolicy", p): execution_times_out(childPolicy=p) for p in POLICIES},
    **{("WorkflowExecutionTerminated", "childPolicy", p): terminated(childPolicy=p) for p in POLICIES},
    **{
        ("WorkflowExecutionContinuedAsNew", "childPolicy", p): decided(
            decision("ContinueAsNewWorkflowExecution", childPolicy=p)
        )
        for p in POLICIES
    },
    **{
        ("StartChildWorkflowExecutionInitiated", "childPolicy", p): decided(child(childPolicy=p))
        for p in POLICIES
    },
    ("WorkflowExecutionTerminated", "cause", "OPERATOR_INITIATED"): terminated(),
    ("WorkflowExecutionTerminated", "cause", "CHILD_POLICY_APPLIED"): parent_ends("TERMINATE"),
    ("WorkflowExecutionTerminated", "cause", "EVENT_LIMIT_EXCEEDED"): run_is_full,
    ("WorkflowExecutionCancelRequested", "cause", "CHILD_POLICY_APPLIED"): parent_ends("REQUEST_CANCEL"),
    ("WorkflowExecutionTimedOut", "timeoutType", "START_TO_CLOSE"): execution_times_out(),
    ("ChildWorkflowExecutionTimedOut", "timeoutType", "START_TO_CLOSE"): child_times_out,
    ("DecisionTaskTimedOut", "timeoutType", "START_TO_CLOSE"): decision_times_out,
    ("DecisionTaskTimedOut", "timeoutType", "SCHEDULE_TO_START"): sticky_task_times_out,
    ("ActivityTaskTimedOut", "timeoutType", "START_TO_CLOSE"): activity_times_out("startToCloseTimeout"),
    ("ActivityTaskTimedOut", "timeoutType", "HEARTBEAT"): activity_times_out("heartbeatTimeout"),
    ("ActivityTaskTimedOut", "timeoutType", "SCHEDULE_TO_CLOSE"): activity_times_out(
        "scheduleToCloseTimeout"
    ),
    ("ActivityTaskTimedOut", "timeoutType", "SCHEDULE_TO_START"): activity_times_out(
        "scheduleToStartTimeout", started=False
    ),
    ("LambdaFunctionTimedOut", "timeoutType", "START_TO_CLOSE"): lambda_step("timed out"),
    ("StartLambdaFunctionFailed", "cause", "ASSUME_ROLE_FAILED"): lambda_step("no role"),
}
"""(event type, member, value) -> a story that writes it; causes of decisions that fail are in test_every_cause.py."""


@pytest.mark.parametrize(("event_type", "member", "value"), sorted(VALUES))
def test_every_value_can_be_met(swf: Direct, event_type: str, member: str, value: str) -> None:
    VALUES[event_type, member, value](swf)
    events = [event for execution in swf.executions() for event in swf.history(*execution)]
    written = [attributes(event).get(member) for event in events if event["eventType"] == event_type]
    assert value in written


def test_no_value_is_forgotten() -> None:
    failures = {f"{decision_type}Failed" for decision_type in SHAPES["DecisionType"]["enum"]}
    possible = {
        (event_type, member, value)
        for event_type in EVENT_TYPES - failures
        for member, reference in SHAPES[members_of(event_type)]["members"].items()
        for value in SHAPES[reference["shape"]].get("enum", ())
    }
    assert set(VALUES) == possible


def members_of(event_type: str) -> str:
    return str(SHAPES["HistoryEvent"]["members"][attributes_member(event_type)]["shape"])
