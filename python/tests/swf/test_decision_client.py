"""The decider's port to SWF, over the local one."""

from __future__ import annotations

import pytest

from pyflow.swf.decision_client import DecisionClient
from pyflow.testing import local_service

STOP = [{"decisionType": "CompleteWorkflowExecution", "completeWorkflowExecutionDecisionAttributes": {}}]


def marker(number):
    return {"decisionType": "RecordMarker", "recordMarkerDecisionAttributes": {"markerName": f"m{number}"}}


@pytest.fixture
def swf():
    with local_service() as service:
        yield service


@pytest.fixture
def boto3s(swf):
    client = swf.client()
    client.register_workflow_type(
        domain="test",
        name="one",
        version="1",
        defaultTaskList={"name": "shared"},
        defaultTaskStartToCloseTimeout="30",
        defaultExecutionStartToCloseTimeout="300",
        defaultChildPolicy="TERMINATE",
    )
    client.start_workflow_execution(
        domain="test", workflowId="w", workflowType={"name": "one", "version": "1"}
    )
    swf.advance(1)
    return client


@pytest.fixture
def port(boto3s):
    return DecisionClient("test", "shared", "me", boto3s)


def signal(client):
    client.signal_workflow_execution(domain="test", workflowId="w", signalName="s")


def ids(events):
    return [event["eventId"] for event in events]


def test_a_poll_without_a_task_is_none(port, boto3s):
    assert port.poll("nobody") is None


def test_the_first_task_has_the_whole_history_and_nothing_before_it(port):
    task = port.poll()
    assert ids(task.events) == [1, 2, 3]
    assert (task.started_event_id, task.previous_started_event_id) == (3, 0)
    assert task.whole


def test_an_answer_sends_the_next_task_to_a_list_of_its_own_for_a_while(port, boto3s, swf):
    port.respond(port.poll(), [], task_list="mine", schedule_to_start=10)
    signal(boto3s)
    assert port.poll() is None
    swf.advance(10)
    assert port.poll().previous_started_event_id == 3


def test_a_poll_for_what_is_new_begins_with_the_start_before(port, boto3s):
    port.respond(port.poll(), [marker(1)], task_list="mine", schedule_to_start=10)
    signal(boto3s)
    task = port.poll("mine", new_only=True)
    assert [event["eventType"] for event in task.events] == [
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
        "MarkerRecorded",
        "WorkflowExecutionSignaled",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
    ]
    assert (task.previous_started_event_id, task.started_event_id) == (3, 8)
    assert not task.whole


def test_news_of_more_than_a_page_is_read_whole(port, boto3s, monkeypatch):
    monkeypatch.setattr("pyflow.swf.decision_client.HISTORY_PAGE_SIZE", 4)
    port.respond(port.poll(), [marker(number) for number in range(6)])
    signal(boto3s)
    assert ids(port.poll(new_only=True).events) == list(range(3, 14))


@pytest.mark.parametrize("new_only", [False, True])
def test_the_history_of_a_task_goes_from_the_first_event_to_its_start(port, boto3s, new_only, monkeypatch):
    monkeypatch.setattr("pyflow.swf.decision_client.PAGE_SIZE", 2)
    port.respond(port.poll(), [marker(1)])
    signal(boto3s)
    task = port.poll(new_only=new_only)
    signal(boto3s)
    assert ids(port.history(task)) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_the_answer_carries_the_execution_context(port, boto3s):
    port.respond(port.poll(), [], "left here")
    described = boto3s.describe_workflow_execution(
        domain="test", execution={"workflowId": "w", "runId": run_id(boto3s)}
    )
    assert described["latestExecutionContext"] == "left here"


def run_id(client):
    """Of the one run there is."""
    found = client.list_open_workflow_executions(
        domain="test", startTimeFilter={"oldestDate": 0}, executionFilter={"workflowId": "w"}
    )
    return found["executionInfos"][0]["execution"]["runId"]
