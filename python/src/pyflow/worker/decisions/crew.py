"""The threads around the one that owns the fibers: they poll, read histories and send answers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TypeAlias

from pyflow.history.event import Event, Run
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.swf.decision_client import DecisionClient, DecisionTask
from pyflow.swf.faults import UNKNOWN_RESOURCE, is_fault, message_of
from pyflow.worker.decisions.answering import Answering
from pyflow.worker.decisions.deciding import Deciding, Reply, ids_of, name_of, with_history
from pyflow.worker.decisions.opening import opened
from pyflow.worker.decisions.outage import Outage, passes
from pyflow.worker.decisions.residence import UNKNOWN
from pyflow.worker.decisions.statistics import DeciderStatistics
from pyflow.worker.decisions.sticky import Sticky
from pyflow.worker.process.about import about
from pyflow.worker.process.backoff import Backoff
from pyflow.worker.process.senders import Senders

logger = logging.getLogger("pyflow")

SENDERS = 4
ROOM = 16  # tasks that are here while every poller polls
SHARED, PRIVATE = "shared", "private"
PATIENCE = 30.0  # seconds after a stop in which what SWF did not take is tried again


@dataclass(frozen=True)
class Offered:
    """A decision task to decide. reason: why its whole history was read."""

    task: DecisionTask
    reason: str = UNKNOWN


@dataclass(frozen=True)
class Lost:
    """An answer that SWF did not surely take."""

    run: Run
    started: int


Item: TypeAlias = Offered | Lost | BaseException | None
"""What the owner of the fibers gets: an error ends it; None only wakes it."""


class DeciderCrew:
    """For one `run` of a decider. inbox: where the owner of the fibers waits.

    At most `room` tasks are in the process, from before a poll to the end of their answer: no poller asks for a task that
    would only lie there while its timeout runs. A poll in flight is never dropped, since SWF may give it a task.
    """

    def __init__(
        self,
        swf: DecisionClient,
        task_list: str,
        deciding: Deciding,
        answering: Answering,
        sticky: Sticky,
        statistics: DeciderStatistics,
        inbox: SimpleQueue[Item],
        *,
        pollers: int,
        private_pollers: int,
        payloads: Payloads = PLAIN,
        room: int = ROOM,
    ) -> None:
        self._swf = swf
        self._deciding = deciding
        self._answering = answering
        self._sticky = sticky
        self._statistics = statistics
        self._inbox = inbox
        self._payloads = payloads
        self._lists = [PRIVATE] * (private_pollers if sticky.on else 0) + [SHARED] * pollers
        self.task_lists = [task_list, *([sticky.task_list] if sticky.on else [])]
        self._room = threading.Semaphore(len(self._lists) + room)
        self._outage = Outage()
        self._senders = Senders(SENDERS, "pyflow-decider-sender")
        self._lock = threading.Lock()
        self._busy = 0  # pollers that are there, and tasks that are not answered yet
        self._quiet = threading.Event()
        self._kept = (
            threading.Event()
        )  # runs are resident, whose tasks come to the list of this decider's own
        self._give_up_at = float("inf")

    def start(self) -> None:
        """Starts the pollers."""
        self._busy = len(self._lists)
        for number, which in enumerate(self._lists):
            name = f"pyflow-decider-{which}-{number}"
            threading.Thread(target=self._poll, args=(which,), name=name, daemon=True).start()

    def poll_no_more(self) -> bool:
        """Polls in flight end by themselves; answers lead back to the ordinary list from now on. Whether that is new."""
        if self._quiet.is_set():
            return False
        self._give_up_at = time.monotonic() + PATIENCE
        self._quiet.set()
        self._kept.set()
        for _ in self._lists:
            self._room.release()
        return True

    def keep(self, runs: int) -> None:
        """So many runs are resident: without one nobody polls for what is new to it."""
        if runs:
            self._kept.set()
        elif not self._quiet.is_set():
            self._kept.clear()

    @property
    def done(self) -> bool:
        """Whether nobody polls any more and every task is answered."""
        return self._busy == 0

    def end(self) -> None:
        """Lets the senders go."""
        self._quiet.set()
        self._kept.set()
        self._senders.end()

    def read(self, task: DecisionTask, reason: str) -> None:
        """Reads the task's whole history, and offers it again."""
        self._senders.put(lambda: self._guarded(lambda: self._offer_whole(task, reason)))

    def answer(self, reply: Reply) -> None:
        """Sends a reply."""
        self._senders.put(lambda: self._guarded(lambda: self._send(reply)))

    # in the pollers' threads

    def _poll(self, which: str) -> None:
        try:
            self._poll_on(which)
        except BaseException as error:
            self._inbox.put(error)
        finally:
            self._leave()

    def _poll_on(self, which: str) -> None:
        private = which == PRIVATE
        task_list = self._sticky.task_list if private else None
        backoff = Backoff()
        while (not private or self._kept.wait()) and self._room.acquire() and not self._quiet.is_set():
            try:
                task = self._swf.poll(task_list, new_only=private)
            except Exception as error:
                self._room.release()
                if private and self._sticky.refused(error):
                    return
                self._wait_for(error, backoff)
                continue
            backoff.succeeded()
            self._outage.passed()
            self._statistics.polled(which)
            if task is None:
                self._room.release()
                continue
            with self._lock:
                self._busy += 1
            if self._deciding.lacks_history(task):
                self._offer_whole(task, UNKNOWN)
            else:
                self._inbox.put(Offered(opened(task, self._payloads)))
            task = None  # its events may be many, the next poll long

    def _wait_for(self, error: Exception, backoff: Backoff) -> None:
        if not passes(error):
            raise error
        self._outage.met(error)
        self._quiet.wait(backoff.failed())

    # in the pollers' or the senders' threads

    def _offer_whole(self, task: DecisionTask, reason: str) -> None:
        events = None
        try:
            with about(ids_of(task)):
                events = self._history(task)
        finally:
            if events is None:
                self._leave(task)
        if events is not None:
            self._inbox.put(Offered(opened(with_history(task, events), self._payloads), reason))

    def _history(self, task: DecisionTask) -> list[Event] | None:
        backoff = Backoff()
        while True:
            try:
                return self._swf.history(task)
            except Exception as error:
                if is_fault(error, UNKNOWN_RESOURCE):
                    logger.info("%s is no longer wanted: %s", name_of(task), message_of(error))
                    return None
                if not passes(error):
                    raise
                if not self._pause(error, backoff.failed()):
                    logger.warning("%s is not answered: %s", name_of(task), message_of(error))
                    return None

    def _send(self, reply: Reply) -> None:
        try:
            with about(ids_of(reply.task)):
                taken = self._answering.send(reply, pause=self._pause, keep=not self._quiet.is_set())
        except BaseException:
            self._lose(reply)
            raise
        if taken:
            self._outage.passed()
            if reply.taken is not None:
                reply.taken()
            self._leave(reply.task)
        else:
            self._lose(reply)

    def _lose(self, reply: Reply) -> None:
        self._statistics.lost()
        self._inbox.put(Lost(reply.task.run, reply.task.started_event_id))
        self._leave(reply.task)

    def _pause(self, error: BaseException, seconds: float) -> bool:
        """Waits, and says whether there is time for another try."""
        self._outage.met(error)
        if time.monotonic() + seconds > self._give_up_at:
            return False
        time.sleep(seconds)  # a stop must not hurry what SWF has asked to be left in peace for
        return True

    def _leave(self, task: DecisionTask | None = None) -> None:
        """A poller leaves, or a task is done with."""
        with self._lock:
            self._busy -= 1
            last = self._busy == 0
        if task is not None:
            self._room.release()
        if last:
            self._inbox.put(None)

    def _guarded(self, call: Callable[[], None]) -> None:
        try:
            call()
        except BaseException as error:
            self._inbox.put(error)
