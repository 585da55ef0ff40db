"""Where behaviours are played: a local SWF in this process, a domain in it, and the worker under test as processes."""

from __future__ import annotations

import base64
import contextlib
import json
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyflow.conformance.run import WORKFLOW_TYPE, Run
from pyflow.conformance.wire import Wire
from pyflow.local.server import Settings
from pyflow.testing.local import serving
from pyflow.testing.processes import Process

DOMAIN = "conformance"
EMPTY_POLL_SECONDS = 1.0  # how long the local SWF holds one; a worker that drains waits for it
READY_SECONDS = 60.0
STORE = "conformance"  # the name of the claim-check store
RING = {
    "2026-11": bytes(range(32)),
    "2025": bytes(range(32, 64)),
}  # the vectors' keys; none of them encrypts here
NOBODYS = "nobody_has_it"  # an activity type that is registered, and not by the worker


@dataclass(frozen=True)
class Worker:
    """A process of the worker under test, and the task list that it alone polls."""

    process: Process
    task_list: str


@dataclass(frozen=True)
class House:
    """A running local SWF. swf: boto3's client of it; command: the worker's; store: a folder for claim checks."""

    command: Sequence[str]
    swf: Any
    endpoint: str
    wire: Wire
    store: Path

    @contextlib.contextmanager
    def worker(self) -> Iterator[Worker]:
        """A worker that is ready. Raises PyflowException, with what it said, where it is not."""
        task_list = f"conformance-{uuid.uuid4().hex[:12]}"
        command = command_line(self.command, endpoint=self.endpoint, domain=DOMAIN, task_list=task_list)
        with Process("worker", command, environment=self._configured()) as process:
            process.wait_until_ready(READY_SECONDS)
            yield Worker(process, task_list)

    def _configured(self) -> dict[str, str]:
        """What tells a worker that can have them of the store and the keys (worker.md, "Keys and stores")."""
        file = self.store / "keys.json"
        file.touch(mode=0o600)
        keys = {name: base64.b64encode(key).decode() for name, key in RING.items()}
        file.write_text(json.dumps({"keys": keys}))
        return {"PYFLOW_STORE": f"{STORE}={self.store}", "PYFLOW_KEY_FILE": str(file)}

    def run(self) -> Run:
        """A new execution."""
        return Run(self.swf, DOMAIN)


def command_line(command: Sequence[str], **values: str) -> list[str]:
    """The command with `{endpoint}`, `{domain}` and `{task_list}` filled in, or with the three options behind it."""
    if any("{endpoint}" in part for part in command):
        return [_filled(part, values) for part in command]
    options = {f"--{name}": values[key] for name, key in OPTIONS.items()}
    return [*command, *(part for option in options.items() for part in option)]


OPTIONS = {"endpoint-url": "endpoint", "domain": "domain", "task-list": "task_list"}


def _filled(part: str, values: dict[str, str]) -> str:
    for key, value in values.items():
        part = part.replace(f"{{{key}}}", value)
    return part


@contextlib.contextmanager
def house(command: Sequence[str]) -> Iterator[House]:
    """A local SWF of its own, on a free port, by the wall's clock."""
    wire = Wire()
    settings = Settings(domains=(DOMAIN,), poll_seconds=EMPTY_POLL_SECONDS, around=wire.around)
    with serving(settings) as local, tempfile.TemporaryDirectory(prefix="pyflow-conformance-") as store:
        swf = local.client()
        swf.register_workflow_type(domain=DOMAIN, **WORKFLOW_TYPE)
        swf.register_activity_type(
            domain=DOMAIN,
            name=NOBODYS,
            version="1",
            defaultTaskScheduleToStartTimeout="NONE",
            defaultTaskStartToCloseTimeout="30",
            defaultTaskScheduleToCloseTimeout="NONE",
            defaultTaskHeartbeatTimeout="NONE",
        )
        yield House(command, swf, local.endpoint_url, wire, Path(store))
