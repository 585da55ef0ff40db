"""The two implementations of SWF that the tests run against: our own and moto's."""

from __future__ import annotations

import contextlib
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from pyflow.testing.processes import Process, local_swf_process

HERE = Path(__file__).parent
EMPTY_POLL_SECONDS = 0.5  # how long the local SWF holds one; a worker that drains waits for it


@dataclass(frozen=True)
class Server:
    """A running SWF, and a client that talks to it.

    name: `local` or `moto`; endpoint: its URL.
    """

    name: str
    endpoint: str
    process: Process

    @cached_property
    def client(self) -> Any:
        """boto3's SWF client, which gives up early: nothing here is far away."""
        return boto3.client(
            "swf",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(read_timeout=75, retries={"total_max_attempts": 1}),
        )

    def new_domain(self, about: str) -> str:
        """Registers a domain that nobody else has, and gives its name."""
        name = f"{about}-{uuid.uuid4().hex[:8]}"
        self.client.register_domain(name=name, workflowExecutionRetentionPeriodInDays="1")
        return name


@contextlib.contextmanager
def local(*arguments: str, cwd: Path | None = None) -> Iterator[Server]:
    """The local SWF, with more arguments of its command line."""
    arguments = ("--poll-seconds", str(EMPTY_POLL_SECONDS), *arguments)
    with local_swf_process(*arguments, cwd=cwd) as (process, endpoint):
        yield Server("local", endpoint, process)


@contextlib.contextmanager
def moto() -> Iterator[Server]:
    """moto's server."""
    with Process("moto", [sys.executable, HERE / "moto_process.py"]) as process:
        yield Server("moto", process.wait_until_ready().split()[1], process)


SERVERS = {"local": local, "moto": moto}
