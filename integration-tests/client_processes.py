"""How the clients of clients.json send the requests of a session.

boto3 does so in this process, every other client as a program that takes a request a line and answers a line.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from session import Call, Fault

from pyflow.testing.processes import LOCAL_ENVIRONMENT

ROOT = Path(__file__).parents[1]
LINES = {line["client"]: line for line in json.loads((ROOT / "integration-tests/clients.json").read_text())}
ENVIRONMENT = {**os.environ, **LOCAL_ENVIRONMENT, "LC_ALL": "C.UTF-8"}


def boto3_call(endpoint: str) -> Call:
    """boto3, which is told to let everything through, so that the server has to look."""
    client = boto3.client(
        "swf",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
    )

    def call(operation: str, request: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = getattr(client, xform_name(operation))(**request)
        except ClientError as error:
            raise Fault(error.response["Error"]["Code"], error.response["Error"]["Message"]) from None
        return {name: value for name, value in answer.items() if name != "ResponseMetadata"}

    return call


@contextlib.contextmanager
def calling(client: str, endpoint: str) -> Iterator[Call]:
    """A client by its name in clients.json; operations that it does not have are boto3's."""
    line = LINES[client]
    boto = boto3_call(endpoint)
    if client == "boto3":
        yield boto
    else:
        with _program(line["command"], endpoint) as program:
            has = line.get("operations")

            def call(operation: str, request: dict[str, Any]) -> dict[str, Any]:
                return (program if has is None or operation in has else boto)(operation, request)

            yield call


@contextlib.contextmanager
def _program(command: list[str], endpoint: str) -> Iterator[Call]:
    """A program that speaks JSON lines."""
    values = {"endpoint": endpoint, "ruby": os.environ.get("RUBY", "ruby")}
    process = subprocess.Popen(
        [part.format(**values) for part in command],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdin is not None and process.stdout is not None
    send, read = process.stdin, process.stdout

    def call(operation: str, request: dict[str, Any]) -> dict[str, Any]:
        print(json.dumps({"operation": operation, "request": request}), file=send, flush=True)
        line = read.readline()
        assert line, f"{command[0]} ended at {operation}"
        reply = json.loads(line)
        if "fault" in reply:
            raise Fault(reply["fault"], reply["message"])
        return dict(reply["answer"])

    with process:
        yield call
        send.close()
        assert process.wait(30) == 0
