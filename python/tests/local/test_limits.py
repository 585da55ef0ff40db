"""Quotas."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from local.direct import ORDER, START, Direct, attributes, child, decision, function, schedule, timer

from pyflow.local.engine import limits
from pyflow.local.engine.fault import Fault
from pyflow.local.engine.registry import TypeRecord
from pyflow.local.service.queues import Poll


def markers(count: int) -> list[dict[str, object]]:
    return [decision("RecordMarker", markerName="m")] * count


def test_a_history_that_is_full_terminates_its_run(swf: Direct) -> None:
    swf.limit("fullness.EVENTS", 10)
    swf.start()
    swf.decide(*markers(20))
    assert swf.types(start=10) == ["MarkerRecorded", "WorkflowExecutionTerminated"]
    assert swf.last("WorkflowExecutionTerminated") == {
        "childPolicy": "TERMINATE",
        "cause": "EVENT_LIMIT_EXCEEDED",
    }


def test_a_run_may_close_with_its_last_event(swf: Direct) -> None:
    swf.limit("fullness.EVENTS", 6)
    swf.start()
    swf.decide(*markers(2), decision("CompleteWorkflowExecution"))
    assert swf.types()[-1] == "WorkflowExecutionCompleted"


def test_a_poll_does_not_get_the_task_of_a_run_that_is_full(swf: Direct) -> None:
    swf.limit("fullness.EVENTS", 2)
    swf.start("full")
    swf.start("other")
    swf.limit("fullness.EVENTS", 25_000)
    poll = Poll()
    swf.service.join("decision", "shop", "deciders", poll)
    swf.limit("fullness.EVENTS", 2)
    swf.service.settle(swf.clock.now())
    assert poll.given is None
    assert swf.describe("full")["executionInfo"]["closeStatus"] == "TERMINATED"


def test_a_full_history_takes_its_children_along(swf: Direct) -> None:
    swf.start()
    swf.decide(child())
    swf.limit("fullness.EVENTS", 7)
    swf.signal()
    assert swf.types()[-1] == "WorkflowExecutionTerminated"
    assert swf.describe("c1")["executionInfo"]["closeStatus"] == "TERMINATED"


def test_a_domain_holds_so_many_open_runs(swf: Direct) -> None:
    swf.limit("executions.OPEN_RUNS_OF_A_DOMAIN", 1)
    swf.start()
    with pytest.raises(Fault) as refused:
        swf.start("o2")
    assert refused.value.type == "LimitExceededFault"
    swf.decide(decision("CompleteWorkflowExecution"))
    swf.start("o2")


def test_a_domain_holds_so_many_types(swf: Direct) -> None:
    swf.limit("types.TYPES_OF_A_DOMAIN", 1)
    with pytest.raises(Fault) as refused:
        swf("RegisterActivityType", name="more", version="1")
    assert refused.value.type == "LimitExceededFault"


def test_a_thousand_polls_may_wait_at_a_task_list(swf: Direct) -> None:
    for _ in range(1000):
        swf.service.join("activity", "shop", "workers", Poll())
    with pytest.raises(Fault) as refused:
        swf.service.join("activity", "shop", "workers", Poll())
    assert refused.value.type == "LimitExceededFault"
    swf.service.join("activity", "shop", "others", Poll())


def test_an_execution_runs_for_a_year_at_most(swf: Direct) -> None:
    for seconds in ("31536001", "NONE", "-1", "1.5", "ten"):
        with pytest.raises(Fault) as refused:
            swf(
                "StartWorkflowExecution",
                workflowId="o1",
                workflowType=ORDER,
                executionStartToCloseTimeout=seconds,
            )
        assert refused.value.type == "ValidationException"
    swf.start(executionStartToCloseTimeout="31536000")


def test_the_limits_are_those_of_the_developer_guide() -> None:
    assert (limits.EVENTS, limits.OPEN_RUNS_OF_A_DOMAIN, limits.DOMAINS) == (25_000, 100_000, 100)
    assert {limits.OPEN_ACTIVITIES, limits.OPEN_TIMERS, limits.OPEN_CHILDREN} == {1_000}
    assert (limits.TYPES_OF_A_DOMAIN, limits.TAGS_OF_A_DOMAIN, limits.POLLS_OF_A_TASK_LIST) == (
        10_000,
        50,
        1_000,
    )


@pytest.mark.parametrize(
    ("make", "written", "cause"),
    [
        (schedule, "ActivityTaskScheduled", "OPEN_ACTIVITIES_LIMIT_EXCEEDED"),
        (timer, "TimerStarted", "OPEN_TIMERS_LIMIT_EXCEEDED"),
        (function, "LambdaFunctionScheduled", "OPEN_LAMBDA_FUNCTIONS_LIMIT_EXCEEDED"),
        (child, "StartChildWorkflowExecutionInitiated", "OPEN_CHILDREN_LIMIT_EXCEEDED"),
    ],
)
def test_a_thousand_of_each_may_be_open_and_not_one_more(
    swf: Direct, make: Callable[[str], dict[str, object]], written: str, cause: str
) -> None:
    swf.start()
    swf.decide(*(make(f"n{number}") for number in range(1001)))
    *accepted, failed = swf.history()[4:1005]
    assert {event["eventType"] for event in accepted} == {written}
    assert len(accepted) == 1000
    assert attributes(failed)["cause"] == cause


def test_a_history_holds_twenty_five_thousand_events(swf: Direct) -> None:
    run_id = swf.start()
    swf.decide(*markers(24_996))
    assert swf.describe()["executionInfo"]["executionStatus"] == "OPEN"
    swf.signal()
    execution = {"workflowId": "o1", "runId": run_id}
    page = swf("GetWorkflowExecutionHistory", execution=execution, reverseOrder=True, maximumPageSize=2)
    assert [(event["eventId"], event["eventType"]) for event in page["events"]] == [
        (25_001, "WorkflowExecutionTerminated"),
        (25_000, "MarkerRecorded"),
    ]


def test_children_that_a_batch_has_asked_for_count_as_open_runs(swf: Direct) -> None:
    swf.start()
    swf.service.runs.open_counts["shop"] = 99_998
    swf.decide(child("c1"), child("c2"), child("c3"))
    assert swf.types(start=5)[:3] == [
        "StartChildWorkflowExecutionInitiated",
        "StartChildWorkflowExecutionInitiated",
        "StartChildWorkflowExecutionFailed",
    ]
    assert swf.last("StartChildWorkflowExecutionFailed")["cause"] == "OPEN_WORKFLOWS_LIMIT_EXCEEDED"
    with pytest.raises(Fault) as refused:
        swf.start("o2")
    assert refused.value.type == "LimitExceededFault"


def test_a_domain_holds_ten_thousand_types_of_each_kind(swf: Direct) -> None:
    more = [TypeRecord("shop", "ActivityType", "t", str(number), START, {}) for number in range(9_998)]
    swf.service.register(more)
    swf("RegisterActivityType", name="last", version="1")
    with pytest.raises(Fault) as refused:
        swf("RegisterActivityType", name="more", version="1")
    assert refused.value.type == "LimitExceededFault"
    swf("RegisterWorkflowType", name="more", version="1")


def test_the_clock_ends_an_execution_after_a_year(swf: Direct) -> None:
    swf.start(executionStartToCloseTimeout="31536000")
    swf.decide(timer("later", "99999999"))
    swf.advance(31_536_000 - 0.001)
    assert swf.types()[-1] == "TimerStarted"
    swf.advance(0.001)
    assert swf.types()[-1] == "WorkflowExecutionTimedOut"
