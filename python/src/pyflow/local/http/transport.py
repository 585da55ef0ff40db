"""What uvicorn writes to: a transport that sends a response in one packet, and does not cut it off at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

LINGER_SECONDS = 2.0
LINGER_BYTES = 16 * 1024 * 1024
"""What is still read, and thrown away, after a request was refused half-way."""


class Gathering:
    """A transport that sends the head of a response together with its body: one system call, one packet.

    unread: whether a request is still coming in. Closing then lingers: a system that has unread bytes resets the
    connection, and the client would see that instead of the answer (RFC 9112, 9.6).
    """

    def __init__(self, transport: asyncio.Transport, unread: Callable[[], bool]) -> None:
        self._transport = transport
        self._unread = unread
        self._head = b""
        self._left: int | None = None

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

    def close(self) -> None:
        """Close once everything is sent; while a request comes in, only after the client has heard of it."""
        if self._left is not None or not self._unread() or self._transport.is_closing():
            self._transport.close()
            return
        self._left = LINGER_BYTES
        self._transport.write_eof()
        asyncio.get_running_loop().call_later(LINGER_SECONDS, self._transport.abort)

    def discards(self, size: int) -> bool:
        """Whether what comes in is thrown away, and so many bytes of it."""
        if self._left is None:
            return False
        self._left -= size
        if self._left < 0:
            self._transport.abort()
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
