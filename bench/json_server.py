"""The least that a scripted SWF needs: AWS's JSON protocol on asyncio and httptools, answered by an object."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Protocol

import httptools


class Unknown(Exception):
    """What is asked about is not there."""


class Answering(Protocol):
    """What says what is answered."""

    async def answer(self, operation: str, request: dict[str, Any]) -> str:
        """The body of the answer to an operation. Raises Unknown, or KeyError."""


class Connection(asyncio.Protocol):
    """One connection: one request at a time."""

    def __init__(self, script: Answering) -> None:
        self._script = script
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start serving a client."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._parser = httptools.HttpRequestParser(self)
        self._operation, self._body = "", b""

    def connection_lost(self, error: Exception | None) -> None:
        """Nobody waits for the answers any more: a poll that was left is given no task."""
        for task in self._tasks:
            task.cancel()

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Only the target counts."""
        if name.lower() == b"x-amz-target":
            self._operation = value.rpartition(b".")[2].decode()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._body += body

    def on_message_complete(self) -> None:
        """A request is there, whole."""
        request, self._body = json.loads(self._body or b"{}"), b""
        task = asyncio.ensure_future(self._answer(self._operation, request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, operation: str, request: dict[str, Any]) -> None:
        status = b"200 OK"
        try:
            text = await self._script.answer(operation, request)
        except (Unknown, KeyError) as error:
            status = b"400 Bad Request"
            fault = "com.amazonaws.swf.base.model#UnknownResourceFault"
            text = json.dumps({"__type": fault, "message": str(error)})
        body = text.encode()
        head = b"HTTP/1.1 %s\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: %d\r\n\r\n"
        self._transport.write(head % (status, len(body)) + body)


async def serve(script: Answering) -> None:
    """Serves on a free port of loopback until the process is ended; prints `ready URL`, as the local SWF does."""
    server = await asyncio.get_running_loop().create_server(lambda: Connection(script), "127.0.0.1", 0)
    print(f"ready http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()
