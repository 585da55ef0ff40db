"""Running an activity in a test: a context of its own, no worker, no SWF, no time that passes."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

from pyflow import codec
from pyflow.worker.activities.cancellation import Cancellation, Reason
from pyflow.worker.activities.context import ActivityContext, ActivityInfo, running


class ActivityEnvironment:
    """Runs activities as a worker does, in the test's own thread: `ActivityEnvironment().run(charge, order)`.

    info: what the activity hears about itself, over a made-up task. cancel_at_heartbeat: the heartbeat, from 1, that
    finds a cancel request. heartbeats: the details of each so far; waits: the seconds of each `wait`, not waited for.
    """

    def __init__(self, *, cancel_at_heartbeat: int | None = None, **info: Any) -> None:
        self.heartbeats: list[Any] = []
        self.waits: list[float] = []
        self._cancel_at = cancel_at_heartbeat
        self._info = info
        self._cancellation = Untimed(self.waits)

    def cancel(self, reason: Reason = "requested") -> None:
        """The next heartbeat, wait or check raises ActivityCanceled; call it before `run`, or from another thread."""
        self._cancellation.cancel(reason)

    def run(self, activity: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Calls the activity, waits for an `async def` one; returns what it returns, raises what it raises."""
        with running(ActivityContext(self._described(activity), self._cancellation, self._beat)):
            result = activity(*args, **kwargs)
            return asyncio.run(result) if inspect.iscoroutine(result) else result

    def _described(self, activity: Callable[..., Any]) -> ActivityInfo:
        described = {
            "task_token": "token",
            "activity_id": "activity1",
            "name": getattr(activity, "name", None) or getattr(activity, "__name__", "activity"),
            "version": getattr(activity, "version", "1.0"),
            "workflow_id": "workflow",
            "run_id": "run",
            "domain": "domain",
            "task_list": "task-list",
        }
        return ActivityInfo(**{**described, **self._info})

    def _beat(self, details: Any) -> None:
        codec.encode_heartbeat(details)  # raises for what a worker could not send
        self.heartbeats.append(details)
        if len(self.heartbeats) == self._cancel_at:
            self.cancel()


class Untimed(Cancellation):
    """One whose waits are over at once; waits: takes down the seconds of each."""

    def __init__(self, waits: list[float]) -> None:
        super().__init__()
        self._waits = waits

    def wait(self, seconds: float | None) -> bool:
        self._waits.append(seconds or 0.0)
        return self.reason is not None
