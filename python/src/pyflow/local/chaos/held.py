"""Signals that are held back until their run is being decided, so that they race its close."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pyflow.local.service.service import Service

HELD_SECONDS = 0.5
"""At most: less than a server that ends waits for its last answers."""


class HeldSignals:
    """The signals of a service that are held back."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._held: dict[asyncio.Future[None], tuple[str, str]] = {}

    async def hold(self, domain: str, workflow_id: str, tell: Callable[[], None]) -> None:
        """Return once a decision task of the open run is started, or it has closed, or it took too long.

        tell: called first, unless there is no open run to wait for.
        """
        if self._service.runs.open(domain, workflow_id) is None:
            return
        tell()
        if self._may_go(domain, workflow_id):
            return
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[None] = loop.create_future()
        self._held[waiting] = (domain, workflow_id)
        timer = loop.call_later(HELD_SECONDS, _let_go, waiting)
        try:
            await waiting
        finally:
            timer.cancel()
            del self._held[waiting]

    def release(self) -> None:
        """Let go those whose time has come; they act before a decider can have read of its task."""
        for waiting, execution in self._held.items():
            if self._may_go(*execution):
                _let_go(waiting)

    def _may_go(self, domain: str, workflow_id: str) -> bool:
        run = self._service.runs.open(domain, workflow_id)
        return run is None or run.deciding is not None


def _let_go(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
