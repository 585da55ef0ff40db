"""Every decision of AWS's model, and every cause for which it may fail, has a row here that meets it, or stands
in the list of what can't arise on one machine."""

from __future__ import annotations

import pytest
from local.conformity import SHAPES
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
from local.stories import CANCEL, NOBODY, SIGNAL, Story, unseen_signal

from pyflow.local.engine import rates
from pyflow.local.engine.accept.decisions import CLOSES, DECISIONS
from pyflow.local.service.throttle import Throttle


def deprecated(kind: str, **type_: str) -> Story:
    def prepare(swf: Direct) -> None:
        member = kind[0].lower() + kind[1:]
        swf(f"Deprecate{kind}", **{member: type_})

    return prepare


def bare(kind: str, without: str) -> Story:
    """Register a type that has every default but one."""

    def prepare(swf: Direct) -> None:
        defaults = ACTIVITY_DEFAULTS if kind == "ActivityType" else WORKFLOW_DEFAULTS
        kept = {name: value for name, value in defaults.items() if name != without}
        swf(f"Register{kind}", name="bare", version="1", **kept)

    return prepare


def lower(name: str, value: int) -> Story:
    def prepare(swf: Direct) -> None:
        swf.limit(name, value)

    return prepare


def nothing(swf: Direct) -> None:
    pass


BARE = {"name": "bare", "version": "1"}
CONTINUE = decision("ContinueAsNewWorkflowExecution")
CONTINUE_BARE = decision("ContinueAsNewWorkflowExecution", workflowTypeVersion="2")


def bare_version(without: str) -> Story:
    """Register order 2 without one default."""

    def prepare(swf: Direct) -> None:
        kept = {name: value for name, value in WORKFLOW_DEFAULTS.items() if name != without}
        swf("RegisterWorkflowType", name="order", version="2", **kept)

    return prepare


def throttled(decision_type: str) -> Story:
    def prepare(swf: Direct) -> None:
        swf.service.throttle = Throttle()
        swf.monkeypatch.setitem(rates.DECISIONS, decision_type, rates.Rate(0, 0))

    return prepare


CAUSES: dict[tuple[str, str], tuple[Story, list[dict[str, object]]]] = {
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


@pytest.mark.parametrize("decision_type", sorted(CLOSES))
def test_every_close_fails_over_what_its_decider_has_not_seen(swf: Direct, decision_type: str) -> None:
    unseen_signal(decision_type)(swf)
    assert swf.last(f"{decision_type}Failed") == {
        "cause": "UNHANDLED_DECISION",
        "decisionTaskCompletedEventId": 6,
    }


def test_no_cause_of_failure_is_forgotten() -> None:
    covered = {}
    for decision_type, cause in CAUSES:
        covered.setdefault(decision_type, set()).add(cause)
    for decision_type in SHAPES["DecisionType"]["enum"]:
        causes = set(SHAPES[f"{decision_type}FailedCause"]["enum"])
        if decision_type in CLOSES:
            covered.setdefault(decision_type, set()).add("UNHANDLED_DECISION")
        assert covered.get(decision_type, set()) == causes - NOT_HERE, decision_type


SUCCESS: dict[str, tuple[dict[str, object], str]] = {
    "ScheduleActivityTask": (schedule(), "ActivityTaskScheduled"),
    "RequestCancelActivityTask": (
        decision("RequestCancelActivityTask", activityId="a0"),
        "ActivityTaskCancelRequested",
    ),
    "CompleteWorkflowExecution": (complete(), "WorkflowExecutionCompleted"),
    "FailWorkflowExecution": (decision("FailWorkflowExecution"), "WorkflowExecutionFailed"),
    "CancelWorkflowExecution": (decision("CancelWorkflowExecution"), "WorkflowExecutionCanceled"),
    "ContinueAsNewWorkflowExecution": (CONTINUE, "WorkflowExecutionContinuedAsNew"),
    "RecordMarker": (decision("RecordMarker", markerName="m"), "MarkerRecorded"),
    "StartTimer": (timer(), "TimerStarted"),
    "CancelTimer": (decision("CancelTimer", timerId="t0"), "TimerCanceled"),
    "SignalExternalWorkflowExecution": (SIGNAL, "SignalExternalWorkflowExecutionInitiated"),
    "RequestCancelExternalWorkflowExecution": (CANCEL, "RequestCancelExternalWorkflowExecutionInitiated"),
    "StartChildWorkflowExecution": (child(), "StartChildWorkflowExecutionInitiated"),
    "ScheduleLambdaFunction": (function(), "LambdaFunctionScheduled"),
}
"""Decision -> one that succeeds beside activity a0 and timer t0, and the event it writes."""


@pytest.mark.parametrize("decision_type", sorted(SUCCESS))
def test_every_decision_can_succeed(swf: Direct, decision_type: str) -> None:
    batch, event_type = SUCCESS[decision_type]
    run_id = swf.start()
    swf.decide(schedule("a0"), timer("t0"))
    swf.work()
    swf.signal()
    swf.decide(batch)
    written = swf.last(event_type, run_id=run_id)
    assert written["decisionTaskCompletedEventId"] == 11


def test_no_decision_is_forgotten() -> None:
    assert set(SUCCESS) == set(DECISIONS) == set(SHAPES["DecisionType"]["enum"])
