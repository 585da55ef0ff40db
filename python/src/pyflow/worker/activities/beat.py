"""The rhythm of one task's heartbeats: when the next is due, when the task is lost. No clock here."""

from __future__ import annotations

from collections.abc import Mapping

from pyflow.worker.activities.cancellation import Cancellation

SHARE = 0.4  # of the heartbeat timeout: two tries fit before it is over
SHORTEST, LONGEST, UNKNOWN = 0.2, 30.0, 10.0  # seconds between two heartbeats of a task


def interval_for(heartbeat_timeout: float | None) -> float:
    """Seconds between two heartbeats of a task; None where the timeout is not known."""
    if heartbeat_timeout is None:
        return UNKNOWN
    return min(LONGEST, max(SHORTEST, SHARE * heartbeat_timeout))


class Beat:
    """The heartbeats of one task; all times are seconds of one clock.

    token: the task token; what, about: name the task in logs; timeout: its heartbeat timeout, None if unknown or none;
    auto: beat without being told. Not thread-safe: `Heartbeats` holds its lock around every use.
    """

    def __init__(
        self,
        token: str,
        what: str,
        *,
        timeout: float | None,
        auto: bool,
        cancellation: Cancellation,
        now: float,
        about: Mapping[str, str] | None = None,
    ) -> None:
        self.token = token
        self.about = about or {}
        self.what = what
        self.cancellation = cancellation
        self.details: str | None = None
        self.timeout = timeout
        self._auto = auto
        self._interval = interval_for(timeout)
        self._began = now
        self._tried: float | None = None
        self._told = False  # details that no heartbeat has carried
        self._sending = False
        self._confirmed = now  # when SWF last knew that the task is alive
        self._owed_since: float | None = None  # the first try after that, while none has arrived

    def due(self) -> float | None:
        """When to send next: told ones at once and then once an interval; None while there is nothing to send."""
        if self._sending or not (self._auto or self._told):
            return None
        if self._tried is None:
            return self._began if self._told else self._began + self._interval
        return self._tried + self._interval

    def lost(self) -> float | None:
        """When SWF will have given the task up, as far as a worker can know; None while no heartbeat is owed.

        A try that comes later than that is given a timeout of its own: the decider may have set a longer one.
        """
        if self._owed_since is None or self.timeout is None:
            return None
        end = self._confirmed + self.timeout
        return end if self._owed_since < end else self._owed_since + self.timeout

    def tell(self, details: str | None) -> None:
        """New details, in place of any that were not sent yet."""
        self.details = details
        self._told = True

    def trying(self, now: float) -> None:
        """A heartbeat with the newest details is under way."""
        self._tried = now
        self._sending = True
        self._told = False
        if self._owed_since is None:
            self._owed_since = now

    def arrived(self) -> None:
        """SWF took it."""
        assert self._tried is not None
        self._sending = False
        self._confirmed = self._tried
        self._owed_since = None

    def failed(self) -> None:
        """It did not arrive: the same is due again after an interval."""
        self._sending = False
        self._told = True
