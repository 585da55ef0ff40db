"""A story told in other ways that come to the same: with void answers, and with answers in parts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

from pyflow.history.context import Context, read_context
from pyflow.history.event import attributes_key
from pyflow.history.reserved import SPLIT, VOID
from pyflow.history.routes import ROUTES, Role

Events = list[dict[str, Any]]


class Variation(NamedTuple):
    """what: in words. events: the history. skipped: ids of the DecisionTaskStarted whose answer is gone on with."""

    what: str
    events: Events
    skipped: frozenset[int] = frozenset()
    part: tuple[int, int] | None = None
    """Which answer is in parts, from 0, and how many of its decisions were recorded when the next part is asked for."""


class _Telling:
    """A copy of a history, with events put in; those have negative ids until all are counted anew."""

    def __init__(self) -> None:
        self.events: Events = []
        self._ids = itertools.count(-1, -1)

    def add(self, event: dict[str, Any]) -> None:
        self.events.append(event)

    def insert(self, event_type: str, time: Any, **attributes: Any) -> int:
        new_id = next(self._ids)
        self.events.append(
            {
                "eventId": new_id,
                "eventType": event_type,
                "eventTimestamp": time,
                attributes_key(event_type): attributes,
            }
        )
        return new_id

    def task(self, time: Any, context: str | None = None) -> int:
        """A decision task that is answered; the id of its DecisionTaskCompleted."""
        scheduled = self.insert("DecisionTaskScheduled", time, taskList={"name": "deciders"})
        started = self.insert("DecisionTaskStarted", time, scheduledEventId=scheduled)
        beside = {} if context is None else {"executionContext": context}
        return self.insert(
            "DecisionTaskCompleted", time, scheduledEventId=scheduled, startedEventId=started, **beside
        )

    def timer(self, time: Any, own_id: str, completed: int) -> None:
        """A timer of the runtime's that fires at once."""
        seconds = {"timerId": own_id, "startToFireTimeout": "0"}
        started = self.insert("TimerStarted", time, **seconds, decisionTaskCompletedEventId=completed)
        self.insert("TimerFired", time, timerId=own_id, startedEventId=started)

    def void(self, time: Any, number: int, said: Context) -> None:
        """A decision task that is answered void."""
        context = Context(said.behaviour, said.state, True, "told so").text()
        self.timer(time, f"{VOID}{number}", self.task(time, context))

    def counted(self) -> tuple[Events, dict[int, int]]:
        """The events numbered from 1, and which number each id became."""
        numbers = {event["eventId"]: number for number, event in enumerate(self.events, start=1)}
        events = []
        for event in self.events:
            key = attributes_key(event["eventType"])
            attributes = {
                name: numbers.get(value, value) if name.endswith("EventId") else value
                for name, value in event.get(key, {}).items()
            }
            events.append({**event, "eventId": numbers[event["eventId"]], key: attributes})
        return events, numbers


def variations(events: Events) -> Iterator[Variation]:
    """All of a story."""
    for during in (False, True):
        yield Variation("with a void answer before every turn", _with_voids(events, during=during))
    answered = [event["eventId"] for event in events if is_answer(event)]
    if any(SPLIT in str(event) for event in events):
        return  # some are already
    for position, completed in enumerate(answered):
        for count in range(1, sum(completed_of(event) == completed for event in events)):
            if _leaves_news(events, completed, count):
                continue  # then the run is woken for it, instead of closed
            for parked in (False, True):
                yield _in_parts(events, position, completed, count, parked=parked)


def _with_voids(events: Events, *, during: bool) -> Events:
    """during: what comes before a turn comes while it is answered void, where that is possible."""
    telling, number, said = _Telling(), 0, Context()
    for position, event in enumerate(events):
        said = _context_after(event, said)
        follows = events[position + 1]["eventType"] if position + 1 < len(events) else ""
        if event["eventType"] == "DecisionTaskScheduled":
            number += 1
            if follows != "DecisionTaskStarted":
                pass  # of the task after the one that is being answered
            elif during and position > 1 and _is_news(telling.events[-1]):
                last = telling.events.pop()
                time = event["eventTimestamp"]
                scheduled = telling.insert("DecisionTaskScheduled", time, taskList={"name": "deciders"})
                started = telling.insert("DecisionTaskStarted", time, scheduledEventId=scheduled)
                telling.add(last)
                context = Context(said.behaviour, said.state, True, "told so").text()
                completed = telling.insert(
                    "DecisionTaskCompleted",
                    time,
                    scheduledEventId=scheduled,
                    startedEventId=started,
                    executionContext=context,
                )
                telling.timer(time, f"{VOID}{number}", completed)
            else:
                telling.void(event["eventTimestamp"], number, said)
        telling.add(event)
    return telling.counted()[0]


def _in_parts(events: Events, position: int, completed: int, count: int, *, parked: bool) -> Variation:
    """The answer is in two parts, the first of so many decisions. parked: a void answer comes between them."""
    telling, told, part, said = _Telling(), 0, completed, Context()
    started = 0
    for event in events:
        said = _context_after(event, said)
        if event["eventId"] == completed:
            started = event["decisionTaskCompletedEventAttributes"]["startedEventId"]
        if completed_of(event) == completed:
            if told == count:
                time = event["eventTimestamp"]
                telling.timer(time, f"{SPLIT}1", completed)
                if parked:
                    telling.void(time, 1, said)
                part = telling.task(time)
            told += 1
            key = attributes_key(event["eventType"])
            event = {**event, key: {**event[key], "decisionTaskCompletedEventId": part}}
        telling.add(event)
    counted, numbers = telling.counted()
    what = f"with the answer to {started} in parts" + (", and a void one between" if parked else "")
    return Variation(what, counted, frozenset([numbers[started]]), (position, count))


def _leaves_news(events: Events, completed: int, count: int) -> bool:
    """Whether news that the turn did not have has come when so many decisions of its answer are recorded."""
    answer = events[completed - 1]["decisionTaskCompletedEventAttributes"]
    meanwhile = events[answer["startedEventId"] : completed - 1]
    recorded = [event for event in events if completed_of(event) == completed][:count]
    refused = (event for event in recorded if ROUTES[event["eventType"]].role is Role.REFUSAL)
    return any(map(_is_news, meanwhile)) or any(refused)


def _is_news(event: dict[str, Any]) -> bool:
    route = ROUTES.get(event["eventType"])
    return route is not None and route.role is Role.NEWS


def is_answer(event: dict[str, Any]) -> bool:
    if event["eventType"] != "DecisionTaskCompleted":
        return False
    return not read_context(event["decisionTaskCompletedEventAttributes"].get("executionContext")).void


def completed_of(event: dict[str, Any]) -> int | None:
    """The DecisionTaskCompleted of whose answer an event is."""
    attributes = event.get(attributes_key(event["eventType"]), {})
    if attributes.get("initiatedEventId"):
        return None
    found: int | None = attributes.get("decisionTaskCompletedEventId")
    return found


def _context_after(event: dict[str, Any], before: Context) -> Context:
    if event["eventType"] != "DecisionTaskCompleted":
        return before
    text = event["decisionTaskCompletedEventAttributes"].get("executionContext")
    return before if text is None else read_context(text)
