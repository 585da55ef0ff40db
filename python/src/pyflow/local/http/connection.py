"""What the app knows of a client's connection: whether the client is still there, and what it just sent."""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable

from pyflow.local.running.running import Arrivals


class Connection:
    """A client's connection, as the app sees it."""

    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals
        self.arrived = False
        """Whether the request to be worked on next is there, whole."""
        self.transport: asyncio.Transport | None = None
        self.gone: list[Callable[[], None]] = []
        """What to call once the client has gone."""

    def arrive(self) -> None:
        """A request is there, whole."""
        if not self.arrived:
            self.arrived = True
            self._arrivals.count += 1

    def begin(self) -> None:
        """Work on a request begins, or never will."""
        if self.arrived:
            self.arrived = False
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
