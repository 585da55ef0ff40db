"""The ASGI app, and a server for it."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from uvicorn.config import Config
from uvicorn.server import ServerState

from pyflow.local.chaos.faults import Cut
from pyflow.local.engine.fault import Fault
from pyflow.local.http.connection import Connection, Protocol
from pyflow.local.running.running import Arrivals
from pyflow.local.service.service import Answer
from pyflow.local.wire.wire import LARGEST_REQUEST, Call, Reply, Wire, broken, failure, logger, success

KEEP_ALIVE_SECONDS = 3600
"""Idle connections cost little, and a client that finds its own closed may send a call twice."""

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Answering = Callable[[Call, Callable[[], bool], list[Callable[[], None]]], Awaitable[Answer]]


class App:
    """SWF's one route, `POST /`.

    call: what answers calls, as Running.call does; it may raise Cut instead.
    """

    def __init__(self, call: Answering, wire: Wire) -> None:
        self._call = call
        self._wire = wire

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        assert scope["type"] == "http"
        ours = scope["extensions"]["pyflow"]
        connection: Connection = ours["connection"]
        body = await _body(receive)
        connection.begin()
        headers = dict(scope["headers"])
        try:
            reply = await self._reply(scope, headers, body, connection)
        except Cut:
            connection.cut()
            await receive()  # which returns once uvicorn knows, and no longer expects an answer
            return
        ours["hold"]()
        content_type = b"application/x-amz-json-1.0"
        if headers.get(b"content-type", b"").startswith(b"application/json"):
            content_type = b"application/json"
        await send(
            {
                "type": "http.response.start",
                "status": reply.status,
                "headers": [
                    (b"x-amzn-requestid", _request_id()),
                    (b"content-type", content_type),
                    (b"content-length", str(len(reply.body)).encode("ascii")),
                ],
            }
        )
        await send({"type": "http.response.body", "body": reply.body})

    async def _reply(
        self, scope: Scope, headers: dict[bytes, bytes], body: bytes | None, connection: Connection
    ) -> Reply:
        if scope["method"] != "POST" or scope["path"] != "/":
            return failure(Fault("UnknownOperationException", "this is an Amazon SWF endpoint: POST / only"))
        if body is None:
            return failure(
                Fault("SerializationException", f"the body is longer than {LARGEST_REQUEST} bytes")
            )
        try:
            call = self._wire.read(headers.get(b"x-amz-target", b"").decode("latin-1"), body)
            connection.gone.clear()
            return success(await self._call(call, connection.alive, connection.gone))
        except Fault as fault:
            return failure(fault)
        except Cut:
            raise
        except Exception:
            logger.exception("a call failed")
            return broken()


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None where it is too long."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        if len(body) <= LARGEST_REQUEST:
            body += message.get("body", b"")
    return body if len(body) <= LARGEST_REQUEST else None


def _request_id() -> bytes:
    digits = f"{random.getrandbits(128):032x}"
    text = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
    return text.encode("ascii")


class Server:
    """Serves an app on a socket until it is closed."""

    def __init__(self, app: App, arrivals: Arrivals) -> None:
        self._arrivals = arrivals
        self._config = Config(
            app,
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        self._config.load()
        self._state = ServerState()

    async def open(self, listening: socket.socket) -> None:
        """Begin to take connections."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, sock=listening, backlog=2048)

    def _protocol(self) -> Protocol:
        return Protocol(config=self._config, server_state=self._state, app_state={}, arrivals=self._arrivals)

    async def close(self) -> None:
        """Take no more; let the calls that are being answered finish, which must be soon."""
        self._server.close()
        for connection in list(self._state.connections):
            connection.shutdown()
        if self._state.tasks:
            await asyncio.wait(list(self._state.tasks), timeout=1.0)
        for connection in list(self._state.connections):
            connection.transport.close()
