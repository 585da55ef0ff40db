"""What durability costs: a file beside memory, a sync for each commit beside the disk's own, a start on a large file."""

from __future__ import annotations

import http.client
import itertools
import json
import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import report
from local_swf import DOMAIN, WORKFLOW, drive, register

from pyflow.local.engine.records import Event
from pyflow.local.storage.rows import RunRow
from pyflow.local.storage.store import Store
from pyflow.swf.boto import client as boto_client
from pyflow.testing.processes import local_swf_process

CLIENTS = 16
ROUND = 2.0
"""Seconds of one round of concurrent clients, and of the bare loop beside it."""

CLOSED_RUNS = 100_000

HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Date": "20260101T000000Z",
    "Authorization": "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/swf/aws4_request, "
    "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" + "0" * 64,
}


def cpu_an_operation(folder: Path) -> tuple[float, float]:
    """Milliseconds of the server's CPU an operation, in memory and with a file; the best of alternate rounds."""
    best: dict[str, float] = {}
    with ExitStack() as stack:
        servers = {}
        for name, options in (("memory", []), ("file", ["--db", str(folder / "cpu.db")])):
            process, endpoint = stack.enter_context(local_swf_process("--domain", DOMAIN, *options))
            servers[name] = boto_client(endpoint_url=endpoint), process
            register(servers[name][0], domain=False)
            drive(*servers[name], 30, 0)
        for number, (name, (swf, process)) in itertools.product(range(1, 6), servers.items()):
            _, each = drive(swf, process, 150, 1000 * number)
            best[name] = min(each, best.get(name, each))
    return best["memory"], best["file"]


def bare_syncs(file: Path) -> float:
    """Commits a second of a bare SQLite loop that syncs each, one row at a time."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, body TEXT)")
        count, begin = 0, time.perf_counter()
        while time.perf_counter() < begin + ROUND:
            connection.execute("INSERT INTO t (body) VALUES (?)", ("x" * 300,))
            count += 1
        return count / (time.perf_counter() - begin)


def changes(endpoint: str, first: int) -> float:
    """Signals a second by concurrent clients, each to a run of its own, each waiting for its answer."""
    counts, stop_at = [0] * CLIENTS, [0.0]
    together = threading.Barrier(CLIENTS, lambda: stop_at.append(time.perf_counter() + ROUND))

    def client(number: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(endpoint).netloc)
        run = {"domain": DOMAIN, "workflowId": f"signals{first + number}"}
        ask(connection, "StartWorkflowExecution", {**run, "workflowType": WORKFLOW})
        together.wait()
        while time.perf_counter() < stop_at[-1]:
            ask(connection, "SignalWorkflowExecution", {**run, "signalName": "s", "input": "x" * 100})
            counts[number] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / ROUND


def ask(connection: http.client.HTTPConnection, operation: str, request: dict[str, Any]) -> None:
    """One call, with none of the CPU of a client that signs: the server's is what is short."""
    connection.request(
        "POST", "/", json.dumps(request), HEADERS | {"X-Amz-Target": f"SimpleWorkflowService.{operation}"}
    )
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200, body


def group_commit(folder: Path) -> tuple[float, float]:
    """Changes a second with `--durability full`, and the disk's own syncs a second; means of alternate rounds."""
    ours, disk = [], []
    with local_swf_process("--domain", DOMAIN, "--db", str(folder / "full.db"), "--durability", "full") as (
        _,
        endpoint,
    ):
        register(boto_client(endpoint_url=endpoint), domain=False)
        for number in range(3):
            disk.append(bare_syncs(folder / "bare.db"))
            ours.append(changes(endpoint, number * CLIENTS))
    return sum(ours) / len(ours), sum(disk) / len(disk)


def start(folder: Path) -> float:
    """Seconds from exec to ready with many closed runs and, of each tenth, an open one; the best of three."""
    file = folder / "large.db"
    fill(file)
    took = []
    for _ in range(3):
        begin = time.perf_counter()
        with local_swf_process("--db", str(file)):
            took.append(time.perf_counter() - begin)
    return min(took)


def fill(file: Path) -> None:
    """Write the runs as the service would."""
    now = time.time_ns() // 1_000_000
    store = Store(str(file))
    for key in range(1, CLOSED_RUNS + CLOSED_RUNS // 10):
        closed = key <= CLOSED_RUNS
        row = RunRow(
            key,
            DOMAIN,
            f"w{key}",
            f"r{key}",
            "one",
            "1",
            now,
            now if closed else None,
            None,
            0,
            None,
            None,
            None,
        )
        store.add_run(
            row._replace(close_status="COMPLETED") if closed else row._replace(due=now + 86_400_000)
        )
        for event_id in (1, 2, 3):
            store.append(
                key, Event(event_id, "MarkerRecorded", now, {"markerName": "m", "details": "x" * 200})
            )
        if key % 1000 == 0:
            store.commit()
    store.close()


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    table = report.Table(
        "durability", "the server's CPU by one boto3 client; syncs by the same disk, in the same run"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        memory, file = cpu_an_operation(folder)
        table.row("CPU an operation, in memory", memory, "ms")
        table.row("CPU an operation, with a file", file, "ms")
        table.row("  file / memory", file / memory, "×", bar=1.5)
        ours, disk = group_commit(folder)
        table.row("a bare SQLite loop, a sync for each commit", disk, "/s")
        table.row(f"changes by {CLIENTS} clients, --durability full", ours, "/s")
        table.row("  changes / the disk's syncs", ours / disk, "×", bar=0.5, at_least=True)
        table.row(f"start to ready, {CLOSED_RUNS:,} closed runs in the file", start(folder), "s", bar=0.5)
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
