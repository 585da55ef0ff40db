"""A whole system under `--clock virtual`: the local SWF, a decider and a worker as processes of their own."""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from local.direct import ACTIVITY_DEFAULTS

import pyflow
from pyflow.swf.boto import client as boto_client
from pyflow.testing.processes import Process, local_swf_process

CODE = """
import time
import pyflow

@pyflow.activity(version="1")
def bill(month):
    return f"bill {month}"

@pyflow.activity(version="1", start_to_close_timeout=3600)
def hang():
    time.sleep(600)

YEAR = {"defaultExecutionStartToCloseTimeout": 31_536_000}

class Subscription(pyflow.Workflow):
    NAME = "Subscription"
    OPTIONS = YEAR
    bill = pyflow.ActivityDescriptor("bill", "1", task_list="billing")
    tell = pyflow.ActivityDescriptor("tell", "1", task_list="observer")

    def run(self, months):
        bills = []
        for month in range(months):
            bills.append(self.bill(month).result())
            self.swf.sleep(30 * 24 * 3600)
        self.tell(bills).result()

class Stuck(pyflow.Workflow):
    NAME = "Stuck"
    OPTIONS = YEAR
    hang = pyflow.ActivityDescriptor("hang", "1", task_list="billing")
    tell = pyflow.ActivityDescriptor("tell", "1", task_list="observer")

    def run(self, value):
        try:
            self.hang().result()
        except pyflow.InvocationTimedOutException as error:
            self.tell(error.timeout).result()
"""


class System(NamedTuple):
    """A client, the folder of the code, and how to start another process of pyflow's command in it."""

    client: Any
    start: Any


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    """The local SWF and a decider; workers are started by the tests."""
    (tmp_path / "subscriptions.py").write_text(CODE)
    with contextlib.ExitStack() as stack:
        _, endpoint = stack.enter_context(local_swf_process("--domain", "shop", "--clock", "virtual"))

        def start(verb: str, *arguments: str) -> Process:
            options = ["--domain", "shop", "--endpoint-url", endpoint]
            command = [sys.executable, "-m", "pyflow", verb, *arguments, *options]
            process = stack.enter_context(Process(verb, command, cwd=tmp_path))
            stack.callback(process.kill)
            process.wait_until_ready()
            return process

        client = boto_client(endpoint_url=endpoint, long_poll=True)
        client.register_activity_type(domain="shop", name="tell", version="1", **ACTIVITY_DEFAULTS)
        start("decider", "subscriptions:Subscription", "subscriptions:Stuck", "--task-list", "deciders")
        yield System(client, start)


def told(client: Any) -> tuple[str, list[dict[str, Any]]]:
    """What a workflow tells its observer in the end, and its history until then."""
    task = client.poll_for_activity_task(domain="shop", taskList={"name": "observer"})
    history = client.get_workflow_execution_history(domain="shop", execution=task["workflowExecution"])
    client.respond_activity_task_completed(taskToken=task["taskToken"], result="null")
    return task["input"], history["events"]


def times(events: list[dict[str, Any]], event_type: str) -> list[Any]:
    return [event["eventTimestamp"] for event in events if event["eventType"] == event_type]


def test_a_year_of_bills_is_sent_while_the_test_waits(system: System) -> None:
    system.start("worker", "subscriptions", "--task-list", "billing")
    pyflow.start_workflow("shop", "Subscription", "1.0", "deciders", input="12", client=system.client)
    value, events = told(system.client)
    assert value == str([f"bill {month}" for month in range(12)]).replace("'", '"')
    billed = times(events, "ActivityTaskCompleted")
    apart = [then - now for now, then in itertools.pairwise(billed)]
    assert [each.days for each in apart] == [30] * 11
    assert "ActivityTaskTimedOut" not in {event["eventType"] for event in events}


def test_the_activity_of_a_worker_that_is_killed_times_out(system: System) -> None:
    worker = system.start("worker", "subscriptions", "--task-list", "billing")
    client = system.client
    execution = pyflow.start_workflow("shop", "Stuck", "1.0", "deciders", input="null", client=client)
    named = {"workflowId": execution["workflowId"], "runId": execution["runId"]}
    while not times(
        client.get_workflow_execution_history(domain="shop", execution=named)["events"], "ActivityTaskStarted"
    ):
        pass
    worker.kill()
    value, events = told(client)
    assert value == '"START_TO_CLOSE"'
    began, ended = times(events, "ActivityTaskStarted")[0], times(events, "ActivityTaskTimedOut")[0]
    assert timedelta(hours=1) <= ended - began < timedelta(hours=2)
