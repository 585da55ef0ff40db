"""The ASGI app, and a server for it that knows at once when a client has gone."""

from __future__ import annotations

import asyncio
import random
import select
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from pyflow.local.engine.fault import Fault
from pyflow.local.running import Running
from pyflow.local.wire import LARGEST_REQUEST, Reply, Wire, broken, failure, logger, success

KEEP_ALIVE_SECONDS = 3600
"""Idle connections cost little, and a client that finds its own closed may send a call twice."""

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Connection:
    """Whether a client is still there. It is told by the protocol; before a task is handed over the socket is
    asked as well, for a farewell that has arrived but was not read yet."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.gone: list[Callable[[], None]] = []
        """What to call once the client has gone."""

    def alive(self) -> bool:
        """Whether an answer would have a reader."""
        transport = self.transport
        if transport is None or transport.is_closing():
            return False
        return not _hung_up(transport.get_extra_info("socket").fileno())


if hasattr(select, "poll"):

    def _hung_up(descriptor: int) -> bool:
        poll = select.poll()
        poll.register(descriptor, getattr(select, "POLLRDHUP", 0) | select.POLLHUP)
        return bool(poll.poll(0))

else:

    def _hung_up(descriptor: int) -> bool:
        return False


class Protocol(HttpToolsProtocol):
    """uvicorn's, which lets the app see its connection."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._connection = Connection()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start serving a client."""
        super().connection_made(transport)
        self._connection.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        super().connection_lost(exc)
        self._connection.transport = None
        for tell in self._connection.gone:
            tell()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {"pyflow.connection": {"is": self._connection}}


class App:
    """SWF's one route, `POST /`."""

    def __init__(self, running: Running, wire: Wire) -> None:
        self._running = running
        self._wire = wire

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        assert scope["type"] == "http"
        body = await _body(receive)
        headers = dict(scope["headers"])
        reply = await self._reply(scope, headers, body)
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

    async def _reply(self, scope: Scope, headers: dict[bytes, bytes], body: bytes | None) -> Reply:
        if scope["method"] != "POST" or scope["path"] != "/":
            return failure(Fault("UnknownOperationException", "this is an Amazon SWF endpoint: POST / only"))
        if body is None:
            return failure(
                Fault("SerializationException", f"the body is longer than {LARGEST_REQUEST} bytes")
            )
        connection: Connection = scope["extensions"]["pyflow.connection"]["is"]
        try:
            call = self._wire.read(headers.get(b"x-amz-target", b"").decode("latin-1"), body)
            connection.gone.clear()
            return success(await self._running.call(call, connection.alive, connection.gone))
        except Fault as fault:
            return failure(fault)
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

    def __init__(self, app: App) -> None:
        self._config = Config(
            app,
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        self._config.load()
        self._state = ServerState()

    async def open(self, listening: socket.socket) -> None:
        """Begin to take connections."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, sock=listening, backlog=2048)

    def _protocol(self) -> Protocol:
        return Protocol(config=self._config, server_state=self._state, app_state={})

    async def close(self) -> None:
        """Take no more; let the calls that are being answered finish, which must be soon."""
        self._server.close()
        for connection in list(self._state.connections):
            connection.shutdown()
        if self._state.tasks:
            await asyncio.wait(list(self._state.tasks), timeout=1.0)
        for connection in list(self._state.connections):
            connection.transport.close()
