"""The servers that are measured, each a process of its own, and what the kernel knows of a process."""

from __future__ import annotations

import os
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyflow.swf.boto import client
from pyflow.testing.processes import Process

HERE = Path(__file__).parent
OURS = [sys.executable, "-m", "pyflow.local", "--port", "0"]
FLOOR = [sys.executable, HERE / "floor.py"]
SCRIPTED = [sys.executable, HERE / "scripted.py"]
MOTO = [sys.executable, HERE.parent / "integration-tests" / "moto_process.py"]
BARE = [
    sys.executable,
    "-c",
    "import asyncio, sqlite3, uvicorn.config, uvicorn.protocols.http.httptools_impl; print('ready', flush=True)",
]
"""What a server on uvicorn has to load, whatever it then does."""

DOMAIN = "bench"


class Server:
    """A server and a boto3 client of its own, the same for each kind."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.endpoint_url = process.wait_until_ready().split()[1]
        self.client: Any = client(endpoint_url=self.endpoint_url)

    def cpu(self) -> float:
        """Seconds of CPU that its process has used, user and system."""
        return cpu(self.process)

    def resident(self) -> int:
        """Bytes of its resident set."""
        return resident(self.process)

    def metric(self, name: str, label: str) -> float:
        """The sum of a metric's values whose labels hold this text, as `/metrics` of the local SWF has them."""
        with urllib.request.urlopen(f"{self.endpoint_url}/metrics") as answer:
            lines = answer.read().decode().splitlines()
        return sum(
            float(line.split()[-1]) for line in lines if line.startswith(f"{name}{{") and label in line
        )


def cpu(process: Process) -> float:
    """Seconds of CPU that a process has used, user and system, of all its threads."""
    clock = (~process.process.pid << 3) | 2  # clock_getcpuclockid(3); /proc counts whole hundredths only
    return time.clock_gettime(clock)


def resident(process: Process) -> int:
    """Bytes of a process's resident set."""
    return int(Path(f"/proc/{process.process.pid}/statm").read_text().split()[1]) * 4096


def modules_here(folder: str = ".") -> dict[str, str]:
    """The environment in which a process finds the modules of this folder, or of one in it."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, [str(HERE / folder), os.environ.get("PYTHONPATH")]))}


@contextmanager
def decider(workflow: str, endpoint_url: str, *options: str) -> Iterator[Process]:
    """`pyflow decider` for a workflow MODULE:CLASS, on task list `d` of domain `bench`."""
    where = ["--domain", DOMAIN, "--endpoint-url", endpoint_url, "--task-list", "d"]
    command = [sys.executable, "-m", "pyflow", "decider", workflow, *where, *options]
    with Process("decider", command, environment=modules_here()) as process:
        process.wait_until_ready()
        yield process


@contextmanager
def worker(module: str, endpoint_url: str, *options: str) -> Iterator[Process]:
    """`pyflow worker` for a module's activities, on task list `w` of domain `bench`."""
    where = ["--domain", DOMAIN, "--endpoint-url", endpoint_url, "--task-list", "w"]
    command = [sys.executable, "-m", "pyflow", "worker", module, *where, *options]
    with Process("worker", command, environment=modules_here()) as process:
        process.wait_until_ready()
        yield process


@contextmanager
def floor() -> Iterator[Server]:
    """The server that does nothing."""
    with Process("floor", FLOOR) as process:
        yield Server(process)


@contextmanager
def moto() -> Iterator[Server]:
    """moto's server, with domain `bench`."""
    with Process("moto", MOTO) as process:
        server = Server(process)
        server.client.register_domain(name=DOMAIN, workflowExecutionRetentionPeriodInDays="1")
        yield server


@contextmanager
def ours(*arguments: str | Path) -> Iterator[Server]:
    """The local SWF, with domain `bench`; in memory unless told otherwise."""
    with Process("local-swf", [*OURS, "--domain", DOMAIN, *arguments]) as process:
        yield Server(process)
