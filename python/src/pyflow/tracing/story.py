"""The spans of one run that its decider emits, as its history tells of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from pyflow.history.event import Event, Run, attributes_key
from pyflow.tracing.headers import SpanContext, of_input, read_traceparent
from pyflow.tracing.ids import RUN, run_span_id, span_id, trace_id
from pyflow.tracing.spans import Link, Span, nanoseconds

CLOSED = {
    "WorkflowExecutionCompleted": "completed",
    "WorkflowExecutionFailed": "failed",
    "WorkflowExecutionCanceled": "canceled",
    "WorkflowExecutionContinuedAsNew": "continued_as_new",
}
"""What an answer closes a run with, and its outcome."""

ENDED = {
    "LambdaFunctionCompleted": "completed",
    "LambdaFunctionFailed": "failed",
    "LambdaFunctionTimedOut": "timed_out",
    "ChildWorkflowExecutionCompleted": "completed",
    "ChildWorkflowExecutionFailed": "failed",
    "ChildWorkflowExecutionTimedOut": "timed_out",
    "ChildWorkflowExecutionCanceled": "canceled",
    "ChildWorkflowExecutionTerminated": "terminated",
}
"""What ends a span between two decision tasks, and its outcome."""


class _Begun(NamedTuple):
    event_id: int
    time: int


class Story:
    """What is known of one run. Events are taken once; none of their payloads is kept."""

    def __init__(self, domain: str, run: Run) -> None:
        self._domain = domain
        self._run = run
        self.trace_id = trace_id(domain, run.workflow_id, run.run_id)
        self.span_id = run_span_id(run.run_id)
        self._last = 0
        self._start: int | None = None
        self._links: list[Link] = []
        self._task_list: str | None = None
        self._lambdas: dict[int, tuple[str, str]] = {}  # by LambdaFunctionScheduled: id and name
        self._begun: dict[int, _Begun] = {}  # by LambdaFunctionScheduled, or StartChild…Initiated

    def follow(self, events: Sequence[Event], known: int) -> list[Span]:
        """The spans of what ended in events above `known`, the last decision task's start that was answered before."""
        spans = []
        for event in events:
            event_id = event["eventId"]
            if event_id <= self._last:
                continue
            self._last = event_id
            event_type = event["eventType"]
            if event_type in ENDED:
                span = self._ended(event, event_type)
                if span is not None and event_id > known:
                    spans.append(span)
            elif event_type in _TOLD:
                _TOLD[event_type](self, event, event[attributes_key(event_type)])
        return spans

    def decided(
        self, started: Event, decisions: int, *, parked: bool, replayed: bool, seconds: float
    ) -> Span:
        """The span of a decision task. started: its DecisionTaskStarted; seconds: how long the decider had it."""
        event_id, start = started["eventId"], nanoseconds(started["eventTimestamp"])
        attributes = {
            **self._type(),
            "pyflow.started_event_id": event_id,
            "pyflow.decisions": decisions,
            "pyflow.replayed": replayed,
        }
        return self._span(
            f"decide {self._run.name}",
            "consumer",
            span_id(self._run.run_id, RUN, event_id),
            start,
            start + int(seconds * 1e9),
            ("parked", "pyflow.Parked") if parked else ("answered", None),
            attributes,
        )

    def closed(self, event: Event) -> Span | None:
        """The run's own span. event: the last of its history; None where it does not close the run."""
        event_type = event["eventType"]
        outcome = CLOSED.get(event_type)
        if outcome is None or self._start is None:
            return None
        attributes = event[attributes_key(event_type)]
        links = list(self._links)
        if outcome == "continued_as_new":
            links.append(self._link(self._run.workflow_id, attributes["newExecutionRunId"], "continued_as"))
        return Span(
            f"run {self._run.name}",
            "server",
            self.trace_id,
            self.span_id,
            None,
            self._start,
            nanoseconds(event["eventTimestamp"]),
            outcome,
            (attributes.get("reason") or "failed") if outcome == "failed" else None,
            {**self._whose(), **self._type(), "pyflow.task_list": self._task_list},
            tuple(links),
        )

    # What the history says:

    def _run_started(self, event: Event, attributes: dict[str, Any]) -> None:
        self._start = nanoseconds(event["eventTimestamp"])
        self._task_list = attributes.get("taskList", {}).get("name")
        parent = attributes.get("parentWorkflowExecution")
        if parent:
            self._links.append(self._link(parent["workflowId"], parent["runId"], "parent"))
        before = attributes.get("continuedExecutionRunId")
        if before:
            self._links.append(self._link(self._run.workflow_id, before, "continued_from"))
        caller = read_traceparent(of_input(attributes.get("input")).get("traceparent"))
        if caller is not None:
            self._links.append(Link(caller, "started_by"))

    def _lambda_scheduled(self, event: Event, attributes: dict[str, Any]) -> None:
        self._lambdas[event["eventId"]] = (attributes["id"], attributes["name"])

    def _lambda_started(self, event: Event, attributes: dict[str, Any]) -> None:
        self._begin(attributes["scheduledEventId"], event)

    def _child_started(self, event: Event, attributes: dict[str, Any]) -> None:
        self._begin(attributes["initiatedEventId"], event)

    def _begin(self, origin: int, event: Event) -> None:
        self._begun[origin] = _Begun(event["eventId"], nanoseconds(event["eventTimestamp"]))

    def _ended(self, event: Event, event_type: str) -> Span | None:
        attributes = event[attributes_key(event_type)]
        outcome = ENDED[event_type]
        error = {
            "failed": attributes.get("reason") or "failed",
            "timed_out": attributes.get("timeoutType", "timed_out"),
            "terminated": "terminated",
        }.get(outcome)
        of_lambda = "scheduledEventId" in attributes
        origin = attributes["scheduledEventId" if of_lambda else "initiatedEventId"]
        begun, function = self._begun.pop(origin, None), self._lambdas.pop(origin, None)
        if begun is None or (of_lambda and function is None):
            return None
        said: dict[str, Any] = {"pyflow.started_event_id": begun.event_id}
        links: tuple[Link, ...] = ()
        if function is not None:
            own_id, name = function
            said |= {"pyflow.lambda_id": own_id, "faas.invoked_name": name, "faas.invoked_provider": "aws"}
            called = f"invoke {name}"
        else:
            child, kind = attributes["workflowExecution"], attributes["workflowType"]
            own_id = child["workflowId"]
            said |= {
                "pyflow.workflow": kind["name"],
                "pyflow.version": kind["version"],
                "pyflow.child_workflow_id": own_id,
                "pyflow.child_run_id": child["runId"],
            }
            called = f"child {kind['name']}"
            links = (self._link(own_id, child["runId"], "child"),)
        identity = span_id(self._run.run_id, own_id, begun.event_id)
        end = nanoseconds(event["eventTimestamp"])
        return self._span(called, "client", identity, begun.time, end, (outcome, error), said, links)

    def _span(
        self,
        name: str,
        kind: Any,
        identity: str,
        start: int,
        end: int,
        came_to: tuple[str, str | None],
        attributes: dict[str, Any],
        links: tuple[Link, ...] = (),
    ) -> Span:
        said = {**self._whose(), **attributes}
        return Span(name, kind, self.trace_id, identity, self.span_id, start, end, *came_to, said, links)

    def _link(self, workflow_id: str, run_id: str, how: str) -> Link:
        return Link(SpanContext(trace_id(self._domain, workflow_id, run_id), run_span_id(run_id)), how)

    def _whose(self) -> dict[str, Any]:
        run = self._run
        return {
            "pyflow.domain": self._domain,
            "pyflow.workflow_id": run.workflow_id,
            "pyflow.run_id": run.run_id,
        }

    def _type(self) -> dict[str, Any]:
        return {"pyflow.workflow": self._run.name, "pyflow.version": self._run.version}


_TOLD = {
    "WorkflowExecutionStarted": Story._run_started,
    "LambdaFunctionScheduled": Story._lambda_scheduled,
    "LambdaFunctionStarted": Story._lambda_started,
    "ChildWorkflowExecutionStarted": Story._child_started,
}
"""What is remembered of a run, by the event that tells of it."""
