"""The local SWF when much is in it: open executions, closed ones, a long history; each beside an empty one.

Servers run on files. They are driven round by round in turn, so that the ratios are of one run.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path
from typing import Any

import report
from full import LONG, Full, copy
from one_activity import SCHEDULE, WORKFLOW, Best, decide, register, server_yardstick, work
from servers import DOMAIN, Server, floor, ours

ROUNDS, EXECUTIONS, TURNS = 5, 50, 40
OPEN, CLOSED, EVENTS = (1_000, 10_000), 100_000, 20_000


def filled(folder: Path) -> dict[str, Path]:
    """Databases by what is in them."""
    files = {"empty": folder / "empty.db"}
    for count in OPEN:
        name = f"{count:,} open executions"
        files[name] = folder / f"open{count}.db"
        with Full(files[name]) as full:
            full.open(count)
    name = f"{CLOSED:,} closed executions"
    files[name] = folder / "closed.db"
    with Full(files[name]) as full:
        key = full.closed()
    copy(files[name], key, CLOSED)
    return files


def crowds(table: report.Table, folder: Path) -> None:
    """The CPU of an operation on full servers over that on an empty one."""
    with contextlib.ExitStack() as stack:
        servers = {name: stack.enter_context(ours("--db", path)) for name, path in filled(folder).items()}
        register(servers["empty"])
        for server in servers.values():
            Best(rounds=ROUNDS).drive(server, EXECUTIONS)
        best = {name: Best() for name in servers}
        for _ in range(ROUNDS):
            for name, server in servers.items():
                best[name].drive(server, EXECUTIONS)
    empty = best.pop("empty")
    table.row("server CPU an operation, an empty file", empty.server, "ms")
    for name, full in best.items():
        table.row(f"  {name} / empty", full.server / empty.server, "×", bar=1.2)


def turn(swf: Any, workflow_id: str) -> None:
    """Seven operations that lengthen a history by eleven events, reading but the newest."""
    task_list = {"name": workflow_id}
    newest = {"taskList": task_list, "maximumPageSize": 10, "reverseOrder": True}
    swf.signal_workflow_execution(domain=DOMAIN, workflowId=workflow_id, signalName="news")
    decide(swf, SCHEDULE, **newest)
    work(swf)
    decide(swf, **newest)


def turns(server: Server, workflow_id: str) -> float:
    """Milliseconds of the server's CPU an operation."""
    used = server.cpu()
    for _ in range(TURNS):
        turn(server.client, workflow_id)
    return (server.cpu() - used) / (TURNS * 7) * 1000


def pages(server: Server, execution: dict[str, str]) -> float:
    """Microseconds of the server's CPU an event of the whole history, in pages of a thousand."""
    used, events = server.cpu(), 0
    pages = server.client.get_paginator("get_workflow_execution_history").paginate(
        domain=DOMAIN, execution=execution
    )
    for page in pages:
        events += len(page["events"])
    assert events >= EVENTS
    return (server.cpu() - used) / events * 1e6


def histories(table: report.Table, folder: Path) -> None:
    """The CPU of an operation and of an event, at a long history."""
    path = folder / "long.db"
    with Full(path) as full:
        run_id = full.long(EVENTS)
    with ours("--db", path) as server, floor() as bare:
        swf, best = server.client, Best()
        long, short, events = float("inf"), float("inf"), float("inf")
        for number in range(ROUNDS + 1):
            fresh = f"short{number}"
            swf.start_workflow_execution(
                domain=DOMAIN, workflowId=fresh, workflowType=WORKFLOW, taskList={"name": fresh}
            )
            decide(swf, taskList={"name": fresh})
            of_short, of_long = turns(server, fresh), turns(server, LONG)
            best.drive(bare, EXECUTIONS)
            if number:  # what is read for the first time does not count
                long, short = min(long, of_long), min(short, of_short)
                events = min(events, pages(server, {"workflowId": LONG, "runId": run_id}))
    yardstick = server_yardstick(best)
    table.row(f"  a history of {EVENTS:,} events / a short one", long / short, "×", bar=1.2)
    table.yardstick(yardstick)
    table.row("server CPU an event, in pages of 1,000", events, "µs", bar=5, by=yardstick)


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    table = report.Table("full local SWF", "files (WAL); the best of five rounds in turn")
    with tempfile.TemporaryDirectory(prefix="pyflow-bench-") as name:
        crowds(table, Path(name))
        histories(table, Path(name))
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
