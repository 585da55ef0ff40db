"""Refusals, in SWF's own words. A request that raises one has changed nothing."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST_MESSAGE = 1_048_576
"""Characters: a message repeats the values it refuses, whole, but is no longer than the longest request."""


class Fault(Exception):
    """A request refused.

    type: the shape's name, such as `UnknownResourceFault` (the wire adds the namespace).
    message: SWF's text where it is known (Amazon SWF API; live captures), else ours.
    """

    def __init__(self, type: str, message: str) -> None:
        super().__init__(f"{type}: {message}")
        self.type = type
        self.message = message


def invalid(message: str) -> Fault:
    """A ValidationException with SWF's plain text."""
    return Fault("ValidationException", message)


def unsatisfied(constraints: Sequence[str]) -> Fault:
    """Every constraint that a request fails, in one ValidationException."""
    count = len(constraints)
    heading = "1 validation error" if count == 1 else f"{count} validation errors"
    return invalid(f"{heading} detected: {'; '.join(constraints)}"[:LONGEST_MESSAGE])


def throttled() -> Fault:
    """Too many calls of late; this one has not been tried."""
    return Fault("ThrottlingException", "Rate exceeded")


def missing(path: str) -> str:
    """The constraint that a required member fails."""
    return f"Value null at '{path}' failed to satisfy constraint: Member must not be null"


def unknown_domain(name: str) -> Fault:
    """No such domain."""
    return Fault("UnknownResourceFault", f"Unknown domain: {name}")


def unknown_type(kind: str, name: str, version: str) -> Fault:
    """No such type; kind is `ActivityType` or `WorkflowType`."""
    return Fault("UnknownResourceFault", f"Unknown type: {type_text(kind, name, version)}")


def type_text(kind: str, name: str, version: str) -> str:
    """How SWF names a type in its messages."""
    return f"{kind}=[name={name}, version={version}]"


def unknown_execution(workflow_id: str, run_id: str | None) -> Fault:
    """No such execution, or no open one."""
    if run_id is None:
        return Fault("UnknownResourceFault", f"Unknown execution, workflowId = {workflow_id}")
    return Fault(
        "UnknownResourceFault",
        f"Unknown execution: WorkflowExecution=[workflowId={workflow_id}, runId={run_id}]",
    )


def unknown_decision_task(scheduled_id: int) -> Fault:
    """A genuine token whose decision task is no longer started."""
    return Fault("UnknownResourceFault", f"Unknown decision task, scheduledEventId = {scheduled_id}")


def unknown_activity_task(scheduled_id: int) -> Fault:
    """A genuine token whose activity task is no longer started."""
    return Fault("UnknownResourceFault", f"Unknown activity, scheduledEventId = {scheduled_id}")
