"""Children, child policies, signals and cancel requests between runs."""

from __future__ import annotations

import pytest
from local.direct import ORDER, WORKFLOW_DEFAULTS, Direct, child, complete, decision, timer

CHILDREN = "children"


def parent_with_child(swf: Direct, **members: object) -> tuple[str, str]:
    """The run ids of p, which has decided, and of its child c1."""
    run_id = swf.start("p", **members)
    swf.decide(child("c1"))
    return run_id, swf.newest("c1")


def test_a_child_starts_behind_its_initiation(swf: Direct) -> None:
    parent = swf.start("p")
    swf.decide(child("c1", control="c", input="i", tagList=["t"]), timer())
    run_id = swf.newest("c1")
    assert swf.types("p", start=5) == [
        "StartChildWorkflowExecutionInitiated",
        "TimerStarted",
        "ChildWorkflowExecutionStarted",
        "DecisionTaskScheduled",
    ]
    assert swf.last("StartChildWorkflowExecutionInitiated", "p") == {
        "workflowId": "c1",
        "workflowType": ORDER,
        "control": "c",
        "input": "i",
        "tagList": ["t"],
        "executionStartToCloseTimeout": "3600",
        "taskList": {"name": CHILDREN},
        "taskStartToCloseTimeout": "10",
        "childPolicy": "TERMINATE",
        "decisionTaskCompletedEventId": 4,
    }
    assert swf.last("ChildWorkflowExecutionStarted", "p") == {
        "workflowExecution": {"workflowId": "c1", "runId": run_id},
        "workflowType": ORDER,
        "initiatedEventId": 5,
    }
    started = swf.last("WorkflowExecutionStarted", "c1")
    assert started["parentWorkflowExecution"] == {"workflowId": "p", "runId": parent}
    assert started["parentInitiatedEventId"] == 5
    assert "control" not in started
    assert swf.describe("c1")["executionInfo"]["parent"] == {"workflowId": "p", "runId": parent}
    assert swf.describe("p")["openCounts"]["openChildWorkflowExecutions"] == 1


@pytest.mark.parametrize(
    ("close", "event_type", "told"),
    [
        (complete(result="r"), "ChildWorkflowExecutionCompleted", {"result": "r"}),
        (
            decision("FailWorkflowExecution", reason="r", details="d"),
            "ChildWorkflowExecutionFailed",
            {"reason": "r", "details": "d"},
        ),
        (
            decision("CancelWorkflowExecution", details="d"),
            "ChildWorkflowExecutionCanceled",
            {"details": "d"},
        ),
    ],
)
def test_a_parent_hears_how_its_child_closed(
    swf: Direct, close: dict[str, object], event_type: str, told: dict[str, str]
) -> None:
    _, run_id = parent_with_child(swf)
    swf.decide()
    swf.decide(close, task_list=CHILDREN)
    assert swf.types("p")[-2:] == [event_type, "DecisionTaskScheduled"]
    assert swf.last(event_type, "p") == {
        "workflowExecution": {"workflowId": "c1", "runId": run_id},
        "workflowType": ORDER,
        **told,
        "initiatedEventId": 5,
        "startedEventId": 6,
    }
    assert swf.describe("p")["openCounts"]["openChildWorkflowExecutions"] == 0


def test_a_parent_hears_that_its_child_was_terminated_or_timed_out(swf: Direct) -> None:
    swf.start("p", executionStartToCloseTimeout="7200")
    swf.decide(child("c1"), child("c2"))
    swf("TerminateWorkflowExecution", workflowId="c1", reason="not told")
    swf.advance(3600)
    terminated = swf.last("ChildWorkflowExecutionTerminated", "p")
    assert (terminated["initiatedEventId"], terminated["startedEventId"]) == (5, 7)
    assert swf.last("ChildWorkflowExecutionTimedOut", "p")["timeoutType"] == "START_TO_CLOSE"


def test_a_child_that_continues_as_new_is_the_same_child(swf: Direct) -> None:
    _, first = parent_with_child(swf)
    swf.decide(decision("ContinueAsNewWorkflowExecution", taskList={"name": CHILDREN}), task_list=CHILDREN)
    assert swf.types("p")[-1] == "DecisionTaskScheduled"
    second = swf.newest("c1")
    swf.decide(complete(), task_list=CHILDREN)
    closed = swf.last("ChildWorkflowExecutionCompleted", "p")
    assert closed["workflowExecution"] == {"workflowId": "c1", "runId": second}
    assert first != second


def test_a_child_whose_id_is_taken_fails_behind_its_initiation(swf: Direct) -> None:
    swf.start("c1", taskList={"name": "elsewhere"})
    swf.start("p")
    swf.decide(child("c1", control="c"))
    assert swf.types("p", start=5) == [
        "StartChildWorkflowExecutionInitiated",
        "StartChildWorkflowExecutionFailed",
        "DecisionTaskScheduled",
    ]
    assert swf.last("StartChildWorkflowExecutionFailed", "p") == {
        "workflowId": "c1",
        "workflowType": ORDER,
        "cause": "WORKFLOW_ALREADY_RUNNING",
        "control": "c",
        "initiatedEventId": 5,
        "decisionTaskCompletedEventId": 4,
    }


@pytest.mark.parametrize("how", ["terminated", "timed out"])
def test_the_policy_of_a_parent_falls_on_all_generations(swf: Direct, how: str) -> None:
    swf.start("p", executionStartToCloseTimeout="60")
    swf.decide(child("c1"))
    swf.decide(child("g1", taskList={"name": "grandchildren"}), task_list=CHILDREN)
    if how == "terminated":
        swf("TerminateWorkflowExecution", workflowId="p")
    else:
        swf.advance(60)
    for workflow_id in ("c1", "g1"):
        assert swf.last("WorkflowExecutionTerminated", workflow_id) == {
            "childPolicy": "TERMINATE",
            "cause": "CHILD_POLICY_APPLIED",
        }


def test_the_policy_may_be_to_ask_children_to_cancel(swf: Direct) -> None:
    parent, _ = parent_with_child(swf, childPolicy="REQUEST_CANCEL")
    swf.decide(task_list=CHILDREN)
    swf("TerminateWorkflowExecution", workflowId="p")
    assert swf.types("c1")[-2:] == ["WorkflowExecutionCancelRequested", "DecisionTaskScheduled"]
    assert swf.last("WorkflowExecutionCancelRequested", "c1") == {
        "externalWorkflowExecution": {"workflowId": "p", "runId": parent},
        "externalInitiatedEventId": 0,
        "cause": "CHILD_POLICY_APPLIED",
    }


def test_the_policy_may_be_to_leave_children_alone(swf: Direct) -> None:
    parent_with_child(swf)
    swf("TerminateWorkflowExecution", workflowId="p", childPolicy="ABANDON")
    assert swf.describe("c1")["executionInfo"]["executionStatus"] == "OPEN"


def test_the_policy_reaches_the_run_that_a_child_continued_as(swf: Direct) -> None:
    parent_with_child(swf)
    swf.decide(decision("ContinueAsNewWorkflowExecution"), task_list=CHILDREN)
    swf("TerminateWorkflowExecution", workflowId="p")
    assert swf.describe("c1")["executionInfo"]["closeStatus"] == "TERMINATED"


def test_a_signal_between_runs_is_told_to_both(swf: Direct) -> None:
    sender = swf.start("a")
    target = swf.start("b", taskList={"name": "elsewhere"})
    signal = decision(
        "SignalExternalWorkflowExecution", workflowId="b", signalName="s", input="i", control="c"
    )
    swf.decide(signal)
    assert swf.last("SignalExternalWorkflowExecutionInitiated", "a") == {
        "workflowId": "b",
        "signalName": "s",
        "input": "i",
        "control": "c",
        "decisionTaskCompletedEventId": 4,
    }
    assert swf.last("WorkflowExecutionSignaled", "b") == {
        "signalName": "s",
        "input": "i",
        "externalWorkflowExecution": {"workflowId": "a", "runId": sender},
        "externalInitiatedEventId": 5,
    }
    assert swf.types("a", start=6) == ["ExternalWorkflowExecutionSignaled", "DecisionTaskScheduled"]
    assert swf.last("ExternalWorkflowExecutionSignaled", "a") == {
        "workflowExecution": {"workflowId": "b", "runId": target},
        "initiatedEventId": 5,
    }


def test_a_run_may_signal_itself(swf: Direct) -> None:
    swf.start()
    swf.decide(decision("SignalExternalWorkflowExecution", workflowId="o1", signalName="s"))
    assert swf.types(start=5) == [
        "SignalExternalWorkflowExecutionInitiated",
        "WorkflowExecutionSignaled",
        "DecisionTaskScheduled",
        "ExternalWorkflowExecutionSignaled",
    ]


def test_a_cancel_request_between_runs_is_told_to_both(swf: Direct) -> None:
    sender = swf.start("a")
    target = swf.start("b", taskList={"name": "elsewhere"})
    swf.decide(decision("RequestCancelExternalWorkflowExecution", workflowId="b", runId=target))
    assert swf.last("WorkflowExecutionCancelRequested", "b") == {
        "externalWorkflowExecution": {"workflowId": "a", "runId": sender},
        "externalInitiatedEventId": 5,
    }
    assert swf.last("ExternalWorkflowExecutionCancelRequested", "a") == {
        "workflowExecution": {"workflowId": "b", "runId": target},
        "initiatedEventId": 5,
    }
    assert swf.describe("b")["executionInfo"]["cancelRequested"] is True


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("SignalExternalWorkflowExecution", {"signalName": "s"}),
        ("RequestCancelExternalWorkflowExecution", {}),
    ],
)
def test_news_for_nobody_fails(swf: Direct, kind: str, members: dict[str, str]) -> None:
    swf.start()
    swf.decide(decision(kind, workflowId="nobody", runId="22=", control="c", **members))
    assert swf.types(start=5) == [f"{kind}Initiated", f"{kind}Failed", "DecisionTaskScheduled"]
    assert swf.last(f"{kind}Failed") == {
        "workflowId": "nobody",
        "runId": "22=",
        "control": "c",
        "cause": "UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION",
        "initiatedEventId": 5,
        "decisionTaskCompletedEventId": 4,
    }


def test_a_run_may_close_over_the_news_it_sends(swf: Direct) -> None:
    swf.start("a")
    swf.start("b", taskList={"name": "elsewhere"})
    swf.decide(decision("SignalExternalWorkflowExecution", workflowId="b", signalName="s"), complete())
    assert swf.types("a")[-2:] == ["SignalExternalWorkflowExecutionInitiated", "WorkflowExecutionCompleted"]
    assert "WorkflowExecutionSignaled" in swf.types("b")


@pytest.mark.parametrize(
    "close",
    [
        complete(),
        decision("FailWorkflowExecution"),
        decision("CancelWorkflowExecution"),
        decision("ContinueAsNewWorkflowExecution", taskList={"name": "elsewhere"}),
    ],
    ids=lambda close: close["decisionType"],
)
def test_a_child_outlives_a_parent_that_decides_to_close(swf: Direct, close: dict[str, object]) -> None:
    parent_with_child(swf)
    swf.decide(close)
    assert swf.describe("c1")["executionInfo"]["executionStatus"] == "OPEN"
    swf.decide(complete(), task_list=CHILDREN)
    assert swf.describe("c1")["executionInfo"]["closeStatus"] == "COMPLETED"
    runs = [execution for execution in swf.executions() if execution[0] == "p"]
    assert not [run for run in runs if "ChildWorkflowExecutionCompleted" in swf.types(*run)]


def test_what_a_child_may_do_to_its_own_children_is_its_own_policy(swf: Direct) -> None:
    swf.start("p")
    swf.decide(child("c1", childPolicy="ABANDON"))
    swf.decide(child("g1", taskList={"name": "grandchildren"}), task_list=CHILDREN)
    swf("TerminateWorkflowExecution", workflowId="p")
    assert swf.last("WorkflowExecutionTerminated", "c1") == {
        "childPolicy": "ABANDON",
        "cause": "CHILD_POLICY_APPLIED",
    }
    assert swf.describe("g1")["executionInfo"]["executionStatus"] == "OPEN"


def test_a_child_inherits_nothing_from_its_parent(swf: Direct) -> None:
    settings = {"lambdaRole": "arn:aws:iam::1:role/r", "tagList": ["red"], "input": "i", "taskPriority": "3"}
    parent_with_child(swf, **settings)
    assert not set(settings) & set(swf.last("StartChildWorkflowExecutionInitiated", "p"))
    assert not set(settings) & set(swf.last("WorkflowExecutionStarted", "c1"))


def test_a_root_has_no_parent_and_no_former_run(swf: Direct) -> None:
    swf.start()
    started = swf.last("WorkflowExecutionStarted")
    assert started["parentInitiatedEventId"] == 0
    assert not {"parentWorkflowExecution", "continuedExecutionRunId"} & set(started)


def test_a_child_that_continues_keeps_its_parent(swf: Direct) -> None:
    parent, first = parent_with_child(swf)
    swf.decide(decision("ContinueAsNewWorkflowExecution"), task_list=CHILDREN)
    started = swf.last("WorkflowExecutionStarted", "c1")
    assert started["continuedExecutionRunId"] == first
    assert started["parentWorkflowExecution"] == {"workflowId": "p", "runId": parent}
    assert started["parentInitiatedEventId"] == 5


def test_a_run_that_is_closed_hears_no_signal_of_another(swf: Direct) -> None:
    target = swf.start("b")
    swf.decide(complete())
    swf.start("a")
    swf.decide(
        decision("SignalExternalWorkflowExecution", workflowId="b", runId=target, signalName="s"),
        decision("SignalExternalWorkflowExecution", workflowId="b", signalName="s"),
    )
    assert swf.types("a").count("SignalExternalWorkflowExecutionFailed") == 2


def test_a_run_hears_no_signal_of_another_domain(swf: Direct) -> None:
    swf("RegisterDomain", name="other", workflowExecutionRetentionPeriodInDays="1")
    swf("RegisterWorkflowType", domain="other", **ORDER, **WORKFLOW_DEFAULTS)
    swf.start("b", domain="other")
    swf.start("a")
    swf.decide(decision("SignalExternalWorkflowExecution", workflowId="b", signalName="s"))
    failed = swf.last("SignalExternalWorkflowExecutionFailed", "a")
    assert failed["cause"] == "UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION"
    assert "runId" not in failed
