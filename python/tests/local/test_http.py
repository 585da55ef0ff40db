"""The server with real clients: boto3, and sockets that leave."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import botocore.exceptions
import pytest
from local.direct import ACTIVITY_DEFAULTS, CHARGE, ORDER, WORKFLOW_DEFAULTS, complete, schedule, timer
from local.signed import CALL, LINES

from pyflow.local.operations import ask
from pyflow.local.service.service import Service
from pyflow.testing.local import LocalSWF, local_swf


@pytest.fixture(scope="module")
def running() -> Iterator[LocalSWF]:
    """A server with an order and a charge registered."""
    with local_swf(domain="shop") as swf:
        client = swf.client()
        client.register_workflow_type(domain="shop", **ORDER, **WORKFLOW_DEFAULTS)
        client.register_activity_type(domain="shop", **CHARGE, **ACTIVITY_DEFAULTS)
        yield swf


def start(client: Any, workflow_id: str, task_list: str) -> None:
    client.start_workflow_execution(
        domain="shop", workflowId=workflow_id, workflowType=ORDER, taskList={"name": task_list}
    )


def polls(swf: LocalSWF, task_list: str) -> int:
    """How many decision polls wait."""
    return swf.do(lambda service: len(service.task_list("decision", "shop", task_list).polls))


def await_polls(swf: LocalSWF, task_list: str, count: int) -> None:
    """Return once so many decision polls wait."""
    while polls(swf, task_list) != count:
        pass


def post(swf: LocalSWF, target: str, body: bytes, **headers: str) -> http.client.HTTPResponse:
    """One request without a client library."""
    address = urlsplit(swf.endpoint_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
    content = {"X-Amz-Target": target, **CALL, **headers}
    connection.request("POST", "/", body, content)
    return connection.getresponse()


def waiting_poll(swf: LocalSWF, task_list: str) -> socket.socket:
    """The socket of a decision poll that waits."""
    address = urlsplit(swf.endpoint_url)
    body = json.dumps({"domain": "shop", "taskList": {"name": task_list}}).encode()
    head = (
        "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: SimpleWorkflowService.PollForDecisionTask\r\n"
        f"{LINES}Content-Length: {len(body)}\r\n\r\n"
    )
    client = socket.create_connection((address.hostname, address.port))
    client.sendall(head.encode() + body)
    await_polls(swf, task_list, 1)
    return client


def test_an_order_goes_through_with_boto3(running: LocalSWF) -> None:
    client = running.client()
    start(client, "whole", "whole")
    task = client.poll_for_decision_task(domain="shop", taskList={"name": "whole"}, identity="decider")
    client.respond_decision_task_completed(taskToken=task["taskToken"], decisions=[schedule(input="5")])
    work = client.poll_for_activity_task(domain="shop", taskList={"name": "workers"})
    assert (work["activityId"], work["input"]) == ("a1", "5")
    client.respond_activity_task_completed(taskToken=work["taskToken"], result="paid")
    task = client.poll_for_decision_task(domain="shop", taskList={"name": "whole"})
    assert task["events"][6]["activityTaskCompletedEventAttributes"]["result"] == "paid"
    client.respond_decision_task_completed(taskToken=task["taskToken"], decisions=[complete(result="ok")])
    pages = client.get_paginator("get_workflow_execution_history").paginate(
        domain="shop", execution=task["workflowExecution"], PaginationConfig={"PageSize": 4}
    )
    events = [event for page in pages for event in page["events"]]
    assert [event["eventId"] for event in events] == list(range(1, 12))
    assert events[-1]["workflowExecutionCompletedEventAttributes"]["result"] == "ok"


def test_a_fault_is_the_exception_that_boto3_knows(running: LocalSWF) -> None:
    client = running.client()
    with pytest.raises(client.exceptions.UnknownResourceFault, match="Unknown domain: nowhere"):
        client.describe_domain(name="nowhere")
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        client.describe_domain(name="a:b")
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_the_shape_of_an_answer(running: LocalSWF) -> None:
    response = post(running, "SimpleWorkflowService.DescribeDomain", b'{"name": "shop"}')
    assert response.status == 200
    assert response.headers["content-type"] == "application/x-amz-json-1.0"
    assert len(response.headers["x-amzn-RequestId"]) == 36
    assert json.loads(response.read())["domainInfo"]["name"] == "shop"
    response = post(running, "SimpleWorkflowService.DeprecateDomain", b'{"name": "nowhere"}')
    assert (response.status, len(response.headers["x-amzn-RequestId"])) == (400, 36)


def test_the_exchange_that_the_reference_shows() -> None:
    request = (
        b'{"domain":"d","workflowId":"w1","workflowType":{"name":"order","version":"1"},'
        b'"taskList":{"name":"deciders"},"executionStartToCloseTimeout":"3600",'
        b'"taskStartToCloseTimeout":"30","childPolicy":"TERMINATE"}'
    )
    with local_swf(domain="d") as swf:
        swf.client().register_workflow_type(domain="d", **ORDER)
        started = post(swf, "SimpleWorkflowService.StartWorkflowExecution", request)
        run_id = json.loads(started.read())["runId"]
        history = b'{"domain":"d","execution":{"workflowId":"w1","runId":"%s"}}' % run_id.encode()
        answer = post(swf, "SimpleWorkflowService.GetWorkflowExecutionHistory", history)
        refused = post(
            swf, "SimpleWorkflowService.StartWorkflowExecution", request.replace(b'"d"', b'"nowhere"')
        )
        fault = json.loads(refused.read())
    assert (started.status, run_id[:2], run_id[-1]) == (200, "22", "=")
    assert json.loads(answer.read())["events"][1] == {
        "eventId": 2,
        "eventTimestamp": 1767225600.0,
        "eventType": "DecisionTaskScheduled",
        "decisionTaskScheduledEventAttributes": {
            "scheduleToStartTimeout": "NONE",
            "startToCloseTimeout": "30",
            "taskList": {"name": "deciders"},
        },
    }
    assert (refused.status, fault) == (
        400,
        {
            "__type": "com.amazonaws.swf.base.model#UnknownResourceFault",
            "message": "Unknown domain: nowhere",
        },
    )


def test_an_operation_that_answers_nothing_has_no_body(running: LocalSWF) -> None:
    request = {"name": "quiet", "workflowExecutionRetentionPeriodInDays": "1"}
    response = post(running, "SimpleWorkflowService.RegisterDomain", json.dumps(request).encode())
    assert (response.status, response.headers["content-length"], response.read()) == (200, "0", b"")


def test_old_clients_are_answered_in_their_own_type(running: LocalSWF) -> None:
    response = post(
        running,
        "com.amazonaws.swf.service.model.SimpleWorkflowService.DescribeDomain",
        b'{"name": "shop"}',
        **{"Content-Type": "application/json; charset=UTF-8", "Content-Encoding": "amz-1.0"},
    )
    assert (response.status, response.headers["content-type"]) == (200, "application/json")


def test_what_is_too_long_is_refused_and_the_server_goes_on(running: LocalSWF) -> None:
    response = post(running, "SimpleWorkflowService.DescribeDomain", b" " * 1_048_577)
    assert response.status == 400
    assert json.loads(response.read())["__type"] == "com.amazon.coral.service#SerializationException"
    assert post(running, "SimpleWorkflowService.DescribeDomain", b'{"name": "shop"}').status == 200


def test_a_browser_is_told_what_this_is(running: LocalSWF) -> None:
    address = urlsplit(running.endpoint_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
    connection.request("GET", "/")
    response = connection.getresponse()
    assert response.status == 400
    assert "POST / for its operations" in json.loads(response.read())["message"]


def test_a_poll_that_waits_is_woken_by_a_task(running: LocalSWF) -> None:
    with ThreadPoolExecutor() as threads:
        poll = threads.submit(
            running.client().poll_for_decision_task, domain="shop", taskList={"name": "woken"}
        )
        await_polls(running, "woken", 1)
        start(running.client(), "woken", "woken")
        assert poll.result(10)["workflowExecution"]["workflowId"] == "woken"


def test_a_poll_that_waits_is_woken_by_a_timer(running: LocalSWF) -> None:
    client = running.client()
    start(client, "timed", "timed")
    task = client.poll_for_decision_task(domain="shop", taskList={"name": "timed"})
    client.respond_decision_task_completed(taskToken=task["taskToken"], decisions=[timer(seconds="2592000")])
    client.terminate_workflow_execution(domain="shop", workflowId="timed")
    client.start_workflow_execution(
        domain="shop",
        workflowId="timed",
        workflowType=ORDER,
        taskList={"name": "timed"},
        executionStartToCloseTimeout="31536000",
    )
    task = client.poll_for_decision_task(domain="shop", taskList={"name": "timed"})
    client.respond_decision_task_completed(taskToken=task["taskToken"], decisions=[timer(seconds="2592000")])
    with ThreadPoolExecutor() as threads:
        poll = threads.submit(client.poll_for_decision_task, domain="shop", taskList={"name": "timed"})
        await_polls(running, "timed", 1)
        running.advance(30 * 24 * 3600)
        events = poll.result(10)["events"]
    fired = next(event for event in events if event["eventType"] == "TimerFired")
    assert (fired["eventTimestamp"] - events[4]["eventTimestamp"]).days == 30


def test_each_of_many_polls_gets_a_task_of_its_own(running: LocalSWF) -> None:
    client = running.client()
    with ThreadPoolExecutor(20) as threads:
        waiting = [
            threads.submit(client.poll_for_decision_task, domain="shop", taskList={"name": "many"})
            for _ in range(20)
        ]
        await_polls(running, "many", 20)
        for number in range(20):
            start(running.client() if not number else client, f"many{number}", "many")
        got = {poll.result(20)["workflowExecution"]["workflowId"] for poll in waiting}
    assert got == {f"many{number}" for number in range(20)}


def test_a_client_that_went_away_is_given_nothing(running: LocalSWF) -> None:
    client = running.client()
    waiting_poll(running, "left").close()
    start(client, "left", "left")
    task = client.poll_for_decision_task(domain="shop", taskList={"name": "left"})
    assert (task["workflowExecution"]["workflowId"], task["startedEventId"]) == ("left", 3)


def test_not_even_when_its_farewell_was_not_read_yet(running: LocalSWF) -> None:
    gone = waiting_poll(running, "unread")
    request = {
        "domain": "shop",
        "workflowId": "unread",
        "workflowType": ORDER,
        "taskList": {"name": "unread"},
    }

    def leave_and_start(service: Service) -> None:
        gone.close()  # on the server's own thread, which has no chance to hear of it
        ask(service, "StartWorkflowExecution", request)

    running.do(leave_and_start)
    task = running.client().poll_for_decision_task(domain="shop", taskList={"name": "unread"})
    assert (task["workflowExecution"]["workflowId"], task["startedEventId"]) == ("unread", 3)


def test_a_client_that_left_waits_no_longer(running: LocalSWF) -> None:
    waiting_poll(running, "forgotten").close()
    await_polls(running, "forgotten", 0)


def test_a_poll_that_finds_nothing_is_answered_without_a_token() -> None:
    with local_swf(poll_seconds=0) as swf:
        client = swf.client()
        decision = client.poll_for_decision_task(domain="test", taskList={"name": "l"})
        activity = client.poll_for_activity_task(domain="test", taskList={"name": "l"})
    decision.pop("ResponseMetadata")
    activity.pop("ResponseMetadata")
    assert decision == {"startedEventId": 0, "previousStartedEventId": 0}
    assert activity == {"startedEventId": 0}


def test_an_end_answers_the_polls_that_wait() -> None:
    with ThreadPoolExecutor() as threads, local_swf() as swf:
        client = swf.client()
        poll = threads.submit(client.poll_for_decision_task, domain="test", taskList={"name": "l"})
        while not swf.do(lambda service: len(service.task_list("decision", "test", "l").polls)):
            pass
    assert "taskToken" not in poll.result(10)


def test_a_call_that_breaks_is_undone_and_a_poll_it_woke_comes_back_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from pyflow.local import operations

    with ThreadPoolExecutor() as threads, local_swf(domain="shop") as swf:
        client = swf.client()
        client.register_workflow_type(domain="shop", **ORDER, **WORKFLOW_DEFAULTS)
        poll = threads.submit(client.poll_for_decision_task, domain="shop", taskList={"name": "l"})
        await_polls(swf, "l", 1)
        whole = operations.OPERATIONS["StartWorkflowExecution"]

        def broken(service: Service, request: Any, now: int) -> Any:
            whole(service, request, now)
            service.settle(now)
            raise RuntimeError("half-way")

        with monkeypatch.context() as patched:
            patched.setitem(operations.OPERATIONS, "StartWorkflowExecution", broken)
            with pytest.raises(botocore.exceptions.ClientError) as failed:
                start(client, "undone", "l")
        assert failed.value.response["Error"]["Code"] == "InternalFailure"
        assert "taskToken" not in poll.result(10)
        since = {"oldestDate": 0}
        assert client.count_open_workflow_executions(domain="shop", startTimeFilter=since)["count"] == 0
        start(client, "undone", "l")
        assert client.poll_for_decision_task(domain="shop", taskList={"name": "l"})["startedEventId"] == 3


def test_the_wall_clock_fires_timers_to_the_millisecond() -> None:
    with local_swf(domain="shop", clock="real") as swf:
        client = swf.client()
        client.register_workflow_type(domain="shop", **ORDER, **WORKFLOW_DEFAULTS)
        start(client, "real", "l")
        task = client.poll_for_decision_task(domain="shop", taskList={"name": "l"})
        client.respond_decision_task_completed(taskToken=task["taskToken"], decisions=[timer(seconds="1")])
        task = client.poll_for_decision_task(domain="shop", taskList={"name": "l"})
        started, fired = task["events"][4], task["events"][5]
        with pytest.raises(TypeError, match="goes by itself"):
            swf.advance(1)
    assert fired["eventType"] == "TimerFired"
    late = (fired["eventTimestamp"] - started["eventTimestamp"]).total_seconds() - 1
    assert 0 <= late < 0.25, "a sweep would be later; a busy machine is allowed for"
