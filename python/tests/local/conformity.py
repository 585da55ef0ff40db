"""Whether an event or answer is one that AWS's own model allows; all that any test here makes are asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pyflow.local.engine.records import Event
from pyflow.local.running.running import Running
from pyflow.local.storage.rows import event_text
from pyflow.local.storage.store import Store
from pyflow.local.wire.checks import units
from pyflow.local.wire.model import service_model
from pyflow.local.wire.wire import success

MODEL = service_model()
SHAPES = MODEL["shapes"]

EMPTY_POLLS = {
    "PollForActivityTask": {"startedEventId": 0},
    "PollForDecisionTask": {"previousStartedEventId": 0, "startedEventId": 0},
}

TIMEOUTS = {"scheduleToStartTimeout", "scheduleToCloseTimeout", "startToCloseTimeout", "heartbeatTimeout"}
SETTINGS = {"executionStartToCloseTimeout", "taskStartToCloseTimeout"}
ALWAYS: dict[str, set[str]] = {
    "WorkflowExecutionStarted": {"parentInitiatedEventId", *SETTINGS},
    "WorkflowExecutionSignaled": {"externalInitiatedEventId"},
    "WorkflowExecutionCancelRequested": {"externalInitiatedEventId"},
    "WorkflowExecutionContinuedAsNew": SETTINGS,
    "WorkflowExecutionTerminated": {"cause"},
    "DecisionTaskScheduled": {"startToCloseTimeout", "scheduleToStartTimeout"},
    "ActivityTaskScheduled": TIMEOUTS,
    "StartChildWorkflowExecutionInitiated": SETTINGS,
    "LambdaFunctionTimedOut": {"timeoutType"},
    "StartLambdaFunctionFailed": {"scheduledEventId", "cause", "message"},
}
"""Members that SWF always writes although the model does not require them; zeros are written, too."""

LINKS: dict[str, dict[str, set[str]]] = {
    "decisionTaskCompletedEventId": {"": {"DecisionTaskCompleted"}},
    "latestCancelRequestedEventId": {"": {"ActivityTaskCancelRequested"}},
    "scheduledEventId": {
        "DecisionTask": {"DecisionTaskScheduled"},
        "ActivityTask": {"ActivityTaskScheduled"},
        "LambdaFunction": {"LambdaFunctionScheduled"},
        "StartLambdaFunction": {"LambdaFunctionScheduled"},
    },
    "startedEventId": {
        "DecisionTask": {"DecisionTaskStarted"},
        "ActivityTask": {"ActivityTaskStarted"},
        "LambdaFunction": {"LambdaFunctionStarted"},
        "Timer": {"TimerStarted"},
        "ChildWorkflowExecution": {"ChildWorkflowExecutionStarted"},
    },
    "initiatedEventId": {
        "ChildWorkflowExecution": {"StartChildWorkflowExecutionInitiated"},
        "StartChildWorkflowExecution": {"StartChildWorkflowExecutionInitiated"},
        "SignalExternalWorkflowExecution": {"SignalExternalWorkflowExecutionInitiated"},
        "ExternalWorkflowExecutionSignaled": {"SignalExternalWorkflowExecutionInitiated"},
        "RequestCancelExternalWorkflowExecution": {"RequestCancelExternalWorkflowExecutionInitiated"},
        "ExternalWorkflowExecutionCancelRequested": {"RequestCancelExternalWorkflowExecutionInitiated"},
    },
}
"""Member -> how the type of the event begins that has it -> the types of the event that it names."""


def faults(operation: str) -> set[str]:
    """The faults that the model lists for an operation."""
    return {error["shape"] for error in MODEL["operations"][operation].get("errors", [])}


def attributes_member(event_type: str) -> str:
    """The member of a HistoryEvent that holds the attributes of that type."""
    return f"{event_type[0].lower()}{event_type[1:]}EventAttributes"


def check_answer(operation: str, answer: Any) -> None:
    """Assert that an answer has the operation's output shape: nothing missing, unknown, too long or null."""
    output = MODEL["operations"][operation].get("output")
    if output is None:
        assert answer is None, f"{operation} answers nothing, not {answer}"
    elif operation in EMPTY_POLLS and "taskToken" not in answer:
        assert answer == EMPTY_POLLS[operation]
    else:
        _check(output["shape"], answer, operation)


def check_event(document: Any) -> None:
    """Assert that an event has its type's attributes, those alone, and all that SWF always writes."""
    _check("HistoryEvent", document, "event")
    type_ = document["eventType"]
    assert set(document) == {"eventId", "eventTimestamp", "eventType", attributes_member(type_)}
    absent = ALWAYS.get(type_, set()) - set(document[attributes_member(type_)])
    assert not absent, f"{type_} lacks {absent}"


def check_links(history: list[Any]) -> None:
    """Assert that every event names events of the right type, before it, or none (0)."""
    types = {0: None} | {event["eventId"]: event["eventType"] for event in history}
    for event in history:
        type_ = event["eventType"]
        for member, number in event[attributes_member(type_)].items():
            if member in LINKS and number:
                assert number < event["eventId"], (type_, member)
                (named,) = [named for start, named in LINKS[member].items() if type_.startswith(start)]
                assert types[number] in named, (type_, member, types[number])


@contextmanager
def watched() -> Iterator[list[AssertionError]]:
    """Check every event that is stored, and every answer of a server in this process; yields what is wrong."""
    wrong: list[AssertionError] = []
    append, call = Store.append, Running.call

    def checked_append(store: Store, key: int, event: Event) -> None:
        try:
            check_event(json.loads(event_text(event)))
        except AssertionError as error:
            wrong.append(error)
        append(store, key, event)

    async def checked_call(running: Running, request: Any, *connection: Any) -> Any:
        answer = await call(running, request, *connection)
        try:
            check_answer(request.operation, json.loads(success(answer).body or "null"))
        except AssertionError as error:
            wrong.append(error)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "append", checked_append)
        patch.setattr(Running, "call", checked_call)
        yield wrong


def _check(name: str, value: Any, path: str) -> None:
    shape = SHAPES[name]
    kind = shape["type"]
    if kind == "structure":
        assert isinstance(value, dict), path
        absent = set(shape.get("required", ())) - set(value)
        assert not absent, f"{path} lacks {absent}"
        for member, item in value.items():
            assert member in shape["members"], f"{path}.{member} is not in the model"
            _check(shape["members"][member]["shape"], item, f"{path}.{member}")
    elif kind == "list":
        for number, item in enumerate(value):
            _check(shape["member"]["shape"], item, f"{path}[{number}]")
    elif kind == "string":
        assert isinstance(value, str), path
        assert shape.get("min", 0) <= units(value) <= shape.get("max", 10**9), path
        assert value in shape.get("enum", [value]), f"{path} is {value}"
    elif kind == "boolean":
        assert isinstance(value, bool), path
    elif kind == "timestamp":
        assert isinstance(value, (int, float)), path
    else:
        assert type(value) is int, path
        assert shape.get("min", value) <= value <= shape.get("max", value), path
