"""Executions from the outside, and how they close."""

from __future__ import annotations

import pytest
from local.direct import (
    ORDER,
    WORKFLOW_DEFAULTS,
    Direct,
    child,
    complete,
    decision,
    function,
    schedule,
    timer,
)

from pyflow.local.engine.fault import Fault


def test_a_workflow_id_has_one_open_run_at_a_time(swf: Direct) -> None:
    first = swf.start()
    with pytest.raises(Fault) as refused:
        swf.start()
    assert refused.value.type == "WorkflowExecutionAlreadyStartedFault"
    swf.decide(complete())
    second = swf.start()
    assert len(first) == len(second) == 46
    assert first != second
    assert first.endswith("=")


@pytest.mark.parametrize(
    ("lacking", "setting"),
    [
        ("defaultExecutionStartToCloseTimeout", "executionStartToCloseTimeout"),
        ("defaultTaskList", "taskList"),
        ("defaultTaskStartToCloseTimeout", "taskStartToCloseTimeout"),
        ("defaultChildPolicy", "childPolicy"),
    ],
)
def test_a_setting_that_nobody_gave_is_named(swf: Direct, lacking: str, setting: str) -> None:
    defaults = {
        "defaultTaskList": {"name": "deciders"},
        "defaultExecutionStartToCloseTimeout": "60",
        "defaultTaskStartToCloseTimeout": "10",
        "defaultChildPolicy": "ABANDON",
    }
    del defaults[lacking]
    swf("RegisterWorkflowType", name="bare", version="1", **defaults)
    with pytest.raises(Fault) as refused:
        swf.start(workflowType={"name": "bare", "version": "1"})
    assert (refused.value.type, refused.value.message) == ("DefaultUndefinedFault", setting)


def test_what_a_start_says_wins_over_the_type(swf: Direct) -> None:
    swf.start(
        taskList={"name": "mine"},
        executionStartToCloseTimeout="7",
        taskStartToCloseTimeout="NONE",
        childPolicy="ABANDON",
        taskPriority="3",
        lambdaRole="arn:aws:iam::1:role/r",
    )
    assert swf.describe()["executionConfiguration"] == {
        "taskStartToCloseTimeout": "NONE",
        "executionStartToCloseTimeout": "7",
        "taskList": {"name": "mine"},
        "taskPriority": "3",
        "childPolicy": "ABANDON",
        "lambdaRole": "arn:aws:iam::1:role/r",
    }


def test_what_a_start_does_not_say_is_taken_from_the_type(swf: Direct) -> None:
    rich = {"name": "rich", "version": "1"}
    role = "arn:aws:iam::1:role/r"
    defaults = {"defaultTaskPriority": "-3", "defaultLambdaRole": role}
    swf("RegisterWorkflowType", **rich, **WORKFLOW_DEFAULTS, **defaults)
    swf.start(workflowType=rich)
    assert swf.describe()["executionConfiguration"] == {
        "taskStartToCloseTimeout": "10",
        "executionStartToCloseTimeout": "3600",
        "taskList": {"name": "deciders"},
        "taskPriority": "-3",
        "childPolicy": "TERMINATE",
        "lambdaRole": role,
    }
    assert swf.last("WorkflowExecutionStarted")["lambdaRole"] == role
    assert swf.last("DecisionTaskScheduled")["taskPriority"] == "-3"
    described = swf("DescribeWorkflowType", workflowType=rich)
    assert described["configuration"] == {**WORKFLOW_DEFAULTS, **defaults}


def test_a_signal_is_recorded_as_it_came(swf: Direct) -> None:
    swf.start()
    swf.decide()
    swf.signal(input="", name="a:b")
    assert swf.last("WorkflowExecutionSignaled") == {
        "signalName": "a:b",
        "input": "",
        "externalInitiatedEventId": 0,
    }
    assert swf.types()[-1] == "DecisionTaskScheduled"


def test_a_cancel_request_is_advice_and_may_be_repeated(swf: Direct) -> None:
    run_id = swf.start()
    swf.decide()
    swf("RequestCancelWorkflowExecution", workflowId="o1", runId=run_id)
    swf("RequestCancelWorkflowExecution", workflowId="o1")
    assert swf.types(start=5) == [
        "WorkflowExecutionCancelRequested",
        "DecisionTaskScheduled",
        "WorkflowExecutionCancelRequested",
    ]
    assert swf.last("WorkflowExecutionCancelRequested") == {"externalInitiatedEventId": 0}
    assert swf.describe()["executionInfo"]["cancelRequested"] is True
    swf.decide(decision("CancelWorkflowExecution", details="stopped"))
    assert swf.describe()["executionInfo"]["closeStatus"] == "CANCELED"
    assert swf.last("WorkflowExecutionCanceled")["details"] == "stopped"


def test_a_termination_closes_at_once(swf: Direct) -> None:
    swf.start()
    task = swf.poll()
    swf("TerminateWorkflowExecution", workflowId="o1", reason="r", details="d", childPolicy="ABANDON")
    assert swf.last("WorkflowExecutionTerminated") == {
        "childPolicy": "ABANDON",
        "cause": "OPERATOR_INITIATED",
        "reason": "r",
        "details": "d",
    }
    with pytest.raises(Fault, match=r"Unknown execution: WorkflowExecution=\[workflowId=o1, runId="):
        swf.respond(task, complete())


@pytest.mark.parametrize(
    ("close", "status", "event"),
    [
        (complete(result="r"), "COMPLETED", {"result": "r", "decisionTaskCompletedEventId": 4}),
        (
            decision("FailWorkflowExecution", reason="r", details="d"),
            "FAILED",
            {"reason": "r", "details": "d", "decisionTaskCompletedEventId": 4},
        ),
        (decision("CancelWorkflowExecution"), "CANCELED", {"decisionTaskCompletedEventId": 4}),
    ],
)
def test_a_decision_closes_the_run(
    swf: Direct, close: dict[str, object], status: str, event: dict[str, object]
) -> None:
    swf.start()
    swf.decide(close)
    description = swf.describe()["executionInfo"]
    assert (description["executionStatus"], description["closeStatus"]) == ("CLOSED", status)
    assert swf.last(swf.types()[-1]) == event


def test_an_execution_times_out_whatever_it_is_doing(swf: Direct) -> None:
    swf.start(executionStartToCloseTimeout="8")
    task = swf.poll()
    swf.advance(8)
    assert swf.history()[-1]["eventTimestamp"] == 1767225608.0
    assert swf.last("WorkflowExecutionTimedOut") == {
        "timeoutType": "START_TO_CLOSE",
        "childPolicy": "TERMINATE",
    }
    assert swf.describe()["executionInfo"]["closeStatus"] == "TIMED_OUT"
    assert swf.describe()["executionInfo"]["closeTimestamp"] == 1767225608.0
    with pytest.raises(Fault, match="Unknown execution"):
        swf.respond(task)


def test_open_work_does_not_keep_a_run_from_closing(swf: Direct) -> None:
    swf.start()
    swf.decide(schedule(), timer())
    swf.signal()
    swf.decide(complete())
    assert swf.types()[-1] == "WorkflowExecutionCompleted"


def test_who_is_not_open_can_not_be_signaled_canceled_or_terminated(swf: Direct) -> None:
    run_id = swf.start()
    swf.decide(complete())
    calls = [
        ("SignalWorkflowExecution", {"signalName": "s"}),
        ("RequestCancelWorkflowExecution", {}),
        ("TerminateWorkflowExecution", {}),
    ]
    for operation, members in calls:
        with pytest.raises(Fault, match=r"Unknown execution, workflowId = o1$"):
            swf(operation, workflowId="o1", **members)
        with pytest.raises(Fault, match=r"Unknown execution: WorkflowExecution=\[workflowId=o1, runId=22"):
            swf(operation, workflowId="o1", runId=run_id, **members)


def test_a_run_continues_as_new_with_the_settings_of_its_type_alone(swf: Direct) -> None:
    first = swf.start(taskPriority="4", tagList=["old"], input="1", executionStartToCloseTimeout="99")
    swf.decide(decision("ContinueAsNewWorkflowExecution", input="2", tagList=["new"]))
    second = swf.newest("o1")
    assert swf.last("WorkflowExecutionContinuedAsNew", run_id=first) == {
        "newExecutionRunId": second,
        "decisionTaskCompletedEventId": 4,
        "workflowType": ORDER,
        "executionStartToCloseTimeout": "3600",
        "taskList": {"name": "deciders"},
        "taskStartToCloseTimeout": "10",
        "childPolicy": "TERMINATE",
        "input": "2",
        "tagList": ["new"],
    }
    assert swf.types(run_id=second) == ["WorkflowExecutionStarted", "DecisionTaskScheduled"]
    started = swf.last("WorkflowExecutionStarted", run_id=second)
    assert (started["continuedExecutionRunId"], started["input"]) == (first, "2")
    assert "taskPriority" not in started
    assert swf.describe(run_id=first)["executionInfo"]["closeStatus"] == "CONTINUED_AS_NEW"
    assert swf.describe()["executionInfo"]["executionStatus"] == "OPEN"


def test_a_run_may_continue_as_another_version(swf: Direct) -> None:
    swf("RegisterWorkflowType", name="order", version="2", defaultTaskList={"name": "two"})
    swf.start()
    swf.decide(
        decision(
            "ContinueAsNewWorkflowExecution",
            workflowTypeVersion="2",
            executionStartToCloseTimeout="9",
            taskStartToCloseTimeout="8",
            childPolicy="ABANDON",
        )
    )
    assert swf.poll("two")["workflowType"] == {"name": "order", "version": "2"}


def test_closed_runs_are_known_as_long_as_their_domain_retains_them(swf: Direct) -> None:
    swf.start()
    swf.decide(complete())
    swf.advance(7 * 24 * 3600 - 1)
    assert swf.describe()["executionInfo"]["closeStatus"] == "COMPLETED"
    run_id = swf.newest("o1")
    swf.advance(1)
    with pytest.raises(Fault, match="Unknown execution"):
        swf.describe(run_id=run_id)
    assert swf("CountClosedWorkflowExecutions", startTimeFilter={"oldestDate": 0})["count"] == 0
    swf.start("o2")
    swf.decide(complete())
    assert swf.service.store.run(1) is None, "the next close should purge it"


def test_what_is_open_is_counted_and_after_the_close_activities_alone(swf: Direct) -> None:
    swf.start()
    batch = [schedule("a1"), schedule("a2"), timer(), child(), function()]
    swf.decide(*batch, executionContext="c")
    assert swf.describe()["openCounts"] == {
        "openActivityTasks": 2,
        "openDecisionTasks": 1,
        "openTimers": 1,
        "openChildWorkflowExecutions": 1,
        "openLambdaFunctions": 1,
    }
    swf("TerminateWorkflowExecution", workflowId="o1")
    description = swf.describe()
    assert description["openCounts"] == {
        "openActivityTasks": 2,
        "openDecisionTasks": 0,
        "openTimers": 0,
        "openChildWorkflowExecutions": 0,
        "openLambdaFunctions": 0,
    }
    assert description["latestExecutionContext"] == "c"
    assert description["latestActivityTaskTimestamp"] == 1767225600.0


def test_a_task_that_waits_behind_one_that_is_started_counts_with_it_as_one(swf: Direct) -> None:
    swf.start()
    swf.poll()
    swf.signal()
    assert swf.describe()["openCounts"]["openDecisionTasks"] == 1


def test_a_cancel_request_is_remembered_after_the_close(swf: Direct) -> None:
    swf.start()
    swf("RequestCancelWorkflowExecution", workflowId="o1")
    swf.decide(complete())
    assert swf.describe()["executionInfo"]["cancelRequested"] is True


def test_a_cancel_decision_needs_no_request_and_makes_none(swf: Direct) -> None:
    swf.start()
    swf.decide(decision("CancelWorkflowExecution"))
    assert swf.describe()["executionInfo"]["cancelRequested"] is False


@pytest.mark.parametrize("retention", ["0", "NONE"])
def test_where_nothing_is_retained_a_run_is_forgotten_with_its_close(swf: Direct, retention: str) -> None:
    swf("RegisterDomain", name="brief", workflowExecutionRetentionPeriodInDays=retention)
    swf("RegisterWorkflowType", domain="brief", **ORDER, **WORKFLOW_DEFAULTS)
    run_id = swf.start(domain="brief")
    task = swf.poll(domain="brief")
    swf.respond(task, complete())
    for operation in ("DescribeWorkflowExecution", "GetWorkflowExecutionHistory"):
        with pytest.raises(Fault, match=r"Unknown execution: WorkflowExecution=\[workflowId=o1, runId=22"):
            swf(operation, domain="brief", execution={"workflowId": "o1", "runId": run_id})
    closed = {"domain": "brief", "closeTimeFilter": {"oldestDate": 0}}
    assert swf("CountClosedWorkflowExecutions", **closed)["count"] == 0
    with pytest.raises(Fault, match="Unknown execution") as late:
        swf.respond(task, complete())
    assert late.value.type == "UnknownResourceFault"


def test_a_run_outlives_its_type(swf: Direct) -> None:
    swf.start()
    swf("DeprecateWorkflowType", workflowType=ORDER)
    swf("DeleteWorkflowType", workflowType=ORDER)
    swf.decide(decision("ContinueAsNewWorkflowExecution"))
    assert swf.last("ContinueAsNewWorkflowExecutionFailed")["cause"] == "WORKFLOW_TYPE_DOES_NOT_EXIST"
    swf.decide(complete())
    assert swf.describe()["executionInfo"]["closeStatus"] == "COMPLETED"


def test_a_run_that_continues_takes_nothing_of_its_former_self_along(swf: Direct) -> None:
    role = {"lambdaRole": "arn:aws:iam::1:role/r"}
    swf.start(taskList={"name": "mine"}, taskStartToCloseTimeout="77", childPolicy="ABANDON", **role)
    swf.decide(
        schedule(),
        timer(),
        task_list="mine",
        executionContext="c",
        taskList={"name": "other"},
    )
    swf.signal()
    swf.decide(decision("ContinueAsNewWorkflowExecution"), task_list="other")
    description = swf.describe()
    assert description["executionConfiguration"] == {
        "taskStartToCloseTimeout": "10",
        "executionStartToCloseTimeout": "3600",
        "taskList": {"name": "deciders"},
        "childPolicy": "TERMINATE",
    }
    assert "latestExecutionContext" not in description
    assert description["openCounts"]["openTimers"] == 0
    assert swf.poll()["previousStartedEventId"] == 0


def test_an_execution_of_no_time_is_over_at_once(swf: Direct) -> None:
    swf.start(executionStartToCloseTimeout="0")
    assert swf.types() == ["WorkflowExecutionStarted", "DecisionTaskScheduled", "WorkflowExecutionTimedOut"]
    assert swf.poll()["startedEventId"] == 0
