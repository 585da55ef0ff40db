"""Two deciders on one task list, of which one is killed with a thousand resident runs: the other takes them all over."""

from __future__ import annotations

import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import report
from servers import DOMAIN, Server, cpu, ours

import pyflow
from pyflow.testing.processes import Process

HERE = Path(__file__).parent
RUNS = 1000
TASK_LIST = "d"
WAIT = 5  # seconds that a run sleeps between two decisions
PATIENCE = 180
EVER = {"oldestDate": 0}


class Naps(pyflow.Workflow):
    """Decides four times."""

    NAME = "Naps"
    OPTIONS = {"defaultTaskStartToCloseTimeout": 10, "defaultExecutionStartToCloseTimeout": 600}

    def run(self, naps: int) -> int:
        for _ in range(naps):
            self.swf.sleep(WAIT)
        return naps


class Deciding:
    """A process that decides, and what its metrics say."""

    def __init__(self, server: Server) -> None:
        command = [sys.executable, "-m", "pyflow", "decider", "two_deciders:Naps", "--task-list", TASK_LIST]
        command += ["--domain", DOMAIN, "--endpoint-url", server.endpoint_url, "--metrics-port", "0"]
        self.process = Process("decider", command, environment={"PYTHONPATH": _path()})
        self.process.wait_until_ready()
        until(lambda: "metrics at " in self.process.said())
        self._url = self.process.said().partition("metrics at ")[2].split()[0]

    def metric(self, name: str, unlike: str = "#") -> float:
        """The sum of a metric's values, but for those whose labels hold a text."""
        with urllib.request.urlopen(f"{self._url}/metrics") as answer:
            lines = answer.read().decode().splitlines()
        found = [line for line in lines if line.startswith(f"pyflow_decider_{name}") and unlike not in line]
        return sum(float(line.split()[-1]) for line in found if "_created" not in line)


def _path() -> str:
    """This folder first, so that deciders find the workflow, then whatever is found here."""
    return ":".join([str(HERE), *(each for each in sys.path if each)])


def until(holds: Callable[[], bool]) -> None:
    """Waits until it holds. Raises TimeoutError after three minutes."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("what was waited for did not come to be")
        time.sleep(0.05)


def start(server: Server, number: int) -> None:
    """Starts one execution."""
    server.client.start_workflow_execution(
        domain=DOMAIN,
        workflowId=f"nap{number}",
        workflowType={"name": "Naps", "version": "1.0"},
        taskList={"name": TASK_LIST},
        input="3",
    )


def open_runs(server: Server) -> int:
    """How many have not ended."""
    return int(server.client.count_open_workflow_executions(domain=DOMAIN, startTimeFilter=EVER)["count"])


def endings(server: Server) -> Counter[str]:
    """How many runs ended in which way."""
    pages = server.client.get_paginator("list_closed_workflow_executions")
    return Counter(
        info["closeStatus"]
        for page in pages.paginate(domain=DOMAIN, startTimeFilter=EVER)
        for info in page["executionInfos"]
    )


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    table = report.Table(
        "two deciders", f"one killed (SIGKILL) with {RUNS:,} resident runs; decision tasks of 10 s; in memory"
    )
    with ours() as server:
        first = Deciding(server)
        with first.process, ThreadPoolExecutor(8) as starting:
            list(starting.map(lambda number: start(server, number), range(RUNS)))
            until(lambda: first.metric("resident_runs") >= RUNS)
            second = Deciding(server)
            with second.process:
                first.process.kill()
                killed = time.monotonic()
                until(lambda: open_runs(server) == 0)
                took = time.monotonic() - killed
                replays = second.metric("replays_total", 'reason="new"')
                lost = second.metric("answers_lost_total")
                used = cpu(second.process)
                ended = endings(server)
                second.process.kill()
    table.row("runs that completed", ended["COMPLETED"], "", bar=RUNS, at_least=True)
    table.row("runs that did not", ended.total() - ended["COMPLETED"], "", bar=0)
    table.row("from the kill until all are closed", took, "s", bar=60)
    table.row("replays a run", replays / RUNS, "", bar=1)
    table.row("answers lost by the one that lives", lost, "")
    table.row("  its CPU a run: a replay and three decisions", used / RUNS * 1000, "ms")
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
