"""What is said of a span, before anybody emits it: protocol/tracing.md, "What a span says". Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Literal, TypeAlias

from pyflow.tracing.headers import SpanContext

Kind: TypeAlias = Literal["server", "consumer", "client"]
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
FAULTY = frozenset({"failed", "timed_out", "terminated", "handed_back", "parked"})
"""The outcomes whose status is an error."""


@dataclass(frozen=True)
class Link:
    """To a span of another trace. how: the word of `pyflow.link`."""

    to: SpanContext
    how: str


@dataclass(frozen=True)
class Span:
    """One span, whole. parent_id: None for a run's own. start, end: nanoseconds since 1970. error: `error.type`."""

    name: str
    kind: Kind
    trace_id: str
    span_id: str
    parent_id: str | None
    start: int
    end: int
    outcome: str
    error: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    links: tuple[Link, ...] = ()

    @property
    def described(self) -> dict[str, Any]:
        """All its attributes; those that are not known are not there."""
        said = {**self.attributes, "pyflow.outcome": self.outcome, "error.type": self.error}
        return {name: value for name, value in said.items() if value is not None}


def nanoseconds(time: datetime | float) -> int:
    """An event's time, as boto3 or the wire gives it, in nanoseconds since 1970; to the microsecond."""
    if isinstance(time, datetime):
        since = time - EPOCH
        return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1000
    return round(time * 1_000_000) * 1000
