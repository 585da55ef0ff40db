"""Whether an answer is one that AWS's own model allows; every answer of every test here is asked."""

from __future__ import annotations

from typing import Any

from pyflow.local.wire.model import service_model, units

MODEL = service_model()
SHAPES = MODEL["shapes"]


def faults(operation: str) -> set[str]:
    """The faults that the model lists for an operation."""
    return {error["shape"] for error in MODEL["operations"][operation].get("errors", [])}


def check_answer(operation: str, answer: Any) -> None:
    """Assert that an answer has the operation's output shape: nothing missing, unknown, too long or null."""
    output = MODEL["operations"][operation].get("output")
    if output is None:
        assert answer is None, f"{operation} answers nothing, not {answer}"
    elif operation.startswith("Poll") and "taskToken" not in answer:
        assert answer["startedEventId"] == 0
    else:
        _check(output["shape"], answer, operation)


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
        assert isinstance(value, int), path
        assert shape.get("min", value) <= value <= shape.get("max", value), path
