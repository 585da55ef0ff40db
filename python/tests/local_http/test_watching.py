"""What /health and /metrics say."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys

import pytest
from botocore.exceptions import ConnectionClosedError
from local.direct import ACTIVITY_DEFAULTS, CHARGE, ORDER, WORKFLOW_DEFAULTS, Direct, schedule
from local_http.raw import ask, connected, request
from prometheus_client.parser import text_string_to_metric_families

from pyflow.local.http.health import health
from pyflow.local.http.metrics import LARGEST_DOMAINS, Metrics
from pyflow.local.http.tally import Durations, Tally
from pyflow.local.running.running import Running
from pyflow.testing.local import LocalSWF, local_swf


def samples(text: str) -> dict[str, float]:
    """Every sample of ours by its name and labels."""
    return {
        sample.name.removeprefix("pyflow_local_")
        + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        if family.name.startswith("pyflow_local_")
        for sample in family.samples
        if not sample.name.endswith(("_bucket", "_sum", "_created"))
    }


def metrics(swf: LocalSWF) -> dict[str, float]:
    return samples(ask(swf, request("GET", "/metrics")).body.decode())


def test_health_says_how_it_is() -> None:
    with local_swf(domain="shop") as swf:
        client = swf.client()
        client.register_workflow_type(domain="shop", **ORDER, **WORKFLOW_DEFAULTS)
        client.start_workflow_execution(domain="shop", workflowId="o1", workflowType=ORDER)
        answer = ask(swf, request("GET", "/health"))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.document() == {
        "status": "ok",
        "version": "3.0.0",
        "clock": "driven",
        "now": 1767225600.0,
        "domains": 1,
        "open_executions": 1,
        "waiting_polls": 0,
    }


def test_health_says_that_the_end_has_begun(direct: Direct) -> None:
    async def story() -> None:
        running = Running(direct.service, ticks=False)
        assert health(running).status == 200
        await running.stop()
        reply = health(running)
        assert (reply.status, json.loads(reply.body)["status"]) == (503, "stopping")

    asyncio.run(story())


def test_health_says_that_the_database_fails(direct: Direct, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        running = Running(direct.service, ticks=False)
        direct.service.store.close()
        reply = health(running)
        assert reply.status == 503
        assert json.loads(reply.body) == {"status": "failing", "version": "3.0.0", "clock": "driven"}

    asyncio.run(story())
    (record,) = caplog.records
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], sqlite3.ProgrammingError)


def test_a_look_without_a_body_will_do(swf: LocalSWF) -> None:
    with connected(swf) as client:
        client.sendall(request("HEAD", "/health") + request("GET", "/health"))
        head = client.makefile("rb").readline()
    assert head == b"HTTP/1.1 200 OK\r\n"


def test_metrics_say_what_happened_and_what_waits() -> None:
    with local_swf(domain="shop", poll_seconds=0) as swf:
        client = swf.client()
        client.register_workflow_type(domain="shop", **ORDER, **WORKFLOW_DEFAULTS)
        client.register_activity_type(domain="shop", **CHARGE, **ACTIVITY_DEFAULTS)
        for number in (1, 2):
            client.start_workflow_execution(domain="shop", workflowId=f"o{number}", workflowType=ORDER)
            swf.advance(30)
        task = client.poll_for_decision_task(domain="shop", taskList={"name": "deciders"})
        client.respond_decision_task_completed(taskToken=task["taskToken"], decisions=[schedule()])
        swf.advance(5)
        with pytest.raises(client.exceptions.UnknownResourceFault):
            client.describe_domain(name="nowhere")
        assert ask(swf, request(Host="shop.example")).status == 403
        found = metrics(swf)
    commits = found.pop("commits_total")
    connections = found.pop("connections")
    assert commits >= 6
    assert connections >= 1
    assert found == {
        "info driven 3.0.0": 1,
        "operations_total DescribeDomain UnknownResourceFault": 1,
        "operations_total PollForDecisionTask ok": 1,
        "operations_total RegisterActivityType ok": 1,
        "operations_total RegisterWorkflowType ok": 1,
        "operations_total RespondDecisionTaskCompleted ok": 1,
        "operations_total StartWorkflowExecution ok": 2,
        "operations_total unknown AccessDeniedException": 1,
        "operation_seconds_count DescribeDomain": 1,
        "operation_seconds_count RegisterActivityType": 1,
        "operation_seconds_count RegisterWorkflowType": 1,
        "operation_seconds_count RespondDecisionTaskCompleted": 1,
        "operation_seconds_count StartWorkflowExecution": 2,
        "poll_seconds_count PollForDecisionTask": 1,
        "connections_dropped_total full": 0,
        "connections_dropped_total slow": 0,
        "waiting_polls decision": 0,
        "waiting_polls activity": 0,
        "waiting_tasks decision": 1,
        "waiting_tasks activity": 1,
        "waiting_tasks lambda": 0,
        "oldest_waiting_task_seconds decision": 35,
        "oldest_waiting_task_seconds activity": 5,
        "oldest_waiting_task_seconds lambda": 0,
        "open_executions shop": 2,
        "events_written_total": 7,
    }


def test_an_answer_that_chaos_kept_back_is_counted_as_cut() -> None:
    with local_swf(chaos="4:lost") as swf:
        with pytest.raises(ConnectionClosedError):
            swf.client().register_domain(name="d", workflowExecutionRetentionPeriodInDays="1")
        assert metrics(swf)["operations_total RegisterDomain cut"] == 1


def test_a_poll_is_counted_while_it_waits(swf: LocalSWF) -> None:
    poll = b'{"domain":"shop","taskList":{"name":"l"}}'
    with connected(swf) as client:
        client.sendall(request(body=poll, X_Amz_Target="SimpleWorkflowService.PollForActivityTask"))
        while not (found := metrics(swf))["waiting_polls activity"]:
            pass
        assert found["waiting_polls decision"] == 0
        assert ask(swf, request("GET", "/health")).document()["waiting_polls"] == 1
    while metrics(swf)["waiting_polls activity"]:
        pass


def test_what_is_refused_has_written_nothing(direct: Direct) -> None:
    store = direct.service.store
    before = (store.events_written, store.commits)
    direct.start("o1")
    direct.service.perform(direct.service.runs.open("shop", "o1"), [], 0)  # type: ignore[arg-type]
    direct.service.abandon()
    assert (store.events_written - before[0], store.commits - before[1]) == (2, 1)


def test_domains_beyond_the_largest_are_summed_up(direct: Direct) -> None:
    async def story() -> None:
        running = Running(direct.service, ticks=False)
        direct.service.runs.open_counts.update(
            {f"d{number:03}": number for number in range(LARGEST_DOMAINS + 10)}
        )
        text = Metrics(running, Tally(), lambda: 0).text("")[0].decode()
        opened = {name: value for name, value in samples(text).items() if name.startswith("open_executions")}
        assert len(opened) == LARGEST_DOMAINS + 1
        assert opened["open_executions d109"] == 109
        assert opened["open_executions :others"] == sum(range(10))
        await running.stop()

    asyncio.run(story())


def test_two_servers_of_a_process_count_apart(swf: LocalSWF) -> None:
    with local_swf(domain="shed") as other:
        assert ask(other, request("DELETE")).status == 400
        assert metrics(other)["operations_total unknown UnknownOperationException"] == 1
        assert "open_executions shed" not in metrics(swf)


def test_who_prefers_open_metrics_gets_them(swf: LocalSWF) -> None:
    answer = ask(swf, request("GET", "/metrics", Accept="application/openmetrics-text; version=1.0.0"))
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.body.endswith(b"# EOF\n")


def test_durations_are_sorted_by_their_upper_ends() -> None:
    took = Durations((0.1, 1.0))
    for seconds in (0.05, 0.1, 0.2, 1.0, 7.0):
        took.add(seconds)
    assert (took.cumulative(), took.total) == ([2, 4, 5], pytest.approx(8.35))


def test_the_library_is_loaded_when_metrics_are_asked_for() -> None:
    script = "import sys, pyflow.local.server; sys.exit('prometheus_client' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
