"""Everything together: a socket, a store, a loop; until a signal or somebody else says stop."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pyflow.local.chaos.calls import Chaos
from pyflow.local.chaos.plan import Plan
from pyflow.local.http.app import App, Server
from pyflow.local.lambdas import Functions
from pyflow.local.operations import create_domains
from pyflow.local.running.running import POLL_SECONDS, Running
from pyflow.local.service.clock import Clock, DrivenClock, WallClock
from pyflow.local.service.service import Service
from pyflow.local.service.throttle import Throttle
from pyflow.local.storage.damage import told
from pyflow.local.storage.opening import Durability
from pyflow.local.storage.store import Store
from pyflow.local.wire.wire import Wire


class AddressRefused(Exception):
    """The address can't be listened on; the message says why in one sentence."""


@dataclass
class Settings:
    """What a server is started with. functions: made on the loop, since they may start processes there."""

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


PROFILES: dict[str, Callable[[], Throttle | None]] = {"open": lambda: None, "aws": Throttle}
"""What a server is asked for: all that the machine can do, or as often as AWS lets an account ask."""


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens on a loopback address. Raises AddressRefused."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise AddressRefused(f"host {host} has no address: {error.strerror}") from error
    if not ipaddress.ip_address(address[0]).is_loopback:
        raise AddressRefused(
            f"host {host} is not of this machine alone: the local SWF listens on loopback only, "
            "such as 127.0.0.1"
        )
    # with its protocol named: asyncio turns Nagle's algorithm off for no other socket
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(2048)
    except OSError as error:
        sock.close()
        raise AddressRefused(
            f"port {port} of {host} can't be listened on ({error.strerror}): choose another, or --port 0"
        ) from error
    sock.setblocking(False)
    return sock


def url_of(sock: socket.socket) -> str:
    """The endpoint that clients use."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


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
        server = Server(App(call, Wire()), running.arrivals)
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
