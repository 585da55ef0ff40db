"""The ids of traces and spans, as everybody derives them from what SWF tells: protocol/tracing.md, "Ids". Pure."""

from __future__ import annotations

from hashlib import sha256

RUN = ""
"""What stands in the place of an activity id for the run itself and for its decision tasks."""
RUN_STARTED = 1
"""The event WorkflowExecutionStarted."""


def trace_id(domain: str, workflow_id: str, run_id: str) -> str:
    """The id of the trace of a run: 32 hex digits."""
    return trace_id_of(_digest(domain, workflow_id, run_id))


def span_id(run_id: str, activity_id: str, started_event_id: int) -> str:
    """The id of the span that began with an event: 16 hex digits. activity_id: empty for the run and its decision tasks."""
    return span_id_of(_digest(run_id, activity_id, str(started_event_id)))


def run_span_id(run_id: str) -> str:
    """The id of the run's own span, the parent of all others in its trace."""
    return span_id(run_id, RUN, RUN_STARTED)


def trace_id_of(digest: bytes) -> str:
    """The trace id in a digest."""
    return _never_zero(digest[:16]).hex()


def span_id_of(digest: bytes) -> str:
    """The span id in a digest."""
    return _never_zero(digest[:8]).hex()


def _digest(*parts: str) -> bytes:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


def _never_zero(found: bytes) -> bytes:
    return found if any(found) else found[:-1] + b"\x01"
