"""The ASGI app: a call of SWF's is `POST /`; `GET /health` and `GET /metrics` are for those who watch."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from pyflow.local.chaos.faults import Cut
from pyflow.local.engine.fault import Fault
from pyflow.local.http import authorization
from pyflow.local.http.bounds import Bounds
from pyflow.local.http.connection import Connection
from pyflow.local.http.guard import Guard
from pyflow.local.http.health import health
from pyflow.local.http.refusals import Refusals, Refused, request_id
from pyflow.local.http.signature import Verifier
from pyflow.local.http.tally import CUT, OK, UNKNOWN
from pyflow.local.operations import OPERATIONS
from pyflow.local.running.running import Running, holds
from pyflow.local.service.service import Answer
from pyflow.local.wire.wire import Call, Reply, Wire, broken, failure, success

if TYPE_CHECKING:
    from pyflow.local.http.metrics import Metrics

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Answering = Callable[[Call, Callable[[], bool], list[Callable[[], None]]], Awaitable[Answer]]

AMZ_JSON, JSON = b"application/x-amz-json-1.0", b"application/json"


class HungUp(Exception):
    """The client went away in the middle of its request."""


class Response(NamedTuple):
    """What is sent."""

    reply: Reply
    content_type: bytes


@dataclass
class Asked:
    """A request, as far as it is known. whole: nothing of it is still to come."""

    connection: Connection
    headers: dict[bytes, bytes] = field(default_factory=dict)
    operation: str = UNKNOWN
    access_key: str | None = None
    whole: bool = False

    def content_type(self) -> bytes:
        """Of the answer: old SDKs' own where they ask in it."""
        return JSON if self.headers.get(b"content-type", b"").startswith(JSON) else AMZ_JSON


class App:
    """Answers requests, each once it is let in.

    call: what answers SWF's, as Running.call does; it may raise Cut instead.
    verifier: None where any signature will do that looks like one. connections: how many there are.
    """

    def __init__(
        self,
        call: Answering,
        running: Running,
        wire: Wire,
        guard: Guard,
        bounds: Bounds,
        refusals: Refusals,
        verifier: Verifier | None,
        connections: Callable[[], int],
    ) -> None:
        self._answering = call
        self._running = running
        self._wire = wire
        self._guard = guard
        self._bounds = bounds
        self._refusals = refusals
        self._tally = refusals.tally
        self._verifier = verifier
        self._connections = connections
        self._metrics: Metrics | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        assert scope["type"] == "http"
        ours = scope["extensions"]["pyflow"]
        asked = Asked(ours["connection"])
        number = request_id()
        try:
            reply, content_type = await self._answer(scope, receive, asked)
        except HungUp:
            return
        except Cut:
            self._tally.outcomes[asked.operation, CUT] += 1
            asked.connection.cut()
            await receive()  # which returns once uvicorn knows, and no longer expects an answer
            return
        except Exception as raised:
            fault, error = (raised, None) if isinstance(raised, Fault) else (broken(), raised)
            reply, content_type = failure(fault), asked.content_type()
            peer, key = scope["client"], asked.access_key
            self._refusals.note(Refused(fault, reply.status, number, asked.operation, peer, key, error))
        if not asked.whole:
            asked.whole = asked.connection.arrived
            asked.connection.begin()
        headers = [
            (b"x-amzn-requestid", number.encode("ascii")),
            (b"content-type", content_type),
            (b"content-length", str(len(reply.body)).encode("ascii")),
        ]
        if not asked.whole:
            headers.append((b"connection", b"close"))
        ours["hold"]()
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})

    async def _answer(self, scope: Scope, receive: Receive, asked: Asked) -> Response:
        """The answer to a request. Raises Fault, HungUp and Cut."""
        method, path, query = scope["method"], scope["path"], scope["query_string"]
        self._bounds.check_head(len(scope["raw_path"]) + len(query), scope["headers"])
        asked.headers = self._guard.admit(method, scope["headers"])
        if method == "POST" and path == "/" and not query:
            return Response(await self._call(receive, asked), asked.content_type())
        if method in ("GET", "HEAD") and path == "/health":
            return Response(health(self._running), JSON)
        if method in ("GET", "HEAD") and path == "/metrics":
            return await self._watched(asked)
        raise Fault(
            "UnknownOperationException",
            "this is an Amazon SWF endpoint: POST / for its operations, GET /health and GET /metrics beside them",
        )

    async def _call(self, receive: Receive, asked: Asked) -> Reply:
        """Do one of SWF's operations. The order of checks: who asks, for what, in which form."""
        headers = asked.headers
        target = headers.get(b"x-amz-target", b"").decode("latin-1")
        operation = target.rpartition(".")[2]
        if operation in OPERATIONS:
            asked.operation = operation
        signed = authorization.read(headers)
        asked.access_key = signed.credential.access_key
        self._bounds.check_length(headers)
        body = await self._body(receive)
        asked.whole = True
        asked.connection.begin()
        if self._verifier is not None:
            self._verifier.verify(signed, headers, body)
        call = self._wire.read(target, body)
        begun = time.perf_counter()
        try:
            connection = asked.connection
            connection.gone.clear()
            reply = success(await self._answering(call, connection.alive, connection.gone))
        finally:
            self._tally.took(call.operation, time.perf_counter() - begun, held=holds(call))
        self._tally.outcomes[call.operation, OK] += 1
        return reply

    async def _body(self, receive: Receive) -> bytes:
        """The whole body."""
        body = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise HungUp
            part: bytes = message.get("body", b"")
            body = body + part if body else part
            if len(body) > self._bounds.body:
                raise self._bounds.body_fault()
            if not message.get("more_body"):
                return body

    async def _watched(self, asked: Asked) -> Response:
        """Metrics, from a module whose library is slow to load and that most servers never need."""
        if self._metrics is None:
            module = await asyncio.to_thread(import_module, "pyflow.local.http.metrics")
            self._metrics = module.Metrics(self._running, self._tally, self._connections)
        assert self._metrics is not None
        accept = asked.headers.get(b"accept", b"").decode("latin-1")
        text, content_type = self._metrics.text(accept)
        return Response(Reply(200, text), content_type.encode("ascii"))
