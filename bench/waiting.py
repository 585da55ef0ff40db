"""Polls that wait: how soon they get a task, what idle workers cost, and what a thousand of them do."""

from __future__ import annotations

import contextlib
import statistics
import sys
import time
import uuid
from collections.abc import Iterator

import report
from one_activity import DECIDERS, WORKFLOW, Best, register, server_yardstick, time_yardstick
from plain_http import Connection
from servers import DOMAIN, Server, cpu, decider, floor, ours, worker

from pyflow.testing.processes import Process

MINUTE = 62.0  # seconds in which each idle worker polls again, once
LATENCIES, WAKES = 20, 500
POLLS, LISTS = 1000, 2  # SWF takes a thousand for each task list
ROUNDS, EXECUTIONS = 5, 40


@contextlib.contextmanager
def workers(server: Server) -> Iterator[list[Process]]:
    """A decider and a worker of pyflow, waiting."""
    where = server.endpoint_url
    one = ("--pollers", "1")
    with decider("noop:OneActivity", where, *one) as deciding, worker("noop", where, *one) as working:
        yield [deciding, working]
        deciding.kill()  # a stop would wait for the polls
        working.kill()


def until_held(server: Server, count: int) -> None:
    """Returns once so many polls wait. Raises TimeoutError after half a minute."""
    deadline = time.monotonic() + 30
    while server.metric("pyflow_local_waiting_polls", "kind") < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{count} polls did not come to wait at {server.endpoint_url}")
        time.sleep(0.05)


def answered(server: Server) -> float:
    """How many polls have been answered."""
    return server.metric("pyflow_local_operations_total", 'operation="PollFor')


def latency(server: Server, number: int) -> float:
    """Milliseconds that SWF recorded from the start of one execution to its close."""
    execution = {"workflowId": f"idle{number}"}
    execution["runId"] = server.client.start_workflow_execution(
        domain=DOMAIN,
        workflowType={"name": "OneActivity", "version": "1.0"},
        taskList={"name": "d"},
        **execution,
    )["runId"]
    while True:
        info = server.client.describe_workflow_execution(domain=DOMAIN, execution=execution)["executionInfo"]
        if info["executionStatus"] == "CLOSED":
            assert info["closeStatus"] == "COMPLETED"
            return float((info["closeTimestamp"] - info["startTimestamp"]).total_seconds() * 1000)
        time.sleep(0.05)


def wakes(server: Server, count: int) -> list[float]:
    """Milliseconds from sending a start to reading its decision task, by a poll that waits."""
    starter, poller = Connection(server.endpoint_url), Connection(server.endpoint_url)
    took = []
    for _ in range(count):
        poller.send("PollForDecisionTask", taskList=DECIDERS)
        starter.call("CountPendingDecisionTasks", taskList=DECIDERS)  # once answered, the poll waits
        name, begin = uuid.uuid4().hex, time.perf_counter()
        starter.send("StartWorkflowExecution", workflowId=name, workflowType=WORKFLOW)
        assert poller.read()["workflowExecution"]["workflowId"] == name
        took.append((time.perf_counter() - begin) * 1000)
        starter.read()
    for each in (starter, poller):
        each.close()
    return took


def crowd(server: Server) -> list[Connection]:
    """A thousand polls that wait."""
    polls = [Connection(server.endpoint_url) for _ in range(POLLS)]
    for number, poll in enumerate(polls):
        poll.send("PollForActivityTask", taskList={"name": f"nothing{number % LISTS}"})
    until_held(server, POLLS)
    return polls


def latencies(table: report.Table, best: Best) -> None:
    """How soon work is done, and how soon a poll that waits has a task; best: the floor's, in between."""
    with floor() as bare, ours() as server, workers(server):
        register(server)
        took, woken = [], []
        for number in range(LATENCIES):
            best.drive(bare, EXECUTIONS // 4)
            took.append(latency(server, number))
            woken += wakes(server, WAKES // LATENCIES)
    woken.sort()
    of_time = time_yardstick(best)
    table.yardstick(of_time)
    table.row("idle, start to close, median (aim 20)", statistics.median(took), "ms", bar=40, by=of_time)
    table.row("start to a waiting poller, median", statistics.median(woken), "ms")
    table.row("  p99", woken[len(woken) * 99 // 100], "ms", bar=5, by=of_time)


def crowds(table: report.Table, best: Best) -> None:
    """Executions beside a thousand waiting polls, and beside none; best: the floor's, in between."""
    with ours() as lonely, ours() as crowded, floor() as bare:
        for server in (lonely, crowded):
            register(server)
            Best(rounds=ROUNDS).drive(server, EXECUTIONS)
        until_held(crowded, 0)  # what is loaded for metrics is no poll's
        before = crowded.resident()
        polls = crowd(crowded)
        each = (crowded.resident() - before) / POLLS
        without, beside = Best(), Best()
        for _ in range(ROUNDS):
            without.drive(lonely, EXECUTIONS)
            beside.drive(crowded, EXECUTIONS)
            best.drive(bare, EXECUTIONS)
        for poll in polls:
            poll.close()
    table.row("a waiting poll among 1,000", each / 1024, "KiB", bar=20)
    table.row(
        "executions/s beside 1,000 / beside none", beside.rate / without.rate, "×", bar=0.8, at_least=True
    )
    table.row("  server CPU an operation, the same", beside.server / without.server, "×")


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    table = report.Table(
        "waiting polls", "in memory; two workers are a decider and an activity worker of pyflow"
    )
    best = Best()
    with ours() as idle, workers(idle) as two:
        until_held(idle, len(two))
        processes = [idle.process, *two]
        begin, polls = time.perf_counter(), answered(idle)
        used = sum(cpu(each) for each in processes)
        latencies(table, best)
        crowds(table, best)
        time.sleep(max(0.0, begin + MINUTE - time.perf_counter()))
        seconds = time.perf_counter() - begin
        spent = sum(cpu(each) for each in processes) - used
        polls = answered(idle) - polls
    of_server = server_yardstick(best)
    table.yardstick(of_server)
    table.row("two idle workers, polls a minute each", polls / len(two) * 60 / seconds, "", bar=1)
    table.row("  CPU a second, with the server's", spent / seconds * 1000, "ms", bar=1, by=of_server)
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
