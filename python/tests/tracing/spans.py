"""A tracer whose spans stay in memory, and how tests read them."""

from __future__ import annotations

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import DEFAULT_ON

import pyflow
from pyflow.tracing.spans import nanoseconds


class Memory:
    """tracing: what a decider or a worker is given."""

    def __init__(self, sampler=DEFAULT_ON):
        self._exporter = InMemorySpanExporter()
        self.provider = TracerProvider(sampler=sampler, shutdown_on_exit=False)
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.tracing = pyflow.Tracing(self.provider)

    @property
    def spans(self):
        """In the order in which they ended."""
        return self._exporter.get_finished_spans()

    @property
    def names(self):
        return [span.name for span in self.spans]

    def one(self, name):
        """The one span of that name."""
        [span] = [span for span in self.spans if span.name == name]
        return span


def ids(span):
    """Trace id, span id and parent's id, in hex."""
    parent = None if span.parent is None else f"{span.parent.span_id:016x}"
    return f"{span.context.trace_id:032x}", f"{span.context.span_id:016x}", parent


def links(span):
    """Where each link leads, by its word."""
    return {
        link.attributes["pyflow.link"]: (f"{link.context.trace_id:032x}", f"{link.context.span_id:016x}")
        for link in span.links
    }


def times(span, *events):
    """Whether the span begins and ends with these events."""
    return (span.start_time, span.end_time) == tuple(nanoseconds(each["eventTimestamp"]) for each in events)
