"""Claim checks in a bucket of S3, on moto's server: an order that SWF can't hold goes through three languages by it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from bare_run import BareRun, Task
from servers import Server
from worker_processes import LANGUAGES, Worker, command_line

from pyflow.stores import Payloads, S3Store

BIG = {"lines": [str(number**7) for number in range(30_000)]}
STORE = ("--store", "big=s3://payloads/shop")


@pytest.fixture
def bucket(servers: Callable[[str], Server], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The bucket `payloads`, empty, where everybody's SDK looks for S3."""
    endpoint = servers("moto").endpoint
    for name, value in (
        ("AWS_ENDPOINT_URL_S3", endpoint),
        ("AWS_ACCESS_KEY_ID", "testing"),
        ("AWS_SECRET_ACCESS_KEY", "testing"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=endpoint)
    client.create_bucket(Bucket="payloads")
    yield client
    for each in client.list_objects_v2(Bucket="payloads").get("Contents", []):
        client.delete_object(Bucket="payloads", Key=each["Key"])
    client.delete_bucket(Bucket="payloads")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_order_that_swf_can_not_hold_lies_in_the_bucket(
    language: str,
    bucket: Any,
    local_swf: Server,
    launched: Callable[..., Worker],
) -> None:
    domain = local_swf.new_domain("s3")
    worker = launched(language, local_swf, domain=domain, arguments=STORE)
    payloads = Payloads(stores={"big": S3Store("payloads", "shop", client=bucket)})
    run = BareRun(local_swf, domain)
    [name] = run.schedule(worker.task_list, [Task("echo", payloads.write(BIG))])
    outcome = run.outcome(name)
    assert outcome.event == "ActivityTaskCompleted", outcome
    assert payloads.read(outcome.attributes["result"]).value == BIG
    keys = [each["Key"] for each in bucket.list_objects_v2(Bucket="payloads")["Contents"]]
    assert all(key.startswith("shop/sha256/") for key in keys)
    [name] = run.schedule(worker.task_list, [Task("echo", lost(payloads.write(BIG)))])
    assert run.outcome(name).attributes["reason"] == "pyflow.PayloadUnavailable"


def test_without_the_module_java_says_what_to_add(local_swf: Server) -> None:
    command, folder = command_line("java", endpoint=local_swf.endpoint, domain="shop", task_list="cards")
    without = [part.removesuffix(":java-worker/target/s3/*") for part in command]
    done = subprocess.run([*without, *STORE], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "add software.amazon.awssdk:s3" in done.stderr


def lost(text: str) -> str:
    """A claim check on what nobody stored."""
    start = text.index('"key":"') + len('"key":"')
    return f"{text[:start]}sha256/00/00{text[text.index(chr(34), start) :]}"
