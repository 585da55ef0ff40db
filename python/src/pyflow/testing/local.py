"""The local SWF in a test: a server in a thread of this process, its clock in the test's hands."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal, TypeVar

from pyflow.local.chaos.plan import Plan
from pyflow.local.http.address import listening, url_of
from pyflow.local.lambdas import Command, Functions, HostedFunctions, Limits
from pyflow.local.running.running import Running
from pyflow.local.server import Settings, serve
from pyflow.local.service.clock import CLOCKS, DrivenClock
from pyflow.local.service.service import Service
from pyflow.local.storage.opening import Durability
from pyflow.local.storage.store import Store
from pyflow.testing import clients
from pyflow.testing.driven import START, Driven

T = TypeVar("T")


class LocalSWF(Driven):
    """A running server. endpoint_url: where; domain: one that exists."""

    def __init__(
        self, endpoint_url: str, domain: str, running: Running, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.endpoint_url = endpoint_url
        self.domain = domain
        self._running = running
        self._loop = loop

    def client(self, **options: Any) -> Any:
        """A boto3 SWF client for it; options go to `boto3.client` and win over these."""
        return clients.client(**{"endpoint_url": self.endpoint_url, **options})

    def do(self, action: Callable[[Service], T]) -> T:
        """Do something with the service on its own thread, and wait until it is durable."""

        async def act() -> T:
            result = self._running.do(action)
            await self._running.durable()
            return result

        return asyncio.run_coroutine_threadsafe(act(), self._loop).result()


@contextmanager
def local_swf(
    *,
    domain: str = "test",
    clock: Literal["driven", "real", "virtual"] = "driven",
    start: datetime = START,
    database: str = ":memory:",
    durability: Durability = "normal",
    port: int = 0,
    poll_seconds: float = 60.0,
    functions: Mapping[str, str | Command] | None = None,
    lambda_concurrency: int = 4,
    lambda_limits: Mapping[str, Limits] | None = None,
    profile: Literal["open", "aws"] = "open",
    chaos: str | None = None,
) -> Iterator[LocalSWF]:
    """The local SWF for the length of a `with`, on a port of its own.

    clock: `driven` stands still at `start` until `advance` moves it; `real` is the machine's, and `virtual` is too, but
    skips by itself the time in which everybody waits.
    durability: what a database that is a file survives: `normal`, the end of the process; `full`, a power cut too.
    poll_seconds: how long an empty poll is held, always by the machine's clock.
    functions: Lambda functions to host, name -> `module:function`, or a Command of any other language.
    lambda_limits: memory and time of a function, by its name, where the defaults are too much or too little.
    profile: `aws` throttles as AWS does an account, by the server's clock.
    chaos: `SEED` or `SEED:PROFILE`, as `42:throttle`: the calls that come over HTTP meet faults, the same for the same seed.
    Raises what stops the command too: StoreRefused, AddressRefused, HostingError, PlanRefused.
    """

    def host() -> Functions | None:
        if not functions:
            return None
        return HostedFunctions(functions, concurrency=lambda_concurrency, limits=lambda_limits)

    settings = Settings(
        port=port,
        database=database,
        durability=durability,
        domains=(domain,),
        poll_seconds=poll_seconds,
        clock=DrivenClock(start) if clock == "driven" else CLOCKS[clock](),
        functions=host,
        profile=profile,
        chaos=None if chaos is None else Plan.read(chaos),
    )
    with serving(settings) as swf:
        yield swf


@contextmanager
def serving(settings: Settings) -> Iterator[LocalSWF]:
    """The same with settings of the server, of which `domains` has at least one."""
    sock = listening(settings.host, settings.port, allow_remote=settings.allow_remote)
    store = Store(settings.database, settings.durability)
    started: Future[tuple[Running, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    def ready(running: Running, stop: asyncio.Event) -> None:
        started.set_result((running, asyncio.get_running_loop(), stop))

    def run() -> None:
        try:
            asyncio.run(serve(settings, sock, store, ready))
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)

    thread = threading.Thread(target=run, name="local SWF", daemon=True)
    thread.start()
    running, loop, stop = started.result()
    try:
        yield LocalSWF(url_of(sock), settings.domains[0], running, loop)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
