"""Replaying a recorded history against the code at hand: would a decider with this code go on with that run?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeAlias

from pyflow.decider.resident import Resident
from pyflow.errors import DeciderException, PyflowException
from pyflow.flow.workflow import Workflow
from pyflow.history.event import Event, Run, attributes_key
from pyflow.stores.decisions import open_events
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.worker.decisions.decider import Decider

History: TypeAlias = "Mapping[str, Any] | Iterable[Event] | str | Path"
"""What GetWorkflowExecutionHistory answers, or its events; or the path of a JSON file that holds either."""


EVENT_LIMIT = "EVENT_LIMIT_EXCEEDED"
"""Why SWF terminates a run whose history holds 25,000 events."""


def replay(
    history: History,
    workflow: type[Workflow] | Iterable[type[Workflow]],
    *,
    workflow_id: str = "workflow",
    run_id: str = "run",
    payloads: Payloads = PLAIN,
) -> list[dict[str, Any]]:
    """Takes the code through every turn of a history: the decisions of the decision task that it ends with, if it does.

    history: as boto3 gives it, as `aws swf get-workflow-execution-history` or `pyflow history --json` prints it;
    timestamps are datetimes, ISO text or seconds since 1970.
    workflow: the class, or several of which the one is taken whose type the history names.
    workflow_id, run_id: the run's, where the code asks for them; no history holds them. payloads: the keys and stores
    that the decider has (`pyflow.stores.Payloads`), where the history holds what is encrypted or stored.
    Raises NonDeterminismException where code and history disagree, PyflowException where it is no history of that class.
    """
    events = _opened(_events(history), payloads)
    classes = [workflow] if isinstance(workflow, type) else list(workflow)
    chosen = _chosen(events, classes)
    run = Run(workflow_id, run_id, str(chosen.NAME), chosen.VERSION)
    ends_with_task, events = _to_the_last_turn(events)
    with Decider([chosen], "replay", "replay", None, client=object(), payloads=payloads).execution(
        run
    ) as execution:
        decisions = Resident(execution).decide(events).decisions
    return decisions if ends_with_task else []


def _opened(events: list[dict[str, Any]], payloads: Payloads) -> list[dict[str, Any]]:
    try:
        return [dict(event) for event in open_events(events, payloads)]
    except DeciderException as error:
        raise PyflowException(
            f"the history can't be replayed: {error}: payloads= takes keys and stores"
        ) from error


def _events(history: History) -> list[dict[str, Any]]:
    if isinstance(history, str | Path):
        return _events(json.loads(Path(history).read_text(encoding="utf-8")))
    if isinstance(history, Mapping) and history.get("nextPageToken"):
        raise PyflowException("the history has another page: read it whole, page by page")
    found: Iterable[Event] = history["events"] if isinstance(history, Mapping) else history
    events = [{**event, "eventTimestamp": _time(event["eventTimestamp"])} for event in found]
    events.sort(key=lambda event: int(event["eventId"]))
    if not events or events[0]["eventId"] != 1:
        first = f"begins with event {events[0]['eventId']}" if events else "has no events"
        raise PyflowException(f"the history {first}: read it whole, from its WorkflowExecutionStarted")
    return events


def _time(recorded: Any) -> datetime:
    if isinstance(recorded, datetime):
        return recorded
    if isinstance(recorded, int | float):
        return datetime.fromtimestamp(recorded, timezone.utc)
    return datetime.fromisoformat(str(recorded).replace("Z", "+00:00"))  # Python 3.10 reads no Z


def _chosen(events: list[dict[str, Any]], classes: list[type[Workflow]]) -> type[Workflow]:
    kind = _attributes(events[0]).get("workflowType")
    if kind is None and len(classes) == 1:
        return classes[0]
    named = (kind or {}).get("name"), (kind or {}).get("version")
    for each in classes:
        if named == (each.NAME, each.VERSION):
            return each
    given = ", ".join(f"{each.NAME} {each.VERSION}" for each in classes)
    raise PyflowException(f"the history is one of {named[0]} {named[1]}, but was to be replayed by {given}")


def _to_the_last_turn(events: list[dict[str, Any]]) -> tuple[bool, list[dict[str, Any]]]:
    """Whether it ends with a decision task that is not answered, and what to decide.

    A reader gives out a recorded turn when the next one begins: so one is made to begin, without news, behind the last
    answer.
    """
    started = completed = 0
    for event in events:
        if event["eventType"] == "DecisionTaskStarted":
            started = event["eventId"]
        elif event["eventType"] == "DecisionTaskTimedOut":
            started = 0
        elif event["eventType"] == "DecisionTaskCompleted":
            completed, started = event["eventId"], 0
    if started:
        return True, events[:started]
    if not completed:
        return False, []
    shown = _attributes(events[completed - 1])["startedEventId"]
    if _attributes(events[-1]).get("cause") == EVENT_LIMIT:  # SWF recorded a part of the last answer
        return _to_the_last_turn(events[: shown - 1])
    end = completed
    while end < len(events) and _attributes(events[end]).get("decisionTaskCompletedEventId") == completed:
        end += 1
    # what came after the turn's start is news of the next: left out, its number kept
    answered = [_blank(each) if shown < each["eventId"] < completed else each for each in events[:end]]
    time = answered[-1]["eventTimestamp"]
    for event_type, attributes in (
        ("DecisionTaskScheduled", {"taskList": {"name": "replay"}}),
        ("DecisionTaskStarted", {"scheduledEventId": end + 1}),
    ):
        answered.append(
            {
                "eventId": len(answered) + 1,
                "eventType": event_type,
                "eventTimestamp": time,
                attributes_key(event_type): attributes,
            }
        )
    return False, answered


def _blank(event: dict[str, Any]) -> dict[str, Any]:
    kept = {"eventId": event["eventId"], "eventTimestamp": event["eventTimestamp"]}
    return {**kept, "eventType": "DecisionTaskScheduled", "decisionTaskScheduledEventAttributes": {}}


def _attributes(event: Mapping[str, Any]) -> dict[str, Any]:
    attributes: dict[str, Any] = event.get(attributes_key(event["eventType"])) or {}
    return attributes
