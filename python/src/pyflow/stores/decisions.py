"""What a decider's shell does with payloads: events are opened before a turn, decisions sealed after it.

For a process without keys and stores both give back what they get.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from pyflow.errors import (
    DeciderException,
    PayloadDecodeError,
    PayloadUnavailable,
    UnknownCodec,
)
from pyflow.history.event import Event

from .payloads import Payloads
from .texts import open_text, seal_failure, seal_text

EVENT_FIELDS = ("input", "result", "details")
"""What holds a payload in the attributes of any event that has it."""

DECISION_FIELDS = {
    "CancelWorkflowExecution": "details",
    "CompleteWorkflowExecution": "result",
    "ContinueAsNewWorkflowExecution": "input",
    "FailWorkflowExecution": "details",
    "RecordMarker": "details",
    "ScheduleActivityTask": "input",
    "SignalExternalWorkflowExecution": "input",
    "StartChildWorkflowExecution": "input",
}
"""What holds a payload in the attributes of a decision; the others hold none, ScheduleLambdaFunction no envelope."""


def open_events(events: Sequence[Event], payloads: Payloads) -> list[Event]:
    """The events with their payloads as a decider without keys and stores reads them; none is changed in place.

    Bad content becomes a text that is no payload, which the call it belongs to fails with. Raises DeciderException
    where another decider may have the key, the codec or the object: two must not see two results.
    """
    if payloads.plain:
        return list(events)
    return [opened(event, lambda text, what: _open(text, payloads, what)) for event in events]


def opened(event: Event, open: Callable[[str, str], str]) -> Event:
    """The event with each payload in it, the state of an execution context too, as `open` makes it.

    open: takes a text, and what it is, as `result of event 7 ActivityTaskCompleted`.
    """
    kind = event["eventType"]
    key = f"{kind[0].lower()}{kind[1:]}EventAttributes"
    attributes = event.get(key) or {}
    changed = {}
    for name in EVENT_FIELDS:
        if attributes.get(name):
            what = f"{name} of event {event['eventId']} {kind}"
            text = open(attributes[name], what)
            if text != attributes[name]:
                changed[name] = text
    if attributes.get("executionContext"):
        context = attributes["executionContext"]
        text = _with_state(context, lambda state: open(state, f"state at event {event['eventId']}"))
        if text != context:
            changed["executionContext"] = text
    return {**event, key: {**attributes, **changed}} if changed else event


def _open(text: str, payloads: Payloads, what: str) -> str:
    try:
        return open_text(text, payloads)
    except PayloadDecodeError as error:
        return f"unreadable: {error}"
    except (UnknownCodec, PayloadUnavailable) as error:
        raise DeciderException(f"{what} can't be read here: {error}") from error


def seal_decisions(decisions: Sequence[dict[str, Any]], payloads: Payloads) -> list[dict[str, Any]]:
    """The decisions with their payloads as SWF is to hold them; none is changed in place.

    What does not fit is in the store once this returns. Raises PayloadTooLarge, PayloadUnavailable.
    """
    return list(decisions) if payloads.plain else [_sealed(decision, payloads) for decision in decisions]


def seal_context(context: str | None, payloads: Payloads, limit: int) -> str | None:
    """An execution context, its state sealed. limit: of the state. Raises as `seal_decisions`."""
    if context is None or payloads.plain:
        return context
    return _with_state(context, lambda state: seal_text(state, payloads, what="state", limit=limit))


def _sealed(decision: dict[str, Any], payloads: Payloads) -> dict[str, Any]:
    kind = decision["decisionType"]
    key = f"{kind[0].lower()}{kind[1:]}DecisionAttributes"
    attributes = decision.get(key) or {}
    name = DECISION_FIELDS.get(kind)
    if name is None or attributes.get(name) is None:
        return decision
    if kind == "FailWorkflowExecution":
        text = seal_failure(attributes.get("reason"), attributes[name], payloads)
    else:
        text = seal_text(attributes[name], payloads, what=f"{name} of {kind}")
    return {**decision, key: {**attributes, name: text}}


def _with_state(context: str, change: Any) -> str:
    """An execution context of ours with its state changed; any other text as it is."""
    try:
        tree = json.loads(context)
    except ValueError:
        return context
    if type(tree) is not dict or tree.get("$pyflow") != 1 or not isinstance(tree.get("state"), str):
        return context
    state = change(tree["state"])
    if state == tree["state"]:
        return context
    return json.dumps({**tree, "state": state}, ensure_ascii=False, separators=(",", ":"))
