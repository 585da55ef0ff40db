"""What durability costs: a file beside memory, a sync for each commit beside the disk's own, a start on a large file."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import report
from full import Full, copy
from local_swf import start
from one_activity import WORKFLOW, Best, register
from plain_http import Connection
from servers import BARE, OURS, ours

ROUNDS, EXECUTIONS = 5, 100
CLIENTS = 16
SECONDS = 2.0
"""Of one round of concurrent clients, and of the bare loop beside it."""

OPEN, CLOSED = 10_000, 100_000


def driven(file: Path) -> dict[str, Best]:
    """A server in memory and one with a file, round by round in turn, each after a round that does not count."""
    with ours() as memory, ours("--db", file) as durable:
        servers = {"memory": memory, "file": durable}
        for each in servers.values():
            register(each)
            Best(rounds=ROUNDS).drive(each, EXECUTIONS)
        best = {name: Best() for name in servers}
        for _ in range(ROUNDS):
            for name, each in servers.items():
                best[name].drive(each, EXECUTIONS)
    return best


def bare_syncs(file: Path) -> float:
    """Commits a second of a bare SQLite loop that syncs each, one row at a time."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, body TEXT)")
        count, begin = 0, time.perf_counter()
        while time.perf_counter() < begin + SECONDS:
            connection.execute("INSERT INTO t (body) VALUES (?)", ("x" * 300,))
            count += 1
        return count / (time.perf_counter() - begin)


def changes(endpoint_url: str, name: str) -> float:
    """Signals a second by concurrent clients, each to a run of its own, each waiting for its answer."""
    counts, ends = [0] * CLIENTS, [0.0]
    together = threading.Barrier(CLIENTS, lambda: ends.append(time.perf_counter() + SECONDS))

    def client(number: int) -> None:
        connection, workflow_id = Connection(endpoint_url), f"{name}{number}"
        connection.call("StartWorkflowExecution", workflowId=workflow_id, workflowType=WORKFLOW)
        together.wait()
        while time.perf_counter() < ends[-1]:
            connection.call(
                "SignalWorkflowExecution", workflowId=workflow_id, signalName="s", input="x" * 100
            )
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def group_commit(folder: Path) -> tuple[float, float]:
    """Changes a second with `--durability full`, and the disk's own syncs a second; means of rounds in turn."""
    made, synced = 0.0, 0.0
    with ours("--db", folder / "full.db", "--durability", "full") as server:
        register(server)
        for number in range(ROUNDS):
            synced += bare_syncs(folder / "bare.db") / ROUNDS
            made += changes(server.endpoint_url, f"round{number}-") / ROUNDS
    return made, synced


def large(file: Path) -> Path:
    """A database of many executions, open and closed."""
    with Full(file) as full:
        full.open(OPEN)
        key = full.closed()
    copy(file, key, CLOSED)
    return file


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    table = report.Table("durability", "ratios of one run; best of five rounds in turn, of syncs the means")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        best = driven(folder / "cpu.db")
        table.row("server CPU an operation, in memory", best["memory"].server, "ms")
        table.row("  with a file", best["file"].server, "ms")
        table.row("  with a file / in memory", best["file"].server / best["memory"].server, "×", bar=1.5)
        made, synced = group_commit(folder)
        table.row("syncs a second of a bare SQLite loop", synced, "/s")
        table.row(f"changes a second by {CLIENTS} clients, --durability full", made, "/s")
        table.row("  changes / syncs", made / synced, "×", bar=0.5, at_least=True)
        on_it = [*OURS, "--db", large(folder / "large.db")]
        ready = [(start(BARE), start(on_it)) for _ in range(ROUNDS)]
        of_start = report.Yardstick("start of a bare uvicorn", 0.11, min(bare for bare, _ in ready), "s")
        table.yardstick(of_start)
        what = f"start to ready, {OPEN:,} open, {CLOSED:,} closed"
        table.row(what, min(started for _, started in ready), "s", bar=0.5, by=of_start)
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
