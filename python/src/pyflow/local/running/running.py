"""The service on an asyncio loop: commits shared by a turn, polls that are held, the alarm, lambda calls.

Everything here runs on the loop's thread, which is the service's one owner.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from pyflow.local.engine.fault import Fault
from pyflow.local.lambdas import Functions
from pyflow.local.operations import HOLDING, OPERATIONS
from pyflow.local.running.invoking import Invoker
from pyflow.local.running.jumping import Jumping
from pyflow.local.running.pace import LONGEST_SLEEP, RETRY
from pyflow.local.running.sweeping import Sweeper
from pyflow.local.service.clock import Settable, VirtualClock
from pyflow.local.service.driving import advance_to_next
from pyflow.local.service.queues import Poll
from pyflow.local.service.service import Answer, Service
from pyflow.local.storage.damage import StoreFailed, damaged, failed
from pyflow.local.wire.wire import Call

POLL_SECONDS = 60.0
"""How long SWF holds a poll that finds nothing."""


def holds(call: Call) -> bool:
    """Whether a call is a long poll: it may be held. A further page of a task is not."""
    return call.operation in HOLDING and not call.request.get("nextPageToken")


T = TypeVar("T")

logger = logging.getLogger("pyflow.local")


class Arrivals:
    """How many requests have been read whole and are not yet at work: they may share a commit."""

    def __init__(self) -> None:
        self.count = 0


class Running:
    """A service that answers calls on the running loop.

    poll_seconds: how long a poll that finds nothing is held, by the wall's clock whatever the service's is.
    ticks: whether the service's clock goes by itself; a driven one is advanced by `driving`. A virtual one jumps.
    """

    def __init__(
        self,
        service: Service,
        functions: Functions | None = None,
        *,
        poll_seconds: float = POLL_SECONDS,
        ticks: bool = True,
    ) -> None:
        self.service = service
        self._loop = asyncio.get_running_loop()
        self._poll_seconds = poll_seconds
        self._ticks = ticks
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at = 0
        self.arrivals = Arrivals()
        self._owed: asyncio.Handle | None = None
        self._commit: asyncio.Future[None] | None = None
        self._held: dict[Poll, asyncio.Future[None]] = {}
        self._stopping = False
        self._sweeper = Sweeper(self, ticks=ticks)
        self.failed: asyncio.Future[StoreFailed] = self._loop.create_future()
        """Done once the database was found to be damaged: nothing is done from then on."""
        clock = service.clock
        self._jumping = Jumping(self, clock) if isinstance(clock, VirtualClock) else None
        self._invoker = Invoker(self, functions)
        service.settle(service.begin())
        self.saved()

    async def call(self, call: Call, alive: Callable[[], bool], gone: list[Callable[[], None]]) -> Answer:
        """Answer one call, once it is durable. Raises Fault.

        alive: whether the client is still there; equal for all calls over one connection. gone: what to call
        should it go, while the call waits or later.
        """
        if self._jumping is None:
            return await self._answer(call, alive, gone)
        with self._jumping.serving(call, alive, gone):
            return await self._answer(call, alive, gone)

    async def _answer(self, call: Call, alive: Callable[[], bool], gone: list[Callable[[], None]]) -> Answer:
        self.service.admit(call.operation)
        if not holds(call):
            answer = self.act(lambda now: OPERATIONS[call.operation](self.service, call.request, now))
        else:
            poll = await self._wait(call, alive, gone)
            hold = HOLDING[call.operation]
            answer = self.act(lambda now: hold.answer(self.service, call.request, poll, now))
        await self.durable()
        return answer

    @property
    def stopping(self) -> bool:
        """Whether the end has begun: polls are not held any more."""
        return self._stopping

    def waiting_polls(self) -> Counter[str]:
        """How many polls are held, by the kind of their tasks."""
        return Counter(poll.place[0] for poll in self._held if poll.place is not None)

    async def _wait(self, call: Call, alive: Callable[[], bool], gone: list[Callable[[], None]]) -> Poll:
        """A poll that was given a task, or has waited its time."""
        waiting: asyncio.Future[None] = self._loop.create_future()

        def stop() -> None:
            if not waiting.done():
                waiting.set_result(None)

        poll = Poll(call.request.get("identity"), stop, alive)
        self.act(lambda now: HOLDING[call.operation].join(self.service, call.request, poll))
        if poll.given is None and alive() and not self._stopping:
            gone.append(stop)
            timer = self._loop.call_later(self._poll_seconds, stop)
            self._held[poll] = waiting
            try:
                await waiting
            finally:
                timer.cancel()
                del self._held[poll]
        self.do(lambda service: service.leave(poll))
        if self._jumping is not None:
            self._jumping.took(alive, poll)
        await self.durable()
        return poll

    @property
    def polls_held(self) -> int:
        """How many polls wait for a task."""
        return sum(not waiting.done() for waiting in self._held.values())

    @property
    def invoking(self) -> bool:
        """Whether a function is being called."""
        return self._invoker.busy

    def do(self, action: Callable[[Service], T]) -> T:
        """Do something with the service, all or nothing; what it changes is saved with this turn of the loop."""
        if self.failed.done():
            raise _broken(self.failed.result())
        try:
            result = action(self.service)
        except Fault:
            self.saved()
            raise
        except sqlite3.Error as error:
            raise self._undone(error) from error
        except BaseException:
            self._undone(RuntimeError("undone with another call of the same turn"))
            raise
        self.saved()
        return result

    def act(self, action: Callable[[int], T]) -> T:
        """Do something at the present time, and all that follows from it."""

        def timed(service: Service) -> T:
            now = service.begin()
            result = action(now)
            service.settle(now)
            return result

        return self.do(timed)

    # one commit for all that a turn of the loop changed

    def saved(self) -> None:
        """See to it that what was changed will be durable, and that the alarm is right."""
        if self._owed is None and self.service.store.dirty:
            self._owed = self._loop.call_soon(self._save)
        self._set_alarm()
        self._sweeper.look()
        self.stir()

    async def durable(self) -> None:
        """Return once everything done so far is durable.

        Requests that came in the same turn of the loop share a commit: the last of them makes it.
        """
        if self._owed is None:
            return
        if self._commit is None:
            self._commit = self._loop.create_future()
        commit = self._commit
        if self.arrivals.count <= 0:
            self._save()
            commit.result()
        else:
            await commit

    def _save(self) -> None:
        if self._owed is None:
            return
        try:
            self.service.commit()
        except Exception as error:
            self._undone(error)
        else:
            commit = self._settled()
            if commit is not None and not commit.done():
                commit.set_result(None)

    def _settled(self) -> asyncio.Future[None] | None:
        """No commit is owed any more; who waits for it, if anybody does."""
        if self._owed is not None:
            self._owed.cancel()
            self._owed = None
        commit, self._commit = self._commit, None
        return commit

    def _undone(self, error: Exception) -> Exception:
        """Nothing since the last commit has happened: fail who waits for that, and let every poll go empty.

        What callers are told. The alarm rings again soon, since what it did may be undone as well.
        """
        try:
            self.service.abandon()
        except sqlite3.Error as worse:
            error = worse
        failure = self._broken(error) if isinstance(error, sqlite3.Error) else error
        commit = self._settled()
        if commit is not None and not commit.done():
            commit.set_exception(failure)
            commit.exception()  # so that asyncio does not complain when nobody waits
        if self._ticks and not self.failed.done():
            self._ring_in(RETRY, 0)
        for poll, waiting in self._held.items():
            poll.given = None
            if not waiting.done():
                waiting.set_result(None)
        return failure

    def _broken(self, error: sqlite3.Error) -> Fault:
        """What to tell callers of an error of the database's; damage is the end, all else may pass."""
        failure = failed(self.service.store.path, error)
        if not damaged(error):
            logger.error("%s", failure)
        elif not self.failed.done():
            self.failed.set_result(failure)
        return _broken(failure)

    # the alarm

    def _set_alarm(self) -> None:
        at = self.service.next_due if self._ticks else None
        if self._alarm is not None:
            if at is not None and self._alarm_at <= at:
                return
            self._alarm.cancel()
            self._alarm = None
        if at is not None:
            seconds = max(0.0, (at - self.service.clock.now()) / 1000)
            self._ring_in(min(seconds, LONGEST_SLEEP), at)

    def _ring_in(self, seconds: float, at: int) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm_at = at
        self._alarm = self._loop.call_later(seconds, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        try:
            self.act(lambda now: None)
        except Fault:
            pass  # the database's, and said already
        except Exception:
            logger.exception("could not act on a deadline")

    def stir(self) -> None:
        """Something has happened; for a clock that jumps, that is a reason to look around."""
        if self._jumping is not None:
            self._jumping.stir()

    def jump(self, clock: Settable) -> None:
        """Move the clock to the next deadline, and act on it."""
        if self._stopping:
            return
        if self._alarm is not None:  # by the machine's clock it would ring too late for what comes next
            self._alarm.cancel()
            self._alarm = None
        self.do(lambda service: advance_to_next(service, clock))

    # the end

    async def stop(self) -> None:
        """Answer every poll that is held, end lambda calls, and save."""
        self._stopping = True
        for waiting in self._held.values():
            if not waiting.done():
                waiting.set_result(None)
        await self._invoker.close()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._jumping is not None:
            self._jumping.stop()
        self._sweeper.close()
        self._save()


def _broken(failure: StoreFailed) -> Fault:
    return Fault("InternalFailure", f"{failure}; nothing of this call has happened")
