"""When a clock that skips idle time jumps: once everybody who is there has nothing left to do but wait for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyflow.local.engine.due import soonest
from pyflow.local.engine.fault import Fault
from pyflow.local.engine.run import Kind
from pyflow.local.engine.tasks import ACTIVITY, DECISION, waiting
from pyflow.local.running.presence import Presence
from pyflow.local.service.clock import VirtualClock
from pyflow.local.service.queues import Poll
from pyflow.local.service.started import is_started, started
from pyflow.local.service.tokens import ACTIVITY as ACTIVITY_TOKEN
from pyflow.local.service.tokens import DECISION as DECISION_TOKEN
from pyflow.local.service.tokens import TaskToken
from pyflow.local.wire.wire import Call

if TYPE_CHECKING:
    from pyflow.local.running.running import Running

PAUSE = 0.05
"""Seconds by the machine's clock in which nothing is asked, before time is skipped."""

POLLED = {"PollForActivityTask": ACTIVITY, "PollForDecisionTask": DECISION}
TOKENS = {ACTIVITY: ACTIVITY_TOKEN, DECISION: DECISION_TOKEN}

logger = logging.getLogger("pyflow.local")


class Jumping:
    """Watches a running service, and lets its clock jump to the next deadline.

    That happens only while some client is there, nothing was asked for a moment, no function is being called, no
    task waits for a poller that is there, and no started task's worker is there; and never to the timeout of an
    execution for whose tasks a poller may still come. A look that finds a reason to stay is not repeated before
    something has happened.
    """

    def __init__(self, running: Running, clock: VirtualClock) -> None:
        self._running = running
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._presence = Presence()
        self._serving = 0
        self._stirred_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._recall()

    def _recall(self) -> None:
        """Go on from what the store holds: no earlier than what has happened, and with the tasks that are taken."""
        service = self._running.service
        self._clock.set(service.store.latest_close())
        for key in service.store.open_runs():
            run = service.runs.get(key)
            assert run is not None
            self._clock.set(run.last_time)
            for task, identity in started(service, run):
                self._presence.recalled(identity, task)
            service.runs.trim()

    # what is asked

    @contextmanager
    def serving(
        self, call: Call, client: Callable[[], bool], gone: list[Callable[[], None]]
    ) -> Iterator[None]:
        """The length of a call. client: the same for all calls over one connection."""
        task = self._hear(call, client)
        gone.append(lambda: self._left(client))
        self._serving += 1
        try:
            yield
            if task is not None and call.operation.startswith("Respond"):
                self._presence.ended(task)
        finally:
            self._serving -= 1
            if not client():  # it may have gone before it could be told
                self._presence.left(client)
            self.stir()

    def _hear(self, call: Call, client: Callable[[], bool]) -> TaskToken | None:
        """Remember what a call tells about its client: the task it names, if it names one."""
        request, kind = call.request, POLLED.get(call.operation)
        self._presence.asked(client)
        if kind is not None:
            place = (kind, request["domain"], request["taskList"]["name"])
            self._presence.polled(client, request.get("identity"), place)
        if "taskToken" not in request:
            return None
        decided = call.operation == "RespondDecisionTaskCompleted"
        try:
            tokens = self._running.service.tokens
            task = tokens.read_task(request["taskToken"], DECISION_TOKEN if decided else ACTIVITY_TOKEN)
        except Fault:
            return None
        self._presence.spoke(client, task)
        return task

    def took(self, client: Callable[[], bool], poll: Poll) -> None:
        """A poll has come to a task."""
        if poll.given is not None and poll.place is not None:
            kind, given = TOKENS[poll.place[0]], poll.given
            task = TaskToken(kind, given.run, given.scheduled_id, given.started_id)
            self._presence.took(client, poll.identity, task)

    def _left(self, client: Callable[[], bool]) -> None:
        self._presence.left(client)
        self.stir()

    # when to jump

    def stir(self) -> None:
        """Something has happened: look again once nothing more has for a while."""
        self._stirred_at = self._loop.time()
        if self._timer is None:
            self._timer = self._loop.call_later(PAUSE, self._look)

    def stop(self) -> None:
        """Jump no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        self._timer = None
        rest = self._stirred_at + PAUSE - self._loop.time()
        if rest > 0:
            self._timer = self._loop.call_later(rest, self._look)
            return
        try:
            if self._all_wait() and self._may_come():
                self._running.jump(self._clock)
        except Exception:
            logger.exception("could not skip to the next deadline")

    def _all_wait(self) -> bool:
        """Whether time is all that anybody who is there can be waiting for."""
        running, service, presence = self._running, self._running.service, self._presence
        if presence.nobody or self._serving > running.polls_held:
            return False
        if running.arrivals.count > 0 or running.invoking:
            return False
        if any(service.count_waiting(*place) for place in presence.places()):
            return False
        for task in presence.at_work():
            if is_started(service, task):
                return False
            presence.ended(task)
        return True

    def _may_come(self) -> bool:
        """Whether there is a next deadline, and it ends no execution that others could still go on with."""
        service = self._running.service
        at = service.store.next_due()
        key = None if at is None else service.store.first_due(at)
        run = None if key is None else service.runs.get(key)
        deadline = None if run is None else soonest(run)
        if run is None or deadline is None:
            return False
        return deadline.kind != Kind.EXECUTION or not any(waiting(run))
