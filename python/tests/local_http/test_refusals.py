"""Who is not let in, and what is no request: status, type and words, and one line of the log for each."""

from __future__ import annotations

import json
import logging

import pytest
from local.signed import SIGNED
from local_http.raw import TARGET, ask, connected, request, response

from pyflow.local.engine.fault import Fault
from pyflow.local.http.refusals import NOT_LET_IN, Refused
from pyflow.testing.local import LocalSWF

PAGE = "a page of http://shop.example may not ask: no browser page may"
FORM = "is what a browser page can send: calls are application/x-amz-json-1.0"
NO_HTTP = "this is no HTTP request that can be answered here"
ENDPOINT = (
    "this is an Amazon SWF endpoint: POST / for its operations, GET /health and GET /metrics beside them"
)


def foreign(host: str) -> str:
    return f"Host {host} is no name of this machine: use localhost or 127.0.0.1"


def twice(header: str) -> str:
    return f"the request has more than one {header} header"


def signed(change: str, by: str) -> str:
    """An `Authorization` in which something is different."""
    assert change in SIGNED["Authorization"]
    return SIGNED["Authorization"].replace(change, by)


ROWS = {
    # DNS rebinding: a page's own name that leads here
    "a foreign name": (request(Host="shop.example"), 403, "AccessDeniedException", foreign("shop.example")),
    "a foreign name, its port": (
        request("GET", "/health", Host="shop.example:4599"),
        403,
        "AccessDeniedException",
        foreign("shop.example:4599"),
    ),
    "a name that begins like ours": (
        request(Host="localhost.shop.example"),
        403,
        "AccessDeniedException",
        foreign("localhost.shop.example"),
    ),
    "another address": (request(Host="10.1.2.3"), 403, "AccessDeniedException", foreign("10.1.2.3")),
    "an empty host": (request(Host=""), 403, "AccessDeniedException", foreign("")),
    "no host": (request(without="Host"), 400, "SerializationException", "the request has no Host header"),
    "two hosts": (request(lines=("Host: shop.example",)), 400, "SerializationException", twice("host")),
    "a proxy's target": (request(path="http://localhost/"), 400, "SerializationException", NO_HTTP),
    # cross-site requests
    "a page's POST": (request(Origin="http://shop.example"), 403, "AccessDeniedException", PAGE),
    "a page's look at health": (
        request("GET", "/health", Origin="http://shop.example"),
        403,
        "AccessDeniedException",
        PAGE,
    ),
    "a page's look at metrics": (
        request("GET", "/metrics", Origin="http://shop.example"),
        403,
        "AccessDeniedException",
        PAGE,
    ),
    "a page's question whether it may": (
        request("OPTIONS", Origin="http://shop.example", Access_Control_Request_Method="POST"),
        403,
        "AccessDeniedException",
        PAGE,
    ),
    "a sandboxed page": (
        request(Origin="null"),
        403,
        "AccessDeniedException",
        "a page of null may not ask: no browser page may",
    ),
    **{
        f"an element of a page, {site}": (
            request("GET", "/metrics", Sec_Fetch_Site=site),
            403,
            "AccessDeniedException",
            "a browser page may not ask, only programs may",
        )
        for site in ("cross-site", "same-site", "same-origin")
    },
    **{
        f"a form, {type_}": (
            request(Content_Type=type_),
            403,
            "AccessDeniedException",
            f"Content-Type {type_} {FORM}",
        )
        for type_ in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b")
    },
    "a beacon": (
        request(without="Content-Type"),
        403,
        "AccessDeniedException",
        f"Content-Type (none) {FORM}",
    ),
    "no target": (
        request(without="X-Amz-Target"),
        400,
        "UnknownOperationException",
        "no operation (no X-Amz-Target header)",
    ),
    "two targets": (
        request(lines=(f"X-Amz-Target: {TARGET}",)),
        400,
        "SerializationException",
        twice("x-amz-target"),
    ),
    # signatures
    "no signature": (
        request(without="Authorization"),
        400,
        "MissingAuthenticationTokenException",
        "Missing Authentication Token",
    ),
    "two signatures": (
        request(lines=(f"Authorization: {SIGNED['Authorization']}",)),
        400,
        "SerializationException",
        twice("authorization"),
    ),
    "half a signature": (
        request(Authorization=signed("0" * 64, "0" * 63)),
        400,
        "IncompleteSignatureException",
        "Signature must come last in the Authorization header, as 64 hexadecimal digits.",
    ),
    "another service's": (
        request(Authorization=signed("/swf/", "/sqs/")),
        400,
        "InvalidSignatureException",
        "Credential should be scoped to correct service: 'swf'.",
    ),
    "no signature and no operation": (
        request(X_Amz_Target="Nap", without="Authorization"),
        400,
        "MissingAuthenticationTokenException",
        "Missing Authentication Token",
    ),
    # routes
    "a browser's address bar": (
        request("GET", Sec_Fetch_Site="none"),
        400,
        "UnknownOperationException",
        ENDPOINT,
    ),
    "another path": (request(path="/health"), 400, "UnknownOperationException", ENDPOINT),
    "a query": (request(path="/?X-Amz-Signature=0"), 400, "UnknownOperationException", ENDPOINT),
    "another method": (request("DELETE", "/health"), 400, "UnknownOperationException", ENDPOINT),
    # what is no request
    "no HTTP": (b"hello\r\n\r\n", 400, "SerializationException", NO_HTTP),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "SerializationException", NO_HTTP),
    "two lengths": (request(lines=("Content-Length: 1",)), 400, "SerializationException", NO_HTTP),
    "a length and chunks": (
        request(lines=("Transfer-Encoding: chunked",)),
        400,
        "SerializationException",
        NO_HTTP,
    ),
    "a folded header": (request(lines=(" X-Amz-Target: x",)), 400, "SerializationException", NO_HTTP),
}
"""What is sent, and the status, fault and message that come back."""


@pytest.mark.parametrize(("sent", "status", "fault", "message"), ROWS.values(), ids=ROWS)
def test_a_refusal_says_why_and_is_logged_once(
    swf: LocalSWF, caplog: pytest.LogCaptureFixture, sent: bytes, status: int, fault: str, message: str
) -> None:
    with caplog.at_level(logging.INFO, "pyflow.local"):
        answer = ask(swf, sent)
    assert answer.fault() == (status, fault, message)
    assert not [name for name in answer.headers if name.startswith("access-control")]
    (line,) = [record.getMessage() for record in caplog.records]
    logged = json.loads(line.removeprefix("refused "))
    assert (logged["fault"], logged["message"], logged["status"]) == (fault, message, status)
    assert logged["request_id"] == answer.headers["x-amzn-requestid"]


def test_every_way_not_to_be_let_in_has_a_row() -> None:
    only_with_credentials = {"UnrecognizedClientException"}
    assert {fault for _, _, fault, _ in ROWS.values()} >= NOT_LET_IN - only_with_credentials


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1:4599", "127.8.9.1", "[::1]", "[::1]:80"]
)
def test_this_machine_may_be_called_by_any_name_of_its_own(swf: LocalSWF, host: str) -> None:
    assert ask(swf, request(Host=host)).status == 200


@pytest.mark.parametrize(
    "type_", ["application/x-amz-json-1.0", "application/json; charset=UTF-8", "Application/JSON"]
)
def test_a_call_is_json(swf: LocalSWF, type_: str) -> None:
    assert ask(swf, request(Content_Type=type_)).status == 200


def test_a_refusal_of_a_whole_request_keeps_the_connection(swf: LocalSWF) -> None:
    with connected(swf) as client:
        client.sendall(request(without="Authorization"))
        assert response(client).status == 400
        client.sendall(request())
        assert response(client).status == 200


def test_the_log_says_who_asked_for_what(swf: LocalSWF, caplog: pytest.LogCaptureFixture) -> None:
    body = b'{"name": "no\\nwhere"}'
    with caplog.at_level(logging.INFO, "pyflow.local"), connected(swf) as client:
        client.sendall(request(body=body, X_Amz_Target="SimpleWorkflowService.DescribeDomain"))
        number = response(client).headers["x-amzn-requestid"]
        port = client.getsockname()[1]
    (record,) = caplog.records
    assert "\n" not in record.getMessage()
    logged = json.loads(record.getMessage().removeprefix("refused "))
    assert logged.pop("message").startswith(
        "1 validation error detected: Value 'no\nwhere' at 'name' failed to satisfy"
    )
    assert logged == {
        "operation": "DescribeDomain",
        "fault": "ValidationException",
        "status": 400,
        "request_id": number,
        "peer": f"127.0.0.1:{port}",
        "access_key": "local",
    }


@pytest.mark.parametrize(
    ("fault", "error", "level"),
    [
        ("UnknownResourceFault", None, logging.INFO),
        ("ThrottlingException", None, logging.INFO),
        ("InternalFailure", None, logging.INFO),  # chaos that was asked for
        *((fault, None, logging.WARNING) for fault in sorted(NOT_LET_IN)),
        ("InternalFailure", RuntimeError("ours"), logging.ERROR),
    ],
)
def test_how_loudly_it_is_said(fault: str, error: Exception | None, level: int) -> None:
    assert Refused(Fault(fault, "m"), 400, "id", error=error).level == level


def test_a_long_message_is_cut() -> None:
    line = Refused(Fault("F", "\u2028" * 301), 400, "id", peer=("::1", 80)).line()
    document = json.loads(line.removeprefix("refused "))
    assert line.isascii()
    assert document["message"] == "\u2028" * 300 + "..."
    assert document["peer"] == "[::1]:80"
