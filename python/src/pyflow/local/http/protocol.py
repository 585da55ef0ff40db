"""uvicorn's protocol, within bounds: the app sees its connection, and a client can't take more than its share."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pyflow.local.engine.fault import Fault
from pyflow.local.http.bounds import Bounds
from pyflow.local.http.connection import Connection
from pyflow.local.http.patience import Patience
from pyflow.local.http.refusals import Refusals, Refused, request_id
from pyflow.local.http.transport import Gathering
from pyflow.local.running.running import Arrivals
from pyflow.local.wire.wire import failure


class Protocol(HttpToolsProtocol):
    """One client's connection. patience: shared by all, for requests that are not whole yet."""

    def __init__(
        self,
        *arguments: Any,
        arrivals: Arrivals,
        bounds: Bounds,
        patience: Patience,
        refusals: Refusals,
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self._connection = Connection(arrivals)
        self._bounds = bounds
        self._patience = patience
        self._refusals = refusals
        self._unread = False
        """Whether a request has begun to come in and is not whole."""
        self._in_head = False
        self._head = 0
        """Bytes of a head that came after those it began in."""

    # the connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start serving a client, unless there are enough of them."""
        if len(self.connections) >= self._bounds.connections:
            self._refusals.tally.full += 1
            transport.abort()
            return
        self._gathering = Gathering(transport, lambda: self._unread)
        self._ours: dict[object, object] = {"connection": self._connection, "hold": self._gathering.hold}
        super().connection_made(self._gathering)  # type: ignore[arg-type]
        self._connection.transport = transport
        self._patience.begin(self, self._drop)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._patience.end(self)
        if self._connection.transport is None:
            return  # it was never let in
        super().connection_lost(exc)
        self._connection.transport = None
        self._connection.begin()
        for tell in self._connection.gone:
            tell()

    def end(self) -> None:
        """Close without waiting for what else may come."""
        if self._connection.transport is not None:
            self._connection.transport.close()

    def _drop(self) -> None:
        self._refusals.tally.slow += 1
        self.end()

    # requests, as they come in

    def data_received(self, data: bytes) -> None:
        """Bytes from the client."""
        if self._gathering.discards(len(data)):
            return
        if self._in_head:
            self._head += len(data)
        super().data_received(data)
        if self._in_head and self._head > self._bounds.head:
            self._refuse(self._bounds.head_fault())
        if self._unread:
            self._patience.begin(self, self._drop)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {"pyflow": self._ours}
        self._unread = self._in_head = True
        self._head = 0

    def on_headers_complete(self) -> None:
        """A request's head is there; the app gets to work on it."""
        self._in_head = False
        if not self.url.startswith(b"/"):
            raise ValueError(
                "a proxy's request, whose target would overrule its Host"
            )  # httptools' caller says so
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request is there, whole."""
        self._unread = False
        self._patience.end(self)
        super().on_message_complete()
        if not self.cycle.response_complete:
            self._connection.arrive()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request in HTTP at all; uvicorn's word for it is `msg`."""
        self._refuse(Fault("SerializationException", "this is no HTTP request that can be answered here"))

    def _refuse(self, fault: Fault) -> None:
        """Answer a request that the app will never see, and close."""
        self._unread, self._in_head = True, False
        reply, number = failure(fault), request_id()
        self._refusals.note(Refused(fault, reply.status, number, peer=self.client))
        head = (
            f"HTTP/1.1 {reply.status} Bad Request\r\nx-amzn-requestid: {number}\r\nconnection: close\r\n"
            f"content-type: application/x-amz-json-1.0\r\ncontent-length: {len(reply.body)}\r\n\r\n"
        )
        self._gathering.write(head.encode("ascii") + reply.body)
        self._gathering.close()
        self.flow.resume_reading()
