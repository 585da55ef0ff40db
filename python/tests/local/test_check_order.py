"""In which order a request is checked: whatever is wrong with it, the first thing is what the refusal says."""

from __future__ import annotations

from typing import Any

import pytest
from local.direct import ACTIVITY_DEFAULTS, CHARGE, ORDER, WIRE, WORKFLOW_DEFAULTS, Direct, complete, decision
from local.stories import NOBODY

from pyflow.local.engine.fault import Fault


def refused(swf: Direct, operation: str, **members: Any) -> str:
    with pytest.raises(Fault) as fault:
        swf(operation, **members)
    return f"{fault.value.type}: {fault.value.message}"


def test_target_then_json_then_types_then_constraints() -> None:
    def read(operation: str, body: str) -> str:
        with pytest.raises(Fault) as fault:
            WIRE.read(f"SimpleWorkflowService.{operation}", body.encode())
        return fault.value.type

    assert read("Nap", "{") == "UnknownOperationException"
    assert read("StartWorkflowExecution", '{"domain": ""') == "SerializationException"
    assert read("StartWorkflowExecution", '{"domain": "", "workflowId": 1}') == "SerializationException"
    assert read("StartWorkflowExecution", '{"domain": "", "workflowId": "w"}') == "ValidationException"


def test_a_start_is_checked_from_the_domain_to_the_quota(swf: Direct) -> None:
    swf("RegisterDomain", name="old", workflowExecutionRetentionPeriodInDays="1")
    swf("DeprecateDomain", name="old")
    swf.start("open")
    swf("RegisterWorkflowType", name="gone", version="1")
    swf("DeprecateWorkflowType", workflowType={"name": "gone", "version": "1"})
    swf("RegisterWorkflowType", name="bare", version="1")
    swf.limit("executions.OPEN_RUNS_OF_A_DOMAIN", 1)
    request: dict[str, Any] = {"domain": "nowhere", "workflowId": "open", "workflowType": NOBODY}
    first: list[str] = []
    for repair in [
        {"childPolicy": "SPARE"},
        {"childPolicy": "ABANDON"},
        {"domain": "old"},
        {"domain": "shop"},
        {"workflowType": {"name": "gone", "version": "1"}},
        {"workflowType": {"name": "bare", "version": "1"}},
        {"executionStartToCloseTimeout": "60"},
        {"taskList": {"name": "l"}},
        {"taskStartToCloseTimeout": "60"},
        {"workflowType": ORDER},
        {"workflowId": "another"},
    ]:
        request |= repair
        first.append(refused(swf, "StartWorkflowExecution", **request))
    assert [refusal.partition(" at 'childPolicy'")[0] for refusal in first] == [
        "ValidationException: 1 validation error detected: Value 'SPARE'",
        "UnknownResourceFault: Unknown domain: nowhere",
        "DomainDeprecatedFault: old",
        "UnknownResourceFault: Unknown type: WorkflowType=[name=nobody, version=1]",
        "TypeDeprecatedFault: WorkflowType=[name=gone, version=1]",
        "DefaultUndefinedFault: executionStartToCloseTimeout",
        "DefaultUndefinedFault: taskList",
        "DefaultUndefinedFault: taskStartToCloseTimeout",
        "WorkflowExecutionAlreadyStartedFault: Already Started",
        "WorkflowExecutionAlreadyStartedFault: Already Started",
        "LimitExceededFault: open workflow executions in domain shop: 1",
    ]


def test_a_child_policy_that_is_missing_comes_last_of_the_defaults(swf: Direct) -> None:
    swf("RegisterWorkflowType", name="bare", version="1")
    settings = {
        "taskList": {"name": "l"},
        "taskStartToCloseTimeout": "6",
        "executionStartToCloseTimeout": "6",
    }
    bare = {"workflowType": {"name": "bare", "version": "1"}, **settings}
    swf.start("open")
    assert refused(swf, "StartWorkflowExecution", workflowId="open", **bare) == (
        "DefaultUndefinedFault: childPolicy"
    )


@pytest.mark.parametrize("kind", ["ActivityType", "WorkflowType"])
def test_a_registration_is_checked_from_the_domain_to_the_quota(swf: Direct, kind: str) -> None:
    swf("RegisterDomain", name="old", workflowExecutionRetentionPeriodInDays="1")
    known = CHARGE if kind == "ActivityType" else ORDER
    swf(f"Register{kind}", domain="old", **known)
    swf("DeprecateDomain", name="old")
    swf.limit("types.TYPES_OF_A_DOMAIN", 1)
    text = f"{kind}=[name={known['name']}, version=1]"
    assert refused(swf, f"Register{kind}", domain="nowhere", **known).endswith("Unknown domain: nowhere")
    assert refused(swf, f"Register{kind}", domain="old", **known) == "DomainDeprecatedFault: old"
    assert refused(swf, f"Register{kind}", **known) == f"TypeAlreadyExistsFault: {text}"
    assert refused(swf, f"Register{kind}", name="new", version="1").startswith("LimitExceededFault")


def test_filters_are_checked_before_the_domain_and_a_page_token_after_it(swf: Direct) -> None:
    both = {"startTimeFilter": {"oldestDate": 0}, "closeTimeFilter": {"oldestDate": 0}}
    one = {"startTimeFilter": {"oldestDate": 0}, "nextPageToken": "garbage"}
    operation = "ListClosedWorkflowExecutions"
    assert refused(swf, operation, domain="nowhere", **both).startswith("ValidationException: Cannot specify")
    assert refused(swf, operation, domain="nowhere", **one).endswith("Unknown domain: nowhere")
    assert refused(swf, operation, **one) == "ValidationException: Invalid token"


def test_an_answer_is_checked_from_its_token_to_its_batch(swf: Direct) -> None:
    swf.start()
    task = swf.poll()
    twice = [complete(), complete()]
    empty = [{"decisionType": "StartTimer"}, *twice]

    def answer(token: str, batch: list[dict[str, object]]) -> str:
        return refused(swf, "RespondDecisionTaskCompleted", taskToken=token, decisions=batch)

    assert "decisions.1.member.startTimerDecisionAttributes" in answer("garbage", empty)
    assert answer("garbage", twice) == "ValidationException: Invalid token"
    assert answer(task["taskToken"], twice) == "ValidationException: Close must be last decision in list"
    swf.respond(task)
    assert answer(task["taskToken"], twice).endswith("Unknown decision task, scheduledEventId = 2")


def failures(swf: Direct, decision_type: str, repairs: list[dict[str, Any]]) -> list[str]:
    """The causes for which one decision fails while it is repaired bit by bit, the last time by a limit."""
    members: dict[str, Any] = {}
    causes = []
    for number, repair in enumerate(repairs):
        members |= repair
        swf.signal(name=str(number))
        swf.decide(decision(decision_type, **members))
        causes.append(str(swf.last(f"{decision_type}Failed")["cause"]))
    return causes


def test_an_activity_is_checked_in_the_order_of_swf(swf: Direct) -> None:
    for name in ("gone", "bare"):
        swf("RegisterActivityType", name=name, version="1")
    swf("DeprecateActivityType", activityType={"name": "gone", "version": "1"})
    swf.start()
    swf.decide(decision("ScheduleActivityTask", activityType=CHARGE, activityId="open"))
    swf.limit("activities.OPEN_ACTIVITIES", 1)
    repairs = [
        {"activityType": NOBODY, "activityId": "open"},
        {"activityType": {"name": "gone", "version": "1"}},
        {"activityType": {"name": "bare", "version": "1"}},
        {"activityId": "new"},
        {"taskList": ACTIVITY_DEFAULTS["defaultTaskList"]},
        {"scheduleToStartTimeout": "NONE"},
        {"scheduleToCloseTimeout": "NONE"},
        {"startToCloseTimeout": "NONE"},
        {"heartbeatTimeout": "NONE"},
    ]
    assert failures(swf, "ScheduleActivityTask", repairs) == [
        "ACTIVITY_TYPE_DOES_NOT_EXIST",
        "ACTIVITY_TYPE_DEPRECATED",
        "ACTIVITY_ID_ALREADY_IN_USE",
        "DEFAULT_TASK_LIST_UNDEFINED",
        "DEFAULT_SCHEDULE_TO_START_TIMEOUT_UNDEFINED",
        "DEFAULT_SCHEDULE_TO_CLOSE_TIMEOUT_UNDEFINED",
        "DEFAULT_START_TO_CLOSE_TIMEOUT_UNDEFINED",
        "DEFAULT_HEARTBEAT_TIMEOUT_UNDEFINED",
        "OPEN_ACTIVITIES_LIMIT_EXCEEDED",
    ]


def test_a_child_is_checked_in_the_order_of_the_reference(swf: Direct) -> None:
    for name in ("gone", "bare"):
        swf("RegisterWorkflowType", name=name, version="1")
    swf("DeprecateWorkflowType", workflowType={"name": "gone", "version": "1"})
    swf.start()
    swf.limit("others.OPEN_CHILDREN", 0)
    swf.limit("others.OPEN_RUNS_OF_A_DOMAIN", 0)
    repairs = [
        {"workflowType": NOBODY, "workflowId": "o1"},
        {"workflowType": {"name": "gone", "version": "1"}},
        {"workflowType": {"name": "bare", "version": "1"}},
        {"executionStartToCloseTimeout": "60"},
        {"taskList": {"name": "l"}},
        {"taskStartToCloseTimeout": "60"},
        {"childPolicy": "ABANDON"},
    ]
    assert failures(swf, "StartChildWorkflowExecution", repairs) == [
        "WORKFLOW_TYPE_DOES_NOT_EXIST",
        "WORKFLOW_TYPE_DEPRECATED",
        "DEFAULT_EXECUTION_START_TO_CLOSE_TIMEOUT_UNDEFINED",
        "DEFAULT_TASK_LIST_UNDEFINED",
        "DEFAULT_TASK_START_TO_CLOSE_TIMEOUT_UNDEFINED",
        "DEFAULT_CHILD_POLICY_UNDEFINED",
        "OPEN_CHILDREN_LIMIT_EXCEEDED",
    ]
    swf.limit("others.OPEN_CHILDREN", 1)
    assert failures(swf, "StartChildWorkflowExecution", [{"workflowId": "o1", "workflowType": ORDER}]) == [
        "OPEN_WORKFLOWS_LIMIT_EXCEEDED"
    ]
    swf.limit("others.OPEN_RUNS_OF_A_DOMAIN", 2)
    assert failures(swf, "StartChildWorkflowExecution", [{"workflowId": "o1", "workflowType": ORDER}]) == [
        "WORKFLOW_ALREADY_RUNNING"
    ]


def test_a_run_that_continues_is_checked_in_the_order_of_the_reference(swf: Direct) -> None:
    swf("RegisterWorkflowType", name="order", version="2")
    swf("RegisterWorkflowType", name="order", version="3", **WORKFLOW_DEFAULTS)
    swf("DeprecateWorkflowType", workflowType={"name": "order", "version": "3"})
    swf.start()
    task = swf.poll()
    swf.signal()
    swf.respond(task, decision("ContinueAsNewWorkflowExecution", workflowTypeVersion="nobody"))
    assert swf.last("ContinueAsNewWorkflowExecutionFailed")["cause"] == "UNHANDLED_DECISION"
    repairs = [
        {"workflowTypeVersion": "nobody"},
        {"workflowTypeVersion": "3"},
        {"workflowTypeVersion": "2"},
        {"executionStartToCloseTimeout": "60"},
        {"taskList": {"name": "l"}},
        {"taskStartToCloseTimeout": "60"},
    ]
    assert failures(swf, "ContinueAsNewWorkflowExecution", repairs) == [
        "WORKFLOW_TYPE_DOES_NOT_EXIST",
        "WORKFLOW_TYPE_DEPRECATED",
        "DEFAULT_EXECUTION_START_TO_CLOSE_TIMEOUT_UNDEFINED",
        "DEFAULT_TASK_LIST_UNDEFINED",
        "DEFAULT_TASK_START_TO_CLOSE_TIMEOUT_UNDEFINED",
        "DEFAULT_CHILD_POLICY_UNDEFINED",
    ]


def test_an_id_that_is_taken_is_told_before_a_limit(swf: Direct) -> None:
    swf.start()
    swf.limit("timers.OPEN_TIMERS", 0)
    swf.limit("lambdas.OPEN_LAMBDAS", 0)
    timer = [{"timerId": "t", "startToFireTimeout": "1"}]
    function = [{"id": "l", "name": "f"}]
    assert failures(swf, "StartTimer", timer) == ["OPEN_TIMERS_LIMIT_EXCEEDED"]
    assert failures(swf, "ScheduleLambdaFunction", function) == ["OPEN_LAMBDA_FUNCTIONS_LIMIT_EXCEEDED"]
    swf.limit("timers.OPEN_TIMERS", 1)
    swf.limit("lambdas.OPEN_LAMBDAS", 1)
    swf.signal()
    swf.decide(decision("StartTimer", **timer[0]), decision("ScheduleLambdaFunction", **function[0]))
    assert failures(swf, "StartTimer", timer) == ["TIMER_ID_ALREADY_IN_USE"]
    assert failures(swf, "ScheduleLambdaFunction", function) == ["ID_ALREADY_IN_USE"]
