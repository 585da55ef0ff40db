"""What a running activity can ask and say: who it is, heartbeats, whether to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pyflow.declare.typed import untyped
from pyflow.errors import PayloadEncodeError, PyflowException
from pyflow.worker.activities.cancellation import Cancellation, Reason

if TYPE_CHECKING:
    from pyflow.swf.activity_client import ActivityTask

    LoggerAdapter = logging.LoggerAdapter[logging.Logger]
else:
    LoggerAdapter = logging.LoggerAdapter

Interceptor = Callable[["ActivityContext", Callable[[], Any]], Any]
"""Wraps the call of an activity: `proceed()` goes on to it, and what the interceptor returns is the result."""

_logger = logging.getLogger("pyflow.activity")
_current: ContextVar[ActivityContext] = ContextVar("pyflow_activity")


@dataclass(frozen=True)
class ActivityInfo:
    """Which task this is. headers: those of its input's envelope, such as `traceparent`; mostly none.

    started_event_id: of the ActivityTaskStarted in the history; 0 where nobody says.
    """

    task_token: str
    activity_id: str
    name: str
    version: str
    workflow_id: str
    run_id: str
    domain: str
    task_list: str
    headers: Mapping[str, Any] = field(default_factory=dict)
    started_event_id: int = 0

    @classmethod
    def of(
        cls, task: ActivityTask, domain: str, task_list: str, headers: Mapping[str, Any] | None = None
    ) -> ActivityInfo:
        """That of a task; without headers where its input has not been read."""
        return cls(
            task_token=task.token,
            activity_id=task.activity_id,
            name=task.name,
            version=task.version,
            workflow_id=task.workflow_id,
            run_id=task.run_id,
            domain=domain,
            task_list=task_list,
            headers=headers or {},
            started_event_id=task.started_event_id,
        )

    @property
    def ids(self) -> dict[str, str]:
        """Which task this is, by the keys of structured logs."""
        return {
            "workflow_id": self.workflow_id,
            "run_id": self.run_id,
            "activity_id": self.activity_id,
            "activity": self.name,
            "version": self.version,
            "task_list": self.task_list,
        }

    @property
    def attempt(self) -> int:
        """Which try this is, from 1; known only where the decider says so, else 1."""
        attempt = self.headers.get("attempt")
        return attempt if isinstance(attempt, int) else 1

    @property
    def last_heartbeat(self) -> Any:
        """Details of the last heartbeat of the attempt before, to go on from there; None without."""
        return self.headers.get("last_heartbeat")


class ActivityContext:
    """Of one running activity; any thread that works for it may use it.

    beat: what takes the details of a heartbeat; it never blocks.
    """

    def __init__(self, info: ActivityInfo, cancellation: Cancellation, beat: Callable[[Any], None]) -> None:
        self.info = info
        self.logger = _ActivityLogger(_logger, {"activity_info": info})
        self._cancellation = cancellation
        self._beat = beat
        self._deferred = False

    @property
    def attempt(self) -> int:
        """Which try this is, from 1, where the decider says so; else 1."""
        return self.info.attempt

    @property
    def last_heartbeat(self) -> Any:
        """Details of the last heartbeat of the attempt before, to go on from there; None without."""
        return self.info.last_heartbeat

    def heartbeat(self, details: Any = None) -> None:
        """Says that the activity is alive, and how far; sent at once, or when the rhythm allows, newest details only.

        details: any value of the contract, or a dataclass or model of such, small: SWF takes 2,048 characters, longer
        ones are dropped with a warning.
        Raises ActivityCanceled once the activity should stop; PayloadEncodeError for details outside the contract.
        """
        self.check()
        try:
            self._beat(details)
        except PayloadEncodeError:
            self._beat(untyped(details))
        self.check()

    @property
    def canceled(self) -> bool:
        """Whether the activity should stop."""
        return self._cancellation.reason is not None

    @property
    def reason(self) -> Reason | None:
        """Why it should stop: `requested`, `gone`, `heartbeat_lost` or `worker_shutdown`."""
        return self._cancellation.reason

    def check(self) -> None:
        """Raises ActivityCanceled once the activity should stop."""
        self._cancellation.check()

    def wait(self, seconds: float) -> None:
        """Sleeps that long, but returns early by raising ActivityCanceled."""
        self._cancellation.wait(seconds)
        self.check()

    def complete_later(self) -> str:
        """Leaves the answer to whoever has the task token, which this returns; see `pyflow.ActivityCompletion`.

        What the activity returns is then of no account, and its slot is free; what it raises fails the task as ever.
        No heartbeats are sent after it returned: whoever has the token sends them, if the type has a timeout of them.
        """
        self._deferred = True
        return self.info.task_token

    @property
    def deferred(self) -> bool:
        """Whether `complete_later` was called."""
        return self._deferred


class _ActivityLogger(LoggerAdapter):
    """Puts the activity in front of each line, and its info into the record as `activity_info`."""

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        info = (self.extra or {})["activity_info"]
        assert isinstance(info, ActivityInfo)
        where = f"{info.activity_id} ({info.name} {info.version}) of {info.workflow_id}"
        if args:  # only then does logging read per cent signs
            where = where.replace("%", "%%")
        kwargs["stacklevel"] = kwargs.get("stacklevel", 1) + 1
        kwargs["extra"] = {**(self.extra or {}), "about": info.ids, **(kwargs.get("extra") or {})}
        self.logger.log(level, f"{where}: {msg}", *args, **kwargs)


def current_activity() -> ActivityContext:
    """The context of the activity that runs here; PyflowException where none does.

    A thread that an activity starts has none, unless it runs in a copy of the activity's `contextvars`.
    """
    try:
        return _current.get()
    except LookupError:
        raise PyflowException(
            "no activity is running here: a worker sets the context,"
            " in tests pyflow.testing.ActivityEnvironment does"
        ) from None


@contextmanager
def running(context: ActivityContext) -> Iterator[None]:
    """Makes it the current activity of this thread."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)
