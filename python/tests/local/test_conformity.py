"""The watch that is kept over all other tests here sees what is wrong."""

from __future__ import annotations

import pytest
from local.conformity import check_answer, check_event, check_links

from pyflow.local.engine.records import Event
from pyflow.local.storage.store import Store


def test_an_event_that_aws_does_not_know_is_noticed_wherever_it_is_stored(
    wrong: list[AssertionError],
) -> None:
    Store().append(1, Event(1, "TimerFired", 0, {"timerId": "t"}))
    assert "lacks {'startedEventId'}" in str(wrong.pop())


@pytest.mark.parametrize(
    "attributes",
    [
        {"signalName": "s"},
        {"signalName": "s", "externalInitiatedEventId": "0"},
        {"signalName": "s", "externalInitiatedEventId": 0, "input": None},
        {"signalName": "", "externalInitiatedEventId": 0},
        {"signalName": "s", "externalInitiatedEventId": 0, "color": "red"},
    ],
)
def test_an_event_must_have_what_swf_writes_and_nothing_else(attributes: dict[str, object]) -> None:
    event = {"eventId": 1, "eventTimestamp": 0, "eventType": "WorkflowExecutionSignaled"}
    with pytest.raises(AssertionError):
        check_event({**event, "workflowExecutionSignaledEventAttributes": attributes})


def test_an_event_must_name_one_of_the_right_type() -> None:
    attributes = {"timerId": "t", "startedEventId": 1}
    fired = {"eventId": 2, "eventType": "TimerFired", "timerFiredEventAttributes": attributes}
    other = {"eventId": 1, "eventType": "MarkerRecorded", "markerRecordedEventAttributes": {}}
    with pytest.raises(AssertionError):
        check_links([other, fired])


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("DeprecateDomain", {}),
        ("CountPendingActivityTasks", {"count": True, "truncated": False}),
        ("PollForActivityTask", {"startedEventId": 0, "taskToken": ""}),
        ("PollForDecisionTask", {"startedEventId": 0}),
    ],
)
def test_an_answer_must_be_of_its_shape(operation: str, answer: dict[str, object]) -> None:
    with pytest.raises(AssertionError):
        check_answer(operation, answer)
