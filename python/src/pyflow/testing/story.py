"""Histories written by hand, in SWF's words, and a replay of them in every way that a decider can meet them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from pyflow.decider.resident import Resident
from pyflow.errors import PyflowException
from pyflow.flow.workflow import Workflow
from pyflow.history.context import read_context
from pyflow.history.event import Run, attributes_key
from pyflow.testing.variations import completed_of, is_answer, variations
from pyflow.worker.decisions.decider import Decider

START = datetime(2026, 1, 1, tzinfo=timezone.utc)


class HistoryBuilder:
    """Writes a run's history event by event; ids of operations tell which event each later one is about.

    Every method returns the builder. The clock moves one second at each turn.
    """

    def __init__(
        self, input: Any = None, *, lambda_role: str | None = "role", raw_input: str | None = None
    ) -> None:
        self.events: list[dict[str, Any]] = []
        self._time = START
        self._origins: dict[
            str, tuple[str, int]
        ] = {}  # id of an operation: kind, and the event that opened it
        self._scheduled = self._started = self._completed = 0
        attributes: dict[str, Any] = {"input": raw_input if raw_input is not None else json.dumps(input)}
        if lambda_role is not None:
            attributes["lambdaRole"] = lambda_role
        self.add("WorkflowExecutionStarted", **attributes)

    def add(self, event_type: str, **attributes: Any) -> HistoryBuilder:
        """Any event, with the attributes given."""
        self.events.append(
            {
                "eventId": len(self.events) + 1,
                "eventType": event_type,
                "eventTimestamp": self._time,
                attributes_key(event_type): attributes,
            }
        )
        return self

    # Decision tasks

    def turn(self) -> HistoryBuilder:
        """A decision task is started: the decider is asked."""
        self._time += timedelta(seconds=1)
        self._scheduled = self.add("DecisionTaskScheduled", taskList={"name": "deciders"})._last()
        self._started = self.add("DecisionTaskStarted", scheduledEventId=self._scheduled)._last()
        return self

    def turn_timed_out(self) -> HistoryBuilder:
        """Nobody answered the decision task."""
        return self.add(
            "DecisionTaskTimedOut",
            timeoutType="START_TO_CLOSE",
            scheduledEventId=self._scheduled,
            startedEventId=self._started,
        )

    def decided(self, context: str | None = None) -> HistoryBuilder:
        """The decider answered; the answers follow. context: the execution context it left."""
        beside = {} if context is None else {"executionContext": context}
        self._completed = self.add(
            "DecisionTaskCompleted", scheduledEventId=self._scheduled, startedEventId=self._started, **beside
        )._last()
        return self

    # What SWF recorded of decisions

    def activity(self, own_id: str, name: str = "resize", version: str = "1") -> HistoryBuilder:
        """ActivityTaskScheduled."""
        return self._opened(
            "ActivityTask",
            own_id,
            "ActivityTaskScheduled",
            activityId=own_id,
            activityType={"name": name, "version": version},
        )

    def lambda_function(self, own_id: str, name: str) -> HistoryBuilder:
        """LambdaFunctionScheduled."""
        return self._opened("LambdaFunction", own_id, "LambdaFunctionScheduled", id=own_id, name=name)

    def timer(self, own_id: str, seconds: int = 5) -> HistoryBuilder:
        """TimerStarted."""
        return self._opened("Timer", own_id, "TimerStarted", timerId=own_id, startToFireTimeout=str(seconds))

    def child(self, own_id: str, name: str, version: str = "1.0") -> HistoryBuilder:
        """StartChildWorkflowExecutionInitiated."""
        return self._opened(
            "ChildWorkflowExecution",
            own_id,
            "StartChildWorkflowExecutionInitiated",
            workflowId=own_id,
            workflowType={"name": name, "version": version},
        )

    def marker(self, name: str, details: Any) -> HistoryBuilder:
        """MarkerRecorded."""
        return self._answer("MarkerRecorded", markerName=name, details=json.dumps(details))

    def timer_canceled(self, own_id: str) -> HistoryBuilder:
        """TimerCanceled."""
        return self._answer("TimerCanceled", timerId=own_id, startedEventId=self._origins[own_id][1])

    def cancel_asked(self, own_id: str) -> HistoryBuilder:
        """ActivityTaskCancelRequested."""
        return self._answer("ActivityTaskCancelRequested", activityId=own_id)

    def refused(self, event_type: str, cause: str, **attributes: Any) -> HistoryBuilder:
        """A decision's …Failed event."""
        return self._answer(event_type, cause=cause, **attributes)

    # News

    def completed(self, own_id: str, value: Any = None, *, raw: str | None = None) -> HistoryBuilder:
        """The operation completed with this value; raw: with this text as its result."""
        kind, _ = self._origins[own_id]
        if kind == "Timer":
            raise PyflowException(f"{own_id} is a timer: it is fired")
        return self._closed(own_id, "Completed", result=raw if raw is not None else json.dumps(value))

    def fired(self, own_id: str) -> HistoryBuilder:
        """TimerFired."""
        return self.add("TimerFired", timerId=own_id, startedEventId=self._origins[own_id][1])

    def failed(self, own_id: str, reason: str, details: str | None = None) -> HistoryBuilder:
        """The operation failed."""
        return self._closed(
            own_id, "Failed", reason=reason, **({"details": details} if details is not None else {})
        )

    def timed_out(self, own_id: str, timeout: str = "START_TO_CLOSE", **attributes: Any) -> HistoryBuilder:
        """The operation was not done in time."""
        return self._closed(own_id, "TimedOut", timeoutType=timeout, **attributes)

    def canceled(self, own_id: str, details: str | None = None) -> HistoryBuilder:
        """The operation was canceled."""
        return self._closed(own_id, "Canceled", **({"details": details} if details is not None else {}))

    def cancel_requested(self, **attributes: Any) -> HistoryBuilder:
        """Somebody asked the run to cancel."""
        return self.add("WorkflowExecutionCancelRequested", externalInitiatedEventId=0, **attributes)

    def signaled(self, name: str) -> HistoryBuilder:
        """Somebody sent the run a signal."""
        return self.add("WorkflowExecutionSignaled", signalName=name, externalInitiatedEventId=0)

    def task(self, name: str = "W", version: str = "1.0") -> dict[str, Any]:
        """The decision task that the last turn opened, as PollForDecisionTask gives it."""
        return {
            "taskToken": "token",
            "workflowExecution": {"workflowId": "workflow", "runId": "run"},
            "workflowType": {"name": name, "version": version},
            "startedEventId": self._started,
            "previousStartedEventId": 0,
            "events": self.events,
        }

    def _last(self) -> int:
        last: int = self.events[-1]["eventId"]
        return last

    def _answer(self, event_type: str, **attributes: Any) -> HistoryBuilder:
        return self.add(event_type, decisionTaskCompletedEventId=self._completed, **attributes)

    def _opened(self, kind: str, own_id: str, event_type: str, **attributes: Any) -> HistoryBuilder:
        self._answer(event_type, **attributes)
        self._origins[own_id] = (kind, self._last())
        return self

    def _closed(self, own_id: str, how: str, **attributes: Any) -> HistoryBuilder:
        kind, origin = self._origins[own_id]
        link = "initiatedEventId" if kind == "ChildWorkflowExecution" else "scheduledEventId"
        return self.add(f"{kind}{how}", **{link: origin}, startedEventId=0, **attributes)


def replay_every_turn(
    workflow: type[Workflow],
    story: HistoryBuilder,
    *,
    run_id: str = "run",
    polled: bool = False,
    operator_key: bytes | None = None,
    vary: bool = True,
) -> list[list[dict[str, Any]]]:
    """The decisions of each turn of a story, whichever way a decider comes to it.

    Each turn is decided cold, from its whole history, and resident, from what is new; before every turn of
    the resident run another one begins to be resident too. Raises PyflowException where they differ, but for where
    in the code something was asked for.
    polled: as the polling loop decides: for stories whose first answer left a stamp. vary: the same where void
    answers come before every turn, and where any answer is in two parts.
    """
    decider = Decider([workflow], "domain", "deciders", None, client=object(), operator_key=operator_key)
    run = Run("workflow", run_id, str(workflow.NAME), workflow.VERSION)

    def begin() -> Resident:
        return Resident(decider.execution(run, polled=polled))

    answers = _every_turn(begin, story.events, frozenset())
    for what, events, skipped, part in variations(story.events) if vary else ():
        expected = answers
        if part is not None:
            position, count = part
            if len(answers[position]) != _recorded(story.events, position):
                continue  # 2.0.0 did not send what is decided now
            expected = [*answers[:position], answers[position][count:], *answers[position + 1 :]]
        found = _every_turn(begin, events, skipped)
        if list(map(_but_for_sites, found)) != list(map(_but_for_sites, expected)):
            raise PyflowException(f"{what}, the story comes to {found}, and not to {expected}")
    return answers


def _every_turn(
    begin: Callable[[], Resident], events: list[dict[str, Any]], skipped: frozenset[int]
) -> list[list[dict[str, Any]]]:
    """skipped: ids of the DecisionTaskStarted that others answer."""
    residents: list[Resident] = []
    answers: list[list[dict[str, Any]]] = []
    left = skipped | _unanswered(events)
    try:
        for position, event in enumerate(events, start=1):
            if event["eventType"] != "DecisionTaskStarted" or event["eventId"] in left:
                continue
            residents.append(begin())
            ways = [resident.decide(events[:position]).decisions for resident in residents]
            if any(_but_for_sites(decisions) != _but_for_sites(ways[-1]) for decisions in ways):
                raise PyflowException(
                    f"at event {position} a resident run decides {ways[0]}, a replay {ways[-1]}"
                )
            answers.append(ways[-1])
    finally:
        for resident in residents:
            resident.execution.close()
    return answers


def _unanswered(events: list[dict[str, Any]]) -> frozenset[int]:
    """Ids of the DecisionTaskStarted that timed out, or were answered void."""
    found = set()
    for event in events:
        if event["eventType"] == "DecisionTaskTimedOut":
            found.add(event["decisionTaskTimedOutEventAttributes"]["startedEventId"])
        elif event["eventType"] == "DecisionTaskCompleted":
            attributes = event["decisionTaskCompletedEventAttributes"]
            if read_context(attributes.get("executionContext")).void:
                found.add(attributes["startedEventId"])
    return frozenset(found)


def _recorded(events: list[dict[str, Any]], position: int) -> int:
    """How many decisions the answer of a turn has, from 0, that SWF recorded."""
    completed = [event["eventId"] for event in events if is_answer(event)][position]
    return sum(completed_of(event) == completed for event in events)


def _but_for_sites(decisions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {key: {**value, "control": None} if isinstance(value, dict) else value for key, value in each.items()}
        for each in decisions
    ]
