"""Requests at random, made from AWS's own model: each is done, or refused with a fault that the model lists."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from local.conformity import MODEL, SHAPES, faults
from local.direct import Direct, schedule

from pyflow.local.engine.fault import Fault

TEXTS = {
    "TaskPriority": ["0", "-7"],
    "DurationInDays": ["0", "NONE", "7"],
    "DurationInSeconds": ["0", "1"],
    "DurationInSecondsOptional": ["", "0", "1", "NONE"],
    "Arn": ["arn:aws:swf:us-east-1:123456789012:/domain/shop", "arn:"],
    "PageToken": ["", "AAAA"],
}
KNOWN = ["shop", "order", "charge", "1", "o1", "a1", "deciders", "workers"]


UNLISTED = {"ValidationException", "DomainDeprecatedFault"}


ODD = st.text(st.characters(categories=["Cs", "Cc", "Zs", "Lu"]), max_size=3)


@cache
def anything(name: str) -> st.SearchStrategy[Any]:
    """Values of a shape, most of them fine."""
    shape = SHAPES[name]
    if shape["type"] == "structure":
        needed = shape.get("required", ())
        members = {member: anything(reference["shape"]) for member, reference in shape["members"].items()}
        return st.fixed_dictionaries(
            {member: members[member] for member in needed},
            optional={member: value for member, value in members.items() if member not in needed},
        )
    if shape["type"] == "list":
        return st.lists(anything(shape["member"]["shape"]), max_size=3)
    if "enum" in shape:
        return st.sampled_from(shape["enum"])
    if shape["type"] == "string":
        return st.sampled_from(TEXTS.get(name, KNOWN)) | ODD
    numbers = {"integer": st.integers(0, 2), "boolean": st.booleans()}
    return numbers.get(shape["type"], st.floats(-1e11, 1e11))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_is_asked_is_done_or_refused(data: st.DataObject) -> None:
    swf = Direct()
    swf.start()
    swf.decide(schedule())
    activity = swf.work()["taskToken"]
    swf.signal()
    decision = swf.poll()["taskToken"]
    for _ in range(3):
        operation = data.draw(st.sampled_from(sorted(MODEL["operations"])))
        request = data.draw(anything(MODEL["operations"][operation]["input"]["shape"]))
        if "taskToken" in request:
            request["taskToken"] = decision if operation == "RespondDecisionTaskCompleted" else activity
        try:
            swf(operation, **request)
        except Fault as fault:
            assert fault.type in faults(operation) | UNLISTED
