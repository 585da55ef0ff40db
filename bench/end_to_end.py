"""End to end: the local SWF on a file, a decider and a worker of each language, each a process, from start to close."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import report
import workers
from one_activity import Best, register, time_yardstick
from plain_http import Connection
from servers import Process, Server, cpu, decider, floor, ours, worker

COUNT, IDLE, ROUNDS = 1000, 40, 2
WARM = 100  # activities that Java compiles by
PATIENCE = 120.0  # seconds for one run
WORKFLOWS = ("lines:Line", "lines:Fan")


@dataclass
class Took:
    """Seconds from start to close by SWF's clock, and of CPU by each process."""

    wall: float
    cpu: dict[str, float]


class Together:
    """The three processes, and a client that starts runs."""

    def __init__(self, server: Server, processes: dict[str, Process]) -> None:
        self._connection = Connection(server.endpoint_url)
        self._processes = processes
        self._runs = 0

    def run(self, name: str, count: int) -> Took:
        """One run, its result checked."""
        self._runs += 1
        before = {each: cpu(process) for each, process in self._processes.items()}
        execution = {"workflowId": f"w{self._runs}"}
        execution["runId"] = self._connection.call(
            "StartWorkflowExecution",
            workflowType={"name": name, "version": "1.0"},
            taskList={"name": "d"},
            input=str(count),
            **execution,
        )["runId"]
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            info = self._connection.call("DescribeWorkflowExecution", execution=execution)["executionInfo"]
            if info["executionStatus"] == "CLOSED":
                used = {each: cpu(process) - before[each] for each, process in self._processes.items()}
                self._check(execution, count)
                return Took(info["closeTimestamp"] - info["startTimestamp"], used)
            time.sleep(0.02 if count > 1 else 0.1)  # an idle run is to find everybody idle
        raise TimeoutError(f"{name} of {count} was not closed within {PATIENCE:.0f} s: {self._said()}")

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _check(self, execution: dict[str, str], count: int) -> None:
        newest = self._connection.call(
            "GetWorkflowExecutionHistory", execution=execution, reverseOrder=True, maximumPageSize=1
        )["events"][0]
        result = newest.get("workflowExecutionCompletedEventAttributes", {}).get("result")
        assert result == str(count), newest

    def _said(self) -> str:
        return "; ".join(
            f"{each} said {process.said()[-500:]!r}" for each, process in self._processes.items()
        )


def best(runs: list[Took]) -> Took:
    """The one that took least."""
    return min(runs, key=lambda took: took.wall)


def split(table: report.Table, took: Took) -> None:
    """Rows that say where the time goes."""
    for name, seconds in took.cpu.items():
        table.row(f"  CPU of the {name}", seconds, "s")


def others(table: report.Table, language: str, bare: Server, bare_best: Best) -> None:
    """Rows of another language's worker."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ours("--db", Path(folder) / "swf.db") as server,
        decider(WORKFLOWS[0], server.endpoint_url) as deciding,
        workers.worker(language, server.endpoint_url, "w") as working,
    ):
        processes = {"server": server.process, "decider": deciding, "worker": working}
        together = Together(server, processes)
        together.run("Line", WARM)
        lines = []
        for _ in range(ROUNDS):
            lines.append(together.run("Line", COUNT))
            bare_best.drive(bare, 100)
        idle = [together.run("Line", 1).wall * 1000 for _ in range(IDLE)]
        together.close()
        deciding.kill()
    by = time_yardstick(bare_best)
    table.yardstick(by)
    table.row(f"{language} worker: 1,000 sequential activities", best(lines).wall, "s", bar=8, by=by)
    split(table, best(lines))
    table.row("  one activity, everything idle, median", statistics.median(idle), "ms", bar=30, by=by)


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    with floor() as bare:
        register(bare)
        table = python(bare, Best())
        for language in ("ruby", "java"):
            others(table, language, bare, Best(rounds=ROUNDS * 2))
    return table.show()


def python(bare: Server, bare_best: Best) -> report.Table:
    """A table with the rows of Python's worker."""
    how = f"local SWF on a file, a decider, a worker; by the wall's clock, best of {ROUNDS}; every result checked"
    table = report.Table("end to end", how)
    with (
        tempfile.TemporaryDirectory() as folder,
        ours("--db", Path(folder) / "swf.db") as server,
        decider(WORKFLOWS[0], server.endpoint_url, WORKFLOWS[1]) as deciding,
        worker("lines", server.endpoint_url) as working,
    ):
        processes = {"server": server.process, "decider": deciding, "worker": working}
        together = Together(server, processes)
        together.run("Line", 10)
        lines, fans, idle = [], [], []
        for _ in range(ROUNDS):
            lines.append(together.run("Line", COUNT))
            fans.append(together.run("Fan", COUNT))
            bare_best.drive(bare, 100)
        for _ in range(IDLE):
            idle.append(together.run("Line", 1).wall * 1000)
        together.close()
        deciding.kill()  # a stop would wait for the polls
        working.kill()
    by = time_yardstick(bare_best)
    table.yardstick(by)
    table.row("1,000 sequential activities (aim 2.5)", best(lines).wall, "s", bar=6, by=by)
    split(table, best(lines))
    table.row("fan-out of 1,000 (aim 2)", best(fans).wall, "s", bar=5, by=by)
    split(table, best(fans))
    table.row("one activity, everything idle, median (aim 8)", statistics.median(idle), "ms", bar=25, by=by)
    return table


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
