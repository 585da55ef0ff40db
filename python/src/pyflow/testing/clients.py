"""boto3 clients of SWF for tests: over HTTP, or straight into this process."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config

from pyflow.local.wire.wire import Reply

NOWHERE = "http://swf.invalid"
"""The endpoint of a client that needs none: a name that can't exist (RFC 2606)."""

_making = threading.Lock()


def client(**options: Any) -> Any:
    """A boto3 SWF client that tries once and reads long enough for a poll; options go to boto3 and win."""
    settings = {
        "region_name": "us-east-1",
        "aws_access_key_id": "local",
        "aws_secret_access_key": "local",
        "config": Config(read_timeout=70, retries={"total_max_attempts": 1}, max_pool_connections=50),
    }
    with _making:  # a session may be used by one thread at a time, its clients by many
        return _session().client("swf", **{**settings, **options})


@cache
def _session() -> boto3.Session:
    """One for all: the second client takes a tenth of the first one's time."""
    return boto3.Session()


def unplugged(answer: Callable[[str, bytes], Reply], **options: Any) -> Any:
    """A boto3 SWF client whose requests go to `answer(target, body)` instead of a socket.

    All the rest is boto3's own: validation, parsing, exceptions, paginators. What `answer` raises, the call raises.
    """
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    made = client(**{"endpoint_url": NOWHERE, "config": config, **options})
    numbers = itertools.count(1)

    def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        reply = answer(_text(request.headers["X-Amz-Target"]), request.body)
        headers = {
            "x-amzn-requestid": f"00000000-0000-0000-0000-{next(numbers):012}",
            "content-type": "application/x-amz-json-1.0",
        }
        return AWSResponse(request.url, reply.status, headers, _Body(reply.body))

    made.meta.events.register("before-send.swf", send)
    return made


class _Body(BytesIO):
    """A body as urllib3 has it."""

    def stream(self) -> Iterator[bytes]:
        """All of it."""
        yield self.read()


def _text(header: str | bytes) -> str:
    return header.decode("latin-1") if isinstance(header, bytes) else header
