"""Requests as bytes on a socket, as clients that keep to no library send them."""

from __future__ import annotations

import json
import socket
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from local.signed import CALL

from pyflow.testing.local import LocalSWF

LIST = b'{"registrationStatus":"REGISTERED"}'
TARGET = "SimpleWorkflowService.ListDomains"


class Response(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def fault(self) -> tuple[int, str, str]:
        """Status, type of the fault, and message."""
        document = json.loads(self.body)
        return self.status, document["__type"].partition("#")[2], document["message"]

    def document(self) -> Any:
        """What the body says."""
        return json.loads(self.body)


def connected(swf: LocalSWF) -> socket.socket:
    """A connection of one's own."""
    address = urlsplit(swf.endpoint_url)
    return socket.create_connection((address.hostname or "", address.port or 0), timeout=20)


def request(
    method: str = "POST",
    path: str = "/",
    body: bytes = LIST,
    without: str = "",
    lines: tuple[str, ...] = (),
    **changed: str,
) -> bytes:
    """A request that is let in, but for what is changed of its headers (`_` for `-`), left out of them, or added."""
    headers = {"Host": "localhost", "X-Amz-Target": TARGET, **CALL, "Content-Length": str(len(body))}
    if method != "POST":
        headers, body = {"Host": "localhost"}, b""
    for name, value in changed.items():
        headers[name.replace("_", "-")] = value
    headers.pop(without, None)
    text = "".join(
        f"{line}\r\n" for line in (*(f"{name}: {value}" for name, value in headers.items()), *lines)
    )
    return f"{method} {path} HTTP/1.1\r\n{text}\r\n".encode("latin-1") + body


def response(client: socket.socket) -> Response:
    """The next response on a connection."""
    with client.makefile("rb") as file:
        status = int(file.readline().split()[1])
        headers = {}
        while line := file.readline().strip():
            name, _, value = line.decode("latin-1").partition(": ")
            headers[name] = value
        return Response(status, headers, file.read(int(headers["content-length"])))


def ask(swf: LocalSWF, sent: bytes) -> Response:
    """What one request is answered with."""
    with connected(swf) as client:
        client.sendall(sent)
        return response(client)
