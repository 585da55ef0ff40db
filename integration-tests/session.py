"""Sessions: requests to SWF written down, so that any client can send them to any server.

A step is `{"do": operation, "with": request, "keep": {name: member}, "gives": part of the answer, "fault": code}`. In later
steps `"$name"` stands for what was kept; `domain` is filled in where the operation takes one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session

SESSIONS = Path(__file__).parent / "sessions"

Call = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Sends an operation's request; its answer, or raises Fault."""


class Fault(Exception):
    """A request was refused. code: SWF's name of the fault; message: its text."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Exchange:
    """A step, the request that was sent, and what came back: an answer or a fault."""

    step: dict[str, Any]
    request: dict[str, Any]
    answer: dict[str, Any] | None
    fault: Fault | None

    @property
    def operation(self) -> str:
        """SWF's name of the operation."""
        return str(self.step["do"])


def read(name: str) -> dict[str, list[dict[str, Any]]]:
    """The sessions of a file, by name."""
    return dict(json.loads((SESSIONS / f"{name}.json").read_text()))


def play(steps: list[dict[str, Any]], call: Call, kept: dict[str, Any]) -> Iterator[Exchange]:
    """Send the requests one after the other; kept: values by name, `domain` among them, to which steps add."""
    for step in steps:
        request = filled(step.get("with", {}), kept)
        if "domain" in members(step["do"]):
            request = {"domain": kept["domain"], **request}
        try:
            answer = call(step["do"], request)
        except Fault as fault:
            yield Exchange(step, request, None, fault)
            continue
        for name, member in step.get("keep", {}).items():
            kept[name] = answer[member]
        yield Exchange(step, request, answer, None)


def filled(value: Any, kept: dict[str, Any]) -> Any:
    """A value with what was kept in the places of its `$names`."""
    if isinstance(value, dict):
        return {name: filled(item, kept) for name, item in value.items()}
    if isinstance(value, list):
        return [filled(item, kept) for item in value]
    if isinstance(value, str) and value.startswith("$"):
        return kept[value[1:]]
    return value


@cache
def members(operation: str) -> frozenset[str]:
    """The members of an operation's request, by botocore's model."""
    return frozenset(_model().operation_model(operation).input_shape.members)


@cache
def operations() -> frozenset[str]:
    """SWF's operations, by botocore's model."""
    return frozenset(_model().operation_names)


@cache
def _model() -> Any:
    return botocore.session.get_session().get_service_model("swf")
