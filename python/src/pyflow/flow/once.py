"""`invoke_once`: the one effect inside a decision, whose result a marker carries across replays."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from pyflow import codec
from pyflow.decider.asked import Asked
from pyflow.decider.closing import cut
from pyflow.decider.execution import Execution
from pyflow.decider.future import Future
from pyflow.decider.outcome import Completed, Failed, Outcome, completed
from pyflow.errors import PayloadException
from pyflow.history.kinds import MARKER

RAISED = "Exception raised while invoking callable"  # of pyflow-swf 2.0.0, which histories hold
UNENCODABLE = "Result of callable can't be recorded"
DETAILS_LIMIT = 8_192  # of a traceback: with JSON's escapes it still fits a marker


def invoke_once(execution: Execution, call: Callable[[], Any]) -> Future:
    """Calls it unless its marker is recorded already; the future is done when this returns."""
    name = execution.next_id("invoke_once")
    future = execution.future(MARKER, name)
    recorded, by_seed = execution.recorded_marker(name)
    if recorded is not None:
        execution.ask(Asked(MARKER, {"markerName": name}, site=execution.site()))
        outcome = _outcome(recorded.get("details"), name)
        if by_seed:
            execution.settle_next_turn(future, outcome)
        else:
            execution.settle(future, outcome)
        return future
    execution.expect(Asked(MARKER, {"markerName": name}, site=execution.site()))
    details = _called(call, name, execution.payload_limit)
    execution.ask(Asked(MARKER, {"markerName": name, "details": details}, site=execution.site()))
    execution.settle(future, _outcome(details, name))
    return future


def _called(call: Callable[[], Any], name: str, limit: int) -> str:
    """The marker's details after a call: what it returned, or how it failed."""
    try:
        result = call()
    except Exception:
        return _failure(RAISED)
    try:
        return codec.encode({"succeeded": True, "result": result}, what=f"result of {name}", limit=limit)
    except PayloadException:
        return _failure(UNENCODABLE)


def _failure(reason: str) -> str:
    details = cut(traceback.format_exc(), DETAILS_LIMIT)
    return codec.encode({"succeeded": False, "reason": reason, "details": details}, what="marker")


def _outcome(details: str | None, name: str) -> Outcome:
    """What a marker says, the same for the turn that wrote it and for every replay."""
    read = completed(details, f"the marker {name}", "Failed to decode marker value")
    if not isinstance(read, Completed):
        return read
    value = read.value
    if not isinstance(value, dict) or "succeeded" not in value:
        return Failed("Failed to decode marker value", f"marker {name} was not written by invoke_once")
    if value["succeeded"]:
        return Completed(value.get("result"))
    return Failed(value.get("reason"), value.get("details"))
