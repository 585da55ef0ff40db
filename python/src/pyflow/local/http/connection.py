"""What the app knows of a client's connection: whether the client is still there, and what it just sent."""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pyflow.local.running.running import Arrivals


class Connection:
    """A client's connection, as the app sees it."""

    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals
        self._arrived = False
        self.transport: asyncio.Transport | None = None
        self.gone: list[Callable[[], None]] = []
        """What to call once the client has gone."""

    def arrive(self) -> None:
        """A request is there, whole."""
        if not self._arrived:
            self._arrived = True
            self._arrivals.count += 1

    def begin(self) -> None:
        """Work on a request begins, or never will."""
        if self._arrived:
            self._arrived = False
            self._arrivals.count -= 1

    def alive(self) -> bool:
        """Whether an answer would have a reader.

        The socket is asked as well, for a farewell that has arrived but was not read yet.
        """
        transport = self.transport
        if transport is None or transport.is_closing():
            return False
        return not _hung_up(transport.get_extra_info("socket").fileno())

    def cut(self) -> None:
        """End it without another byte."""
        if self.transport is not None:
            self.transport.abort()


if hasattr(select, "poll"):

    def _hung_up(descriptor: int) -> bool:
        poll = select.poll()
        poll.register(descriptor, getattr(select, "POLLRDHUP", 0) | select.POLLHUP)
        return bool(poll.poll(0))

else:

    def _hung_up(descriptor: int) -> bool:
        return False


class Gathering:
    """A transport that sends the head of a response together with its body: one system call, one packet."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""

    def hold(self) -> None:
        """Keep back what is written next, until more is."""
        self._head = b"held"

    def write(self, data: bytes) -> None:
        """Send, or keep back."""
        if self._head == b"held":
            self._head = data
        elif self._head:
            head, self._head = self._head, b""
            self._transport.write(head + data)
        else:
            self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Protocol(HttpToolsProtocol):
    """uvicorn's, which lets the app see its connection and counts what arrives."""

    def __init__(self, *arguments: Any, arrivals: Arrivals, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._connection = Connection(arrivals)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start serving a client."""
        self._gathering = Gathering(transport)
        super().connection_made(self._gathering)  # type: ignore[arg-type]
        self._connection.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        super().connection_lost(exc)
        self._connection.transport = None
        self._connection.begin()
        for tell in self._connection.gone:
            tell()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {"pyflow": {"connection": self._connection, "hold": self._gathering.hold}}

    def on_message_complete(self) -> None:
        """A request is there, whole."""
        super().on_message_complete()
        self._connection.arrive()
