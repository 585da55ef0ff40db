"""What an open run waits for, in sentences: the answer to "why is it stuck?". Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pyflow.client.timeline import timeline
from pyflow.history.event import Event, attributes_key


def waits_for(events: Sequence[Event], now: datetime) -> list[str]:
    """One sentence for each thing that is open. events: the whole history, oldest first."""
    found = _decision_task(events, now)
    lists = {
        event["activityTaskScheduledEventAttributes"]["activityId"]: event[
            "activityTaskScheduledEventAttributes"
        ]["taskList"]["name"]
        for event in events
        if event["eventType"] == "ActivityTaskScheduled"
    }
    for step in timeline(events):
        if step.state != "open":
            continue
        what = f"{step.kind} {step.id} ({step.name})"
        if step.kind == "activity" and step.started is None:
            found.append(
                f"{what} has waited {_age(step.asked, now)} on task list {lists[step.id]}:"
                " does a worker that offers it poll there?"
            )
        elif step.kind == "timer":
            found.append(f"{what} fires in {_age(now, step.asked, int(step.name.split()[0]))}")
        else:
            since = step.started or step.asked
            by = f" at {step.where}" if step.kind == "activity" else ""
            found.append(f"{what} has run{by} for {_age(since, now)}")
    return found


def _decision_task(events: Sequence[Event], now: datetime) -> list[str]:
    for event in reversed(events):
        event_type = event["eventType"]
        attributes = event.get(attributes_key(event_type)) or {}
        if event_type == "DecisionTaskScheduled":
            task_list = attributes["taskList"]["name"]
            return [
                f"its decision task has waited {_age(event['eventTimestamp'], now)} on task list {task_list}:"
                f" is a decider polling it? (pyflow decider MODULE:CLASS --task-list {task_list})"
            ]
        if event_type == "DecisionTaskStarted":
            by = f" {attributes['identity']}" if attributes.get("identity") else ""
            return [
                f"its decision task was given to decider{by} {_age(event['eventTimestamp'], now)} ago and is not"
                " answered: see that decider's log"
            ]
        if event_type in ("DecisionTaskCompleted", "DecisionTaskTimedOut"):
            return []
    return []


def _age(since: datetime, until: datetime, plus: int = 0) -> str:
    seconds = (
        max(0.0, (until - since).total_seconds()) if not plus else (until - since).total_seconds() + plus
    )
    seconds = max(0.0, seconds)
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
