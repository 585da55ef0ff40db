"""`pyflow.Tracing`: what a program gives its decider, its worker and its client, so that their spans join one trace."""

from __future__ import annotations

import atexit
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from pyflow.codec.failures.caught import type_of
from pyflow.errors import ActivityCanceled, PyflowException
from pyflow.tracing.headers import SpanContext, of_input, place, write_traceparent
from pyflow.tracing.ids import run_span_id, span_id, trace_id
from pyflow.tracing.spans import Link, Span

if TYPE_CHECKING:
    from pyflow.history.event import Run

logger = logging.getLogger("pyflow")
ROOM = 2048
"""Characters that `tracestate` and `baggage` may have together; longer ones are left out."""


class Info(Protocol):
    """What a span of an activity says of it: an ActivityInfo."""

    @property
    def domain(self) -> str: ...
    @property
    def task_list(self) -> str: ...
    @property
    def workflow_id(self) -> str: ...
    @property
    def run_id(self) -> str: ...
    @property
    def activity_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def started_event_id(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, Any]: ...


class Context(Protocol):
    """A running activity: an ActivityContext."""

    @property
    def info(self) -> Any: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def deferred(self) -> bool: ...


class Tracing:
    """Emits spans by OpenTelemetry's SDK, their ids derived as protocol/tracing.md says.

    tracer_provider: of the SDK; without one the global provider, which must be set before. The extra `tracing` brings
    what is needed. `Decider(…, tracing=tracing)` emits those of runs, decision tasks, Lambda functions and children;
    `ActivityWorker(…, interceptors=[tracing.activity])` those of activities. Thread-safe.
    """

    def __init__(self, tracer_provider: Any = None) -> None:
        try:
            from pyflow.tracing.opentelemetry import Emitter
        except ImportError as error:
            raise PyflowException(
                f"tracing needs OpenTelemetry's SDK ({error}): pip install 'pyflow-swf[tracing]'"
            ) from None
        self._emitter = Emitter(tracer_provider)
        self._provider = tracer_provider
        self._service_name: str | None = None

    @classmethod
    def otlp(cls, service_name: str = "pyflow") -> Tracing:
        """Sends by OTLP over HTTP, as OpenTelemetry's environment variables say (`OTEL_EXPORTER_OTLP_ENDPOINT` …).

        service_name: unless they name the service. The provider becomes the global one, so that spans which an activity
        makes itself go the same way. Raises PyflowException where the extra `tracing` is not installed.
        """
        try:
            from pyflow.tracing.opentelemetry import otlp
        except ImportError as error:
            raise PyflowException(
                f"tracing needs OpenTelemetry's SDK ({error}): pip install 'pyflow-swf[tracing]'"
            ) from None
        made = cls(otlp(service_name))
        made._service_name = service_name
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """To a worker's processes goes what `otlp` made: each makes its own there."""
        if self._service_name is None:
            raise TypeError(
                "a Tracing with a tracer provider stays in its process: make it with Tracing.otlp()"
            )
        return _made_anew, (self._service_name,)

    def close(self) -> None:
        """Sends what is not sent yet, by a provider that this was given or that `otlp` made."""
        if self._provider is not None:
            self._provider.shutdown()

    def activity(self, context: Context, proceed: Callable[[], object]) -> object:
        """The interceptor of an activity worker: a span around each call of an activity, the current one while it runs."""
        from pyflow.tracing import opentelemetry as otel

        try:
            span, above = self._begun(context.info)
        except Exception:
            logger.exception("a span of %s is lost", context.info.name)
            return proceed()
        with otel.active(span, above):
            try:
                result = proceed()
            except BaseException as error:
                otel.end(span, *_raised(error, context.reason))
                raise
            otel.end(span, *_returned(context))
        return result

    def _begun(self, info: Info) -> tuple[Any, Any]:
        """The span of a call that begins now, and the context above it."""
        headers = info.headers
        where = place(info.domain, info.workflow_id, info.run_id, headers)
        run = _run(info.domain, info.workflow_id, info.run_id)
        sampled = where.sampled if where.sampled is not None else self._emitter.sampled(where.trace_id, run)
        parent = SpanContext(where.trace_id, where.parent_span_id, sampled)
        above = self._emitter.below(parent, headers)
        attempt = headers.get("attempt")
        attributes = {
            **run,
            "pyflow.activity": info.name,
            "pyflow.version": info.version,
            "pyflow.activity_id": info.activity_id,
            "pyflow.task_list": info.task_list,
            "pyflow.started_event_id": info.started_event_id,
            **({"pyflow.attempt": attempt} if isinstance(attempt, int) else {}),
        }
        span = self._emitter.begin(
            f"perform {info.name}",
            "consumer",
            parent,
            span_id(info.run_id, info.activity_id, info.started_event_id),
            above,
            attributes,
            (Link(where.link, "header"),) if where.link is not None else (),
        )
        return span, above

    def emit(self, span: Span, *, sampled: bool) -> None:
        """Emits a span that is over. sampled: whether the run's is. Never raises."""
        try:
            self._emitter.emit(span, sampled=sampled)
        except Exception:
            logger.exception("the span %s of %s is lost", span.name, span.trace_id)

    def sampled(self, domain: str, run: Run) -> bool:
        """Whether the sampler takes the run."""
        which = _run(domain, run.workflow_id, run.run_id)
        return self._emitter.sampled(trace_id(domain, run.workflow_id, run.run_id), which)

    def carried(self, domain: str, run: Run, text: str | None) -> dict[str, str]:
        """The headers that go with what the run asks for. text: its input, whose `tracestate` and `baggage` go on."""
        trace = trace_id(domain, run.workflow_id, run.run_id)
        own = SpanContext(trace, run_span_id(run.run_id), self.sampled(domain, run))
        passed_on = {name: value for name, value in of_input(text).items() if name != "traceparent"}
        if sum(map(len, passed_on.values())) > ROOM:
            passed_on = {}
        return {"traceparent": write_traceparent(own), **passed_on}


_GONE = ("gone", "heartbeat_lost")


def _returned(context: Context) -> tuple[str, None]:
    """What it means that an activity returned."""
    if context.reason in _GONE:
        return "dropped", None
    return "deferred" if context.deferred else "completed", None


def _raised(error: BaseException, reason: str | None) -> tuple[str, str | None]:
    """What it means that an activity raised: its outcome, and the type of its failure."""
    if reason in _GONE:
        return "dropped", None
    if isinstance(error, ActivityCanceled) and reason is not None:
        return ("handed_back", "pyflow.WorkerShutdown") if reason == "worker_shutdown" else ("canceled", None)
    return "failed", type_of(error)


def _run(domain: str, workflow_id: str, run_id: str) -> dict[str, str]:
    return {"pyflow.domain": domain, "pyflow.workflow_id": workflow_id, "pyflow.run_id": run_id}


def _made_anew(service_name: str) -> Tracing:
    """In a process that nobody closes it for: what is not sent yet is sent when it exits."""
    made = Tracing.otlp(service_name)
    atexit.register(made.close)
    return made
