"""Lists and counts of executions: filters, order, pages."""

from __future__ import annotations

import pytest
from local.conformity import MODEL, SHAPES
from local.direct import ORDER, START, WORKFLOW_DEFAULTS, Direct, complete, decision

from pyflow.local.engine.fault import Fault
from pyflow.local.wire.checks import units

EVER = {"oldestDate": 0}


@pytest.fixture
def shop(swf: Direct) -> Direct:
    """Six runs, a second apart: a1 a2 a3 open; b1 completed, b2 failed, b3 canceled in the order b2 b3 b1."""
    swf("RegisterWorkflowType", name="order", version="2", **WORKFLOW_DEFAULTS)
    swf.start("a1", tagList=["red", "big"], taskList={"name": "open"})
    swf.advance(1)
    swf.start("a2", tagList=["blue"], taskList={"name": "open"})
    swf.advance(1)
    swf.start("a3", workflowType={"name": "order", "version": "2"}, taskList={"name": "open"})
    for workflow_id in ("b1", "b2", "b3"):
        swf.advance(1)
        swf.start(workflow_id, tagList=["red"], taskList={"name": workflow_id})
    closes = {
        "b2": "FailWorkflowExecution",
        "b3": "CancelWorkflowExecution",
        "b1": "CompleteWorkflowExecution",
    }
    for workflow_id, close in closes.items():
        swf.advance(1)
        swf.decide(decision(close), task_list=workflow_id)
    return swf


def ids(answer: dict[str, list[dict[str, dict[str, str]]]]) -> list[str]:
    """The workflow ids of a list."""
    return [info["execution"]["workflowId"] for info in answer["executionInfos"]]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["a3", "a2", "a1"]),
        ({"reverseOrder": True}, ["a1", "a2", "a3"]),
        ({"executionFilter": {"workflowId": "a2"}}, ["a2"]),
        ({"executionFilter": {"workflowId": "b1"}}, []),
        ({"typeFilter": {"name": "order"}}, ["a3", "a2", "a1"]),
        ({"typeFilter": {"name": "order", "version": "2"}}, ["a3"]),
        ({"typeFilter": {"name": "orde"}}, []),
        ({"tagFilter": {"tag": "big"}}, ["a1"]),
        ({"tagFilter": {"tag": "Big"}}, []),
        ({"startTimeFilter": {"oldestDate": 1767225601}}, ["a3", "a2"]),
        ({"startTimeFilter": {"oldestDate": 1767225600.5, "latestDate": 1767225601.0}}, ["a2"]),
    ],
)
def test_open_runs_are_listed_newest_first(
    shop: Direct, filters: dict[str, object], expected: list[str]
) -> None:
    filters = {"startTimeFilter": EVER, **filters}
    assert ids(shop("ListOpenWorkflowExecutions", **filters)) == expected
    filters.pop("reverseOrder", None)
    count = shop("CountOpenWorkflowExecutions", **filters)
    assert count == {"count": len(expected), "truncated": False}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"startTimeFilter": EVER}, ["b3", "b2", "b1"]),
        ({"closeTimeFilter": EVER}, ["b1", "b3", "b2"]),
        ({"closeTimeFilter": EVER, "reverseOrder": True}, ["b2", "b3", "b1"]),
        ({"closeTimeFilter": {"oldestDate": 1767225607}}, ["b1", "b3"]),
        ({"startTimeFilter": EVER, "closeStatusFilter": {"status": "FAILED"}}, ["b2"]),
        ({"startTimeFilter": EVER, "tagFilter": {"tag": "red"}}, ["b3", "b2", "b1"]),
        ({"startTimeFilter": EVER, "executionFilter": {"workflowId": "b3"}}, ["b3"]),
        ({"startTimeFilter": EVER, "typeFilter": {"name": "order", "version": "2"}}, []),
    ],
)
def test_closed_runs_are_listed_by_the_time_that_is_asked_for(
    shop: Direct, filters: dict[str, object], expected: list[str]
) -> None:
    assert ids(shop("ListClosedWorkflowExecutions", **filters)) == expected
    filters.pop("reverseOrder", None)
    assert shop("CountClosedWorkflowExecutions", **filters)["count"] == len(expected)


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({}, "Must specify time filter"),
        (
            {"startTimeFilter": EVER, "closeTimeFilter": EVER},
            "Cannot specify both a startTimeFilter and a closeTimeFilter",
        ),
        (
            {
                "startTimeFilter": EVER,
                "tagFilter": {"tag": "red"},
                "executionFilter": {"workflowId": "b1"},
            },
            "Cannot specify more than one exclusive filters in the same query: [executionFilter, tagFilter]",
        ),
    ],
)
def test_filters_that_exclude_one_another_are_refused(
    shop: Direct, filters: dict[str, object], message: str
) -> None:
    for operation in ("ListClosedWorkflowExecutions", "CountClosedWorkflowExecutions"):
        with pytest.raises(Fault) as refused:
            shop(operation, **filters)
        assert (refused.value.type, refused.value.message) == ("ValidationException", message)


def test_what_a_list_tells_of_a_run(shop: Direct) -> None:
    (info,) = shop(
        "ListClosedWorkflowExecutions", closeTimeFilter=EVER, executionFilter={"workflowId": "b1"}
    )["executionInfos"]
    assert info == {
        "execution": {"workflowId": "b1", "runId": shop.newest("b1")},
        "workflowType": ORDER,
        "startTimestamp": 1767225603.0,
        "closeTimestamp": 1767225608.0,
        "executionStatus": "CLOSED",
        "closeStatus": "COMPLETED",
        "cancelRequested": False,
        "tagList": ["red"],
    }
    assert shop.describe("b1")["executionInfo"] == info


@pytest.mark.parametrize("reverse", [False, True])
def test_pages_of_a_list_neither_repeat_nor_leave_out(shop: Direct, reverse: bool) -> None:
    for number in range(5):
        shop.start(f"same{number}", taskList={"name": "open"})
    arguments = {"startTimeFilter": EVER, "maximumPageSize": 3, "reverseOrder": reverse}
    whole = ids(shop("ListOpenWorkflowExecutions", **{**arguments, "maximumPageSize": 0}))
    seen, token = [], None
    while True:
        more = {"nextPageToken": token} if token else {}
        page = shop("ListOpenWorkflowExecutions", **arguments, **more)
        seen += ids(page)
        token = page.get("nextPageToken")
        if token is None:
            break
        shop.start(f"late{len(seen)}", taskList={"name": "open"})
    assert [workflow_id for workflow_id in seen if not workflow_id.startswith("late")] == whole
    assert len(set(seen)) == len(seen)


def test_a_page_that_is_just_full_is_the_last(shop: Direct) -> None:
    page = shop("ListOpenWorkflowExecutions", startTimeFilter=EVER, maximumPageSize=3)
    assert len(page["executionInfos"]) == 3
    assert "nextPageToken" not in page


def test_histories_come_in_pages_of_either_order(swf: Direct) -> None:
    run_id = swf.start()
    swf.decide(complete())
    arguments = {"execution": {"workflowId": "o1", "runId": run_id}, "maximumPageSize": 2}
    page = swf("GetWorkflowExecutionHistory", **arguments)
    assert [event["eventId"] for event in page["events"]] == [1, 2]
    page = swf("GetWorkflowExecutionHistory", **arguments, nextPageToken=page["nextPageToken"])
    assert [event["eventId"] for event in page["events"]] == [3, 4]
    page = swf("GetWorkflowExecutionHistory", **arguments, nextPageToken=page["nextPageToken"])
    assert [event["eventId"] for event in page["events"]] == [5]
    assert "nextPageToken" not in page
    page = swf("GetWorkflowExecutionHistory", **arguments, reverseOrder=True)
    assert [event["eventId"] for event in page["events"]] == [5, 4]
    token = page["nextPageToken"]
    page = swf("GetWorkflowExecutionHistory", **arguments, reverseOrder=True, nextPageToken=token)
    assert [event["eventId"] for event in page["events"]] == [3, 2]


def test_a_page_holds_no_more_than_a_megabyte(swf: Direct) -> None:
    run_id = swf.start()
    marker = decision("RecordMarker", markerName="m", details="x" * 32_768)
    swf.decide(*[marker] * 40)
    page = swf("GetWorkflowExecutionHistory", execution={"workflowId": "o1", "runId": run_id})
    assert 30 < len(page["events"]) < 44
    assert "nextPageToken" in page
    swf.signal()
    task = swf.poll()
    assert len(task["events"]) < 46
    page = swf.poll(nextPageToken=task["nextPageToken"])
    assert page["events"][-1]["eventId"] == task["startedEventId"]


@pytest.mark.parametrize("token", ["garbage", "AAAA", "!"])
def test_a_token_nobody_made_is_refused(swf: Direct, token: str) -> None:
    swf.start()
    calls = [
        ("ListOpenWorkflowExecutions", {"startTimeFilter": EVER, "nextPageToken": token}),
        ("PollForDecisionTask", {"taskList": {"name": "deciders"}, "nextPageToken": token}),
        ("RespondActivityTaskCompleted", {"taskToken": token}),
        ("RespondDecisionTaskCompleted", {"taskToken": token}),
    ]
    for operation, members in calls:
        with pytest.raises(Fault) as refused:
            swf(operation, **members)
        assert (refused.value.type, refused.value.message) == ("ValidationException", "Invalid token")


def test_a_token_that_was_changed_or_comes_from_elsewhere_is_refused(swf: Direct) -> None:
    swf.start()
    token = swf.poll()["taskToken"]
    other = Direct()
    other.start()
    changed = ("B" if token[0] == "A" else "A") + token[1:]
    for foreign in (changed, token[:-4], token + token, other.poll()["taskToken"]):
        with pytest.raises(Fault, match="^ValidationException: Invalid token$"):
            swf("RespondDecisionTaskCompleted", taskToken=foreign)
    swf("RespondDecisionTaskCompleted", taskToken=token)


def test_a_page_token_is_for_the_same_arguments_and_for_a_day(shop: Direct) -> None:
    arguments = {"startTimeFilter": EVER, "maximumPageSize": 1}
    token = shop("ListOpenWorkflowExecutions", **arguments)["nextPageToken"]
    with pytest.raises(Fault, match="Invalid token"):
        shop("ListOpenWorkflowExecutions", **arguments, reverseOrder=True, nextPageToken=token)
    with pytest.raises(Fault, match="Invalid token"):
        shop("ListClosedWorkflowExecutions", **arguments, nextPageToken=token)
    shop.advance(24 * 3600 + 1)
    with pytest.raises(Fault, match="Specified token has exceeded its maximum lifetime"):
        shop("ListOpenWorkflowExecutions", **arguments, nextPageToken=token)


def test_a_token_of_one_kind_of_task_is_none_of_the_other(swf: Direct) -> None:
    swf.start()
    task = swf.poll()
    with pytest.raises(Fault, match="Invalid token"):
        swf("RespondActivityTaskCompleted", taskToken=task["taskToken"])


def stock(swf: Direct) -> dict[str, dict[str, object]]:
    """Five of everything that is listed, and how each list is asked for."""
    for number in range(4):
        swf("RegisterDomain", name=f"d{number}", workflowExecutionRetentionPeriodInDays="1")
        swf("RegisterActivityType", name=f"t{number % 2}", version=f"{number}")
        swf("RegisterWorkflowType", name=f"t{number % 2}", version=f"{number}", **WORKFLOW_DEFAULTS)
    for number in range(5):
        swf.start(f"open{number}", taskList={"name": "open"})
        swf.start(f"closed{number}")
        swf.decide(complete())
        swf.advance(number % 2)
    run_id = swf.start("o1", taskList={"name": "one"})
    return {
        "ListDomains": {"registrationStatus": "REGISTERED"},
        "ListActivityTypes": {"registrationStatus": "REGISTERED"},
        "ListWorkflowTypes": {"registrationStatus": "REGISTERED"},
        "ListOpenWorkflowExecutions": {"startTimeFilter": EVER, "typeFilter": {"name": "order"}},
        "ListClosedWorkflowExecutions": {"closeTimeFilter": EVER},
        "GetWorkflowExecutionHistory": {"execution": {"workflowId": "o1", "runId": run_id}},
        "PollForDecisionTask": {"taskList": {"name": "one"}},
    }


PAGED = {
    operation
    for operation, described in MODEL["operations"].items()
    if "nextPageToken" in SHAPES[described["input"]["shape"]]["members"]
}


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("operation", sorted(PAGED))
def test_whatever_comes_in_pages_is_the_same_in_one(swf: Direct, operation: str, reverse: bool) -> None:
    members = {**stock(swf)[operation], "reverseOrder": reverse}
    page = swf(operation, **members, maximumPageSize=2)
    (listed,) = [name for name, value in page.items() if isinstance(value, list)]
    found = page[listed]
    while token := page.get("nextPageToken"):
        assert len(page[listed]) == 2
        page = swf(operation, **members, maximumPageSize=2, nextPageToken=token)
        found += page[listed]
    if operation == "PollForDecisionTask":
        whole = swf.history("o1")
        assert found == (whole[::-1] if reverse else whole)
        return
    assert found == swf(operation, **members)[listed]
    assert found == swf(operation, **{**members, "reverseOrder": not reverse})[listed][::-1]
    assert len(found) >= 2


def test_a_token_may_be_used_with_pages_of_another_size(swf: Direct) -> None:
    members = stock(swf)["ListDomains"]
    page = swf("ListDomains", **members, maximumPageSize=1)
    rest = swf("ListDomains", **members, maximumPageSize=1000, nextPageToken=page["nextPageToken"])
    assert len(rest["domainInfos"]) == 4


@pytest.mark.parametrize("operation", ["ListOpenWorkflowExecutions", "CountOpenWorkflowExecutions"])
def test_open_runs_have_exclusive_filters_too(swf: Direct, operation: str) -> None:
    with pytest.raises(Fault) as refused:
        swf(
            operation,
            startTimeFilter=EVER,
            typeFilter={"name": "order"},
            executionFilter={"workflowId": "w"},
            tagFilter={"tag": "t"},
        )
    assert refused.value.message == (
        "Cannot specify more than one exclusive filters in the same query: "
        "[executionFilter, typeFilter, tagFilter]"
    )


@pytest.mark.parametrize("operation", ["ListClosedWorkflowExecutions", "CountClosedWorkflowExecutions"])
def test_a_close_status_is_an_exclusive_filter_too(swf: Direct, operation: str) -> None:
    status, tag = {"status": "FAILED"}, {"tag": "t"}
    with pytest.raises(Fault, match=r"same query: \[closeStatusFilter, tagFilter\]$"):
        swf(operation, closeTimeFilter=EVER, closeStatusFilter=status, tagFilter=tag)


@pytest.mark.parametrize("status", SHAPES["CloseStatus"]["enum"])
def test_each_close_status_is_found_by_its_filter(swf: Direct, status: str) -> None:
    swf.start()
    closes = {
        "COMPLETED": "CompleteWorkflowExecution",
        "FAILED": "FailWorkflowExecution",
        "CANCELED": "CancelWorkflowExecution",
        "CONTINUED_AS_NEW": "ContinueAsNewWorkflowExecution",
    }
    if status in closes:
        swf.decide(decision(closes[status]))
    elif status == "TERMINATED":
        swf("TerminateWorkflowExecution", workflowId="o1")
    else:
        swf.advance(3600)
    found = swf("ListClosedWorkflowExecutions", closeTimeFilter=EVER, closeStatusFilter={"status": status})
    assert [info["closeStatus"] for info in found["executionInfos"]] == [status]


@pytest.mark.parametrize("by", ["startTimeFilter", "closeTimeFilter"])
def test_both_ends_of_a_time_filter_belong_to_it(swf: Direct, by: str) -> None:
    swf.start()
    swf.decide(complete())
    for oldest, latest, count in [(0, 0, 1), (-1, -0.001, 0), (0.001, 1, 0), (-1, 0, 1), (0, 1, 1)]:
        times = {"oldestDate": START / 1000 + oldest, "latestDate": START / 1000 + latest}
        assert swf("CountClosedWorkflowExecutions", **{by: times}) == {"count": count, "truncated": False}


def test_a_task_list_that_nobody_ever_used_holds_nothing(swf: Direct) -> None:
    for operation in ("CountPendingActivityTasks", "CountPendingDecisionTasks"):
        assert swf(operation, taskList={"name": "never"}) == {"count": 0, "truncated": False}


@pytest.mark.parametrize("letter", ["x", "ü", "語", "\U0001f600"])
def test_a_token_is_short_enough_for_the_longest_names(swf: Direct, letter: str) -> None:
    name, version = (letter * 256)[: 256 // units(letter)], (letter * 64)[: 64 // units(letter)]
    for end in ("1", "2"):
        swf("RegisterActivityType", name=name[:-1] + end, version=version)
    page = swf("ListActivityTypes", registrationStatus="REGISTERED", maximumPageSize=2)
    token = page.get("nextPageToken") or ""
    rest = swf("ListActivityTypes", registrationStatus="REGISTERED", maximumPageSize=2, nextPageToken=token)
    assert 1 < len(token) <= 2048
    assert len(rest["typeInfos"]) == 1
