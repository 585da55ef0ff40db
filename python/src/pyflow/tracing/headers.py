"""What headers of an input say of a trace: W3C's `traceparent`, beside the ids that everybody derives. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from pyflow.codec.codings.json_read import parse
from pyflow.codec.payloads.envelope import MARK
from pyflow.errors import PayloadException
from pyflow.tracing.ids import run_span_id, trace_id

NAMES = ("traceparent", "tracestate", "baggage")
"""W3C's headers, as they are called in an envelope's `h`."""
SAMPLED = 1
_FORM = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.DOTALL)


class SpanContext(NamedTuple):
    """A span somewhere: ids in hex."""

    trace_id: str
    span_id: str
    sampled: bool = True


class Place(NamedTuple):
    """What the span of an activity hangs on.

    sampled: what the headers say of the run; None where the process's own sampler is asked. link: a span of another
    trace that the headers name.
    """

    trace_id: str
    parent_span_id: str
    sampled: bool | None = None
    link: SpanContext | None = None


def read_traceparent(text: object) -> SpanContext | None:
    """The span that a `traceparent` names; None for a text that W3C calls invalid."""
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    version, trace, span, flags, more = found.groups()
    if version == "ff" or (version == "00" and more is not None) or not int(trace, 16) or not int(span, 16):
        return None
    return SpanContext(trace, span, bool(int(flags, 16) & SAMPLED))


def write_traceparent(span: SpanContext) -> str:
    """The `traceparent` that names a span."""
    return f"00-{span.trace_id}-{span.span_id}-{int(span.sampled):02x}"


def place(domain: str, workflow_id: str, run_id: str, headers: Mapping[str, Any]) -> Place:
    """Where the spans of a run's activities go. headers: of an activity's input."""
    own = Place(trace_id(domain, workflow_id, run_id), run_span_id(run_id))
    named = read_traceparent(headers.get("traceparent"))
    if named is None:
        return own
    if named.trace_id == own.trace_id:
        return own._replace(sampled=named.sampled)
    return own._replace(link=named)


def of_input(text: str | None) -> dict[str, str]:
    """Those of W3C's headers that a payload carries; none where it is no envelope. Never raises."""
    if not text or MARK not in text:
        return {}
    try:
        tree = parse(text)
    except PayloadException:
        return {}
    headers = tree.get("h") if type(tree) is dict and MARK in tree else None
    if type(headers) is not dict:
        return {}
    return {name: headers[name] for name in NAMES if isinstance(headers.get(name), str)}
