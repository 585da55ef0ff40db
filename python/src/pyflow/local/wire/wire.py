"""AWS JSON 1.0, as SWF speaks it: bodies and headers in, status and body out. No sockets here."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from pyflow.local.engine.fault import Fault
from pyflow.local.service.service import Answer
from pyflow.local.storage.rows import encode
from pyflow.local.wire.checks import checks, malformed
from pyflow.local.wire.model import service_model

LARGEST_REQUEST = 1_048_576
"""Bytes of a request's body (Amazon SWF developer guide, quotas)."""

NAMESPACES = {
    "ValidationException": "com.amazon.coral.validate",
    "ThrottlingException": "com.amazon.coral.availability",
    "ServiceUnavailableException": "com.amazon.coral.availability",
    "SerializationException": "com.amazon.coral.service",
    "UnknownOperationException": "com.amazon.coral.service",
    "InternalFailure": "com.amazon.coral.service",
    "MissingAuthenticationTokenException": "com.amazon.coral.service",
    "IncompleteSignatureException": "com.amazon.coral.service",
    "UnrecognizedClientException": "com.amazon.coral.service",
    "InvalidSignatureException": "com.amazon.coral.service",
    "AccessDeniedException": "com.amazon.coral.service",
}
"""Of error types that are no faults of SWF's model; those are `com.amazonaws.swf.base.model`."""

STATUSES = {"InternalFailure": 500, "ServiceUnavailableException": 503, "AccessDeniedException": 403}
"""Of error types that are not answered with 400."""


class Call(NamedTuple):
    """A request that may be tried: the operation and its checked arguments."""

    operation: str
    request: dict[str, Any]


class Reply(NamedTuple):
    """A response: status and JSON text, empty for operations that answer nothing."""

    status: int
    body: bytes


class Wire:
    """Reads calls and writes replies."""

    def __init__(self, model: dict[str, Any] | None = None) -> None:
        self._checks: dict[str, Callable[[Any], dict[str, Any]]] = checks(model or service_model())

    def read(self, target: str, body: bytes) -> Call:
        """The call that a target header and a body make. Raises Fault.

        target: `SimpleWorkflowService.StartWorkflowExecution`, or the longer form of old SDKs.
        """
        operation = target.rpartition(".")[2]
        check = self._checks.get(operation)
        if check is None:
            raise Fault("UnknownOperationException", f"no operation {target or '(no X-Amz-Target header)'}")
        try:
            document = _decode(body.decode("utf-8")) if body else {}
        except (ValueError, RecursionError) as error:
            raise malformed(f"the body is not JSON: {error}") from None
        return Call(operation, check(document))


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON")


_decode = json.JSONDecoder(parse_constant=_refuse).decode


def success(answer: Answer) -> Reply:
    """The reply to a call that was accepted."""
    if answer is None:
        return Reply(200, b"")
    text = answer if isinstance(answer, str) else encode(answer)
    return Reply(200, text.encode("ascii"))


def failure(fault: Fault) -> Reply:
    """The reply to a call that was refused."""
    namespace = NAMESPACES.get(fault.type, "com.amazonaws.swf.base.model")
    document = {"__type": f"{namespace}#{fault.type}", "message": fault.message}
    return Reply(STATUSES.get(fault.type, 400), encode(document).encode("ascii"))


def broken() -> Fault:
    """What is said where the server itself went wrong; nothing of the call has happened."""
    return Fault("InternalFailure", "the local SWF failed, its log says how")
