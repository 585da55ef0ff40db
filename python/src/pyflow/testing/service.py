"""The local SWF in a test without a server: boto3 clients that reach it by a call."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from pyflow.local.engine.fault import Fault
from pyflow.local.operations import HOLDING, ask, create_domains
from pyflow.local.service.clock import DrivenClock
from pyflow.local.service.queues import Poll
from pyflow.local.service.service import Answer, Service
from pyflow.local.storage.store import Store
from pyflow.local.wire.wire import Call, Reply, Wire, failure, success
from pyflow.testing.clients import unplugged
from pyflow.testing.driven import START, Driven

T = TypeVar("T")


class LocalService(Driven):
    """The service itself, for any number of threads. domain: one that exists."""

    def __init__(self, service: Service, domain: str, poll_seconds: float) -> None:
        self.domain = domain
        self._service = service
        self._poll_seconds = poll_seconds
        self._lock = threading.Lock()
        self._waiting: dict[Poll, threading.Event] = {}
        self._unsaved: list[Poll] = []
        """Polls that were given a task by what is not committed yet."""
        self._ended = False

    def client(self, **options: Any) -> Any:
        """A boto3 SWF client for it, which threads may share; options go to `boto3.client`."""
        return unplugged(self.answer, **options)

    def do(self, action: Callable[[Service], T]) -> T:
        """Do something with the service while no other thread does, all or nothing, and commit."""
        with self._lock:
            if self._ended:
                raise RuntimeError("this local SWF has ended: its clients are of use inside its `with` alone")
            return self._do(action)

    def end(self) -> None:
        """Let polls that wait go empty, and let go of the store."""
        with self._lock:
            self._ended = True
            self._wake_all()
            self._service.store.close()

    def _do(self, action: Callable[[Service], T]) -> T:
        try:
            return self._durably(action)
        except Fault:
            raise
        except BaseException:
            self._undo()
            raise
        finally:
            self._unsaved.clear()

    def _durably(self, action: Callable[[Service], T]) -> T:
        try:
            result = action(self._service)
        except Fault:  # has changed nothing, but what was due before it has happened
            self._service.commit()
            raise
        self._service.commit()
        return result

    def _undo(self) -> None:
        """Nothing since the last commit has happened, and the task lists where polls waited are no more."""
        self._service.abandon()
        for poll in self._unsaved:
            poll.given = None
        self._wake_all()

    def _wake_all(self) -> None:
        for woken in self._waiting.values():
            woken.set()

    # calls

    def answer(self, target: str, body: bytes) -> Reply:
        """Answer one request as it goes over the wire. target: its X-Amz-Target."""
        try:
            call = _wire().read(target, body)
            held = call.operation in HOLDING and not call.request.get("nextPageToken")
            return success(self._poll(call) if held else self._ask(call))
        except Fault as fault:
            return failure(fault)

    def _ask(self, call: Call) -> Answer:
        return self.do(lambda service: ask(service, call.operation, call.request))

    def _poll(self, call: Call) -> Answer:
        hold = HOLDING[call.operation]

        def wake() -> None:
            self._unsaved.append(poll)
            if poll in self._waiting:
                self._waiting[poll].set()

        poll = Poll(call.request.get("identity"), wake)

        def leave(service: Service) -> Answer:
            service.leave(poll)
            return hold.answer(service, call.request, poll, service.begin())

        def join(service: Service) -> tuple[Answer, threading.Event | None]:
            now = service.begin()
            hold.join(service, call.request, poll)
            service.settle(now)
            if poll.given is not None or not self._poll_seconds:
                return leave(service), None
            self._waiting[poll] = threading.Event()
            return None, self._waiting[poll]

        answer, woken = self.do(join)
        if woken is None:
            return answer
        woken.wait(self._poll_seconds)
        with self._lock:
            del self._waiting[poll]
            if self._ended:
                return hold.answer(self._service, call.request, Poll(), 0)
            return self._do(leave)


@cache
def _wire() -> Wire:
    return Wire()


@contextmanager
def local_service(
    *,
    domain: str = "test",
    start: datetime = START,
    database: str = ":memory:",
    poll_seconds: float = 0.0,
) -> Iterator[LocalService]:
    """The local SWF for the length of a `with`, without a server, a socket or a thread of its own.

    Its clock stands still at `start` until `advance` moves it. poll_seconds: how long a poll that finds nothing
    waits, by the machine's clock, for what another thread may bring; at once empty unless told otherwise. Lambda
    tasks wait until they time out: `local_swf(functions=…)` is who runs functions. Raises StoreRefused.
    """
    service = Service(Store(database), DrivenClock(start))
    create_domains(service, [domain])
    swf = LocalService(service, domain, poll_seconds)
    try:
        yield swf
    finally:
        swf.end()
