"""Where histories are recorded: the bare local SWF, on which a decider, workers and clients act step by step."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pyflow
from pyflow.decider.answer import Answer
from pyflow.decider.resident import Resident
from pyflow.errors import DeciderException
from pyflow.history.context import Context, read_context
from pyflow.history.reserved import VOID
from pyflow.swf.decision_client import DecisionClient, DecisionTask
from pyflow.testing import local_service

RunId = dict[str, str]


class Stage:
    """polled: whether the decider answers as pyflow's polling loop does; else as who calls process_decision_task."""

    def __init__(self, swf: Any, polled: bool, operator_key: bytes | None) -> None:
        self.swf, self.client, self.polled, self.operator_key = swf, swf.client(), polled, operator_key
        self.decisions = DecisionClient(swf.domain, "deciders", None, self.client)
        self.residents: dict[str, Resident] = {}
        self.activities: dict[str, str] = {}
        self.tasks: dict[str, str] = {}
        """Tokens of activity tasks that are being worked on, by activity id."""

    def deploy(self, *classes: type[pyflow.Workflow]) -> None:
        """From now on a decider of these decides, which holds nothing yet."""
        self.leave()
        self.decider = pyflow.Decider(
            classes, self.swf.domain, "deciders", None, client=self.client, operator_key=self.operator_key
        )
        self.decider.ensure_workflows_registered()

    def leave(self) -> None:
        while self.residents:
            self.residents.popitem()[1].execution.close()

    # clients

    def start(self, workflow: type[pyflow.Workflow], value: Any = None, **options: Any) -> RunId:
        run: RunId = pyflow.start_workflow(
            self.swf.domain,
            str(workflow.NAME),
            workflow.VERSION,
            "deciders",
            input=json.dumps(value),
            client=self.client,
            **options,
        )
        return run

    def signal(self, run: RunId, name: str, text: str = "null") -> None:
        self.client.signal_workflow_execution(
            domain=self.swf.domain, workflowId=run["workflowId"], signalName=name, input=text
        )

    def cancel(self, run: RunId) -> None:
        self.client.request_cancel_workflow_execution(domain=self.swf.domain, workflowId=run["workflowId"])

    # the decider

    def poll(self) -> DecisionTask | None:
        return self.decisions.poll()

    def answer(self, task: DecisionTask) -> Answer:
        """What the decider says to a task, from what it holds of the run or from the whole history."""
        resident = self.residents.get(task.run.run_id)
        if resident is not None and resident.reached_by(task.events):
            with contextlib.suppress(DeciderException):
                return resident.decide(task.events)
        resident = Resident(self.decider.execution(task.run, polled=self.polled))
        self.residents[task.run.run_id] = resident
        return resident.decide(self.decisions.history(task))

    def decide(self, during: Any = None) -> bool:
        """One decision task; whether there was one. during: called between the decision and its answer."""
        task = self.poll()
        if task is None:
            return False
        answer = self.answer(task)
        if during is not None:
            during()
        self.decisions.respond(task, answer.decisions, answer.context)
        return True

    def park(self, number: int, *, timer: bool) -> None:
        """Answers a decision task void, starting the timer `pyflow.void`N or not."""
        task = self.poll()
        assert task is not None
        held = None
        for event in self.decisions.history(task):
            held = event.get("decisionTaskCompletedEventAttributes", {}).get("executionContext", held)
        said = read_context(held)
        context = Context(said.behaviour, said.state, True, "not known here", "2026-01-01T00:00:00Z")
        attributes = {"timerId": f"{VOID}{number}", "startToFireTimeout": "5"}
        start = {"decisionType": "StartTimer", "startTimerDecisionAttributes": attributes}
        self.decisions.respond(task, [start] if timer else [], context.text())

    def settle(self) -> None:
        while self.decide():
            pass

    def pass_time(self) -> None:
        """Until something happens, and all that is decided then."""
        assert self.swf.advance_to_next() is not None, "nothing is left that could happen"
        self.settle()

    # workers

    def register(self, *names: str) -> None:
        for name in names:
            self.client.register_activity_type(
                domain=self.swf.domain,
                name=name,
                version="1",
                defaultTaskList={"name": "work"},
                defaultTaskHeartbeatTimeout="NONE",
                defaultTaskScheduleToStartTimeout="NONE",
                defaultTaskScheduleToCloseTimeout="NONE",
                defaultTaskStartToCloseTimeout="NONE",
            )

    def take_up(self) -> list[str]:
        """All activity tasks that wait; the ids of those being worked on."""
        while True:
            task = self.client.poll_for_activity_task(domain=self.swf.domain, taskList={"name": "work"})
            if not task.get("taskToken"):
                return list(self.tasks)
            self.tasks[task["activityId"]] = task["taskToken"]

    def complete(self, own_id: str, value: Any = None) -> None:
        self.take_up()
        self.client.respond_activity_task_completed(
            taskToken=self.tasks.pop(own_id), result=json.dumps(value)
        )
        self.settle()

    def fail(self, own_id: str, reason: str, details: str = "") -> None:
        self.take_up()
        self.client.respond_activity_task_failed(
            taskToken=self.tasks.pop(own_id), reason=reason, details=details
        )
        self.settle()

    def was_canceled(self, own_id: str, details: str = '"half done"') -> None:
        self.take_up()
        self.client.respond_activity_task_canceled(taskToken=self.tasks.pop(own_id), details=details)
        self.settle()

    # what is kept

    def is_open(self, run: RunId) -> bool:
        described = self.client.describe_workflow_execution(domain=self.swf.domain, execution=run)
        return bool(described["executionInfo"]["executionStatus"] == "OPEN")

    def finish(self, run: RunId) -> None:
        """Lets time pass, completing every activity with its input, until the run has closed."""
        self.settle()
        while self.is_open(run):
            while waiting := self.take_up():
                for own_id in waiting:
                    self.complete(own_id, own_id)
            if self.is_open(run):
                self.pass_time()

    def events(self, run: RunId) -> list[dict[str, Any]]:
        """As the wire has them: timestamps in seconds."""
        events: list[dict[str, Any]] = []
        token: dict[str, str] = {}
        client = self.decisions._client()
        while True:
            page = client.get_workflow_execution_history(
                domain=self.swf.domain, execution={key: run[key] for key in ("workflowId", "runId")}, **token
            )
            events += page["events"]
            if not page.get("nextPageToken"):
                return events
            token = {"nextPageToken": page["nextPageToken"]}


@contextlib.contextmanager
def stage(
    *classes: type[pyflow.Workflow], polled: bool = True, operator_key: bytes | None = None
) -> Iterator[Stage]:
    with local_service() as swf:
        found = Stage(swf, polled, operator_key)
        found.deploy(*classes)
        try:
            yield found
        finally:
            found.leave()
