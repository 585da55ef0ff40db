"""What keeps SWF from answering for a while: waited out, and said once rather than at every try."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from pyflow.swf.expiry import is_expired
from pyflow.swf.faults import code_of, is_transient, message_of

logger = logging.getLogger("pyflow")

AGAIN = 60.0  # seconds without it after which a trouble is news again
WORTH_A_LINE = 5.0  # seconds


def passes(error: BaseException) -> bool:
    """Whether the same call may succeed later: what is transient, and credentials that have expired."""
    return is_transient(error) or is_expired(error)


class Outage:
    """The troubles that all threads of a decider meet. clock: seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._met: dict[str, float] = {}  # what, and when it was met last
        self._since: float | None = None

    def met(self, error: BaseException) -> None:
        """Logs an error that passes: as a warning when it begins, for debugging while it lasts."""
        what = code_of(error) or type(error).__name__
        with self._lock:
            now = self._clock()
            known = now - self._met.get(what, float("-inf")) < AGAIN
            self._met[what] = now
            if self._since is None:
                self._since = now
        logger.log(
            logging.DEBUG if known else logging.WARNING, "%s; trying again until it passes", message_of(error)
        )

    def passed(self) -> None:
        """A call succeeded."""
        if self._since is None:
            return
        with self._lock:
            since, self._since = self._since, None
            seconds = 0.0 if since is None else self._clock() - since
        if seconds >= WORTH_A_LINE:
            logger.info("SWF answers again, after %.0f s", seconds)
