"""SWF's operations over a service without HTTP, its clock driven; and short words for decisions.

Requests go through the same validation as on the wire, and every answer is checked against AWS's model.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from local.conformity import check_answer, check_links

from pyflow.local.engine.accept import lambdas
from pyflow.local.engine.fault import Fault
from pyflow.local.engine.records import Records
from pyflow.local.engine.run import LambdaTask
from pyflow.local.operations import ask
from pyflow.local.service.clock import DrivenClock, Settable
from pyflow.local.service.driving import advance, advance_to_next
from pyflow.local.service.service import Service
from pyflow.local.storage.store import Store
from pyflow.local.wire.wire import Wire, success

WIRE = Wire()
SECOND = 1000
START = 1_767_225_600_000
"""2026-01-01, when the clock of a test begins."""

WORKFLOW_DEFAULTS = {
    "defaultTaskList": {"name": "deciders"},
    "defaultExecutionStartToCloseTimeout": "3600",
    "defaultTaskStartToCloseTimeout": "10",
    "defaultChildPolicy": "TERMINATE",
}
ACTIVITY_DEFAULTS = {
    "defaultTaskList": {"name": "workers"},
    "defaultTaskScheduleToStartTimeout": "NONE",
    "defaultTaskScheduleToCloseTimeout": "NONE",
    "defaultTaskStartToCloseTimeout": "NONE",
    "defaultTaskHeartbeatTimeout": "NONE",
}
ORDER = {"name": "order", "version": "1"}
CHARGE = {"name": "charge", "version": "1"}

Document = dict[str, Any]


class Direct:
    """A service with domain `shop`, workflow type order 1 and activity type charge 1."""

    def __init__(
        self, path: str = ":memory:", clock: Settable | None = None, *, registered: bool = True
    ) -> None:
        self.clock = clock or DrivenClock(START)
        self.service = Service(Store(path), self.clock)
        self.waiting_lambdas: list[tuple[int, int]] = []
        self.service.on_lambda = lambda run, scheduled_id: self.waiting_lambdas.append((run, scheduled_id))
        self.monkeypatch: pytest.MonkeyPatch | None = None
        if registered and "shop" not in self.service.registry.domains:
            self("RegisterDomain", name="shop", workflowExecutionRetentionPeriodInDays="7")
            self("RegisterWorkflowType", **ORDER, **WORKFLOW_DEFAULTS)
            self("RegisterActivityType", **CHARGE, **ACTIVITY_DEFAULTS)

    def __call__(self, operation: str, /, **request: Any) -> Any:
        """Do one operation in domain `shop`, durably; its answer as a client would read it."""
        if "Domain" not in operation and "Resource" not in operation and "taskToken" not in request:
            request.setdefault("domain", "shop")
        call = WIRE.read(f"SimpleWorkflowService.{operation}", json.dumps(request).encode())
        try:
            answer = ask(self.service, call.operation, call.request)
        except Fault:
            self.service.commit()
            raise
        except BaseException:
            self.service.abandon()
            raise
        self.service.commit()
        body = success(answer).body
        document = json.loads(body) if body else None
        check_answer(operation, document)
        return document

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        advance(self.service, self.clock, round(seconds * SECOND))
        self.service.commit()

    def advance_to_next(self) -> int | None:
        """Let time pass until something is due."""
        passed = advance_to_next(self.service, self.clock)
        self.service.commit()
        return passed

    def start(self, workflow_id: str = "o1", **settings: Any) -> str:
        """Start a workflow execution; its run id."""
        answer = self("StartWorkflowExecution", workflowId=workflow_id, **{"workflowType": ORDER, **settings})
        return str(answer["runId"])

    def poll(self, task_list: str = "deciders", **options: Any) -> Document:
        """Take a decision task; empty if none waits."""
        return dict(self("PollForDecisionTask", taskList={"name": task_list}, **options))

    def respond(self, task: Document, *decisions: Document, **options: Any) -> None:
        """Answer a decision task."""
        token = task["taskToken"]
        self("RespondDecisionTaskCompleted", taskToken=token, decisions=list(decisions), **options)

    def decide(self, *decisions: Document, task_list: str = "deciders", **options: Any) -> Document:
        """Take a decision task and answer it."""
        task = self.poll(task_list)
        self.respond(task, *decisions, **options)
        return task

    def work(self, task_list: str = "workers", **options: Any) -> Document:
        """Take an activity task; empty if none waits."""
        return dict(self("PollForActivityTask", taskList={"name": task_list}, **options))

    def complete(self, task: Document, result: str = "done") -> None:
        """Complete an activity task."""
        self("RespondActivityTaskCompleted", taskToken=task["taskToken"], result=result)

    def invoke(self) -> None:
        """Start the lambda task that waits, as the service does."""
        ((self._run, self._task),) = self.waiting_lambdas
        self.waiting_lambdas.clear()
        run = self.service.runs.get(self._run)
        assert run is not None
        self._lambda(lambda task, now: lambdas.start(run, task, now))

    def returned(self, result: str) -> None:
        """Let the function return."""
        run = self.service.runs.get(self._run)
        assert run is not None
        self._lambda(lambda task, now: lambdas.complete(run, task, result, now))

    def raised(self, reason: str, details: str) -> None:
        """Let the function fail."""
        run = self.service.runs.get(self._run)
        assert run is not None
        self._lambda(lambda task, now: lambdas.fail(run, task, reason, details, now))

    def _lambda(self, records: Callable[[LambdaTask, int], Records]) -> None:
        run = self.service.runs.get(self._run)
        assert run is not None
        now = self.service.begin()
        self.service.perform(run, records(run.lambdas.by_event[self._task], now), now)
        self.service.settle(now)
        self.service.commit()

    def limit(self, name: str, value: int) -> None:
        """Lower a limit for the length of the test; name: the module of `accept` that reads it, and its name."""
        assert self.monkeypatch is not None
        self.monkeypatch.setattr(f"pyflow.local.engine.accept.{name}", value)

    def signal(self, workflow_id: str = "o1", name: str = "hello", **options: Any) -> None:
        """Signal the open run."""
        self("SignalWorkflowExecution", workflowId=workflow_id, signalName=name, **options)

    def history(self, workflow_id: str = "o1", run_id: str | None = None) -> list[Document]:
        """All events of a run, the newest of that workflow id unless one is named."""
        execution = {"workflowId": workflow_id, "runId": run_id or self.newest(workflow_id)}
        page = self("GetWorkflowExecutionHistory", execution=execution)
        events = page["events"]
        while token := page.get("nextPageToken"):
            page = self("GetWorkflowExecutionHistory", execution=execution, nextPageToken=token)
            events += page["events"]
        assert [event["eventId"] for event in events] == list(range(1, len(events) + 1))
        times = [event["eventTimestamp"] for event in events]
        assert times == sorted(times)
        check_links(events)
        return list(events)

    def newest(self, workflow_id: str) -> str:
        """The run id of the newest run of a workflow id."""
        filters = {"startTimeFilter": {"oldestDate": 0}, "executionFilter": {"workflowId": workflow_id}}
        found = self("ListOpenWorkflowExecutions", **filters)["executionInfos"]
        found = found or self("ListClosedWorkflowExecutions", **filters)["executionInfos"]
        return str(found[0]["execution"]["runId"])

    def executions(self) -> list[tuple[str, str]]:
        """Workflow id and run id of every run, open or closed."""
        since = {"startTimeFilter": {"oldestDate": 0}}
        infos = self("ListOpenWorkflowExecutions", **since)["executionInfos"]
        infos += self("ListClosedWorkflowExecutions", **since)["executionInfos"]
        return [(info["execution"]["workflowId"], info["execution"]["runId"]) for info in infos]

    def types(self, workflow_id: str = "o1", run_id: str | None = None, *, start: int = 1) -> list[str]:
        """The event types of a run, from event `start` on."""
        return [event["eventType"] for event in self.history(workflow_id, run_id)[start - 1 :]]

    def last(self, event_type: str, workflow_id: str = "o1", run_id: str | None = None) -> Document:
        """The attributes of the last event of a type."""
        events = [e for e in self.history(workflow_id, run_id) if e["eventType"] == event_type]
        assert events, f"no {event_type} in {self.types(workflow_id, run_id)}"
        return attributes(events[-1])

    def describe(self, workflow_id: str = "o1", run_id: str | None = None) -> Document:
        """DescribeWorkflowExecution."""
        execution = {"workflowId": workflow_id, "runId": run_id or self.newest(workflow_id)}
        return dict(self("DescribeWorkflowExecution", execution=execution))


def attributes(event: Document) -> Document:
    """The attributes of an event."""
    (found,) = [value for name, value in event.items() if name.endswith("EventAttributes")]
    return dict(found)


def decision(decision_type: str, **members: Any) -> Document:
    """A decision with its attributes."""
    name = f"{decision_type[0].lower()}{decision_type[1:]}DecisionAttributes"
    return {"decisionType": decision_type, name: members}


def schedule(activity_id: str = "a1", **members: Any) -> Document:
    """ScheduleActivityTask of charge 1."""
    return decision("ScheduleActivityTask", activityId=activity_id, **{"activityType": CHARGE, **members})


def timer(timer_id: str = "t1", seconds: str = "5", **members: Any) -> Document:
    """StartTimer."""
    return decision("StartTimer", timerId=timer_id, startToFireTimeout=seconds, **members)


def child(workflow_id: str = "c1", **members: Any) -> Document:
    """StartChildWorkflowExecution of order 1, on a task list of its own."""
    members = {"workflowType": ORDER, "taskList": {"name": "children"}, **members}
    return decision("StartChildWorkflowExecution", workflowId=workflow_id, **members)


def function(function_id: str = "l1", name: str = "price", **members: Any) -> Document:
    """ScheduleLambdaFunction."""
    return decision("ScheduleLambdaFunction", id=function_id, name=name, **members)


def complete(**members: Any) -> Document:
    """CompleteWorkflowExecution."""
    return decision("CompleteWorkflowExecution", **members)
