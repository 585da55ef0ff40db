"""Clients that do what deciders, workers and the world do, and write down what they were promised."""

from __future__ import annotations

import http.client
import itertools
import json
import random
import threading
from dataclasses import dataclass, field
from typing import Any

from local_crash.lives import Lives

DOMAIN, BRIEF = "shop", "brief"
"""What is promised in the second is forgotten when it closes."""

WORKFLOW = {"name": "order", "version": "1"}
ACTIVITY = {"name": "charge", "version": "1"}
HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Date": "20260101T000000Z",
    "Authorization": "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/swf/aws4_request, "
    "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" + "0" * 64,
}

Document = dict[str, Any]


class Over(Exception):
    """There is no other server."""


class Unknown(Exception):
    """The server was killed before it answered: the call has happened, or has not."""


class Refused(Exception):
    """The server said no."""


@dataclass
class Run:
    """One run, and what a client was promised of it."""

    domain: str
    workflow_id: str
    run_id: str | None = None
    once: list[tuple[str, str, str]] = field(default_factory=list)
    """Event type, attribute and value that must be in the history exactly once."""
    at_most_once: list[tuple[str, str, str]] = field(default_factory=list)
    beats: dict[int, str] = field(default_factory=dict)
    """The details of the latest heartbeat of an activity that stays open, by its ActivityTaskStarted."""
    closed: bool = False


class Client(threading.Thread):
    """Takes one run after the other through its life. seed: of everything it does."""

    def __init__(self, lives: Lives, name: str, seed: int) -> None:
        super().__init__(name=name, daemon=True)
        self._lives = lives
        self._random = random.Random(seed)
        self._connection: http.client.HTTPConnection | None = None
        self._life = 0
        self._numbers = itertools.count()
        self.runs: list[Run] = []
        self.types: list[str] = []
        self.acknowledged = 0
        self.unknown = 0
        self.over_a_kill = 0
        """Tasks that were taken from one server and answered at another."""
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Go on until there is no other server."""
        try:
            while True:
                self._one_run()
        except Over:
            pass
        except BaseException as error:
            self.failure = error

    # calls

    def call(self, operation: str, **request: Any) -> Document:
        """The answer; raises Refused, Unknown or Over."""
        connection = self._connected()
        headers = {**HEADERS, "X-Amz-Target": f"SimpleWorkflowService.{operation}"}
        try:
            connection.request("POST", "/", json.dumps(request), headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            self._connection = None
            self.unknown += 1
            raise Unknown from None
        self.acknowledged += 1
        document: Document = json.loads(body) if body else {}
        if response.status != 200:
            raise Refused(document["__type"].rpartition("#")[2], document.get("message"))
        return document

    def _connected(self) -> http.client.HTTPConnection:
        """A connection to the present server; waits for one, and raises Over if there will be none."""
        while self._connection is None or self._life != self._lives.number:
            endpoint = self._lives.endpoint()
            if endpoint is None:
                raise Over
            self._life = self._lives.number
            self._connection = http.client.HTTPConnection(*endpoint, timeout=60)
            try:
                self._connection.connect()
            except OSError:
                self._connection = None  # killed since
        return self._connection

    def _until_known(self, had_happened: str, operation: str, **request: Any) -> Document | None:
        """Ask until the server answers; None where it says what it must, had an unknown try happened."""
        tries = 0
        while True:
            try:
                return self.call(operation, **request)
            except Unknown:
                tries += 1
            except Refused as refusal:
                if not tries or refusal.args[0] != had_happened:
                    raise
                return None

    def _unique(self, word: str) -> str:
        return f"{self.name}-{word}-{next(self._numbers)}"

    # what is done

    def _one_run(self) -> None:
        if self._random.random() < 0.05:
            name = self._unique("type")
            self._until_known(
                "TypeAlreadyExistsFault", "RegisterActivityType", domain=DOMAIN, name=name, version="1"
            )
            self.types.append(name)
        run = Run(self._random.choice([DOMAIN, DOMAIN, BRIEF]), self._unique("run"))
        self.runs.append(run)
        self._start(run)
        for _ in range(self._random.randrange(3)):
            self._signal(run)
        for _ in range(self._random.randrange(1, 4)):
            activities = self._decide(run)
            for _ in range(activities):
                self._work(run)
            if self._random.random() < 0.3:
                self._signal(run)
        if self._random.random() < 0.6:
            self._close(run)

    def _start(self, run: Run) -> None:
        input = self._unique("input") + " " * self._random.choice([0, 0, 20_000])
        answer = self._until_known(
            "WorkflowExecutionAlreadyStartedFault",
            "StartWorkflowExecution",
            domain=run.domain,
            workflowId=run.workflow_id,
            workflowType=WORKFLOW,
            taskList={"name": self.name},
            input=input,
        )
        run.run_id = answer and answer["runId"]
        run.once.append(("WorkflowExecutionStarted", "input", input))

    def _signal(self, run: Run) -> None:
        name = self._unique("signal")
        self._tell(
            run, ("WorkflowExecutionSignaled", "signalName", name), "SignalWorkflowExecution", signalName=name
        )

    def _poll(self, kind: str, run: Run) -> Document | None:
        """A task; None where a killed server may have given it to nobody."""
        try:
            task = self.call(f"PollFor{kind}Task", domain=run.domain, taskList={"name": self.name})
        except Unknown:
            return None
        return task if "taskToken" in task else None

    def _decide(self, run: Run) -> int:
        """Take a decision task and answer it; how many activities that scheduled."""
        task = self._poll("Decision", run)
        if task is None:
            return 0
        marker, activities = self._unique("marker"), self._random.randrange(3)
        mine = {"taskList": {"name": self.name}}
        decisions = [_decision("RecordMarker", markerName=marker)]
        for _ in range(activities):
            activity = {"activityId": self._unique("activity"), "activityType": ACTIVITY, **mine}
            decisions.append(_decision("ScheduleActivityTask", **activity))
        if self._random.random() < 0.3:
            decisions.append(_decision("StartTimer", timerId=self._unique("timer"), startToFireTimeout="0"))
        if self._random.random() < 0.1:
            child = {"workflowId": self._unique("child"), "workflowType": WORKFLOW, **mine}
            decisions.append(_decision("StartChildWorkflowExecution", **child))
        self._answer("RespondDecisionTaskCompleted", taskToken=task["taskToken"], decisions=decisions)
        of = self._run_of(task)
        if of is not None:
            of.once.append(("MarkerRecorded", "markerName", marker))
        return activities

    def _work(self, run: Run) -> None:
        task = self._poll("Activity", run)
        if task is None:
            return
        of = self._run_of(task)
        beat = self._unique("beat")
        if self._random.random() < 0.3:
            try:
                self.call("RecordActivityTaskHeartbeat", taskToken=task["taskToken"], details=beat)
            except Unknown:
                beat = ""
            if self._random.random() < 0.3:  # a worker that never answers
                if of is not None and beat:
                    of.beats[task["startedEventId"]] = beat
                return
        result = self._unique("result")
        self._answer("RespondActivityTaskCompleted", taskToken=task["taskToken"], result=result)
        if of is not None:
            of.once.append(("ActivityTaskCompleted", "result", result))

    def _answer(self, operation: str, **request: Any) -> None:
        """Answer a task. A token that was given is good for as long as nobody has answered by it."""
        taken_in = self._life
        self._until_known("UnknownResourceFault", operation, **request)
        self.over_a_kill += self._life > taken_in

    def _run_of(self, task: Document) -> Run | None:
        """Whose task it is: of this run or an earlier one, since polls may be answered to nobody; None for a child."""
        workflow_id = task["workflowExecution"]["workflowId"]
        for known in reversed(self.runs):
            if known.workflow_id == workflow_id:
                return known
        return None

    def _close(self, run: Run) -> None:
        reason = self._unique("reason")
        promise = ("WorkflowExecutionTerminated", "reason", reason)
        if self._tell(run, promise, "TerminateWorkflowExecution", reason=reason):
            run.closed = True

    def _tell(self, run: Run, promise: tuple[str, str, str], operation: str, **arguments: Any) -> bool:
        """Whether a call about a run was acknowledged, which promises its event; else that may be there or not."""
        try:
            self.call(operation, domain=run.domain, workflowId=run.workflow_id, **arguments)
        except Unknown:
            run.at_most_once.append(promise)
            return False
        run.once.append(promise)
        return True


def _decision(decision_type: str, **members: Any) -> Document:
    name = f"{decision_type[0].lower()}{decision_type[1:]}DecisionAttributes"
    return {"decisionType": decision_type, name: members}
