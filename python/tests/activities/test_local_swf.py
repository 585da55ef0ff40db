"""A worker and the local SWF: what needs a real service to tell, under a clock that the test drives."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

import pyflow
from pyflow.declare.activity import Activity, activity
from pyflow.testing.local import LocalSWF, local_swf
from pyflow.worker.activities.context import current_activity
from pyflow.worker.activities.worker import ActivityWorker

SOON = 30  # seconds; a test that waits as long has failed
KIND = {"name": "Order", "version": "1"}


class Run:
    """One open execution that the test decides for."""

    def __init__(self, local: LocalSWF) -> None:
        self.local = local
        self.swf = local.client()
        self.swf.register_workflow_type(domain=local.domain, **KIND)
        run_id = self.swf.start_workflow_execution(
            domain=local.domain,
            workflowId="order-7",
            workflowType=KIND,
            taskList={"name": "deciders"},
            childPolicy="TERMINATE",
            executionStartToCloseTimeout="6000",
            taskStartToCloseTimeout="6000",
        )["runId"]
        self.execution = {"workflowId": "order-7", "runId": run_id}

    def decide(self, kind: str, **attributes: Any) -> None:
        task = self.swf.poll_for_decision_task(domain=self.local.domain, taskList={"name": "deciders"})
        member = f"{kind[0].lower()}{kind[1:]}DecisionAttributes"
        self.swf.respond_decision_task_completed(
            taskToken=task["taskToken"], decisions=[{"decisionType": kind, member: attributes}]
        )

    def schedule(self, definition: Activity[..., Any], **attributes: Any) -> None:
        kind = {"name": definition.name, "version": definition.version}
        self.decide("ScheduleActivityTask", activityId="activity1", activityType=kind, **attributes)

    def closing(self) -> tuple[str, dict[str, Any]]:
        """Type and attributes of the event that closed the activity task."""
        events = self.swf.get_workflow_execution_history(domain=self.local.domain, execution=self.execution)
        names = ("Completed", "Failed", "Canceled", "TimedOut")
        (event,) = [
            e for e in events["events"] if e["eventType"] in {f"ActivityTask{name}" for name in names}
        ]
        return event["eventType"], next(v for k, v in event.items() if k.endswith("EventAttributes"))


class Beating:
    """An activity that beats until it is told to stop."""

    def __init__(self) -> None:
        self.running = threading.Event()
        self.reason: str | None = None
        self.done = threading.Event()

        @activity(name="beating", version="1", heartbeat_timeout=3)
        def beating() -> None:
            self.running.set()
            try:
                current_activity().wait(SOON)
            except pyflow.ActivityCanceled as canceled:
                self.reason = canceled.reason
                canceled.details = {"bell": "rung"}
                raise
            finally:
                self.done.set()

        self.activity = beating


@pytest.fixture
def local() -> Iterator[LocalSWF]:
    with local_swf() as local:
        yield local


@pytest.fixture
def beating(local: LocalSWF) -> Iterator[tuple[Run, Beating]]:
    """A run and its one activity, which runs."""
    run, beating = Run(local), Beating()
    worker = ActivityWorker(
        local.domain, "cards", [beating.activity], concurrency=1, client=local.client(), graceful_timeout=0
    )
    worker.start()
    run.schedule(beating.activity)
    assert beating.running.wait(SOON)
    yield run, beating
    assert worker.stop() == 0


def test_a_cancel_request_reaches_an_activity_that_never_asks_and_is_answered_canceled(beating):
    run, it = beating
    run.swf.signal_workflow_execution(
        domain=run.local.domain, workflowId="order-7", signalName="stop it", input="null"
    )
    run.decide("RequestCancelActivityTask", activityId="activity1")
    assert it.done.wait(SOON)
    assert it.reason == "requested"
    task = run.swf.poll_for_decision_task(domain=run.local.domain, taskList={"name": "deciders"})
    assert task["taskToken"], "the answer gave the decider a task"
    kind, attributes = run.closing()
    assert (kind, attributes["details"]) == ("ActivityTaskCanceled", '{"bell": "rung"}')


def test_an_activity_whose_run_was_terminated_is_told_that_it_is_gone(beating):
    run, it = beating
    run.swf.terminate_workflow_execution(domain=run.local.domain, workflowId="order-7")
    assert it.done.wait(SOON)
    assert it.reason == "gone"
