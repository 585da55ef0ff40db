"""Everything together: a socket, a store, a loop; until a signal or somebody else says stop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pyflow.local.chaos.calls import Chaos
from pyflow.local.chaos.plan import Plan
from pyflow.local.http.address import names_of
from pyflow.local.http.app import Answering
from pyflow.local.http.bounds import Bounds, connections_allowed
from pyflow.local.http.credentials import Secret
from pyflow.local.http.guard import Guard
from pyflow.local.http.serving import Server
from pyflow.local.lambdas import Functions
from pyflow.local.operations import create_domains
from pyflow.local.running.running import POLL_SECONDS, Running
from pyflow.local.service.clock import Clock, DrivenClock, WallClock
from pyflow.local.service.service import Service
from pyflow.local.service.throttle import Throttle
from pyflow.local.storage.damage import told
from pyflow.local.storage.opening import Durability
from pyflow.local.storage.store import Store


@dataclass
class Settings:
    """What a server is started with.

    functions: made on the loop, since they may start processes there. allow_remote: whether other machines may ask.
    secrets: whose signatures are let in, by access key id; None: any that look like one.
    around: puts something before the calls that come over HTTP, to watch them or to be in their way.
    """

    host: str = "127.0.0.1"
    port: int = 0
    database: str = ":memory:"
    domains: Sequence[str] = ()
    poll_seconds: float = POLL_SECONDS
    clock: Clock = field(default_factory=WallClock)
    functions: Callable[[], Functions | None] = lambda: None
    profile: str = "open"
    chaos: Plan | None = None
    durability: Durability = "normal"
    allow_remote: bool = False
    secrets: Mapping[str, Secret] | None = None
    bounds: Bounds = field(default_factory=lambda: Bounds(connections=connections_allowed()))
    around: Callable[[Answering], Answering] = lambda call: call


PROFILES: dict[str, Callable[[], Throttle | None]] = {"open": lambda: None, "aws": Throttle}
"""What a server is asked for: all that the machine can do, or as often as AWS lets an account ask."""


async def serve(
    settings: Settings, sock: socket.socket, store: Store, ready: Callable[[Running, asyncio.Event], None]
) -> None:
    """Serve until the event that `ready` is given is set; then polls are answered empty, and all is saved.

    Raises StoreFailed where the database can't be used any longer.
    """
    with told(store.path), contextlib.closing(store), sock:
        service = Service(store, settings.clock, PROFILES[settings.profile]())
        create_domains(service, settings.domains)
        ticks = not isinstance(settings.clock, DrivenClock)
        running = Running(service, settings.functions(), poll_seconds=settings.poll_seconds, ticks=ticks)
        call = running.call if settings.chaos is None else Chaos(running, settings.chaos).call
        guard = Guard(names_of(settings.host) if settings.allow_remote else None)
        server = Server(settings.around(call), running, guard, settings.bounds, settings.secrets)
        await server.open(sock)
        stop = asyncio.Event()
        running.failed.add_done_callback(lambda _: stop.set())
        try:
            ready(running, stop)
            await stop.wait()
        finally:
            await running.stop()
            await server.close()
        if running.failed.done():
            raise running.failed.result()
