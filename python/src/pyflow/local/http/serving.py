"""Serving the app on a socket, with uvicorn's protocol and config but on our own loop and to our own end."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Mapping
from typing import cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from pyflow.local.http.app import Answering, App
from pyflow.local.http.bounds import Bounds
from pyflow.local.http.credentials import Secret
from pyflow.local.http.guard import Guard
from pyflow.local.http.patience import Patience
from pyflow.local.http.protocol import Protocol
from pyflow.local.http.refusals import Refusals
from pyflow.local.http.signature import Verifier
from pyflow.local.http.tally import Tally
from pyflow.local.running.running import Running
from pyflow.local.wire.wire import Wire

KEEP_ALIVE_SECONDS = 3600
"""Idle connections cost little, and a client that finds its own closed may send a call twice."""


class Server:
    """Serves a service on a socket until it is closed.

    call: what answers calls, as Running.call does.
    secrets: whose signatures are let in; None: any. guard: whose requests.
    """

    def __init__(
        self,
        call: Answering,
        running: Running,
        guard: Guard,
        bounds: Bounds,
        secrets: Mapping[str, Secret] | None,
    ) -> None:
        self._running = running
        self._bounds = bounds
        self._refusals = Refusals(Tally())
        self._patience = Patience(bounds.seconds)
        self._state = ServerState()
        verifier = None if secrets is None else Verifier(secrets)
        app = App(
            call,
            running,
            Wire(),
            guard,
            bounds,
            self._refusals,
            verifier,
            lambda: len(self._state.connections),
        )
        self._config = Config(
            app,
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level=logging.ERROR,  # what it warns of is refused, and said so by us
            access_log=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        self._config.load()

    async def open(self, listening: socket.socket) -> None:
        """Begin to take connections."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, sock=listening, backlog=2048)

    def _protocol(self) -> Protocol:
        return Protocol(
            config=self._config,
            server_state=self._state,
            app_state={},
            arrivals=self._running.arrivals,
            bounds=self._bounds,
            patience=self._patience,
            refusals=self._refusals,
        )

    async def close(self) -> None:
        """Take no more; let the calls that are being answered finish, which must be soon."""
        self._server.close()
        self._patience.close()
        for connection in list(self._state.connections):
            connection.shutdown()
        if self._state.tasks:
            await asyncio.wait(list(self._state.tasks), timeout=1.0)
        for connection in list(self._state.connections):
            cast(Protocol, connection).end()
