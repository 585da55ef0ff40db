"""SWF in miniature, for one run: takes decisions, writes the history, and does what was asked for, one thing at a time.

It knows no pyflow, so any decider in any environment can be played. Whatever is asked for takes a second of its own
clock, a timer its seconds; each thing that is done opens a decision task.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
RUN = {"workflowId": "w", "runId": "r"}
RESERVED = "pyflow."

OPENED = {  # decision                    event that opens it, prefix of those that end it, its id
    "ScheduleActivityTask": ("ActivityTaskScheduled", "ActivityTask", "activityId"),
    "ScheduleLambdaFunction": ("LambdaFunctionScheduled", "LambdaFunction", "id"),
    "StartChildWorkflowExecution": (
        "StartChildWorkflowExecutionInitiated",
        "ChildWorkflowExecution",
        "workflowId",
    ),
    "StartTimer": ("TimerStarted", "Timer", "timerId"),
}
CLOSES = {
    "CompleteWorkflowExecution": "WorkflowExecutionCompleted",
    "FailWorkflowExecution": "WorkflowExecutionFailed",
}


def attributes_of(decision: dict[str, Any]) -> dict[str, Any]:
    """What a decision says beside its type."""
    name = decision["decisionType"]
    return dict(decision.get(f"{name[0].lower()}{name[1:]}DecisionAttributes", {}))


def name_of(decision: dict[str, Any]) -> str:
    """The id of what a decision opens, or the name of its marker."""
    attributes = attributes_of(decision)
    key = OPENED.get(decision["decisionType"], ("", "", "markerName"))[2]
    return str(attributes.get(key, ""))


def add_one(text: str | None) -> str:
    """What every activity, function and child does."""
    return str(json.loads(text or "0") + 1)


def never(own_id: str) -> bool:
    """Nothing fails."""
    return False


@dataclass
class Play:
    """A run and its world.

    argument: the text of its input. kind: the workflow type. signals: how many the run gets, one a second.
    fails: whether what has this id fails. done: text of an input -> text of a result.
    """

    argument: str
    kind: tuple[str, str] = ("Sequential", "1.0")
    signals: int = 0
    fails: Callable[[str], bool] = never
    done: Callable[[str | None], str] = add_one
    events: list[dict[str, Any]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    """The ids of DecisionTaskStarted, one for each answer and for the task that is open."""
    answers: list[list[dict[str, Any]]] = field(default_factory=list)
    closed: dict[str, Any] | None = None
    """The decision that closed the run."""

    def __post_init__(self) -> None:
        self._now = 0
        self._due: list[tuple[int, int, dict[str, Any]]] = []  # when, the event that opened it, its decision
        self._opened: dict[str, int] = {}  # the timers that are open, by their ids
        self._add(
            "WorkflowExecutionStarted",
            input=self.argument,
            workflowType=self.workflow_type,
            taskList={"name": "t"},
            taskStartToCloseTimeout="30",
            executionStartToCloseTimeout="86400",
            childPolicy="TERMINATE",
            lambdaRole="role",
            parentInitiatedEventId=0,
        )
        if self.signals:
            heapq.heappush(self._due, (1, 0, {"decisionType": "signal", "left": self.signals}))
        self.offer()

    def offer(self) -> None:
        """A decision task is scheduled and started."""
        scheduled = self._add("DecisionTaskScheduled", taskList={"name": "t"}, startToCloseTimeout="30")
        self.starts.append(self._add("DecisionTaskStarted", scheduledEventId=scheduled))

    def offer_again(self) -> None:
        """Whoever had the decision task did not answer it in time."""
        started = self.starts.pop()
        self._add(
            "DecisionTaskTimedOut",
            scheduledEventId=started - 1,
            startedEventId=started,
            timeoutType="START_TO_CLOSE",
        )
        self.offer()

    def answer(self, decisions: list[dict[str, Any]], context: str | None = None) -> None:
        """The open decision task is answered; then, unless that closed the run, the next thing is done."""
        self.answers.append(decisions)
        started = self.starts[-1]
        beside = {} if context is None else {"executionContext": context}
        completed = self._add(
            "DecisionTaskCompleted", scheduledEventId=started - 1, startedEventId=started, **beside
        )
        for decision in decisions:
            self._record(decision, decisionTaskCompletedEventId=completed)
        if self.closed is None:
            self._pass()
            self.offer()

    @property
    def workflow_type(self) -> dict[str, str]:
        """As SWF writes it."""
        return dict(zip(("name", "version"), self.kind, strict=True))

    def task(self) -> dict[str, Any]:
        """The last decision task with its whole history, as PollForDecisionTask gives it."""
        return {
            "taskToken": "token",
            "workflowExecution": RUN,
            "workflowType": self.workflow_type,
            "startedEventId": self.starts[-1],
            "previousStartedEventId": self.starts[-2] if len(self.starts) > 1 else 0,
            "events": self.events[: self.starts[-1]],
        }

    def asked(self) -> list[tuple[str, str]]:
        """What the run's code asked for, kind and id, without what its decider asked for itself."""
        return [
            (decision["decisionType"], name_of(decision))
            for answer in self.answers
            for decision in answer
            if not name_of(decision).startswith(RESERVED)
        ]

    def _add(self, event_type: str, **attributes: Any) -> int:
        number = len(self.events) + 1
        key = f"{event_type[0].lower()}{event_type[1:]}EventAttributes"
        time = START + timedelta(seconds=self._now)
        self.events.append(
            {"eventId": number, "eventType": event_type, "eventTimestamp": time, key: attributes}
        )
        return number

    def _record(self, decision: dict[str, Any], **completed: int) -> None:
        kind, attributes = decision["decisionType"], attributes_of(decision)
        if kind in OPENED:
            opened = self._add(OPENED[kind][0], **completed, **attributes)
            seconds = int(attributes["startToFireTimeout"]) if kind == "StartTimer" else 1
            heapq.heappush(self._due, (self._now + seconds, opened, decision))
            self._opened[name_of(decision)] = opened
        elif kind in CLOSES:
            self._add(CLOSES[kind], **completed, **attributes)
            self.closed = decision
        elif kind == "CancelTimer":
            opened = self._opened.pop(attributes["timerId"])
            self._due = [each for each in self._due if each[1] != opened]
            heapq.heapify(self._due)
            self._add("TimerCanceled", timerId=attributes["timerId"], startedEventId=opened, **completed)
        elif kind == "RecordMarker":
            self._add("MarkerRecorded", **completed, **attributes)
        else:
            raise NotImplementedError(f"decision {kind}: SWF in miniature does not know it")

    def _pass(self) -> None:
        if not self._due:
            raise AssertionError(f"the run waits for nothing after event {len(self.events)}")
        self._now, opened, decision = heapq.heappop(self._due)
        kind = decision["decisionType"]
        if kind == "signal":
            self._add("WorkflowExecutionSignaled", signalName="s", input="1", externalInitiatedEventId=0)
            if decision["left"] > 1:
                heapq.heappush(self._due, (self._now + 1, 0, {**decision, "left": decision["left"] - 1}))
            return
        own_id, prefix = name_of(decision), OPENED[kind][1]
        self._opened.pop(own_id)
        if kind == "StartTimer":
            self._add("TimerFired", timerId=own_id, startedEventId=opened)
            return
        child = kind == "StartChildWorkflowExecution"
        attributes = attributes_of(decision)
        link = {"initiatedEventId" if child else "scheduledEventId": opened}
        if child:
            link |= {"workflowExecution": {"workflowId": own_id, "runId": own_id}}
            link |= {"workflowType": attributes["workflowType"]}
        begun = self._add(f"{prefix}Started", **link, identity="bench")
        if self.fails(own_id):
            self._add(f"{prefix}Failed", **link, startedEventId=begun, reason="Flaky")
        else:
            result = self.done(attributes.get("input"))
            self._add(f"{prefix}Completed", **link, startedEventId=begun, result=result)


def activities(
    count: int, argument: str, schedule: Callable[[int, str], dict[str, Any]], **world: Any
) -> Play:
    """The run of `count` activities one after the other, its last decision task open, without any decider.

    schedule: number from 1 and the result before it -> attributes of the decision.
    """
    play, result = Play(argument, **world), "0"
    for number in range(1, count + 1):
        attributes = schedule(number, result)
        play.answer(
            [{"decisionType": "ScheduleActivityTask", "scheduleActivityTaskDecisionAttributes": attributes}]
        )
        [ended] = (value for key, value in play.events[-3].items() if key.endswith("Attributes"))
        result = ended["result"]
    return play
