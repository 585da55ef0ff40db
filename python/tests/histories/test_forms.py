"""Each form that protocol/history.md settles for what a decider writes is held by a recorded history."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from histories.test_recorded import FILES, read

from pyflow.history.context import NOTHING, read_context
from pyflow.history.event import Event, attributes_key

PROTOCOL = FILES[0].parents[2]


def all_of(events: list[Event], event_type: str, attribute: str) -> list[object]:
    """An attribute of all events of a type."""
    found = [each for each in events if each["eventType"] == event_type]
    return [each[attributes_key(event_type)].get(attribute) for each in found]


def ids(events: list[Event]) -> list[str]:
    """Of timers, activities and children that were started, in order."""
    members = {"TimerStarted": "timerId", "ActivityTaskScheduled": "activityId"}
    members["StartChildWorkflowExecutionInitiated"] = "workflowId"
    return [
        each[attributes_key(each["eventType"])][members[each["eventType"]]]
        for each in events
        if each["eventType"] in members
    ]


def has_ids(*expected: str) -> Callable[[list[Event]], bool]:
    return lambda events: all(any(re.fullmatch(each, own) for own in ids(events)) for each in expected)


def contexts(events: list[Event]) -> list[str]:
    found = all_of(events, "DecisionTaskCompleted", "executionContext")
    return [text for text in found if isinstance(text, str)]


def order(*event_types: str) -> Callable[[list[Event]], bool]:
    """Whether events of these types follow each other at once somewhere."""
    text = " ".join(event_types)
    return lambda events: text in " ".join(each["eventType"] for each in events)


def most_open(events: list[Event], begins: str, ends: str) -> int:
    number = most = 0
    for each in events:
        number += (each["eventType"] == begins) - (each["eventType"] == ends)
        most = max(most, number)
    return most


FORMS: list[tuple[str, str, Callable[[list[Event]], bool]]] = [
    ("ids", "ids", has_ids("activity1", "sleep1", "spawn1.activity1", "spawn1.spawn1.sleep1", "map1.2.sleep1",
                           "map2.1.activity1", "timeout1", "child_workflow1-[0-9a-f]{16}")),
    ("ids", "attempts", has_ids("activity1.attempt2", "activity1.backoff2", "activity2.attempt2",
                                "child_workflow1-[0-9a-f]{16}.attempt2")),
    ("ids-recorded", "old-parent", has_ids("child_workflow1")),
    ("reserved", "split", has_ids("pyflow.split1", "pyflow.split2")),
    ("reserved", "paced", has_ids("pyflow.pace1")),
    ("reserved", "parked", has_ids("pyflow.void1", "pyflow.void2")),
    ("turn-news", "closing", order("DecisionTaskStarted", "WorkflowExecutionSignaled", "DecisionTaskScheduled",
                                   "DecisionTaskCompleted")),
    ("turn-timed-out", "closing", order("DecisionTaskStarted", "DecisionTaskTimedOut")),
    ("turn-void", "parked", lambda events: "pyflow.resume" in all_of(events, "WorkflowExecutionSignaled", "signalName")),
    ("turn-split", "split", order("TimerFired", "DecisionTaskScheduled", "DecisionTaskStarted",
                                  "DecisionTaskCompleted", "TimerStarted")),
    ("turn-wake", "woken", has_ids("pyflow.split1", "pyflow.wake2", "pyflow.split3", "pyflow.wake4")),
    ("turn-wake", "woken", lambda events: not all_of(events, "CompleteWorkflowExecutionFailed", "cause")),
    ("turn-time", "attempts", has_ids("activity1.backoff4")),  # with jitter, and after times that passed
    ("answer-order", "split", order("DecisionTaskCompleted", "MarkerRecorded", "TimerStarted")),
    ("answer-order", "unstamped", order("DecisionTaskCompleted", "ActivityTaskScheduled", "MarkerRecorded")),
    ("answer-compared", "cancels", order("TimerCanceled", "ActivityTaskCancelRequested")),
    ("answer-split", "split", lambda events: max(len(str(each)) for each in events) > 30_000),
    ("answer-window", "window", lambda events: most_open(events, "ActivityTaskScheduled", "ActivityTaskCompleted") == 1000),
    ("answer-paced", "paced", lambda events: "OPEN_CHILDREN_LIMIT_EXCEEDED" in all_of(
        events, "StartChildWorkflowExecutionFailed", "cause")),
    ("answer-record", "window", lambda events: len(ids(events)) > 1990),
    ("answer-close", "closing", order("DecisionTaskCompleted", "SignalExternalWorkflowExecutionInitiated",
                                      "CompleteWorkflowExecutionFailed")),
    ("answer-close-again", "closing", lambda events: all_of(events, "CompleteWorkflowExecutionFailed", "cause") == [
        "UNHANDLED_DECISION"]),
    ("context", "ids", lambda events: contexts(events) == ['{"$pyflow":1,"behaviour":1}']),
    ("context-foreign", "unstamped", lambda events: [read_context(each) for each in contexts(events)] == [NOTHING]),
    ("void-answer", "parked", lambda events: [read_context(each).void for each in contexts(events)] == [
        True, True, False, True, True, False]),
    ("control", "ids", lambda events: "histories/ids.py:16" in all_of(events, "TimerStarted", "control")),
    ("batch", "in-children-part", lambda events: '"enc":"batch"' in str(events[0])),
    ("signal-id", "signals", lambda events: len(
        [each for each in all_of(events, "WorkflowExecutionSignaled", "input") if '"id":"e1"' in str(each)]) == 3),
    ("answer-close-again", "renewed", lambda events: all_of(
        events, "ContinueAsNewWorkflowExecutionFailed", "cause") == ["UNHANDLED_DECISION"]),
    ("start", "renewed-second", lambda events: '"name":"item","input":"\\"three\\""' in str(
        events[0]["workflowExecutionStartedEventAttributes"]["input"])),
    ("start", "renewed-third", lambda events: '"enc":"start"' in str(events[0])),
    ("version-first", "versions", lambda events: all_of(events, "MarkerRecorded", "markerName")[:2] == [
        "pyflow.patched.farewell", "pyflow.version.tax"]),
    ("version-part", "split", order("DecisionTaskCompleted", "MarkerRecorded")),
    ("version-passed-over", "versions", lambda events: "pyflow.patched.taken away" in all_of(
        events, "MarkerRecorded", "markerName")),
    ("dice", "dice", has_ids("activity3")),  # whose inputs are thrown
    ("length", "dice", lambda events: ", 9]" in all_of(events, "ActivityTaskScheduled", "input")[1]),
    ("context", "dice", lambda events: [read_context(each).state for each in contexts(events)] == [
        '{"at": "first"}', '{"at": "second"}', None]),
    ("operator", "operators", lambda events: "pyflow.operator" in all_of(events, "WorkflowExecutionSignaled", "signalName")),
    ("operator-taken", "operators", lambda events: len(all_of(events, "MarkerRecorded", "markerName")) == 6),
    ("operator-effect", "operators", order("MarkerRecorded", "TimerCanceled", "ActivityTaskScheduled")),
]  # fmt: skip

ELSEWHERE = {"special-data": "vectors of payloads", "operator-text": "vectors of payloads"}


@pytest.mark.parametrize(
    ("sentence", "name", "holds"), FORMS, ids=lambda each: each if isinstance(each, str) else ""
)
def test_a_history_holds_the_form(sentence, name, holds):
    [path] = [path for path in FILES if path.name.partition(".")[0] == name]
    assert holds(read(path).events)


def test_every_sentence_has_a_history_or_is_held_elsewhere():
    anchors = set(re.findall(r'<a id="([^"]+)"></a>', (PROTOCOL / "history.md").read_text("utf-8")))
    assert anchors <= {sentence for sentence, _, _ in FORMS} | ELSEWHERE.keys()
    assert not {sentence for sentence, _, _ in FORMS} & ELSEWHERE.keys()
