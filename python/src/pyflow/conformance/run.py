"""A workflow execution that the kit decides for itself, over the plain wire, without pyflow's decider."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pyflow.errors import PyflowException

WORKFLOW_TYPE = {"name": "conformance", "version": "1"}
VERSION = "1"  # of every activity type that the kit asks for
CLOSING = {
    "ActivityTaskCompleted",
    "ActivityTaskFailed",
    "ActivityTaskCanceled",
    "ActivityTaskTimedOut",
    "ScheduleActivityTaskFailed",
}
ASK_EVERY = 0.1  # seconds
PATIENCE = 20.0  # seconds, where a behaviour does not say how long

T = TypeVar("T")


class Broken(PyflowException):
    """A worker did not do what it should; the message says what it did."""


def until(condition: Callable[[], T | None], what: str, seconds: float = PATIENCE) -> T:
    """What `condition` answers, once that is true. Raises Broken, with `what`, after the seconds."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > end:
            raise Broken(f"not within {seconds:g} s: {what}")
        time.sleep(ASK_EVERY)
    return answer


@dataclass(frozen=True)
class Task:
    """An activity task to schedule. input: a payload's text, None to leave it out; options: SWF's further attributes."""

    activity: str
    input: str | None = None
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """The event that closed an activity task, and its attributes."""

    event: str
    attributes: dict[str, Any]


class Run:
    """One open execution with a decision task list of its own."""

    def __init__(self, swf: Any, domain: str) -> None:
        name = f"conformance-{uuid.uuid4().hex}"
        self._swf, self._domain, self._task_list = swf, domain, {"name": name}
        started = swf.start_workflow_execution(
            domain=domain,
            workflowId=name,
            workflowType=WORKFLOW_TYPE,
            taskList=self._task_list,
            executionStartToCloseTimeout="600",
            taskStartToCloseTimeout="600",
            childPolicy="TERMINATE",
        )
        self._execution = {"workflowId": name, "runId": started["runId"]}
        self._fresh = True  # its first decision task waits

    def schedule(self, task_list: str, tasks: Sequence[Task], ids: Sequence[str]) -> None:
        """Schedules the tasks by one decision."""
        self._decide([_scheduled(name, task, task_list) for name, task in zip(ids, tasks, strict=True)])

    def request_cancel(self, activity_id: str) -> None:
        """Asks for the activity's cancellation."""
        attributes = {"activityId": activity_id}
        kind = "RequestCancelActivityTask"
        self._decide([{"decisionType": kind, "requestCancelActivityTaskDecisionAttributes": attributes}])

    def terminate(self) -> None:
        """Closes the run at once."""
        self._swf.terminate_workflow_execution(domain=self._domain, **self._execution)

    def open_tasks(self) -> int:
        """Activity tasks that are scheduled or started."""
        described = self._swf.describe_workflow_execution(domain=self._domain, execution=self._execution)
        return int(described["openCounts"]["openActivityTasks"])

    def outcomes(self) -> dict[str, Outcome]:
        """How the activities closed, by activity id: those that have."""
        _, closed = self._read()
        return closed

    def has_started(self, activity_id: str) -> bool:
        """Whether a worker was given the activity's task."""
        started, _ = self._read()
        return activity_id in started

    def _read(self) -> tuple[set[str], dict[str, Outcome]]:
        scheduled: dict[int, str] = {}
        started: set[str] = set()
        closed: dict[str, Outcome] = {}
        for event in self._history():
            kind = event["eventType"]
            attributes = event.get(f"{kind[0].lower()}{kind[1:]}EventAttributes", {})
            if kind == "ActivityTaskScheduled":
                scheduled[event["eventId"]] = attributes["activityId"]
            elif kind == "ActivityTaskStarted":
                started.add(scheduled[attributes["scheduledEventId"]])
            elif kind in CLOSING:
                name = attributes.get("activityId") or scheduled[attributes["scheduledEventId"]]
                closed[name] = Outcome(kind, attributes)
        return started, closed

    def _history(self) -> list[dict[str, Any]]:
        pages = self._swf.get_paginator("get_workflow_execution_history")
        found = pages.paginate(domain=self._domain, execution=self._execution)
        return [event for page in found for event in page["events"]]

    def _decide(self, decisions: list[dict[str, Any]]) -> None:
        if not self._fresh:
            self._swf.signal_workflow_execution(domain=self._domain, **self._execution, signalName="wake")
        self._fresh = False
        task = until(self._poll, "the run has a decision task")
        self._swf.respond_decision_task_completed(taskToken=task["taskToken"], decisions=decisions)

    def _poll(self) -> dict[str, Any] | None:
        task: dict[str, Any] = self._swf.poll_for_decision_task(
            domain=self._domain, taskList=self._task_list, maximumPageSize=1
        )
        return task if task.get("taskToken") else None


def _scheduled(activity_id: str, task: Task, task_list: str) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "activityId": activity_id,
        "activityType": {"name": task.activity, "version": VERSION},
        "taskList": {"name": task_list},
        **task.options,
    }
    if task.input is not None:
        attributes["input"] = task.input
    return {"decisionType": "ScheduleActivityTask", "scheduleActivityTaskDecisionAttributes": attributes}
