"""Running an activity in a test: a context of its own, no worker, no SWF, no time that passes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pyflow.declare.activity import Activity
from pyflow.declare.arguments import Takes
from pyflow.declare.typed import Mismatch, hints_of, reader_of, untyped
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.worker.activities.call import perform
from pyflow.worker.activities.cancellation import Cancellation, Reason
from pyflow.worker.activities.context import ActivityContext, ActivityInfo, Interceptor
from pyflow.worker.activities.outcome import written


class ActivityEnvironment:
    """Runs activities as a worker does, in the test's own thread: `ActivityEnvironment().run(charge, order)`.

    attempt, last_heartbeat, headers: what the decider tells beside the input. cancel_at_heartbeat: the heartbeat, from 1,
    that finds a cancel request. interceptors, payloads: as a worker has them. info: what the activity hears about itself,
    over a made-up task, such as `workflow_id`.
    heartbeats: the details of each so far, as SWF would hold them; waits: the seconds of each `wait`, not waited for.
    """

    def __init__(
        self,
        *,
        attempt: int | None = None,
        last_heartbeat: Any = None,
        headers: Mapping[str, Any] | None = None,
        cancel_at_heartbeat: int | None = None,
        interceptors: Iterable[Interceptor] = (),
        payloads: Payloads = PLAIN,
        **info: str,
    ) -> None:
        self.heartbeats: list[Any] = []
        self.waits: list[float] = []
        self.deferred = False
        """Whether the activity left its answer to somebody else."""
        told = {"attempt": attempt, "last_heartbeat": last_heartbeat}
        self._headers = {
            **(headers or {}),
            **{key: value for key, value in told.items() if value is not None},
        }
        self._cancel_at = cancel_at_heartbeat
        self._interceptors = tuple(interceptors)
        self._payloads = payloads
        self._info = info
        self._cancellation = Untimed(self.waits)

    def cancel(self, reason: Reason = "requested") -> None:
        """The next heartbeat, wait, check or `await` raises ActivityCanceled; before `run`, or from another thread."""
        self._cancellation.cancel(reason)

    def shutdown(self) -> None:
        """The worker has no time left: cancels with the reason `worker_shutdown`."""
        self.cancel("worker_shutdown")

    def run(self, activity: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Calls the activity with what the codec makes of the arguments; returns what it makes of the result.

        A result is what a workflow gets, or, where the activity says what it returns, that again. Raises what the
        activity raises, TypeError for arguments that do not fit, PayloadException for what can't be sent.
        """
        it = activity if isinstance(activity, Activity) else Activity(activity)
        value = untyped(_input(it, args, kwargs))
        text = self._payloads.write(value, what=f"input of {it}", headers=self._headers or None)
        payload = self._payloads.read(text)
        context = ActivityContext(self._described(it, payload.headers), self._cancellation, self._beat)
        bound = it.arguments.bind(payload.value)
        result = perform(it, bound, context, self._cancellation, self._interceptors)
        self.deferred = context.deferred
        return None if self.deferred else self._returned(it, result)

    def _returned(self, activity: Activity[..., Any], result: Any) -> Any:
        sent = self._payloads.read(written(result, f"result of {activity}", self._payloads)).value
        read = reader_of(hints_of(activity.function).get("return", Any))
        try:
            return sent if read is None else read(sent, ())
        except Mismatch:  # no worker minds
            return sent

    def _described(self, activity: Activity[..., Any], headers: Mapping[str, Any]) -> ActivityInfo:
        described: dict[str, Any] = {
            "task_token": "token",
            "activity_id": "activity1",
            "name": activity.name,
            "version": activity.version,
            "workflow_id": "workflow",
            "run_id": "run",
            "domain": "domain",
            "task_list": "task-list",
        }
        return ActivityInfo(**{**described, **self._info}, headers=headers)

    def _beat(self, details: Any) -> None:
        text = self._payloads.heartbeat(details)  # raises for what a worker could not send
        self.heartbeats.append(self._payloads.read(text).value)
        if len(self.heartbeats) == self._cancel_at:
            self.cancel()


def _input(activity: Activity[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The one value that a workflow would send for this call; TypeError for one that does not fit the signature."""
    given = activity.arguments.signature.bind(*args, **kwargs).arguments
    if activity.arguments.takes is not Takes.KEYWORDS:
        return args[0] if args else next(iter(kwargs.values()), None)
    parameters = activity.arguments.signature.parameters.values()
    open_ended = [each.name for each in parameters if each.kind is each.VAR_KEYWORD]
    more = given.pop(open_ended[0], {}) if open_ended else {}
    return {**given, **more} or None


class Untimed(Cancellation):
    """One whose waits are over at once; waits: takes down the seconds of each."""

    def __init__(self, waits: list[float]) -> None:
        super().__init__()
        self._waits = waits

    def wait(self, seconds: float | None) -> bool:
        self._waits.append(seconds or 0.0)
        return self.reason is not None
