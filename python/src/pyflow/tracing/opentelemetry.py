"""The one place that speaks to OpenTelemetry's SDK: spans whose ids are derived, not drawn."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import Tracer, TracerProvider
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import NonRecordingSpan, SpanKind, Status, StatusCode, TraceFlags, TraceState

from pyflow import __version__
from pyflow.errors import PyflowException
from pyflow.tracing.headers import SpanContext
from pyflow.tracing.spans import FAULTY, Kind, Link, Span

SCOPE = "pyflow"
KINDS: dict[Kind, SpanKind] = {
    "server": SpanKind.SERVER,
    "consumer": SpanKind.CONSUMER,
    "client": SpanKind.CLIENT,
}


class _DerivedIds(IdGenerator):
    """Gives a span that is begun in this thread the ids that were asked for, any other one random ones."""

    def __init__(self) -> None:
        self._wanted = threading.local()
        self._random = RandomIdGenerator()

    @contextmanager
    def wanted(self, trace_id: str, span_id: str) -> Iterator[None]:
        """While the next span is begun."""
        self._wanted.ids = int(trace_id, 16), int(span_id, 16)
        try:
            yield
        finally:
            self._wanted.ids = None

    def generate_trace_id(self) -> int:
        ids = getattr(self._wanted, "ids", None)
        return ids[0] if ids else self._random.generate_trace_id()

    def generate_span_id(self) -> int:
        ids = getattr(self._wanted, "ids", None)
        return ids[1] if ids else self._random.generate_span_id()


class Emitter:
    """Begins and emits spans by a tracer provider of OpenTelemetry's SDK; None is the global one. Any thread may use it."""

    def __init__(self, provider: Any = None) -> None:
        tracer = (provider or trace.get_tracer_provider()).get_tracer(SCOPE, __version__)
        disabled = isinstance(tracer, trace.NoOpTracer)  # by OTEL_SDK_DISABLED
        if not isinstance(tracer, Tracer) and not disabled:
            raise PyflowException(
                "tracing has no tracer provider of OpenTelemetry's SDK: pass one, or set the global one first"
            )
        self._ids = _DerivedIds()
        self._tracer = tracer
        if isinstance(tracer, Tracer):
            tracer.id_generator = self._ids

    def sampled(self, trace_id: str, run: Mapping[str, Any]) -> bool:
        """Whether the sampler takes the run's span. run: attributes that decider and workers know of it."""
        if not isinstance(self._tracer, Tracer):
            return False
        decision = self._tracer.sampler.should_sample(
            contexts.Context(), int(trace_id, 16), "run", SpanKind.SERVER, dict(run), ()
        ).decision
        return decision is Decision.RECORD_AND_SAMPLE

    def below(self, parent: SpanContext, headers: Mapping[str, Any]) -> contexts.Context:
        """The context of what is done for a run: its span as the parent, `tracestate` and `baggage` of the headers."""
        state, baggage = headers.get("tracestate"), headers.get("baggage")
        found = trace.SpanContext(
            int(parent.trace_id, 16),
            int(parent.span_id, 16),
            is_remote=True,
            trace_flags=TraceFlags(TraceFlags.SAMPLED if parent.sampled else TraceFlags.DEFAULT),
            trace_state=TraceState.from_header([state]) if isinstance(state, str) else None,
        )
        context = trace.set_span_in_context(NonRecordingSpan(found), contexts.Context())
        if isinstance(baggage, str):
            context = W3CBaggagePropagator().extract({"baggage": baggage}, context)
        return context

    def begin(
        self,
        name: str,
        kind: Kind,
        parent: SpanContext,
        span_id: str,
        context: contexts.Context,
        attributes: Mapping[str, Any],
        links: tuple[Link, ...] = (),
        start: int | None = None,
    ) -> trace.Span:
        """A span that has begun, now or at `start`."""
        with self._ids.wanted(parent.trace_id, span_id):
            return self._tracer.start_span(
                name,
                context=context,
                kind=KINDS[kind],
                attributes=dict(attributes),
                links=[_link(link) for link in links],
                start_time=start,
            )

    def emit(self, span: Span, *, sampled: bool) -> None:
        """A span that is over. sampled: whether the run's is."""
        parent = SpanContext(span.trace_id, span.parent_id or span.span_id, sampled)
        context = contexts.Context() if span.parent_id is None else self.below(parent, {})
        begun = self.begin(
            span.name, span.kind, parent, span.span_id, context, span.described, span.links, span.start
        )
        end(begun, span.outcome, span.error, span.end)


def end(span: trace.Span, outcome: str, error: str | None, time: int | None = None) -> None:
    """Ends a span, now or at `time`, with what it came to."""
    span.set_attribute("pyflow.outcome", outcome)
    if error is not None:
        span.set_attribute("error.type", error)
    if outcome in FAULTY:
        span.set_status(Status(StatusCode.ERROR, error))
    span.end(time)


@contextmanager
def active(span: trace.Span, context: contexts.Context) -> Iterator[None]:
    """Makes the span the current one of this thread, on top of a context."""
    token = contexts.attach(trace.set_span_in_context(span, context))
    try:
        yield
    finally:
        contexts.detach(token)


def current() -> SpanContext | None:
    """The span that is active here."""
    found = trace.get_current_span().get_span_context()
    if not found.is_valid:
        return None
    return SpanContext(f"{found.trace_id:032x}", f"{found.span_id:016x}", found.trace_flags.sampled)


def current_headers() -> dict[str, str]:
    """W3C's headers of what is active here; none without a span."""
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    if current() is not None:
        TraceContextTextMapPropagator().inject(carrier)
        W3CBaggagePropagator().inject(carrier)
    return carrier


def otlp(service_name: str) -> TracerProvider:
    """A provider that sends by OTLP over HTTP, as the environment variables `OTEL_…` say; the global one from now on.

    service_name: unless they name the service.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise PyflowException(
            "tracing by OTLP needs opentelemetry-exporter-otlp-proto-http: pip install 'pyflow-swf[tracing]'"
        ) from None
    named = os.environ.get("OTEL_SERVICE_NAME") or f"{SERVICE_NAME}=" in os.environ.get(
        "OTEL_RESOURCE_ATTRIBUTES", ""
    )
    provider = TracerProvider(resource=Resource.create({} if named else {SERVICE_NAME: service_name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider


def _link(link: Link) -> trace.Link:
    to = trace.SpanContext(
        int(link.to.trace_id, 16),
        int(link.to.span_id, 16),
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED if link.to.sampled else TraceFlags.DEFAULT),
    )
    return trace.Link(to, {"pyflow.link": link.how})
