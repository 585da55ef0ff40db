"""A decider's real process, polling and answering over HTTP, beside a server that has every answer ready."""

from __future__ import annotations

import itertools
import math
import sys
import time

import report
import yardsticks
from plain_http import Connection
from servers import SCRIPTED, Process, cpu, decider

SMALL, LARGE, COLD = 250, 1000, 1000
ROUNDS = 3
PATIENCE = 120.0  # seconds for one run
NUMBERS = itertools.count()


def used(server: Connection, process: Process, what: str) -> float:
    """Seconds of CPU that the process uses for one run, from its start to its close, decisions checked."""
    name, begin = f"w{next(NUMBERS)}", cpu(process)
    server.call("StartWorkflowExecution", workflowId=name, input=what)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        info = server.call("DescribeWorkflowExecution", execution={"workflowId": name, "runId": "r"})
        if info["executionInfo"]["executionStatus"] == "CLOSED":
            assert info["executionInfo"]["closeStatus"] == "COMPLETED", process.said()
            return cpu(process) - begin
        time.sleep(0.02)
    raise TimeoutError(f"run {what} was not closed within {PATIENCE:.0f} s: {process.said()}")


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    how = f"CPU of the decider's process, best of {ROUNDS}; every decision checked"
    table = report.Table("a decider over HTTP", how)
    small = large = cold = old = float("inf")
    with Process("scripted", SCRIPTED) as server:
        endpoint_url = server.wait_until_ready().split()[1]
        with decider("shapes:Sequential", endpoint_url) as process:
            connection = Connection(endpoint_url)
            used(connection, process, "10")  # what is loaded for the first call is no run's
            for _ in range(ROUNDS):
                small = min(small, used(connection, process, f"{SMALL}"))
                large = min(large, used(connection, process, f"{LARGE}"))
                cold = min(cold, used(connection, process, f"cold {COLD}"))
                if yardsticks.OLD.exists():
                    old = min(old, yardsticks.stateless(yardsticks.OLD, "last", COLD, 1))
            connection.close()
            process.kill()  # a stop would wait for the poll
    by = None
    if yardsticks.OLD.exists():
        by = report.Yardstick("a cold decision of pyflow-swf 2.0.0", 389, old * 1000, "ms")
        table.yardstick(by)
    table.row("1,000 sequential activities (aim 1.3)", large, "s", bar=4, by=by)
    power = math.log(large / small, LARGE / SMALL)
    table.row("  grows from 250 to 1,000 with N to the power of", power, "", bar=1.15)
    table.row("one cold decision at 6,003 events (aim 80)", cold * 1000, "ms", bar=330, by=by)
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
