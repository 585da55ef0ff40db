"""The Lambda Runtime API over HTTP: an ASGI app, and a loopback port for each process.

The port tells processes apart: a runtime client takes no path in AWS_LAMBDA_RUNTIME_API (awslambdaric hands
it to http.client as host:port), and a failed start is posted without a request id. A port serves one process
only, so that nothing a dead process sent can reach its successor.
Source: AWS Lambda developer guide, "Using the Lambda runtime API for custom runtimes", 2018-06-01.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from pyflow.local.lambdas.conversation import Conversation
from pyflow.local.lambdas.documents import ANSWER_LIMIT
from pyflow.local.lambdas.group import ProcessGroup
from pyflow.local.lambdas.sockets import Address

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

PREFIX = "/2018-06-01/runtime/"


UNNAMED = (("GET", ["invocation", "next"]), ("POST", ["init", "error"]))
"""What is asked for without a request id, which is drawn at random and told to the function's process alone."""

STRANGER = "only the function's own process may call this"


class HungUp(Exception):
    """The process went away in mid-request: half an answer is none."""


class RuntimeApi:
    """Serves conversations, each on a port of its own, from the running loop."""

    def __init__(self) -> None:
        self._ports: dict[int, Port] = {}
        # no uvicorn.Server: its ports are fixed, it takes over signals, and it wakes ten times a second
        self._config = uvicorn.Config(
            self._serve,
            interface="asgi3",
            http="httptools",
            ws="none",
            lifespan="off",
            proxy_headers=False,
            log_config=None,
            access_log=False,
            date_header=False,
            server_header=False,
            timeout_keep_alive=86_400,  # a handler may think for long between taking and answering
        )
        self._config.load()
        self._state = ServerState()

    async def listen(self, conversation: Conversation) -> Port:
        """Open a port on which this conversation is held."""
        server = await asyncio.get_running_loop().create_server(self._protocol, "127.0.0.1", 0)
        number: int = server.sockets[0].getsockname()[1]
        self._ports[number] = Port(number, server, conversation, self._ports)
        return self._ports[number]

    def _protocol(self) -> asyncio.Protocol:
        protocol: Callable[..., asyncio.Protocol] = self._config.http_protocol_class
        return protocol(config=self._config, server_state=self._state, app_state={})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(HungUp):
            await self._route(scope, receive, send)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        number: int = scope["server"][1]
        port = self._ports.get(number)
        headers = dict(scope["headers"])
        if port is None or headers.get(b"host") != b"127.0.0.1:%d" % number or b"origin" in headers:
            # a page in a browser could otherwise talk to a handler's port
            return await _refuse(send, 403, "Forbidden", STRANGER)
        conversation = port.conversation
        asked = scope["method"], scope["path"].removeprefix(PREFIX).split("/")
        if asked in UNNAMED and not await port.admits(scope["client"]):
            return await _refuse(send, 403, "Forbidden", STRANGER)
        match asked:
            case "GET", ["invocation", "next"]:
                return await _next(conversation, receive, send)
            case "POST", ["invocation", request_id, "response"]:
                body, size = await _body(receive)
                if size > ANSWER_LIMIT and conversation.overflow(request_id, size):
                    return await _refuse(
                        send, 413, "RequestEntityTooLarge", f"{size} bytes of {ANSWER_LIMIT}"
                    )
                return await _acknowledge(send, conversation.respond(request_id, body))
            case "POST", ["invocation", request_id, "error"]:
                body, _ = await _body(receive)
                return await _acknowledge(send, conversation.fail(request_id, body))
            case "POST", ["init", "error"]:
                body, _ = await _body(receive)
                conversation.fail_start(body)
                return await _acknowledge(send, True)
        return await _refuse(send, 404, "UnknownPath", f"{scope['method']} {scope['path']} is not served")


class Port:
    """A port of the Runtime API, until it is closed."""

    def __init__(
        self, number: int, server: asyncio.Server, conversation: Conversation, ports: dict[int, Port]
    ) -> None:
        self.address = f"127.0.0.1:{number}"
        self.conversation = conversation
        self._number = number
        self._server = server
        self._ports = ports
        self._owner: ProcessGroup | None = None
        self._decided = asyncio.Event()

    def serve(self, owner: ProcessGroup) -> None:
        """From now on these processes are served, and no others."""
        self._owner = owner
        self._decided.set()

    async def admits(self, client: Address) -> bool:
        """Whether the client is one of the owner's processes; waits until the owner is known."""
        await self._decided.wait()
        return self._owner is not None and self._owner.holds(("127.0.0.1", self._number), client)

    def close(self) -> None:
        """Listen no longer; connections end with the process that holds them."""
        self._server.close()
        self._ports.pop(self._number, None)
        self._decided.set()


async def _next(conversation: Conversation, receive: Receive, send: Send) -> None:
    """Answer with the next invocation, unless the process hangs up first."""
    waiting = asyncio.ensure_future(conversation.next())
    hung_up = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait({waiting, hung_up}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        hung_up.cancel()
    if hung_up.done():
        raise HungUp
    invocation = waiting.result()
    invocation.take()
    return await _answer(send, 200, invocation.event, invocation.headers)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(receive: Receive) -> tuple[bytes, int]:
    """The body and its size; beyond Lambda's limit it is read to the end, but not kept."""
    kept: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HungUp
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size <= ANSWER_LIMIT:
            kept.append(chunk)
        if not message.get("more_body", False):
            return b"".join(kept), size


async def _acknowledge(send: Send, expected: bool) -> None:
    if not expected:
        return await _refuse(send, 400, "InvalidRequestID", "this process doesn't hold that invocation")
    return await _answer(send, 202, b'{"status":"OK"}', {})


async def _refuse(send: Send, status: int, error_type: str, message: str) -> None:
    await _answer(send, status, json.dumps({"errorMessage": message, "errorType": error_type}).encode(), {})


async def _answer(send: Send, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    fields = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    fields += [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})
