"""The spans of a decider, beside the histories that they are of."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import EndpointConnectionError
from decisions.running import Around, House
from opentelemetry import baggage, context, trace
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, Sampler
from tracing.spans import Memory, ids, links, times

import pyflow
from pyflow import codec
from pyflow.flow.activity_input import EnvelopedInput
from pyflow.testing.service import local_service
from pyflow.tracing.ids import run_span_id, span_id, trace_id


class Naps(pyflow.Workflow):
    NAME = "Naps"

    def run(self, times):
        for _ in range(times or 0):
            self.swf.sleep(5)
        return times


class Fails(pyflow.Workflow):
    NAME = "Fails"

    def run(self, value):
        raise pyflow.WorkflowFailedException("NoStock", json.dumps("a secret"))


class Parent(pyflow.Workflow):
    NAME = "Parent"

    def run(self, name):
        try:
            return self.swf.invoke_child_workflow(name, "1.0", task_list="deciders").result()
        except pyflow.InvocationFailedException as error:
            return error.reason


class Rounds(pyflow.Workflow):
    NAME = "Rounds"

    def run(self, left):
        if left:
            self.swf.continue_as_new(left - 1)
        return "done"


class Charges(pyflow.Workflow):
    NAME = "Charges"
    charge = pyflow.ActivityDescriptor("charge", "1", task_list="cards", envelope=True)
    plain = pyflow.ActivityDescriptor("charge", "1", task_list="cards")

    def run(self, value):
        self.plain(1)
        self.charge(value)
        self.swf.sleep(1000)


@pytest.fixture
def memory():
    return Memory()


@pytest.fixture
def house():
    with local_service() as swf:
        house = House(swf, Naps, Fails, Parent, Rounds, Charges)
        house.decider()  # registers the types
        swf.client().register_activity_type(
            domain="test",
            name="charge",
            version="1",
            **{
                f"defaultTask{kind}Timeout": "NONE"
                for kind in ("ScheduleToStart", "StartToClose", "ScheduleToClose", "Heartbeat")
            },
        )
        yield house


def history(house, run):
    return house.client.get_workflow_execution_history(domain="test", execution=run)["events"]


def of_type(events, event_type):
    return [event for event in events if event["eventType"] == event_type]


def work(decider):
    """Decides until there is nothing to decide."""
    while decider.step():
        pass


def run_to_end(house, decider, run, seconds=5):
    work(decider)
    while history(house, run)[-1]["eventType"] == "TimerStarted":
        house.swf.advance(seconds)
        work(decider)
    return history(house, run)


@pytest.mark.parametrize("resident", [1000, 0], ids=["resident", "replaying"])
def test_a_run_and_its_decision_tasks_are_a_trace_whose_ids_the_history_tells(house, memory, resident):
    run = house.start("Naps", 2, workflow_id="nap")
    decider = house.decider(tracing=memory.tracing, max_resident_runs=resident)
    events = run_to_end(house, decider, run)
    started = of_type(events, "DecisionTaskStarted")
    trace, own = trace_id("test", "nap", run["runId"]), run_span_id(run["runId"])
    assert memory.names == ["decide Naps", "decide Naps", "decide Naps", "run Naps"]
    assert [ids(span) for span in memory.spans] == [
        *((trace, span_id(run["runId"], "", event["eventId"]), own) for event in started),
        (trace, own, None),
    ]
    assert times(memory.one("run Naps"), events[0], events[-1])
    assert [span.attributes["pyflow.replayed"] for span in memory.spans[:-1]] == [False] + [not resident] * 2


def test_a_span_of_a_run_says_what_it_is_and_what_became_of_it(house, memory):
    run = house.start("Naps", 0, workflow_id="nap")
    run_to_end(house, house.decider(tracing=memory.tracing), run)
    span = memory.one("run Naps")
    assert span.kind is trace.SpanKind.SERVER
    assert span.status.status_code is trace.StatusCode.UNSET
    assert span.instrumentation_scope.name == "pyflow"
    assert dict(span.attributes) == {
        "pyflow.domain": "test",
        "pyflow.workflow_id": "nap",
        "pyflow.run_id": run["runId"],
        "pyflow.workflow": "Naps",
        "pyflow.version": "1.0",
        "pyflow.task_list": "deciders",
        "pyflow.outcome": "completed",
    }


def test_a_decision_task_ends_so_long_after_its_start_as_the_decider_had_it(house, memory):
    run = house.start("Naps", 0, workflow_id="nap")
    events = run_to_end(house, house.decider(tracing=memory.tracing), run)
    [started] = of_type(events, "DecisionTaskStarted")
    span = memory.one("decide Naps")
    assert span.start_time == int(started["eventTimestamp"].timestamp()) * 10**9
    assert 0 < span.end_time - span.start_time < 60 * 10**9
    assert (span.attributes["pyflow.decisions"], span.attributes["pyflow.outcome"]) == (1, "answered")
    assert span.attributes["pyflow.started_event_id"] == started["eventId"]


def test_a_failed_run_has_the_type_of_its_failure_and_nothing_of_its_details(house, memory):
    run = house.start("Fails", None)
    run_to_end(house, house.decider(tracing=memory.tracing), run)
    span = memory.one("run Fails")
    assert (span.status.status_code, span.status.description) == (trace.StatusCode.ERROR, "NoStock")
    assert (span.attributes["error.type"], span.attributes["pyflow.outcome"]) == ("NoStock", "failed")
    assert "a secret" not in "".join(span.to_json() for span in memory.spans)


def test_a_child_has_a_trace_of_its_own_and_links_lead_both_ways(house, memory):
    run = house.start("Parent", "Fails", workflow_id="parent")
    events = run_to_end(house, house.decider(tracing=memory.tracing), run)
    [started] = of_type(events, "ChildWorkflowExecutionStarted")
    [ended] = of_type(events, "ChildWorkflowExecutionFailed")
    child = started["childWorkflowExecutionStartedEventAttributes"]["workflowExecution"]
    of_parent = trace_id("test", "parent", run["runId"]), run_span_id(run["runId"])
    of_child = trace_id("test", child["workflowId"], child["runId"]), run_span_id(child["runId"])
    in_parent, own = memory.one("child Fails"), memory.one("run Fails")
    assert ids(own) == (*of_child, None)
    assert links(own) == {"parent": of_parent}
    assert ids(in_parent) == (
        of_parent[0],
        span_id(run["runId"], child["workflowId"], started["eventId"]),
        of_parent[1],
    )
    assert links(in_parent) == {"child": of_child}
    assert times(in_parent, started, ended)
    assert (in_parent.attributes["pyflow.outcome"], in_parent.attributes["error.type"]) == (
        "failed",
        "NoStock",
    )
    assert in_parent.attributes["pyflow.child_run_id"] == child["runId"]


def test_runs_that_continue_each_other_are_linked_both_ways(house, memory):
    first = house.start("Rounds", 1, workflow_id="rounds")
    work(house.decider(tracing=memory.tracing))
    last = history(house, first)[-1]["workflowExecutionContinuedAsNewEventAttributes"]["newExecutionRunId"]
    one, two = [span for span in memory.spans if span.name == "run Rounds"]
    assert one.attributes["pyflow.outcome"] == "continued_as_new"
    assert links(one) == {"continued_as": (trace_id("test", "rounds", last), run_span_id(last))}
    assert links(two) == {
        "continued_from": (trace_id("test", "rounds", first["runId"]), run_span_id(first["runId"]))
    }


def test_a_run_whose_close_is_refused_has_its_span_when_it_closes(house, memory):
    run = house.start("Naps", 0, workflow_id="nap")
    refused = []

    def respond(really, request):
        if not refused:
            refused.append(True)
            house.signal(run)  # news that this answer does not know
        return really(**request)

    client = Around(house.client, respond_decision_task_completed=respond)
    work(house.decider(client, tracing=memory.tracing))
    assert of_type(history(house, run), "CompleteWorkflowExecutionFailed")
    assert memory.names == ["decide Naps", "decide Naps", "run Naps"]


def test_an_answer_that_swf_did_not_surely_take_leaves_no_span(house, memory):
    house.start("Naps", 0)
    lost = []

    def respond(really, request):
        if not lost:
            lost.append(True)
            raise EndpointConnectionError(endpoint_url="http://swf")
        return really(**request)

    decider = house.decider(
        Around(house.client, respond_decision_task_completed=respond), tracing=memory.tracing
    )
    assert decider.step()
    assert memory.names == []
    house.swf.advance(600)
    work(decider)
    assert memory.names == ["decide Naps", "run Naps"]


def test_a_history_that_does_not_show_the_answer_yet_is_looked_at_again(house, memory):
    run = house.start("Naps", 0)
    seen = []

    def newest(really, request):
        seen.append(True)
        page = really(**request)
        return {**page, "events": [{**page["events"][0], "eventId": 1}]} if len(seen) == 1 else page

    work(house.decider(Around(house.client, get_workflow_execution_history=newest), tracing=memory.tracing))
    assert len(seen) == 2
    assert times(memory.one("run Naps"), *history(house, run)[:: len(history(house, run)) - 1])


def test_a_parked_run_says_so(house, memory):
    house.start("Naps", 1)
    other = pyflow.Decider([Fails], "test", "deciders", "me", client=house.client, tracing=memory.tracing)
    assert other.step()
    [span] = memory.spans
    assert (span.name, span.attributes["pyflow.outcome"]) == ("decide Naps", "parked")
    assert span.status.description == "pyflow.Parked"


def test_a_sampler_that_takes_nothing_leaves_no_span(house):
    memory = Memory(ALWAYS_OFF)
    run = house.start("Charges", 1)
    assert house.decider(tracing=memory.tracing).step()
    assert memory.names == []
    assert carried(house, run)["traceparent"].endswith("-00")


def inputs(house, run):
    scheduled = of_type(history(house, run), "ActivityTaskScheduled")
    return [event["activityTaskScheduledEventAttributes"]["input"] for event in scheduled]


def carried(house, run):
    return codec.read(inputs(house, run)[1]).headers


def test_an_input_in_an_envelope_names_the_runs_span_and_a_plain_one_stays_plain(house, memory):
    run = house.start("Charges", 7, workflow_id="charges")
    assert house.decider(tracing=memory.tracing).step()
    trace, own = trace_id("test", "charges", run["runId"]), run_span_id(run["runId"])
    assert inputs(house, run)[0] == "1"
    assert carried(house, run) == {"attempt": 1, "traceparent": f"00-{trace}-{own}-01"}


def test_without_tracing_there_is_no_header(house):
    run = house.start("Charges", 7)
    assert house.decider().step()
    assert carried(house, run) == {"attempt": 1}


def test_headers_that_do_not_fit_beside_the_input_are_left_out():
    room = codec.units(codec.encode("an input", headers={"attempt": 1, "traceparent": "t" * 55}))
    kept = EnvelopedInput("an input", {}, "input", room, {"traceparent": "t" * 55})
    left = EnvelopedInput("an input", {}, "input", room - 1, {"traceparent": "t" * 55})
    assert codec.read(kept.text(1, None)).headers == {"attempt": 1, "traceparent": "t" * 55}
    assert codec.read(left.text(1, None)).headers == {"attempt": 1}


def test_a_client_within_a_span_says_so_in_an_input_that_is_an_envelope(house, memory):
    text = codec.encode(3, headers={"x-tenant": "blue"})
    tracer = memory.provider.get_tracer("shop")
    with tracer.start_as_current_span("POST /orders") as span:
        token = context.attach(baggage.set_baggage("tenant", "blue"))
        run = pyflow.start_workflow(
            "test", "Charges", "1.0", "deciders", input=text, client=house.client, workflow_id="asked"
        )
        again = pyflow.start_workflow(
            "test", "Charges", "1.0", "deciders", input=text, client=house.client, workflow_id="asked"
        )
        context.detach(token)
    assert again == run
    assert house.decider(tracing=memory.tracing).step()
    headers = carried(house, run)
    assert headers["baggage"] == "tenant=blue"
    assert headers["traceparent"].split("-")[1] == trace_id("test", "asked", run["runId"])
    caller = f"{span.context.trace_id:032x}", f"{span.context.span_id:016x}"
    start = history(house, run)[0]["workflowExecutionStartedEventAttributes"]["input"]
    assert codec.read(start).headers["x-tenant"] == "blue"
    assert caller == tuple(codec.read(start).headers["traceparent"].split("-")[1:3])


def test_the_span_of_a_run_is_linked_to_its_callers(house, memory):
    with memory.provider.get_tracer("shop").start_as_current_span("POST /naps") as span:
        text = codec.encode(0, headers={"x-tenant": "blue"})
        pyflow.start_workflow("test", "Naps", "1.0", "deciders", input=text, client=house.client)
        plain = pyflow.start_workflow("test", "Naps", "1.0", "deciders", input="0", client=house.client)
    work(house.decider(tracing=memory.tracing))
    assert history(house, plain)[0]["workflowExecutionStartedEventAttributes"]["input"] == "0"
    caller = f"{span.context.trace_id:032x}", f"{span.context.span_id:016x}"
    assert [links(each) for each in memory.spans if each.name == "run Naps"] == [{"started_by": caller}, {}]


def test_a_tracer_that_breaks_is_no_reason_for_a_run_not_to_be_decided(house, caplog):
    class Broken(Sampler):
        def should_sample(self, *args, **kwargs):
            raise RuntimeError("the sampler is broken")

        def get_description(self):
            return "broken"

    run = house.start("Charges", 1)
    assert house.decider(tracing=Memory(Broken()).tracing).step()
    assert carried(house, run) == {"attempt": 1}
    assert f"spans of {run['workflowId']} are lost" in caplog.text
