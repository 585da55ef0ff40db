"""The snippets of docs/ run: workflows of workflows.md make their first decision, tests of testing.md pass, and what
clients.md does is found in the histories afterwards."""

from __future__ import annotations

import threading

import pytest
from docs.pages import DOCUMENTS, names_of

import pyflow
from pyflow import codec
from pyflow.client.runs import newest_run
from pyflow.client.status import history
from pyflow.history.event import attributes_key
from pyflow.testing import ActivityEnvironment
from pyflow.testing.local import local_swf
from pyflow.testing.story import HistoryBuilder, replay_every_turn

INPUTS = {
    "OrderWorkflow": {"id": 7, "address": {"city": "Oslo"}},
    "ChargeWorkflow": {"id": 7},
    "Patient": ["https://example.org/a", "https://example.org/b"],
}
FIRST_DECISIONS = {
    "OrderWorkflow": ["ScheduleLambdaFunction"],
    "ChargeWorkflow": ["ScheduleActivityTask"],
    "Patient": ["ScheduleActivityTask", "ScheduleActivityTask", "StartTimer"],
}


WORKFLOWS = {
    name: each
    for name, each in names_of("workflows.md").items()
    if isinstance(each, type) and issubclass(each, pyflow.Workflow)
}
TESTS = {name: each for name, each in names_of("testing.md").items() if name.startswith("test_")}


def test_every_test_of_the_document_is_tried():
    assert len(TESTS) == (DOCUMENTS / "testing.md").read_text().count("def test_") == 11


@pytest.mark.parametrize("name", TESTS)
def test_a_test_of_the_document_passes(name):
    TESTS[name]()


ACTIVITIES = {name: each for name, each in names_of("activities.md").items() if name.startswith("test_")}


def test_every_test_of_activities_is_tried():
    assert len(ACTIVITIES) == (DOCUMENTS / "activities.md").read_text().count("def test_") == 5


@pytest.mark.parametrize("name", ACTIVITIES)
def test_a_test_of_activities_passes(name):
    ACTIVITIES[name]()


def test_the_activities_of_the_readme_of_python_run():
    names = names_of("../python/README.md")
    environment = ActivityEnvironment(last_heartbeat=1)
    assert environment.run(names["charge"], {"id": 7, "cents": 5}) == {"charged": 5}
    assert environment.heartbeats == [1, 2]
    assert environment.run(names["fetch"], "https://example.org") == "https://example.org"


def test_every_workflow_of_the_document_is_tried():
    assert sorted(WORKFLOWS) == sorted(FIRST_DECISIONS)


@pytest.mark.parametrize("name", FIRST_DECISIONS)
def test_a_workflow_of_the_document_makes_its_first_decision(name):
    [decisions] = replay_every_turn(WORKFLOWS[name], HistoryBuilder(INPUTS[name]).turn())
    assert [each["decisionType"] for each in decisions] == FIRST_DECISIONS[name]


def test_the_order_of_the_document_ends_with_both_results():
    story = HistoryBuilder(INPUTS["OrderWorkflow"]).turn().decided().lambda_function("lambda1", "price_order")
    story.completed("lambda1", "9.90").turn().decided().activity("activity1", "charge_card")
    story.child("child_workflow1", "ShipmentWorkflow").completed("child_workflow1", "parcel 1")
    story.completed("activity1", "receipt 1").turn()
    [decision] = replay_every_turn(WORKFLOWS["OrderWorkflow"], story)[-1]
    assert decision["completeWorkflowExecutionDecisionAttributes"] == {
        "result": '{"receipt": "receipt 1", "parcel": "parcel 1"}'
    }


class Greeting(pyflow.Workflow):
    NAME = "Greeting"

    def run(self, name):
        if not name:
            raise pyflow.WorkflowFailedException("NoName", "there is nobody to greet")
        return f"Hello, {name}"


class Order(pyflow.Workflow):
    """Nobody decides for it: its executions stay open."""

    NAME = "Order"


def test_the_clients_of_the_document_do_what_it_says(monkeypatch):
    with local_swf(domain="shop", poll_seconds=0.1) as swf:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SWF", swf.endpoint_url)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "local")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        pyflow.Decider([Order], "shop", "deciders", None).ensure_workflows_registered()
        decider = pyflow.Decider([Greeting], "shop", "greeters", None)
        decider.ensure_workflows_registered()
        deciding = threading.Thread(target=decider.run)
        deciding.start()
        try:
            names = names_of("clients.md")
        finally:
            decider.stop()
            deciding.join()
        client = swf.client()
        happened = {workflow_id: events_of(client, workflow_id) for workflow_id in ("order-7", "order-8")}
    assert names["started"]["workflowId"] == "order-7"
    assert list(happened["order-7"]) == [
        "WorkflowExecutionStarted",
        "DecisionTaskScheduled",
        "WorkflowExecutionSignaled",
        "WorkflowExecutionCancelRequested",
    ]
    assert codec.decode(happened["order-7"]["WorkflowExecutionSignaled"]["input"]) == {"by": "card"}
    start = codec.decode_start(happened["order-8"]["WorkflowExecutionStarted"]["input"])
    assert start is not None
    assert (start.input, [(each.name, each.input) for each in start.signals]) == (
        '{"id": 8}',
        [("paid", '{"by": "card"}')],
    )
    assert happened["order-8"]["WorkflowExecutionTerminated"]["reason"] == "fraud"


def events_of(client, workflow_id):
    """The attributes of each event of the newest run, by its type."""
    run_id = newest_run(client, "shop", workflow_id)
    events = history(client, "shop", workflow_id, run_id)
    return {each["eventType"]: each[attributes_key(each["eventType"])] for each in events}
