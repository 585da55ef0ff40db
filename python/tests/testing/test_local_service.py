"""The bare service behind boto3's own client: no server, no socket, and a clock that the test drives."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any

import botocore.exceptions
import pytest
from local.direct import ACTIVITY_DEFAULTS, CHARGE, ORDER, WORKFLOW_DEFAULTS, complete, schedule, timer

import pyflow
from pyflow.local.service.service import Service
from pyflow.local.storage.store import Store
from pyflow.testing import local_service
from pyflow.testing.service import LocalService

SOON = 30  # seconds; a test that waits as long has failed
DECIDERS, WORKERS = {"name": "deciders"}, {"name": "workers"}


@pytest.fixture
def swf() -> Iterator[LocalService]:
    """A service with an order and a charge registered."""
    with local_service() as swf:
        register(swf)
        yield swf


def register(swf: LocalService) -> Any:
    client = swf.client()
    client.register_workflow_type(domain=swf.domain, **ORDER, **WORKFLOW_DEFAULTS)
    client.register_activity_type(domain=swf.domain, **CHARGE, **ACTIVITY_DEFAULTS)
    return client


def start(client: Any, workflow_id: str = "o1", **settings: Any) -> None:
    client.start_workflow_execution(domain="test", workflowId=workflow_id, workflowType=ORDER, **settings)


def decide(client: Any, *decisions: dict[str, Any]) -> dict[str, Any]:
    task: dict[str, Any] = client.poll_for_decision_task(domain="test", taskList=DECIDERS)
    client.respond_decision_task_completed(taskToken=task["taskToken"], decisions=list(decisions))
    return task


def fired(client: Any, execution: dict[str, Any]) -> list[tuple[str, str]]:
    """What happened after the decision, and when."""
    events = client.get_workflow_execution_history(domain="test", execution=execution)["events"]
    return [(e["eventType"], e["eventTimestamp"].astimezone(timezone.utc).isoformat()[:19]) for e in events]


def test_an_order_goes_through_without_a_socket(swf: LocalService, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: object, **options: object) -> None:
        raise AssertionError("a socket was made")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "create_connection", refused)
    client = swf.client()
    start(client)
    decide(client, schedule(input="5"))
    work = client.poll_for_activity_task(domain="test", taskList=WORKERS)
    assert (work["activityId"], work["input"]) == ("a1", "5")
    client.respond_activity_task_completed(taskToken=work["taskToken"], result="paid")
    task = decide(client, complete(result="ok"))
    pages = client.get_paginator("get_workflow_execution_history").paginate(
        domain="test", execution=task["workflowExecution"], PaginationConfig={"PageSize": 4}
    )
    events = [event for page in pages for event in page["events"]]
    assert [event["eventId"] for event in events] == list(range(1, 12))
    assert events[-1]["workflowExecutionCompletedEventAttributes"]["result"] == "ok"
    assert events[0]["eventTimestamp"] == datetime(2026, 1, 1, tzinfo=timezone.utc)


def test_faults_and_validation_are_those_that_boto3_knows(swf: LocalService) -> None:
    client = swf.client()
    with pytest.raises(client.exceptions.UnknownResourceFault, match="Unknown domain: nowhere"):
        client.describe_domain(name="nowhere")
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        client.describe_domain(name="a:b")
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    with pytest.raises(botocore.exceptions.ParamValidationError):
        client.describe_domain(nome="test")


def test_an_answer_has_an_id_of_its_own(swf: LocalService) -> None:
    client = swf.client()
    ids = [client.describe_domain(name="test")["ResponseMetadata"]["RequestId"] for _ in range(2)]
    assert ids[0] != ids[1]
    assert {len(each) for each in ids} == {36}


def test_a_poll_that_finds_nothing_is_empty_at_once(swf: LocalService) -> None:
    client = swf.client()
    assert "taskToken" not in client.poll_for_decision_task(domain="test", taskList=DECIDERS)
    assert "taskToken" not in client.poll_for_activity_task(domain="test", taskList=WORKERS)


def test_everything_that_time_brings_happens_at_its_own_time(swf: LocalService) -> None:
    client = swf.client()
    start(client, executionStartToCloseTimeout="7200", taskStartToCloseTimeout="NONE")
    task = decide(
        client,
        timer("late", "3600"),
        timer("soon", "60"),
        schedule("a1", startToCloseTimeout="600", scheduleToStartTimeout="1800"),
        schedule("a2", scheduleToStartTimeout="300"),
    )
    assert client.poll_for_activity_task(domain="test", taskList=WORKERS)["activityId"] == "a1"
    swf.advance(7200)
    assert fired(client, task["workflowExecution"])[9:] == [
        ("TimerFired", "2026-01-01T00:01:00"),
        ("DecisionTaskScheduled", "2026-01-01T00:01:00"),
        ("ActivityTaskTimedOut", "2026-01-01T00:05:00"),
        ("ActivityTaskTimedOut", "2026-01-01T00:10:00"),
        ("TimerFired", "2026-01-01T01:00:00"),
        ("WorkflowExecutionTimedOut", "2026-01-01T02:00:00"),
    ]
    assert swf.now == datetime(2026, 1, 1, 2, tzinfo=timezone.utc)


def test_the_next_deadline_can_be_gone_to_exactly(swf: LocalService) -> None:
    client = swf.client()
    start(client, executionStartToCloseTimeout="7200", taskStartToCloseTimeout="NONE")
    decide(client, timer("t1", "90"), timer("t2", "100"))
    assert swf.advance_to_next() == timedelta(seconds=90)
    assert swf.advance_to_next() == timedelta(seconds=10)
    assert swf.advance_to_next() == timedelta(seconds=7100)
    assert swf.advance_to_next() is None


def test_each_service_has_its_own_clock() -> None:
    with local_service() as one, local_service(start=datetime(2030, 1, 1, tzinfo=timezone.utc)) as other:
        one.advance(60)
        assert one.now == datetime(2026, 1, 1, 0, 1, tzinfo=timezone.utc)
        assert other.now == datetime(2030, 1, 1, tzinfo=timezone.utc)


def test_a_file_brings_back_what_was_there(tmp_path: Any) -> None:
    database = str(tmp_path / "swf.db")
    with local_service(database=database) as swf:
        start(register(swf))
    with local_service(database=database) as swf:
        assert decide(swf.client(), complete())["workflowExecution"]["workflowId"] == "o1"


def test_after_its_end_it_says_so() -> None:
    with local_service() as swf:
        client = swf.client()
    with pytest.raises(RuntimeError, match="this local SWF has ended"):
        client.describe_domain(name="test")


# threads


def await_polls(swf: LocalService, count: int) -> None:
    """Return once so many decision polls wait."""
    while swf.do(lambda service: len(service.task_list("decision", "test", "deciders").polls)) != count:
        pass


def test_a_poll_of_another_thread_is_woken_by_a_task_and_by_a_timer() -> None:
    with local_service(poll_seconds=SOON) as swf, ThreadPoolExecutor() as threads:
        client = register(swf)

        def polled() -> Any:
            return threads.submit(client.poll_for_decision_task, domain="test", taskList=DECIDERS)

        poll = polled()
        await_polls(swf, 1)
        start(client, executionStartToCloseTimeout="31536000")
        task = poll.result(SOON)
        assert task["startedEventId"] == 3
        client.respond_decision_task_completed(
            taskToken=task["taskToken"], decisions=[timer(seconds="2592000")]
        )
        poll = polled()
        await_polls(swf, 1)
        swf.advance(30 * 24 * 3600)
        assert poll.result(SOON)["events"][5]["eventType"] == "TimerFired"


def test_each_of_many_threads_gets_a_task_of_its_own() -> None:
    with local_service(poll_seconds=SOON) as swf, ThreadPoolExecutor(16) as threads:
        client = register(swf)
        polls = [
            threads.submit(client.poll_for_decision_task, domain="test", taskList=DECIDERS) for _ in range(8)
        ]
        list(threads.map(lambda number: start(client, f"o{number}"), range(8)))
        got = {poll.result(SOON)["workflowExecution"]["workflowId"] for poll in polls}
    assert got == {f"o{number}" for number in range(8)}


def test_executions_of_many_threads_go_on_while_another_one_moves_the_clock() -> None:
    with local_service(poll_seconds=SOON) as swf, ThreadPoolExecutor(8) as threads:
        client = register(swf)

        def execution(number: int) -> str:
            """One of two timers, by a decider of its own; its workflow id."""
            mine = {"name": f"deciders {number}"}
            start(
                client,
                f"o{number}",
                taskList=mine,
                executionStartToCloseTimeout="31536000",
                taskStartToCloseTimeout="NONE",
            )
            for decision in (timer("t1", "60"), timer("t2", "86400"), complete()):
                task = client.poll_for_decision_task(domain="test", taskList=mine)
                client.respond_decision_task_completed(taskToken=task["taskToken"], decisions=[decision])
            return str(task["workflowExecution"]["workflowId"])

        done = [threads.submit(execution, number) for number in range(40)]
        while not all(each.done() for each in done):
            swf.advance(60)
        assert [each.result() for each in done] == [f"o{number}" for number in range(40)]
        closed = client.count_closed_workflow_executions(
            domain="test", startTimeFilter={"oldestDate": 0}, closeStatusFilter={"status": "COMPLETED"}
        )
        assert closed["count"] == 40


def test_the_end_lets_a_poll_that_waits_go_empty() -> None:
    with ThreadPoolExecutor() as threads:
        with local_service(poll_seconds=SOON) as swf:
            poll = threads.submit(swf.client().poll_for_decision_task, domain="test", taskList=DECIDERS)
            await_polls(swf, 1)
        assert "taskToken" not in poll.result(SOON)


def test_what_breaks_is_raised_and_undone_and_a_poll_it_woke_goes_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(self: Store) -> None:
        raise OSError("no space left on device")

    with local_service(poll_seconds=SOON) as swf, ThreadPoolExecutor() as threads:
        client = register(swf)
        poll = threads.submit(client.poll_for_decision_task, domain="test", taskList=DECIDERS)
        await_polls(swf, 1)
        with monkeypatch.context() as patched:
            patched.setattr(Store, "commit", full)
            with pytest.raises(OSError, match="no space left"):
                start(client)
            patched.undo()
        assert "taskToken" not in poll.result(SOON)
        assert swf.do(nobody_is_open)
        start(client)
        assert decide(client, complete())["startedEventId"] == 3


def nobody_is_open(service: Service) -> bool:
    return service.runs.open("test", "o1") is None


# a decider and a worker of pyflow


@pyflow.activity(version="1")
def remind(customer: str) -> str:
    return f"reminded {customer}"


class Trial(pyflow.Workflow):
    NAME = "Trial"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 31_000_000}
    remind = pyflow.ActivityDescriptor("remind", "1", task_list="reminders")

    def run(self, customer: str) -> list[object]:
        began = self.swf.workflow_time()
        self.swf.sleep(30 * 24 * 3600)
        reminded = self.remind(customer).result()
        return [reminded, (self.swf.workflow_time() - began).days]


def result(swf: LocalService, started: Any) -> Any:
    status = pyflow.get_workflow_status(
        swf.domain, started["workflowId"], started["runId"], client=swf.client()
    )
    assert status is not None
    assert status.close_status == "COMPLETED", status
    return json.loads(status.result or "null")


def test_a_workflow_that_sleeps_a_month_is_done_step_by_step_in_one_thread() -> None:
    with local_service() as swf:
        client = swf.client()
        decider = pyflow.Decider([Trial], swf.domain, "deciders", "me", client=client)
        worker = pyflow.ActivityWorker(swf.domain, "reminders", [remind], client=client)
        decider.ensure_workflows_registered()
        client.register_activity_type(domain=swf.domain, name="remind", version="1", **ACTIVITY_DEFAULTS)
        started = pyflow.start_workflow(swf.domain, "Trial", "1.0", "deciders", input='"Ada"', client=client)
        assert decider.step()
        assert not worker.step(), "the month has not passed"
        swf.advance(30 * 24 * 3600)
        assert decider.step()
        assert worker.step()
        assert decider.step()
        assert result(swf, started) == ["reminded Ada", 30]


def open_count(client: Any, started: Any, name: str) -> int:
    """How many things of a kind the run has open."""
    execution = {"workflowId": started["workflowId"], "runId": started["runId"]}
    found = client.describe_workflow_execution(domain="test", execution=execution)
    return int(found["openCounts"][name]) if found["executionInfo"]["executionStatus"] == "OPEN" else -1


def test_the_same_with_the_decider_and_the_worker_in_threads_of_their_own() -> None:
    with local_service(poll_seconds=0.2) as swf:
        client = swf.client()
        decider = pyflow.Decider([Trial], swf.domain, "deciders", "me", client=client)
        decider.ensure_workflows_registered()
        deciding = threading.Thread(target=decider.run)
        deciding.start()
        with pyflow.ActivityWorker(swf.domain, "reminders", [remind], concurrency=2, client=client):
            started = pyflow.start_workflow(
                swf.domain, "Trial", "1.0", "deciders", input='"Ada"', client=client
            )
            while not open_count(client, started, "openTimers"):
                pass
            swf.advance(30 * 24 * 3600)
            while open_count(client, started, "openTimers") >= 0:
                pass
        decider.stop()
        deciding.join(SOON)
        assert result(swf, started) == ["reminded Ada", 30]
