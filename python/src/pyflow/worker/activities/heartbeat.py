"""The heartbeats of a worker: one thread decides what is due, a few threads send it.

The deciding thread never waits for SWF, so that a call that hangs can't hide another task's deadline.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Literal

from pyflow.swf.faults import UNKNOWN_RESOURCE, code_of, message_of
from pyflow.worker.activities.beat import Beat
from pyflow.worker.activities.cancellation import Cancellation

logger = logging.getLogger("pyflow.worker")

NEVER = float("inf")


class Heartbeats:
    """Keeps the tasks of one worker, and tells their activities when to stop.

    send: the SWF call, (task token, details) -> whether the decider asked to cancel; clock: seconds, never set back;
    hand: runs a call in another thread (a test runs it at once); counted: told what became of each heartbeat.
    """

    def __init__(
        self,
        send: Callable[[str, str | None], bool],
        *,
        hand: Callable[[Callable[[], None]], None],
        clock: Callable[[], float] = time.monotonic,
        counted: Callable[[Literal["sent", "failed"]], None] = lambda outcome: None,
    ) -> None:
        self._send = send
        self._counted = counted
        self._clock = clock
        self._hand = hand
        self._beats: dict[str, Beat] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._wakes_at = NEVER
        self._stopped = False

    def begin(
        self,
        token: str,
        what: str,
        *,
        timeout: float | None,
        auto: bool,
        cancellation: Cancellation,
        about: Mapping[str, str] | None = None,
    ) -> Beat:
        """Keeps a task from now on, with the meaning of `Beat`'s arguments."""
        with self._changed:
            beat = Beat(
                token,
                what,
                timeout=timeout,
                auto=auto,
                cancellation=cancellation,
                now=self._clock(),
                about=about,
            )
            self._beats[token] = beat
            self._wake_for(beat)
            return beat

    def tell(self, beat: Beat, details: str | None) -> None:
        """A heartbeat of the activity's own, already encoded."""
        with self._changed:
            beat.tell(details)
            self._wake_for(beat)

    def end(self, beat: Beat) -> None:
        """Keeps the task no longer; a heartbeat under way has no effect any more."""
        with self._changed:
            self._beats.pop(beat.token, None)

    def start(self) -> None:
        """Starts the deciding thread, once; without it nothing is sent until `tick` is called."""
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="pyflow-heartbeats", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Ends the deciding thread; a call under way is not waited for."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def tick(self) -> float:
        """Sends what is due and gives up what is lost; the time to look again, NEVER until something changes."""
        with self._changed:
            now = self._clock()
            for beat in list(self._beats.values()):
                if _reached(beat.lost(), now):
                    self._lose(beat)
                elif _reached(beat.due(), now):
                    self._try(beat, now)
            times = [
                time
                for beat in self._beats.values()
                for time in (beat.due(), beat.lost())
                if time is not None
            ]
            self._wakes_at = min(times, default=NEVER)
            return self._wakes_at

    def _run(self) -> None:
        while True:
            wake = self.tick()
            with self._changed:
                if self._stopped:
                    return
                if self._wakes_at == wake:  # else something changed since tick let go of the lock
                    self._changed.wait(None if wake == NEVER else max(0.0, wake - self._clock()))

    def _wake_for(self, beat: Beat) -> None:
        due = beat.due()
        if due is not None and due < self._wakes_at:
            self._wakes_at = due
            self._changed.notify()

    def _lose(self, beat: Beat) -> None:
        del self._beats[beat.token]
        if beat.cancellation.cancel("heartbeat_lost"):
            logger.error(
                "no heartbeat of %s arrived for %s s: its activity is told to stop",
                beat.what,
                beat.timeout,
                extra={"about": beat.about},
            )

    def _try(self, beat: Beat, now: float) -> None:
        beat.trying(now)
        details = beat.details
        self._hand(lambda: self._deliver(beat, details))

    def _deliver(self, beat: Beat, details: str | None) -> None:
        try:
            requested = self._send(beat.token, details)
        except Exception as error:
            self._counted("failed")
            self._failed(beat, error)
            return
        self._counted("sent")
        with self._changed:
            beat.arrived()
            self._wake_for(beat)
        if requested:
            beat.cancellation.cancel("requested")

    def _failed(self, beat: Beat, error: Exception) -> None:
        with self._changed:
            beat.failed()
            if beat.token not in self._beats:  # answered meanwhile: whatever this heartbeat found is no news
                return
            if code_of(error) != UNKNOWN_RESOURCE:
                logger.warning(
                    "a heartbeat of %s did not arrive: %s",
                    beat.what,
                    message_of(error),
                    extra={"about": beat.about},
                )
                self._wake_for(beat)
                return
            del self._beats[beat.token]
        if beat.cancellation.cancel("gone"):
            logger.warning(
                "SWF gave %s up, its activity is told to stop: %s",
                beat.what,
                message_of(error),
                extra={"about": beat.about},
            )


def _reached(time: float | None, now: float) -> bool:
    return time is not None and time <= now
