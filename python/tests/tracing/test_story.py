"""What a history tells of spans that end between two decision tasks."""

from __future__ import annotations

import pytest

from pyflow.history.event import Run
from pyflow.testing.story import HistoryBuilder
from pyflow.tracing.ids import run_span_id, span_id, trace_id
from pyflow.tracing.spans import nanoseconds
from pyflow.tracing.story import Story

RUN = Run("order-7", "run-1", "Order", "1.0")
SECRET = "a secret"


def story(told, known=0):
    return Story("shop", RUN).follow(told.events, known)


def a_lambda():
    """LambdaFunctionScheduled is event 5, LambdaFunctionStarted 6, what ends it 7."""
    told = HistoryBuilder(input=SECRET).turn().decided().lambda_function("lambda1", "price")
    return told.add("LambdaFunctionStarted", scheduledEventId=5)


def ended(told, how, **attributes):
    return told.add(f"LambdaFunction{how}", scheduledEventId=5, startedEventId=6, **attributes).turn()


def test_a_lambda_function_is_a_span_from_its_start_to_its_end():
    told = ended(a_lambda(), "Completed", result=SECRET)
    [span] = story(told)
    assert (span.name, span.kind, span.outcome, span.error) == ("invoke price", "client", "completed", None)
    assert (span.trace_id, span.parent_id) == (trace_id("shop", "order-7", "run-1"), run_span_id("run-1"))
    assert span.span_id == span_id("run-1", "lambda1", 6)
    assert (span.start, span.end) == tuple(nanoseconds(told.events[n]["eventTimestamp"]) for n in (5, 6))
    assert span.described == {
        "pyflow.domain": "shop",
        "pyflow.workflow_id": "order-7",
        "pyflow.run_id": "run-1",
        "pyflow.started_event_id": 6,
        "pyflow.lambda_id": "lambda1",
        "faas.invoked_name": "price",
        "faas.invoked_provider": "aws",
        "pyflow.outcome": "completed",
    }


@pytest.mark.parametrize(
    "how, attributes, outcome, error",
    [
        ("Failed", {"reason": "UnhandledError", "details": SECRET}, "failed", "UnhandledError"),
        ("Failed", {}, "failed", "failed"),
        ("TimedOut", {"timeoutType": "START_TO_CLOSE"}, "timed_out", "START_TO_CLOSE"),
    ],
)
def test_a_lambda_function_that_fails_says_of_what_type(how, attributes, outcome, error):
    [span] = story(ended(a_lambda(), how, **attributes))
    assert (span.outcome, span.error) == (outcome, error)
    assert SECRET not in str(span)


def test_what_an_answer_before_was_told_of_is_not_emitted_again():
    told = ended(a_lambda(), "Completed")
    answered = told.events[-1]["eventId"]
    assert story(told, known=answered) == []


def test_events_that_come_in_parts_give_the_same_span():
    told = ended(a_lambda().turn().decided(), "Completed")
    resident = Story("shop", RUN)
    assert resident.follow(told.events[:8], 0) == []
    assert resident.follow(told.events[6:], 8) == story(told)
    assert resident.follow(told.events, 0) == []


def test_an_end_whose_beginning_nobody_saw_has_no_span():
    told = ended(a_lambda(), "Completed")
    assert Story("shop", RUN).follow(told.events[6:], 0) == []


@pytest.mark.parametrize(
    "how, attributes, outcome, error",
    [
        ("Completed", {"result": SECRET}, "completed", None),
        ("Failed", {"reason": "NoStock", "details": SECRET}, "failed", "NoStock"),
        ("TimedOut", {"timeoutType": "START_TO_CLOSE"}, "timed_out", "START_TO_CLOSE"),
        ("Canceled", {"details": SECRET}, "canceled", None),
        ("Terminated", {}, "terminated", "terminated"),
    ],
)
def test_each_end_of_a_child_is_an_outcome(how, attributes, outcome, error):
    told = HistoryBuilder().turn().decided().child("parcel-1", "Parcel")
    child = {
        "workflowExecution": {"workflowId": "parcel-1", "runId": "run-2"},
        "workflowType": {"name": "Parcel", "version": "2"},
        "initiatedEventId": 5,
    }
    told.add("ChildWorkflowExecutionStarted", **child)
    told.add(f"ChildWorkflowExecution{how}", startedEventId=6, **child, **attributes)
    [span] = story(told)
    assert (span.name, span.outcome, span.error) == ("child Parcel", outcome, error)
    assert span.span_id == span_id("run-1", "parcel-1", 6)
    assert [(link.how, link.to.trace_id) for link in span.links] == [
        ("child", trace_id("shop", "parcel-1", "run-2"))
    ]
    assert SECRET not in str(span)
