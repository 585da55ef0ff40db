"""About how many bytes a resident run holds, told from the events it was given.

An estimate, for a bound on a process's memory: fibers and futures were measured (bench/residents.py), and decoded payloads
are taken to be kept by the workflow until it ends, in twice the room of their text.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyflow.history.event import Event
from pyflow.history.routes import ROUTES

RUN = 12_000
OPEN = 300
"""An invocation that is open: its future, and what finds it."""
PER_CHARACTER = 2

_OPENING = (
    "ActivityTaskScheduled",
    "LambdaFunctionScheduled",
    "TimerStarted",
    "StartChildWorkflowExecutionInitiated",
)
_SETTLING = (
    *(f"ActivityTask{how}" for how in ("Completed", "Failed", "TimedOut", "Canceled")),
    *(f"LambdaFunction{how}" for how in ("Completed", "Failed", "TimedOut")),
    *(
        f"ChildWorkflowExecution{how}"
        for how in ("Completed", "Failed", "TimedOut", "Canceled", "Terminated")
    ),
    "TimerFired",
    "TimerCanceled",
)
_WEIGHTS: dict[
    str, tuple[int, str]
] = {  # event type: what it changes, and the attribute that a workflow may keep
    **dict.fromkeys(_OPENING, (OPEN, "")),
    **{each: (-OPEN, "result" if each.endswith("Completed") else "details") for each in _SETTLING},
    "WorkflowExecutionStarted": (0, "input"),
    "WorkflowExecutionSignaled": (0, "input"),
    "MarkerRecorded": (0, "details"),
}


def growth(events: Iterable[Event], after: int = 0) -> int:
    """Bytes by which a run grows with these events, those up to the id `after` left out."""
    total = 0
    for event in events:
        weight = _WEIGHTS.get(event["eventType"])
        if weight is None or event["eventId"] <= after:
            continue
        change, payload = weight
        total += change
        if payload:
            text = event[ROUTES[event["eventType"]].attributes].get(payload)
            total += PER_CHARACTER * len(text) if text else 0
    return total
