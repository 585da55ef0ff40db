"""Everything SWF can write, and how to make it: each event type and failure cause of AWS's model has a row here,
or stands in the list of what can't arise on one machine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from local.conformity import MODEL, SHAPES
from local.direct import (
    ACTIVITY_DEFAULTS,
    WORKFLOW_DEFAULTS,
    Direct,
    child,
    complete,
    decision,
    function,
    schedule,
    timer,
)

from pyflow.local.engine import limits, rates
from pyflow.local.engine.accept import decisions
from pyflow.local.engine.accept.waking import WAKING
from pyflow.local.engine.apply import CHANGES, UNCHANGING
from pyflow.local.operations import OPERATIONS
from pyflow.local.service.throttle import Throttle

EVENT_TYPES = set(SHAPES["EventType"]["enum"])
NOBODY = {"name": "nobody", "version": "1"}
ROLE = "arn:aws:iam::123456789012:role/r"


def decided(*batch: dict[str, object], **start: object) -> Callable[[Direct], None]:
    """A run whose decider answers its first task with these."""

    def story(swf: Direct) -> None:
        swf.start(**start)
        swf.decide(*batch)

    return story


def cancel_activity(swf: Direct) -> None:
    decided(schedule())(swf)
    swf.signal()
    swf.decide(decision("RequestCancelActivityTask", activityId="a1"))


def answered(operation: str) -> Callable[[Direct], None]:
    def story(swf: Direct) -> None:
        decided(schedule())(swf)
        swf(operation, taskToken=swf.work()["taskToken"])

    return story


def activity_times_out(swf: Direct) -> None:
    decided(schedule(startToCloseTimeout="1"))(swf)
    swf.work()
    swf.advance(1)


def unseen_signal(close: str) -> Callable[[Direct], None]:
    def story(swf: Direct) -> None:
        swf.start()
        task = swf.poll()
        swf.signal()
        swf.respond(task, {"decisionType": close})

    return story


def child_closes(*batch: dict[str, object]) -> Callable[[Direct], None]:
    def story(swf: Direct) -> None:
        decided(child())(swf)
        swf.decide(*batch, task_list="children")

    return story


def child_is_terminated(swf: Direct) -> None:
    decided(child())(swf)
    swf("TerminateWorkflowExecution", workflowId="c1")


def to_another(kind: str, **members: str) -> Callable[[Direct], None]:
    def story(swf: Direct) -> None:
        swf.start("other", taskList={"name": "elsewhere"})
        decided(decision(kind, workflowId="other", **members))(swf)

    return story


def lambda_step(step: str) -> Callable[[Direct], None]:
    def story(swf: Direct) -> None:
        swf.start(**({} if step == "no role" else {"lambdaRole": ROLE}))
        swf.decide(function(startToCloseTimeout="1"))
        swf.invoke()
        if step == "completed":
            swf.returned(result="1")
        elif step == "failed":
            swf.raised("UnhandledError", "{}")
        elif step == "timed out":
            swf.advance(1)

    return story


def cancel_timer(swf: Direct) -> None:
    decided(timer(), decision("CancelTimer", timerId="t1"))(swf)


def timer_fires(swf: Direct) -> None:
    decided(timer())(swf)
    swf.advance(5)


def cancel_requested(swf: Direct) -> None:
    swf.start()
    swf("RequestCancelWorkflowExecution", workflowId="o1")


def terminated(swf: Direct) -> None:
    swf.start()
    swf("TerminateWorkflowExecution", workflowId="o1")


def signaled(swf: Direct) -> None:
    swf.start()
    swf.signal()


def execution_times_out(swf: Direct) -> None:
    swf.start()
    swf.advance(3600)


def child_times_out(swf: Direct) -> None:
    decided(child(executionStartToCloseTimeout="1"))(swf)
    swf.advance(1)


def decision_times_out(swf: Direct) -> None:
    swf.start()
    swf.poll()
    swf.advance(10)


SIGNAL = decision("SignalExternalWorkflowExecution", workflowId="nobody", signalName="s")
CANCEL = decision("RequestCancelExternalWorkflowExecution", workflowId="nobody")

EVENTS: dict[str, Callable[[Direct], None]] = {
    "WorkflowExecutionStarted": decided(),
    "WorkflowExecutionSignaled": signaled,
    "WorkflowExecutionCancelRequested": cancel_requested,
    "WorkflowExecutionCompleted": decided(complete()),
    "WorkflowExecutionFailed": decided(decision("FailWorkflowExecution")),
    "WorkflowExecutionCanceled": decided(decision("CancelWorkflowExecution")),
    "WorkflowExecutionContinuedAsNew": decided(decision("ContinueAsNewWorkflowExecution")),
    "WorkflowExecutionTimedOut": execution_times_out,
    "WorkflowExecutionTerminated": terminated,
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
    "ActivityTaskTimedOut": activity_times_out,
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
def test_every_event_can_be_made_and_is_as_the_model_has_it(swf: Direct, event_type: str) -> None:
    EVENTS[event_type](swf)
    written = {written for execution in swf.executions() for written in swf.types(*execution)}
    assert event_type in written


def test_no_event_type_is_forgotten() -> None:
    assert set(EVENTS) | WITHOUT_IAM == EVENT_TYPES
    assert set(CHANGES) | UNCHANGING == EVENT_TYPES
    assert not set(CHANGES) & UNCHANGING
    assert WAKING < EVENT_TYPES


def deprecated(kind: str, **type_: str) -> Callable[[Direct], None]:
    def prepare(swf: Direct) -> None:
        member = kind[0].lower() + kind[1:]
        swf(f"Deprecate{kind}", **{member: type_})

    return prepare


def bare(kind: str, without: str) -> Callable[[Direct], None]:
    """Register a type that has every default but one."""

    def prepare(swf: Direct) -> None:
        defaults = ACTIVITY_DEFAULTS if kind == "ActivityType" else WORKFLOW_DEFAULTS
        kept = {name: value for name, value in defaults.items() if name != without}
        swf(f"Register{kind}", name="bare", version="1", **kept)

    return prepare


def lower(name: str, value: int) -> Callable[[Direct], None]:
    def prepare(swf: Direct) -> None:
        swf.limit(name, value)

    return prepare


def nothing(swf: Direct) -> None:
    pass


BARE = {"name": "bare", "version": "1"}
CONTINUE = decision("ContinueAsNewWorkflowExecution")
CONTINUE_BARE = decision("ContinueAsNewWorkflowExecution", workflowTypeVersion="2")


def bare_version(without: str) -> Callable[[Direct], None]:
    """Register order 2 without one default."""

    def prepare(swf: Direct) -> None:
        kept = {name: value for name, value in WORKFLOW_DEFAULTS.items() if name != without}
        swf("RegisterWorkflowType", name="order", version="2", **kept)

    return prepare


def throttled(decision_type: str) -> Callable[[Direct], None]:
    def prepare(swf: Direct) -> None:
        swf.service.throttle = Throttle()
        swf.monkeypatch.setitem(rates.DECISIONS, decision_type, rates.Rate(0, 0))

    return prepare


CAUSES: dict[tuple[str, str], tuple[Callable[[Direct], None], list[dict[str, object]]]] = {
    ("ScheduleActivityTask", "ACTIVITY_TYPE_DOES_NOT_EXIST"): (nothing, [schedule(activityType=NOBODY)]),
    ("ScheduleActivityTask", "ACTIVITY_TYPE_DEPRECATED"): (
        deprecated("ActivityType", name="charge", version="1"),
        [schedule()],
    ),
    ("ScheduleActivityTask", "ACTIVITY_ID_ALREADY_IN_USE"): (nothing, [schedule(), schedule()]),
    ("ScheduleActivityTask", "OPEN_ACTIVITIES_LIMIT_EXCEEDED"): (
        lower("activities.OPEN_ACTIVITIES", 1),
        [schedule("a1"), schedule("a2")],
    ),
    **{
        ("ScheduleActivityTask", cause): (bare("ActivityType", default), [schedule(activityType=BARE)])
        for default, cause in [
            ("defaultTaskList", "DEFAULT_TASK_LIST_UNDEFINED"),
            ("defaultTaskScheduleToStartTimeout", "DEFAULT_SCHEDULE_TO_START_TIMEOUT_UNDEFINED"),
            ("defaultTaskScheduleToCloseTimeout", "DEFAULT_SCHEDULE_TO_CLOSE_TIMEOUT_UNDEFINED"),
            ("defaultTaskStartToCloseTimeout", "DEFAULT_START_TO_CLOSE_TIMEOUT_UNDEFINED"),
            ("defaultTaskHeartbeatTimeout", "DEFAULT_HEARTBEAT_TIMEOUT_UNDEFINED"),
        ]
    },
    ("RequestCancelActivityTask", "ACTIVITY_ID_UNKNOWN"): (
        nothing,
        [decision("RequestCancelActivityTask", activityId="a1")],
    ),
    ("StartTimer", "TIMER_ID_ALREADY_IN_USE"): (nothing, [timer(), timer()]),
    ("StartTimer", "OPEN_TIMERS_LIMIT_EXCEEDED"): (
        lower("timers.OPEN_TIMERS", 1),
        [timer("t1"), timer("t2")],
    ),
    ("CancelTimer", "TIMER_ID_UNKNOWN"): (nothing, [decision("CancelTimer", timerId="t1")]),
    ("SignalExternalWorkflowExecution", "UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION"): (nothing, [SIGNAL]),
    ("RequestCancelExternalWorkflowExecution", "UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION"): (nothing, [CANCEL]),
    ("StartChildWorkflowExecution", "WORKFLOW_TYPE_DOES_NOT_EXIST"): (nothing, [child(workflowType=NOBODY)]),
    ("StartChildWorkflowExecution", "WORKFLOW_TYPE_DEPRECATED"): (
        deprecated("WorkflowType", name="order", version="1"),
        [child()],
    ),
    ("StartChildWorkflowExecution", "WORKFLOW_ALREADY_RUNNING"): (nothing, [child("o1")]),
    ("StartChildWorkflowExecution", "OPEN_CHILDREN_LIMIT_EXCEEDED"): (
        lower("others.OPEN_CHILDREN", 1),
        [child("c1"), child("c2")],
    ),
    ("StartChildWorkflowExecution", "OPEN_WORKFLOWS_LIMIT_EXCEEDED"): (
        lower("others.OPEN_RUNS_OF_A_DOMAIN", 1),
        [child()],
    ),
    **{
        ("StartChildWorkflowExecution", cause): (
            bare("WorkflowType", default),
            [decision("StartChildWorkflowExecution", workflowId="c1", workflowType=BARE)],
        )
        for default, cause in [
            ("defaultExecutionStartToCloseTimeout", "DEFAULT_EXECUTION_START_TO_CLOSE_TIMEOUT_UNDEFINED"),
            ("defaultTaskList", "DEFAULT_TASK_LIST_UNDEFINED"),
            ("defaultTaskStartToCloseTimeout", "DEFAULT_TASK_START_TO_CLOSE_TIMEOUT_UNDEFINED"),
            ("defaultChildPolicy", "DEFAULT_CHILD_POLICY_UNDEFINED"),
        ]
    },
    ("ContinueAsNewWorkflowExecution", "WORKFLOW_TYPE_DOES_NOT_EXIST"): (nothing, [CONTINUE_BARE]),
    ("ContinueAsNewWorkflowExecution", "WORKFLOW_TYPE_DEPRECATED"): (
        deprecated("WorkflowType", name="order", version="1"),
        [CONTINUE],
    ),
    **{
        ("ContinueAsNewWorkflowExecution", cause): (bare_version(default), [CONTINUE_BARE])
        for default, cause in [
            ("defaultExecutionStartToCloseTimeout", "DEFAULT_EXECUTION_START_TO_CLOSE_TIMEOUT_UNDEFINED"),
            ("defaultTaskList", "DEFAULT_TASK_LIST_UNDEFINED"),
            ("defaultTaskStartToCloseTimeout", "DEFAULT_TASK_START_TO_CLOSE_TIMEOUT_UNDEFINED"),
            ("defaultChildPolicy", "DEFAULT_CHILD_POLICY_UNDEFINED"),
        ]
    },
    ("ScheduleLambdaFunction", "ID_ALREADY_IN_USE"): (nothing, [function(), function()]),
    ("ScheduleLambdaFunction", "OPEN_LAMBDA_FUNCTIONS_LIMIT_EXCEEDED"): (
        lower("lambdas.OPEN_LAMBDAS", 1),
        [function("l1"), function("l2")],
    ),
    **{
        (batch[0]["decisionType"], cause): (throttled(batch[0]["decisionType"]), batch)
        for cause, batch in [
            ("ACTIVITY_CREATION_RATE_EXCEEDED", [schedule()]),
            ("CHILD_CREATION_RATE_EXCEEDED", [child()]),
            ("CONTINUE_AS_NEW_WORKFLOW_EXECUTION_RATE_EXCEEDED", [CONTINUE]),
            ("LAMBDA_FUNCTION_CREATION_RATE_EXCEEDED", [function()]),
            ("REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_RATE_EXCEEDED", [CANCEL]),
            ("SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_RATE_EXCEEDED", [SIGNAL]),
            ("TIMER_CREATION_RATE_EXCEEDED", [timer()]),
        ]
    },
}
"""(decision, cause) -> what to prepare, and the batch that fails of it."""

ELSEWHERE = {"UNHANDLED_DECISION"}
"""Causes that test_decision_tasks.py pins, for all four closes."""

NOT_HERE = {"OPERATION_NOT_PERMITTED", "LAMBDA_SERVICE_NOT_AVAILABLE_IN_REGION"}
"""No IAM, no regions."""


@pytest.mark.parametrize(("decision_type", "cause"), sorted(CAUSES))
def test_every_cause_of_failure_can_be_met(swf: Direct, decision_type: str, cause: str) -> None:
    prepare, batch = CAUSES[decision_type, cause]
    swf.start()
    prepare(swf)
    swf.decide(*batch)
    failed = swf.last(f"{decision_type}Failed")
    assert failed["cause"] == cause
    assert failed["decisionTaskCompletedEventId"] == 4
    assert swf.describe()["openCounts"]["openDecisionTasks"] == 1


def test_no_cause_of_failure_is_forgotten() -> None:
    covered = {}
    for decision_type, cause in CAUSES:
        covered.setdefault(decision_type, set()).add(cause)
    for decision_type in SHAPES["DecisionType"]["enum"]:
        causes = set(SHAPES[f"{decision_type}FailedCause"]["enum"])
        assert covered.get(decision_type, set()) == causes - NOT_HERE - ELSEWHERE, decision_type


def test_every_operation_and_decision_of_the_model_is_there() -> None:
    assert set(OPERATIONS) == set(MODEL["operations"])
    assert len(OPERATIONS) == 39
    assert set(decisions.DECISIONS) == set(SHAPES["DecisionType"]["enum"])


def test_the_limits_are_those_of_the_developer_guide() -> None:
    assert (limits.EVENTS, limits.OPEN_RUNS_OF_A_DOMAIN, limits.DOMAINS) == (25_000, 100_000, 100)
    assert {limits.OPEN_ACTIVITIES, limits.OPEN_TIMERS, limits.OPEN_CHILDREN} == {1_000}
    assert (limits.TYPES_OF_A_DOMAIN, limits.TAGS_OF_A_DOMAIN, limits.POLLS_OF_A_TASK_LIST) == (
        10_000,
        50,
        1_000,
    )
