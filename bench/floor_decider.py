"""The floor: a decider of forty lines on bare greenlets. It checks nothing, and knows activities alone.

What it takes is the least that replay on greenlets takes: to read the events that matter, and to switch.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from greenlet import greenlet


class Bare:
    """A run. workflow: called with the run and its input."""

    def __init__(self, workflow: Callable[[Bare, Any], Any]) -> None:
        self.fiber = greenlet(lambda text: self.close(workflow(self, json.loads(text))))
        self.count = 0
        self.asked: list[dict[str, Any]] = []
        self.origins: dict[int, str] = {}
        self.results: dict[str, Any] = {}

    def call(self, name: str, value: Any) -> str:
        self.count += 1
        own_id = f"activity{self.count}"
        attributes = {
            "activityId": own_id,
            "activityType": {"name": name, "version": "1"},
            "input": json.dumps(value),
        }
        self.ask("ScheduleActivityTask", scheduleActivityTaskDecisionAttributes=attributes)
        return own_id

    def close(self, value: Any) -> None:
        attributes = {"result": json.dumps(value)}
        self.ask("CompleteWorkflowExecution", completeWorkflowExecutionDecisionAttributes=attributes)

    def ask(self, kind: str, **attributes: Any) -> None:
        self.asked.append({"decisionType": kind, **attributes})

    def result(self, own_id: str) -> Any:
        while own_id not in self.results:
            self.fiber.parent.switch()
        return self.results[own_id]

    def decide(self, events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        given: tuple[str, ...] = ()
        for event in events:
            kind = event["eventType"]
            if kind == "ActivityTaskScheduled":
                self.origins[event["eventId"]] = event["activityTaskScheduledEventAttributes"]["activityId"]
            elif kind == "ActivityTaskCompleted":
                attributes = event["activityTaskCompletedEventAttributes"]
                own_id = self.origins.pop(attributes["scheduledEventId"])
                self.results[own_id] = json.loads(attributes["result"])
            elif kind == "WorkflowExecutionStarted":
                given = (event["workflowExecutionStartedEventAttributes"]["input"],)
            elif kind == "DecisionTaskStarted":
                self.asked = []
                self.fiber.switch(*given)
                given = ()
        return self.asked


def sequential(run: Bare, count: int) -> int:
    """As the shape of this name."""
    value = 0
    for _ in range(count):
        value = run.result(run.call("add_one", value))
    return value


def fan_out(run: Bare, count: int) -> int:
    """As the shape of this name."""
    own_ids = [run.call("add_one", number) for number in range(count)]
    return sum(run.result(own_id) for own_id in own_ids)
