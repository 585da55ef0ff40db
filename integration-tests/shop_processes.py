"""The processes of restart/shop.py: a local SWF on a file, deciders, workers; and one order that stops at gates."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deadline import until
from servers import Server, local

import pyflow
from pyflow.testing.processes import Process

HERE = Path(__file__).parent / "restart"
PYFLOW = Path(sys.executable).with_name("pyflow")
DOMAIN = "shop"


class Shop:
    """Everything runs once it is made, and ends with the stack; nothing is ordered yet."""

    def __init__(self, stack: contextlib.ExitStack, folder: Path) -> None:
        self._stack = stack
        self._folder = folder
        self.server = self._start_server()
        self.decider, self.worker = self._decider(), self._worker()
        for process in (self.decider, self.worker):
            process.wait_until_ready()
        self._execution: dict[str, str] = {}

    def start_decider(self) -> Process:
        """One more decider."""
        decider = self._decider()
        decider.wait_until_ready()
        return decider

    def start_worker(self) -> Process:
        """One more worker."""
        worker = self._worker()
        worker.wait_until_ready()
        return worker

    def restart_server(self, how: str) -> None:
        """Ends the local SWF, by `stop` or `kill`, and starts it again on the same port and file."""
        getattr(self.server.process, how)()
        self.server = self._start_server("--port", self.server.endpoint.rpartition(":")[2])

    def order(self, number: int, items: Sequence[tuple[str, int, int]]) -> None:
        """Starts a run that waits at its gates."""
        paths = {name: str(self._folder / name) for name in ("journal", "drawing", "charging")}
        given = json.dumps({"id": number, "items": items, **paths})
        self._execution = pyflow.start_workflow(
            DOMAIN, "Order", "1", "decisions", None, given, self.server.client
        )

    def open(self, *gates: str) -> None:
        """Lets the order pass `drawing`, `charging`."""
        for gate in gates:
            (self._folder / gate).touch()

    def journal(self) -> list[str]:
        """A line for each time the number was begun to be drawn."""
        journal = self._folder / "journal"
        return journal.read_text().splitlines() if journal.exists() else []

    def history(self) -> list[dict[str, Any]]:
        """All events of the order's run."""
        answer = self.server.client.get_workflow_execution_history(domain=DOMAIN, execution=self._execution)
        events: list[dict[str, Any]] = answer["events"]
        return events

    def wait_for(self, kind: str, number: int = 1) -> None:
        """Waits until the history has so many events of the kind."""

        def there() -> bool:
            return [event["eventType"] for event in self.history()].count(kind) >= number

        until(there, f"the history has {number} {kind}")

    def result(self) -> Any:
        """What the order came to, once its run is closed."""

        def closed() -> pyflow.WorkflowStatus | None:
            status = pyflow.get_workflow_status(DOMAIN, **_ids(self._execution), client=self.server.client)
            return status if status and status.execution_status == "CLOSED" else None

        status = until(closed, "the order is closed")
        assert status.close_status == "COMPLETED", status.exit_event
        return json.loads(status.result or "null")

    def _start_server(self, *arguments: str) -> Server:
        store = ("--domain", DOMAIN, "--db", str(self._folder / "swf.db"))
        return self._stack.enter_context(local(*store, *arguments))

    def _decider(self) -> Process:
        return self._start("decider", "decider", "shop:Order", "shop:Shipment", "--task-list", "decisions")

    def _worker(self) -> Process:
        return self._start("worker", "worker", "shop", "--task-list", "shop")

    def _start(self, name: str, *arguments: str) -> Process:
        command: list[str | Path] = [
            PYFLOW,
            *arguments,
            "--domain",
            DOMAIN,
            "--endpoint-url",
            self.server.endpoint,
        ]
        process = self._stack.enter_context(Process(name, command, cwd=HERE))
        self._stack.callback(process.kill)  # an order is over: nobody waits for polls in flight
        return process


def _ids(execution: dict[str, str]) -> dict[str, str]:
    return {"workflow_id": execution["workflowId"], "run_id": execution["runId"]}
