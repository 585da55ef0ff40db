"""One process's side of the Lambda Runtime API: what it is handed next, and what it answered.

No HTTP and no process here. A process has at most one invocation at a time.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from pyflow.local.lambdas.documents import timed_out, too_large


@dataclass(frozen=True)
class Returned:
    """The function's answer, as posted: nobody has looked yet whether it is JSON."""

    body: bytes


@dataclass(frozen=True)
class Raised:
    """An error document, as posted."""

    body: bytes


@dataclass(frozen=True)
class Exited:
    """The process ended without an answer.

    status: as subprocess has it; taken: whether the process had seen the event.
    """

    status: int
    taken: bool


@dataclass
class Invocation:
    """One event on its way through a process.

    deadline: on the wall clock, when whoever asked for it gives it up; seconds: what the function itself may take.
    """

    request_id: str
    event: bytes
    headers: dict[str, str]
    deadline: float
    seconds: float
    answer: asyncio.Future[Returned | Raised] = field(repr=False)
    _taken_at: float | None = None

    def take(self) -> None:
        """The process has the event: its time begins, and it is told when that is over."""
        if self._taken_at is None:
            self._taken_at = time.monotonic()
            end = min(self.deadline, time.time() + self.seconds)
            self.headers["Lambda-Runtime-Deadline-Ms"] = str(int(end * 1000))

    @property
    def taken(self) -> bool:
        """Whether the process has seen the event."""
        return self._taken_at is not None

    @property
    def seconds_left(self) -> float:
        """Of the function's own time; all of it until the event is taken, for a start costs none of it."""
        gone = 0.0 if self._taken_at is None else time.monotonic() - self._taken_at
        return self.seconds - gone

    def settle(self, answer: Returned | Raised) -> None:
        """Take the first answer; the invocation may have been given up meanwhile."""
        if not self.answer.done():
            self.answer.set_result(answer)


class Conversation:
    """What a process and its host have to say to each other."""

    def __init__(self) -> None:
        self._current: Invocation | None = None
        self._ready = asyncio.Event()
        self.spent = False
        """Whether the process is about to end: it could not start, took too long, or lost an answer too large."""

    def offer(self, invocation: Invocation) -> None:
        """Have this ready for the process's next `next`; the one before must have been settled."""
        self._current = invocation
        self._ready.set()

    async def next(self) -> Invocation:
        """Wait for an invocation that is not answered.

        A process that asks again has not got it (it hung up before it was told): it gets the same one.
        """
        await self._ready.wait()
        assert self._current is not None
        return self._current

    def respond(self, request_id: str, body: bytes) -> bool:
        """Take the answer; False if the process doesn't hold that invocation."""
        return self._settle(request_id, Returned(body))

    def fail(self, request_id: str, body: bytes) -> bool:
        """Take the error document; False if the process doesn't hold that invocation."""
        return self._settle(request_id, Raised(body))

    def overflow(self, request_id: str, size: int) -> bool:
        """An answer of so many bytes was refused; a runtime client ends over that."""
        self.spent = True
        return self._settle(request_id, Raised(too_large(size).encode()))

    def expire(self) -> None:
        """The function's own time is over, with the invocation that the process has."""
        self.spent = True
        if self._current is not None:
            document = timed_out(self._current.request_id, self._current.seconds)
            self._settle(self._current.request_id, Raised(document.encode()))

    def fail_start(self, body: bytes) -> None:
        """The process could not load its handler: it answers with this document, and ends."""
        self.spent = True
        if self._current is not None:
            self._current.settle(Raised(body))

    def _settle(self, request_id: str, answer: Returned | Raised) -> bool:
        if not self._ready.is_set() or self._current is None or request_id != self._current.request_id:
            return False
        self._ready.clear()
        self._current.settle(answer)
        return True
