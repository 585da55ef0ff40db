"""Every constraint of AWS's model, taken from the model: each is broken once in an otherwise full request."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from local.conformity import MODEL, SHAPES
from local.direct import WIRE

from pyflow.local.engine.fault import Fault
from pyflow.local.wire.checks import ENUM_ORDER
from pyflow.local.wire.formats import ABSENT_WHEN_EMPTY

OPERATIONS = sorted(MODEL["operations"])
EXAMPLES = {
    "DurationInSeconds": "1",
    "DurationInSecondsOptional": "1",
    "DurationInDays": "1",
    "TaskPriority": "0",
    "Timestamp": 0.5,
}
"""Shape -> a value that is fine, where `x` is not."""

WRONG = {
    "structure": ["x", 1, True, []],
    "list": ["x", 1, True, {}],
    "string": [1, 1.5, True, [], {}],
    "integer": ["1", 1.5, 1.0, True, [], {}],
    "boolean": ["true", 0, 1.5, [], {}],
    "timestamp": ["2026-01-01T00:00:00Z", True, [], {}],
}
"""What JSON may hold in place of each type of shape."""


class Place(NamedTuple):
    """Where a value is: the keys that lead to it, how a message says so, and its shape."""

    keys: tuple[str | int, ...]
    path: str
    shape: str
    required: bool
    documentation: str


def example(name: str) -> Any:
    """A value of a shape with every member that there is."""
    shape = SHAPES[name]
    if shape["type"] == "structure":
        return {member: example(reference["shape"]) for member, reference in shape["members"].items()}
    if shape["type"] == "list":
        return [example(shape["member"]["shape"])]
    if "enum" in shape:
        return shape["enum"][0]
    return EXAMPLES.get(name, {"string": "x", "integer": 1, "boolean": False}.get(shape["type"]))


def places(name: str, keys: tuple[str | int, ...] = (), path: str = "") -> Iterator[Place]:
    """Every value in the example of a structure."""
    shape = SHAPES[name]
    for member, reference in shape["members"].items():
        here, where, inner = (*keys, member), f"{path}.{member}".lstrip("."), reference["shape"]
        text = re.sub(r"<[^>]+>|\s+", " ", reference.get("documentation", ""))
        yield Place(here, where, inner, member in shape.get("required", ()), text)
        if SHAPES[inner]["type"] == "list":
            here, where, inner = (*here, 0), f"{where}.1.member", SHAPES[inner]["member"]["shape"]
            yield Place(here, where, inner, True, text)
        if SHAPES[inner]["type"] == "structure":
            yield from places(inner, here, where)


def input_of(operation: str) -> str:
    return str(MODEL["operations"][operation]["input"]["shape"])


def changed(operation: str, *changes: tuple[Place, Any]) -> bytes:
    """The full request of an operation with some values replaced."""
    document = example(input_of(operation))
    for place, value in changes:
        inner = document
        for key in place.keys[:-1]:
            inner = inner[key]
        inner[place.keys[-1]] = value
    return json.dumps(document).encode()


def read(operation: str, body: bytes) -> dict[str, Any]:
    return WIRE.read(f"SimpleWorkflowService.{operation}", body).request


def refusal(operation: str, body: bytes) -> tuple[str, str]:
    with pytest.raises(Fault) as refused:
        read(operation, body)
    return refused.value.type, refused.value.message


def failed(value: object, path: str, rule: str) -> str:
    return f"Value '{value}' at '{path}' failed to satisfy constraint: Member must {rule}"


def violations(place: Place) -> Iterator[tuple[Any, str]]:
    """Values that break one constraint of a place, and what is said of each."""
    shape, path = SHAPES[place.shape], place.path
    if place.required:
        yield None, f"Value null at '{path}' failed to satisfy constraint: Member must not be null"
    if shape["type"] == "string":
        if shape.get("min"):
            yield "", failed("", path, f"have length greater than or equal to {shape['min']}")
        if "max" in shape:
            long = "1" * (shape["max"] + 1)
            yield long, failed(long, path, f"have length less than or equal to {shape['max']}")
        if "enum" in shape:
            order = ENUM_ORDER.get(place.shape, shape["enum"])
            yield "Nap", failed("Nap", path, f"satisfy enum value set: [{', '.join(order)}]")
    elif shape["type"] == "integer":
        less, more = shape["min"] - 1, shape["max"] + 1
        yield less, failed(less, path, f"have value greater than or equal to {shape['min']}")
        yield more, failed(more, path, f"have value less than or equal to {shape['max']}")
    elif shape["type"] == "list" and "max" in shape:
        many = ["x"] * (shape["max"] + 1)
        shown = f"[{', '.join(many)}]"
        yield many, failed(shown, path, f"have length less than or equal to {shape['max']}")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_request_with_everything_is_read_as_it_is(operation: str) -> None:
    assert read(operation, changed(operation)) == example(input_of(operation))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_constraint_is_checked_and_told_in_the_words_of_swf(operation: str) -> None:
    for place in places(input_of(operation)):
        for value, constraint in violations(place):
            expected = ("ValidationException", f"1 validation error detected: {constraint}")
            assert refusal(operation, changed(operation, (place, value))) == expected


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_fails_is_told_all_at_once(operation: str) -> None:
    broken = {}
    for place in places(input_of(operation)):
        leaf = SHAPES[place.shape]["type"] not in ("structure", "list")
        for value, constraint in violations(place):
            if leaf and value is not None:
                broken[place] = (value, constraint)
    type_, message = refusal(operation, changed(operation, *((p, v) for p, (v, _) in broken.items())))
    heading, _, constraints = message.partition(" detected: ")
    errors = "1 validation error" if len(broken) == 1 else f"{len(broken)} validation errors"
    assert (type_, heading) == ("ValidationException", errors)
    assert sorted(constraints.split("; ")) == sorted(constraint for _, constraint in broken.values())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_value_of_another_json_type_can_not_be_converted(operation: str) -> None:
    for place in places(input_of(operation)):
        for value in WRONG[SHAPES[place.shape]["type"]]:
            type_, message = refusal(operation, changed(operation, (place, value)))
            assert type_ == "SerializationException"
            assert f"at '{place.path}'" in message


def within(document: Any, place: Place) -> Any:
    """The structure or list that a place is in."""
    for key in place.keys[:-1]:
        document = document[key]
    return document


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_null_is_as_good_as_nothing(operation: str) -> None:
    for place in places(input_of(operation)):
        if not place.required:
            document = json.loads(changed(operation, (place, None)))
            if place.keys[:2] == ("decisions", 0):
                document["decisions"][0]["decisionType"] = "CompleteWorkflowExecution"  # needs no attributes
            found = read(operation, json.dumps(document).encode())
            assert place.keys[-1] not in within(found, place)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_empty_text_is_kept_unless_it_can_mean_nothing(operation: str) -> None:
    for place in places(input_of(operation)):
        shape = SHAPES[place.shape]
        if shape["type"] == "string" and not shape.get("min") and "enum" not in shape:
            if place.shape == "TaskPriority":
                assert refusal(operation, changed(operation, (place, "")))[0] == "ValidationException"
            elif place.shape in ABSENT_WHEN_EMPTY:
                assert place.keys[-1] not in within(read(operation, changed(operation, (place, ""))), place)
            else:
                kept = within(read(operation, changed(operation, (place, ""))), place)
                assert kept[place.keys[-1]] == ""


def test_every_decision_needs_its_attributes_but_the_closes() -> None:
    batch = [{"decisionType": type_} for type_ in SHAPES["DecisionType"]["enum"]]
    body = json.dumps({"taskToken": "t", "decisions": batch}).encode()
    type_, message = refusal("RespondDecisionTaskCompleted", body)
    missed = re.findall(r"Value null at 'decisions\.(\d+)\.member\.(\w+)DecisionAttributes'", message)
    assert type_ == "ValidationException"
    assert {name for _, name in missed} == {
        "scheduleActivityTask",
        "requestCancelActivityTask",
        "recordMarker",
        "startTimer",
        "cancelTimer",
        "signalExternalWorkflowExecution",
        "requestCancelExternalWorkflowExecution",
        "startChildWorkflowExecution",
        "scheduleLambdaFunction",
    }


LOOKED_UP = {
    "DomainName",
    "Name",
    "Version",
    "VersionOptional",
    "WorkflowId",
    "WorkflowRunId",
    "WorkflowRunIdOptional",
    "ActivityId",
    "TimerId",
    "Tag",
    "Description",
    "ResourceTagKey",
    "ResourceTagValue",
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_is_looked_up_must_be_unicode(operation: str) -> None:
    for place in places(input_of(operation)):
        if place.shape in LOOKED_UP:
            type_, message = refusal(operation, changed(operation, (place, "a\ud800")))
            assert type_ == "ValidationException"
            assert message.startswith(f"1 validation error detected: Value 'a\ud800' at '{place.path}'")
        elif place.shape in ("Data", "LimitedData", "FailureReason", "TerminateReason", "Identity"):
            found = within(read(operation, changed(operation, (place, "a\ud800"))), place)
            assert found[place.keys[-1]] == "a\ud800"


def named(place: Place) -> Place:
    """The name in a task list, elsewhere the value itself."""
    if place.shape != "TaskList":
        return place
    return place._replace(keys=(*place.keys, "name"), path=f"{place.path}.name")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_the_documentation_forbids_in_names_is_refused(operation: str) -> None:
    for place in places(input_of(operation)):
        if "must not contain a" not in place.documentation:
            continue
        for name in ("a:b", "a/b", "a|b", "\u0000", "a\u001f", "a\u007f", "a\u009f", "arn", "a\n"):
            type_, message = refusal(operation, changed(operation, (named(place), name)))
            assert type_ == "ValidationException"
            assert message.startswith(f"1 validation error detected: Value '{name}' at '{named(place).path}'")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_blanks_around_a_name_are_refused_where_the_documentation_says_so(operation: str) -> None:
    for place in places(input_of(operation)):
        if SHAPES[place.shape]["type"] != "string" and place.shape != "TaskList":
            continue
        if "must not start or end with whitespace" in place.documentation:
            for name in (" a", "a ", "\u00a0a", "a\u3000"):
                _, message = refusal(operation, changed(operation, (named(place), name)))
                assert f"at '{named(place).path}'" in message
        elif place.shape in ("DomainName", "Name", "WorkflowId", "TaskList") and place.keys[-1] != "name":
            read(operation, changed(operation, (named(place), " a ")))


def test_where_the_documentation_forbids_blanks() -> None:
    found = {
        (operation, place.path)
        for operation in OPERATIONS
        for place in places(input_of(operation))
        if "must not start or end with whitespace" in place.documentation
    }
    child = "decisions.1.member.startChildWorkflowExecutionDecisionAttributes.taskList"
    assert found == {
        ("RegisterDomain", "name"),
        ("PollForActivityTask", "taskList"),
        ("RespondDecisionTaskCompleted", child),
    }
