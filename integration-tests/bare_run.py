"""A workflow execution whose decider is the test itself: plain boto3, so that nothing of pyflow's decider is between
a test and the worker it looks at.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from deadline import until
from servers import Server

WORKFLOW_TYPE = {"name": "bare", "version": "1"}
CLOSING = {
    "ActivityTaskCompleted",
    "ActivityTaskFailed",
    "ActivityTaskCanceled",
    "ActivityTaskTimedOut",
    "ScheduleActivityTaskFailed",
}


@dataclass(frozen=True)
class Task:
    """An activity task to schedule.

    input: a payload's text, None to leave the field out. options: more attributes of ScheduleActivityTask; what it
    does not give is what the worker registered.
    """

    activity: str
    input: str | None = None
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """The event that closed an activity task, and its attributes."""

    event: str
    attributes: dict[str, Any]


class BareRun:
    """One open execution, with a decision task list of its own."""

    def __init__(self, server: Server, domain: str) -> None:
        self.client = server.client
        self.domain = domain
        self.task_list = {"name": f"bare-{uuid.uuid4().hex}"}
        self._register()
        self.execution = {"workflowId": f"bare-{uuid.uuid4().hex}"}
        started = self.client.start_workflow_execution(
            domain=domain,
            workflowId=self.execution["workflowId"],
            workflowType=WORKFLOW_TYPE,
            taskList=self.task_list,
            executionStartToCloseTimeout="600",
            taskStartToCloseTimeout="600",
            childPolicy="TERMINATE",
        )
        self.execution["runId"] = started["runId"]

    def decide(self, *decisions: dict[str, Any]) -> None:
        """Takes the run's decision task, which must be there, and answers it."""
        task = until(self._poll, "the run has a decision task")
        self.client.respond_decision_task_completed(taskToken=task["taskToken"], decisions=list(decisions))

    def wake(self) -> None:
        """Sees to it that there is a decision task, by a signal."""
        self.client.signal_workflow_execution(
            domain=self.domain, **self.execution, signalName="wake", input="null"
        )

    def schedule(self, task_list: str, tasks: Sequence[Task]) -> list[str]:
        """Schedules the tasks in the decision task that is there; their activity ids, in order."""
        ids = [f"task-{uuid.uuid4().hex[:12]}" for _ in tasks]
        self.decide(*(_decision(name, task, task_list) for name, task in zip(ids, tasks, strict=True)))
        return ids

    def request_cancel(self, activity_id: str) -> None:
        """Asks for the activity's cancellation."""
        self.wake()
        attributes = {"activityId": activity_id}
        self.decide(
            {
                "decisionType": "RequestCancelActivityTask",
                "requestCancelActivityTaskDecisionAttributes": attributes,
            }
        )

    def history(self) -> list[dict[str, Any]]:
        """All events."""
        pages = self.client.get_paginator("get_workflow_execution_history").paginate(
            domain=self.domain, execution=self.execution
        )
        return [event for page in pages for event in page["events"]]

    def outcomes(self) -> dict[str, Outcome]:
        """How the activities closed, by activity id: those that have."""
        scheduled: dict[int, str] = {}
        closed: dict[str, Outcome] = {}
        for event in self.history():
            kind, attributes = event["eventType"], _attributes(event)
            if kind == "ActivityTaskScheduled":
                scheduled[event["eventId"]] = attributes["activityId"]
            elif kind in CLOSING:
                name = attributes.get("activityId") or scheduled[attributes["scheduledEventId"]]
                closed[name] = Outcome(kind, attributes)
        return closed

    def outcome(self, activity_id: str, *, seconds: float = 60) -> Outcome:
        """How the activity closed, once it has."""
        return until(lambda: self.outcomes().get(activity_id), f"{activity_id} is closed", seconds=seconds)

    def has_nothing_open(self) -> bool:
        """Whether none of its activities is scheduled or started."""
        described = self.client.describe_workflow_execution(domain=self.domain, execution=self.execution)
        return int(described["openCounts"]["openActivityTasks"]) == 0

    def has_started(self, activity_id: str) -> bool:
        """Whether a worker has the activity's task."""
        events = self.history()
        scheduled = {
            _attributes(event)["activityId"]: event["eventId"]
            for event in events
            if event["eventType"] == "ActivityTaskScheduled"
        }
        return any(
            event["eventType"] == "ActivityTaskStarted"
            and _attributes(event)["scheduledEventId"] == scheduled[activity_id]
            for event in events
        )

    def close(self) -> None:
        """Terminates the run."""
        self.client.terminate_workflow_execution(domain=self.domain, **self.execution)

    def _register(self) -> None:
        try:
            self.client.register_workflow_type(domain=self.domain, **WORKFLOW_TYPE)
        except self.client.exceptions.TypeAlreadyExistsFault:
            return

    def _poll(self) -> dict[str, Any] | None:
        task = self.client.poll_for_decision_task(
            domain=self.domain, taskList=self.task_list, maximumPageSize=1
        )
        return task if task.get("taskToken") else None


def _decision(activity_id: str, task: Task, task_list: str) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "activityId": activity_id,
        "activityType": {"name": task.activity, "version": "1"},
        "taskList": {"name": task_list},
        **task.options,
    }
    if task.input is not None:
        attributes["input"] = task.input
    return {"decisionType": "ScheduleActivityTask", "scheduleActivityTaskDecisionAttributes": attributes}


def _attributes(event: dict[str, Any]) -> dict[str, Any]:
    kind = event["eventType"]
    attributes: dict[str, Any] = event.get(f"{kind[0].lower()}{kind[1:]}EventAttributes", {})
    return attributes
