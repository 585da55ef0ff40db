"""A decider and workers in three languages send the spans of one order, and every id is the one that the history says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bare_run import BareRun, Task
from collector import Collector, Seen
from deadline import until
from servers import Server, local
from worker_processes import LANGUAGES, Worker, launch

import pyflow
from pyflow.history.event import attributes_key
from pyflow.testing.processes import Process
from pyflow.tracing.ids import run_span_id, span_id, trace_id
from pyflow.tracing.spans import nanoseconds

HERE = Path(__file__).parent / "tracing"
PYFLOW = Path(sys.executable).with_name("pyflow")
ROLE = "arn:aws:iam::123456789012:role/lambda"
TRACING = ("--tracing", "otlp")


class Story:
    """What was sent of an order and of all that it made, and the histories of its runs."""

    def __init__(self, server: Server, domain: str, first: str, collector: Collector) -> None:
        self._server = server
        self.domain = domain
        self.collector = collector
        self.runs = {("order", first): self._history("order", first)}
        [renewed] = self.events("order", first, "WorkflowExecutionContinuedAsNew")
        self.first, self.second = first, renewed["newExecutionRunId"]
        self.runs["order", self.second] = self._history("order", self.second)
        for run_id in (self.first, self.second):
            for child in self.events("order", run_id, "ChildWorkflowExecutionStarted"):
                execution = child["workflowExecution"]
                key = execution["workflowId"], execution["runId"]
                self.runs[key] = self._history(*key)

    def _history(self, workflow_id: str, run_id: str) -> list[dict[str, Any]]:
        execution = {"workflowId": workflow_id, "runId": run_id}
        page = self._server.client.get_workflow_execution_history(domain=self.domain, execution=execution)
        events: list[dict[str, Any]] = page["events"]
        return events

    def events(self, workflow_id: str, run_id: str, event_type: str) -> list[dict[str, Any]]:
        """The attributes of the events of a type, with their ids as `eventId`."""
        return [
            {**event.get(attributes_key(event_type), {}), "eventId": event["eventId"]}
            for event in self.runs[workflow_id, run_id]
            if event["eventType"] == event_type
        ]

    def trace(self, workflow_id: str, run_id: str) -> str:
        """The id that a run's trace must have."""
        return trace_id(self.domain, workflow_id, run_id)

    def expected(self, workflow_id: str, run_id: str) -> dict[str, str]:
        """The spans that a run must have, by their ids, with what begins their names."""
        found = {run_span_id(run_id): "run"}
        scheduled = {
            event["eventId"]: event[attributes_key(event["eventType"])]
            for event in self.runs[workflow_id, run_id]
            if event["eventType"] in ("ActivityTaskScheduled", "LambdaFunctionScheduled")
        }
        for event in self.events(workflow_id, run_id, "DecisionTaskStarted"):
            found[span_id(run_id, "", event["eventId"])] = "decide"
        for event in self.events(workflow_id, run_id, "ActivityTaskStarted"):
            own = scheduled[event["scheduledEventId"]]["activityId"]
            found[span_id(run_id, own, event["eventId"])] = "perform"
        for event in self.events(workflow_id, run_id, "LambdaFunctionStarted"):
            own = scheduled[event["scheduledEventId"]]["id"]
            found[span_id(run_id, own, event["eventId"])] = "invoke"
        for event in self.events(workflow_id, run_id, "ChildWorkflowExecutionStarted"):
            own = event["workflowExecution"]["workflowId"]
            found[span_id(run_id, own, event["eventId"])] = "child"
        return found

    def spans(self, name: str, run_id: str = "") -> list[Seen]:
        """The spans of a name, perhaps of one run."""
        return [
            span
            for span in self.collector.spans
            if span.name == name and run_id in ("", span.attributes["pyflow.run_id"])
        ]


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    """One order, once everybody who traced it has ended."""
    with (
        pytest.MonkeyPatch.context() as patch,
        Collector() as collector,
        local("--lambda", "price=orders:price", cwd=HERE) as server,
    ):
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        domain = server.new_domain("tracing")
        processes: list[Process] = []
        try:
            workers = {language: launch_worker(language, server, domain, processes) for language in LANGUAGES}
            where = ["--endpoint-url", server.endpoint, "--domain", domain, "--task-list", "deciders"]
            command = [PYFLOW, "decider", "orders:Order", "orders:Parcel", *where, *TRACING]
            processes.append(Process("decider", command, cwd=HERE))
            for process in processes:
                process.wait_until_ready()
            given = {
                "task_lists": {language: worker.task_list for language, worker in workers.items()},
                "runs": 1,
            }
            started = pyflow.start_workflow(
                domain,
                "Order",
                "1.0",
                "deciders",
                ROLE,
                json.dumps(given),
                server.client,
                workflow_id="order",
            )
            wait_for_the_end(server, domain)
            for process in processes:
                process.ask_to_stop()
            assert [process.wait() for process in processes] == [0, 0, 0, 0], [p.said() for p in processes]
            yield Story(server, domain, started["runId"], collector)
        finally:
            for process in processes:
                process.kill()
                process.forget()


def launch_worker(language: str, server: Server, domain: str, processes: list[Process]) -> Worker:
    """A worker that traces."""
    worker = launch(language, server, domain=domain, arguments=TRACING)
    processes.append(worker.process)
    return worker


def wait_for_the_end(server: Server, domain: str) -> None:
    """Waits until the order's last run has completed."""
    since = {"oldestDate": 0}

    def completed() -> Any:
        return server.client.list_closed_workflow_executions(
            domain=domain, closeStatusFilter={"status": "COMPLETED"}, closeTimeFilter=since
        )["executionInfos"]

    until(
        lambda: [info for info in completed() if info["execution"]["workflowId"] == "order"],
        "the order is completed",
    )


def test_the_worker_of_the_page_in_java_compiles(tmp_path: Path) -> None:
    page = (HERE.parents[1] / "docs/tracing.md").read_text()
    [snippet] = re.findall(r"^```java\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "Invoices.java").write_text(snippet)
    jar = HERE.parents[1] / "java-worker/target/pyflow-worker-all.jar"
    command = [
        "javac",
        "-Xlint:all,-classfile,-processing",
        "-Werror",
        "-cp",
        jar,
        "-d",
        tmp_path,
        tmp_path / "Invoices.java",
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_processes_of_a_worker_send_their_own_spans(
    monkeypatch: pytest.MonkeyPatch, local_swf: Server
) -> None:
    with Collector() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        domain = local_swf.new_domain("tracing")
        worker = launch("python", local_swf, domain=domain, arguments=(*TRACING, "--executor", "processes"))
        with worker.process:
            worker.process.wait_until_ready()
            run = BareRun(local_swf, domain)
            [name] = run.schedule(worker.task_list, [Task("echo", "7")])
            assert run.outcome(name).event == "ActivityTaskCompleted"
        until(lambda: collector.spans, "the child sends its span as it ends")
    assert [span.name for span in collector.spans] == ["perform echo"]


def test_each_run_is_one_trace_with_the_spans_that_its_history_tells(story: Story) -> None:
    assert len(story.runs) == 4
    for (workflow_id, run_id), _ in story.runs.items():
        sent = [span for span in story.collector.spans if span.attributes["pyflow.run_id"] == run_id]
        assert {span.trace_id for span in sent} == {story.trace(workflow_id, run_id)}
        expected = story.expected(workflow_id, run_id)
        assert sorted((span.span_id, span.name.split()[0]) for span in sent) == sorted(expected.items())
        own = run_span_id(run_id)
        assert {span.parent_id for span in sent if span.span_id != own} == {own}
        assert [span.parent_id for span in sent if span.span_id == own] == [""]


def test_workers_of_all_languages_and_the_decider_take_part(story: Story) -> None:
    performed = story.spans("perform echo", story.first)
    names = {"activity1": "java", "activity2": "python", "activity3": "ruby"}
    assert sorted(names[span.attributes["pyflow.activity_id"]] for span in performed) == sorted(LANGUAGES)
    assert {span.service for span in performed} == {"pyflow-worker"}
    assert {span.service for span in story.spans("run Order")} == {"pyflow-decider"}
    assert {span.attributes["pyflow.outcome"] for span in performed} == {"completed"}


def test_a_run_lasts_from_its_first_event_to_its_last(story: Story) -> None:
    for (workflow_id, run_id), events in story.runs.items():
        [span] = story.spans("run Order" if workflow_id == "order" else "run Parcel", run_id)
        times = [nanoseconds(event["eventTimestamp"]) for event in (events[0], events[-1])]
        assert [span.start, span.end] == times


def test_links_lead_to_the_next_run_and_back_and_to_children_and_back(story: Story) -> None:
    one, two = (story.trace("order", run_id) for run_id in (story.first, story.second))
    [first], [second] = story.spans("run Order", story.first), story.spans("run Order", story.second)
    assert first.links == {"continued_as": (two, run_span_id(story.second))}
    assert second.links == {"continued_from": (one, run_span_id(story.first))}
    for run_id, trace in ((story.first, one), (story.second, two)):
        [child] = story.spans("child Parcel", run_id)
        [own] = story.spans("run Parcel", child.attributes["pyflow.child_run_id"])
        assert child.links == {"child": (own.trace_id, own.span_id)}
        assert own.links == {"parent": (trace, run_span_id(run_id))}


def test_a_failed_activity_says_of_what_type_and_nothing_of_its_message(story: Story) -> None:
    [failed] = story.spans("perform fail", story.first)
    assert failed.failed
    assert (failed.attributes["error.type"], failed.attributes["pyflow.outcome"]) == ("NoStock", "failed")
    assert failed.attributes["pyflow.attempt"] == 1
    assert "a secret" not in "".join(story.collector.bodies)


def test_the_runs_own_context_is_in_inputs_that_are_envelopes(story: Story) -> None:
    inputs = [event["input"] for event in story.events("order", story.first, "ActivityTaskScheduled")]
    expected = f"00-{story.trace('order', story.first)}-{run_span_id(story.first)}-01"
    assert inputs[0] == '"java"'
    assert [json.loads(text)["h"]["traceparent"] for text in inputs[1:]] == [expected] * 3
