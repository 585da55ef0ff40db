"""Says where a workflow blocks the thread that owns the fibers: it waits for something other than a future."""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback

from pyflow.swf.decision_client import DecisionTask
from pyflow.worker.decisions.deciding import ids_of, name_of

logger = logging.getLogger("pyflow")


class Watchdog:
    """Warns once for each decision that takes longer than `seconds`, with the stack; it ends nothing.

    It looks every half of that time while there are decisions, and sleeps while there are none.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._watched: tuple[DecisionTask, float] | None = None
        self._warned: object = None
        self._awake = threading.Event()
        self._over = threading.Event()

    def start(self) -> None:
        """Watches decisions that the calling thread makes from now on."""
        self._over = threading.Event()
        watching = (threading.get_ident(), self._over)
        threading.Thread(
            target=self._watch, args=watching, name="pyflow-decider-watchdog", daemon=True
        ).start()

    def end(self) -> None:
        """Watches no more."""
        self._over.set()
        self._awake.set()

    def begins(self, task: DecisionTask) -> None:
        """A decision begins."""
        self._watched = (task, time.monotonic())
        if not self._awake.is_set():
            self._awake.set()

    def ends(self) -> None:
        """It has ended."""
        self._watched = None

    @property
    def blocked(self) -> bool:
        """Whether a decision has been taking too long."""
        watched = self._watched
        return watched is not None and time.monotonic() - watched[1] > self._seconds

    def _watch(self, thread: int, over: threading.Event) -> None:
        while not over.is_set():
            self._awake.wait()
            if self._watched is None:
                self._awake.clear()
            over.wait(self._seconds / 2)
            self._look(thread)

    def _look(self, thread: int) -> None:
        watched = self._watched
        if watched is None or watched is self._warned or not self.blocked:
            return
        frame = sys._current_frames().get(thread)
        stack = "".join(traceback.format_stack(frame)) if frame is not None else ""
        if self._watched is watched:  # else it has just ended, and the stack is another's
            self._warned = watched
            logger.warning(
                "%s has blocked the decider for %.0f s: workflow code must wait for futures alone. It is at\n%s",
                name_of(watched[0]),
                time.monotonic() - watched[1],
                stack,
                extra={"about": ids_of(watched[0])},
            )
