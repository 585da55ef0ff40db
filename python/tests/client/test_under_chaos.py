"""Clients whose every fourth answer is lost, and whose calls boto3 makes again: nothing is started or signaled twice."""

from __future__ import annotations

import pytest

import pyflow
from pyflow import codec
from pyflow.swf.boto import client as boto_client
from pyflow.testing.local import local_swf


@pytest.fixture
def lossy():
    """A client for a domain in which `Order` is registered."""
    with local_swf(chaos="1:lost") as swf:
        client = boto_client(endpoint_url=swf.endpoint_url)
        defaults = {
            "defaultTaskList": {"name": "deciders"},
            "defaultChildPolicy": "TERMINATE",
            "defaultTaskStartToCloseTimeout": "30",
            "defaultExecutionStartToCloseTimeout": "3600",
        }
        swf.client().register_workflow_type(domain=swf.domain, name="Order", version="1.0", **defaults)
        yield client, swf.domain


def open_runs(client, domain):
    found = client.list_open_workflow_executions(domain=domain, startTimeFilter={"oldestDate": 0})
    return {each["execution"]["workflowId"]: each["execution"]["runId"] for each in found["executionInfos"]}


@pytest.mark.parametrize("named", [True, False], ids=["given ids", "generated ids"])
def test_every_start_returns_the_one_run_that_it_started(lossy, named):
    client, domain = lossy
    started = [
        pyflow.start_workflow(
            domain, "Order", "1.0", None, client=client, workflow_id=f"order-{n}" if named else None
        )
        for n in range(40)
    ]
    assert {each["workflowId"]: each["runId"] for each in started} == open_runs(client, domain)
    assert len({each["runId"] for each in started}) == 40


def test_every_signal_reaches_its_run_by_one_id(lossy):
    client, domain = lossy
    for n in range(40):
        pyflow.signal_with_start(
            domain, "Order", "1.0", None, f"order-{n % 10}", "paid", n, client=client, signal_id=f"s{n}"
        )
    runs = open_runs(client, domain)
    ids = []
    for workflow_id, run_id in runs.items():
        execution = {"workflowId": workflow_id, "runId": run_id}
        events = client.get_workflow_execution_history(domain=domain, execution=execution)["events"]
        start = codec.decode_start(events[0]["workflowExecutionStartedEventAttributes"]["input"])
        assert start is not None
        sent = [each.get("workflowExecutionSignaledEventAttributes") for each in events]
        found = {each.id for each in start.signals} | {codec.read(each["input"]).id for each in sent if each}
        assert {int(each[1:]) % 10 for each in found} == {int(workflow_id.removeprefix("order-"))}
        ids += found
    assert sorted(ids, key=lambda id: int(id[1:])) == [f"s{n}" for n in range(40)]
