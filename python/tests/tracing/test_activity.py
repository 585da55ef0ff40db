"""The span around each call of an activity."""

from __future__ import annotations

import pickle

import pytest
from opentelemetry import baggage, trace
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, DEFAULT_ON, ParentBased, Sampler, TraceIdRatioBased
from tracing.spans import Memory, ids, links

import pyflow
from pyflow.errors import PyflowException
from pyflow.testing.service import local_service
from pyflow.tracing.ids import run_span_id, span_id, trace_id
from pyflow.worker.activities.cancellation import Cancellation
from pyflow.worker.activities.context import ActivityContext, ActivityInfo

TRACE = trace_id("shop", "order-7", "run-1")
OTHER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.fixture
def memory():
    return Memory()


def a_context(headers=None, reason=None):
    info = ActivityInfo(
        task_token="token",
        activity_id="activity1",
        name="charge",
        version="1",
        workflow_id="order-7",
        run_id="run-1",
        domain="shop",
        task_list="cards",
        headers=headers or {},
        started_event_id=6,
    )
    cancellation = Cancellation()
    if reason is not None:
        cancellation.cancel(reason)
    return ActivityContext(info, cancellation, lambda details: None)


def raising(error):
    def call():
        raise error

    return call


def test_a_call_is_a_span_below_the_runs(memory):
    assert memory.tracing.activity(a_context(), lambda: "a result") == "a result"
    span = memory.one("perform charge")
    assert ids(span) == (TRACE, span_id("run-1", "activity1", 6), run_span_id("run-1"))
    assert span.parent.is_remote
    assert span.kind is trace.SpanKind.CONSUMER
    assert span.status.status_code is trace.StatusCode.UNSET
    assert dict(span.attributes) == {
        "pyflow.domain": "shop",
        "pyflow.workflow_id": "order-7",
        "pyflow.run_id": "run-1",
        "pyflow.activity": "charge",
        "pyflow.version": "1",
        "pyflow.activity_id": "activity1",
        "pyflow.task_list": "cards",
        "pyflow.started_event_id": 6,
        "pyflow.outcome": "completed",
    }


def test_what_the_activity_does_is_below_its_span(memory):
    def call():
        with memory.provider.get_tracer("bank").start_as_current_span("POST /charges"):
            pass

    memory.tracing.activity(a_context(), call)
    own, inner = memory.one("perform charge"), memory.one("POST /charges")
    assert inner.parent.span_id == own.context.span_id
    assert inner.context.trace_id == own.context.trace_id
    assert trace.get_current_span() is trace.INVALID_SPAN


@pytest.mark.parametrize(
    "error, reason, outcome, kind",
    [
        (ValueError("a secret"), None, "failed", "ValueError"),
        (pyflow.ApplicationError("a secret", type="NoStock"), None, "failed", "NoStock"),
        (SystemExit(3), None, "failed", "SystemExit"),
        (pyflow.ActivityCanceled(), "requested", "canceled", None),
        (pyflow.ActivityCanceled(), "worker_shutdown", "handed_back", "pyflow.WorkerShutdown"),
        (pyflow.ActivityCanceled(), "gone", "dropped", None),
        (ValueError("a secret"), "heartbeat_lost", "dropped", None),
        (ValueError("a secret"), "requested", "failed", "ValueError"),
    ],
)
def test_an_error_is_an_outcome_and_goes_on(memory, error, reason, outcome, kind):
    with pytest.raises(type(error)):
        memory.tracing.activity(a_context(reason=reason), raising(error))
    span = memory.one("perform charge")
    assert (span.attributes["pyflow.outcome"], span.attributes.get("error.type")) == (outcome, kind)
    assert span.status.description == kind
    assert "a secret" not in span.to_json()


def test_a_call_that_ends_after_swf_gave_it_up_is_dropped(memory):
    memory.tracing.activity(a_context(reason="gone"), lambda: 1)
    assert memory.one("perform charge").attributes["pyflow.outcome"] == "dropped"


def test_an_answer_that_is_left_to_somebody_else_is_deferred(memory):
    left = a_context()
    memory.tracing.activity(left, left.complete_later)
    assert memory.one("perform charge").attributes["pyflow.outcome"] == "deferred"


def test_an_attempt_is_told_where_the_decider_tells_it(memory):
    memory.tracing.activity(a_context({"attempt": 2}), lambda: 1)
    assert memory.one("perform charge").attributes["pyflow.attempt"] == 2


def test_a_header_of_another_trace_is_a_link(memory):
    memory.tracing.activity(a_context({"traceparent": f"00-{OTHER[0]}-{OTHER[1]}-01"}), lambda: 1)
    span = memory.one("perform charge")
    assert ids(span)[0] == TRACE
    assert links(span) == {"header": OTHER}


def test_tracestate_and_baggage_of_the_headers_are_the_activitys(memory):
    headers = {
        "traceparent": f"00-{TRACE}-{run_span_id('run-1')}-01",
        "tracestate": "vendor=1",
        "baggage": "tenant=blue",
    }
    seen = memory.tracing.activity(a_context(headers), lambda: baggage.get_baggage("tenant"))
    assert seen == "blue"
    assert memory.one("perform charge").context.trace_state.to_header() == "vendor=1"


@pytest.mark.parametrize(
    "sampler, flags, taken",
    [
        (DEFAULT_ON, "01", True),
        (DEFAULT_ON, "00", False),
        (ParentBased(ALWAYS_OFF), "01", True),
        (ParentBased(ALWAYS_OFF), None, False),
        (ALWAYS_OFF, "01", False),
        (DEFAULT_ON, None, True),
    ],
)
def test_the_sampler_is_asked_and_the_runs_own_header_is_its_parents_flag(sampler, flags, taken):
    memory = Memory(sampler)
    headers = {} if flags is None else {"traceparent": f"00-{TRACE}-{run_span_id('run-1')}-{flags}"}
    memory.tracing.activity(a_context(headers), lambda: 1)
    assert bool(memory.spans) is taken


@pytest.mark.parametrize("ratio, taken", [(0.75, False), (0.80, True)])
def test_a_ratio_sees_the_derived_trace_id(ratio, taken):
    assert 0.75 < int(TRACE[16:], 16) / 2**64 < 0.80
    memory = Memory(ParentBased(TraceIdRatioBased(ratio)))
    memory.tracing.activity(a_context(), lambda: 1)
    assert bool(memory.spans) is taken


def test_a_tracer_with_a_provider_of_ones_own_stays_in_its_process(memory):
    with pytest.raises(TypeError, match=r"make it with Tracing.otlp\(\)"):
        pickle.dumps(memory.tracing.activity)


def test_a_provider_that_is_none_of_the_sdks_is_refused():
    with pytest.raises(PyflowException, match="tracing has no tracer provider of OpenTelemetry's SDK"):
        pyflow.Tracing(trace.ProxyTracerProvider())


def test_a_worker_has_a_span_for_each_attempt_with_the_started_event_of_the_history(memory):
    @pyflow.activity(name="charge", version="1")
    def charge(amount):
        return amount

    @pyflow.activity(name="wait", version="1")
    async def wait(amount):
        return trace.get_current_span().get_span_context().span_id

    with local_service() as swf:
        client = swf.client()
        worker = pyflow.ActivityWorker(
            "test", "cards", [charge, wait], client=client, interceptors=[memory.tracing.activity]
        )
        worker.ensure_activities_registered()
        client.register_workflow_type(domain="test", name="bare", version="1", **DEFAULTS)
        run_id = client.start_workflow_execution(
            domain="test", workflowId="w", workflowType={"name": "bare", "version": "1"}
        )["runId"]
        task = client.poll_for_decision_task(domain="test", taskList={"name": "deciders"})
        client.respond_decision_task_completed(
            taskToken=task["taskToken"], decisions=[scheduled("a1", "charge"), scheduled("a2", "wait")]
        )
        assert worker.step()
        assert worker.step()
        events = client.get_workflow_execution_history(
            domain="test", execution={"workflowId": "w", "runId": run_id}
        )["events"]
    started = [event["eventId"] for event in events if event["eventType"] == "ActivityTaskStarted"]
    expected = [span_id(run_id, name, event_id) for name, event_id in zip(["a1", "a2"], started, strict=True)]
    assert [ids(span)[1] for span in memory.spans] == expected
    assert events[-1]["activityTaskCompletedEventAttributes"]["result"] == str(int(expected[1], 16))


DEFAULTS = {
    "defaultTaskList": {"name": "deciders"},
    "defaultExecutionStartToCloseTimeout": "900",
    "defaultTaskStartToCloseTimeout": "60",
    "defaultChildPolicy": "TERMINATE",
}


def scheduled(own_id, name):
    return {
        "decisionType": "ScheduleActivityTask",
        "scheduleActivityTaskDecisionAttributes": {
            "activityId": own_id,
            "activityType": {"name": name, "version": "1"},
            "input": "7",
        },
    }


class Broken(Sampler):
    def should_sample(self, *args, **kwargs):
        raise RuntimeError("the sampler is broken")

    def get_description(self):
        return "broken"


def test_a_tracer_that_breaks_is_no_reason_for_an_activity_to_fail(caplog):
    assert Memory(Broken()).tracing.activity(a_context(), lambda: 1) == 1
    assert "a span of charge is lost" in caplog.text
