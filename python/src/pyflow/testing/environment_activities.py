"""Activities in a test environment: each task that waits is given to its fake, and answered as a Python worker answers."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any

from pyflow import codec
from pyflow.declare.activity import Activity
from pyflow.errors import ActivityCanceled
from pyflow.local.engine.tasks import ACTIVITY as WAITING
from pyflow.local.service.service import Service
from pyflow.local.service.started import is_started
from pyflow.local.service.tokens import ACTIVITY as TOKEN
from pyflow.swf.activity_client import ActivityClient, ActivityTask
from pyflow.swf.faults import UNKNOWN_RESOURCE, is_fault
from pyflow.testing.activity import Untimed
from pyflow.testing.environment_client import DirectClient
from pyflow.testing.fakes import ACTIVITY, Call, Fake, Fakes, lets_time_pass, takes_anything
from pyflow.testing.service import LocalService
from pyflow.worker.activities.answer import Answers
from pyflow.worker.activities.call import call, read_input
from pyflow.worker.activities.cancellation import Cancellation
from pyflow.worker.activities.context import ActivityContext, ActivityInfo
from pyflow.worker.activities.outcome import Deferred, Failed, Outcome

IDENTITY = "fakes"
TASK_LIST = "activities"
TIMEOUTS = {  # SWF's names, and an Activity's
    "ScheduleToStart": "schedule_to_start_timeout",
    "StartToClose": "start_to_close_timeout",
    "ScheduleToClose": "schedule_to_close_timeout",
    "Heartbeat": "heartbeat_timeout",
}


class Activities:
    """called: told of every call, with the workflow id it was made for."""

    def __init__(
        self, swf: LocalService, client: DirectClient, fakes: Fakes, called: Callable[[str, Call], None]
    ) -> None:
        self._swf = swf
        self._client = ActivityClient(swf.domain, polls=client, answers=client)
        self._fakes = fakes
        self._called = called
        given_up = threading.Event()
        given_up.set()  # an answer that is refused is not given again
        self._answers = Answers(self._client, given_up)
        self._registered: set[tuple[str, str]] = set()
        self._late: list[Attempt] = []

    def prepare(self, name: str, version: str) -> None:
        """Registers an activity type that the workflow asks for. Raises UnfakedStep."""
        self._fakes.find(ACTIVITY, name, version)
        if (name, version) in self._registered:
            return
        self._registered.add((name, version))
        activity = self._fakes.activities.get((name, version))
        timeouts = {swf: getattr(activity, own, None) for swf, own in TIMEOUTS.items()}
        task_list = (activity and activity.task_list) or TASK_LIST
        self._client.register_activity_type(name, version, task_list=task_list, timeouts=timeouts)

    def step(self) -> bool:
        """Tells one fake that it is canceled, or calls the next one; whether there was any."""
        return self._tell_canceled() or self._begin()

    @property
    def next_due(self) -> float:
        """When the next fake that lets time pass goes on, in ms of the service's clock; infinite if none does."""
        return min((attempt.due for attempt in self._late), default=math.inf)

    def go_on(self, now: float) -> None:
        """Lets the fakes whose time has come go on; those whose task is no more are forgotten."""
        due = sorted((each for each in self._late if each.due <= now), key=lambda each: each.due)
        for attempt in due:
            if attempt in self._late:
                self._late.remove(attempt)
                self._run(attempt)

    def _begin(self) -> bool:
        waiting = self._swf.do(lambda service: service.store.tasks(WAITING))
        if not waiting:
            return False
        task = self._client.poll_for_activity_task(waiting[0].list, IDENTITY)
        if task is None:
            return False
        payload = read_input(task.input)
        if isinstance(payload, Failed):
            self._answers.give(task, payload)
            return True
        self._called(task.workflow_id, Call(task.name, payload.value))
        fake = self._fakes.find(ACTIVITY, task.name, task.version)
        self._run(Attempt(task, fake, payload, self._context_of(task, payload)))
        return True

    def _run(self, attempt: Attempt) -> None:
        outcome = attempt.go_on()
        if attempt.pause is not None:
            attempt.due = self._swf.do(lambda service: service.clock.now()) + attempt.pause * 1000
            self._late.append(attempt)
        elif outcome is not None and not isinstance(outcome, Deferred):
            self._answers.give(attempt.task, outcome)
        if attempt.trouble is not None:
            raise attempt.trouble

    def _tell_canceled(self) -> bool:
        for attempt in list(self._late):
            canceled = self._swf.do(partial(_canceled, token=attempt.task.token))
            if canceled is None:
                self._late.remove(attempt)
                attempt.abandon()
            elif canceled:
                self._late.remove(attempt)
                attempt.cancellation.cancel("requested")
                self._run(attempt)
                return True
        return False

    def _context_of(self, task: ActivityTask, payload: codec.Payload) -> tuple[ActivityContext, Cancellation]:
        cancellation = Untimed([])

        def beat(details: Any) -> None:
            try:
                if self._client.record_activity_task_heartbeat(task.token, codec.encode_heartbeat(details)):
                    cancellation.cancel("requested")
            except Exception as error:
                if not is_fault(error, UNKNOWN_RESOURCE):
                    raise
                cancellation.cancel("gone")

        info = ActivityInfo.of(task, self._swf.domain, TASK_LIST, payload.headers)
        return ActivityContext(info, cancellation, beat), cancellation


class Attempt:
    """One task in the hands of its fake.

    pause: seconds that the fake lets pass, None if it came to its end; due: when they have, in ms of the service's clock.
    trouble: what the test itself should get: a failed assertion, an interrupt.
    """

    def __init__(
        self,
        task: ActivityTask,
        fake: Fake,
        payload: codec.Payload,
        context: tuple[ActivityContext, Cancellation],
    ) -> None:
        self.task = task
        self.pause: float | None = None
        self.due = math.inf
        self.trouble: BaseException | None = None
        self._payload = payload
        self._context, self.cancellation = context
        self._steps: Generator[float, None, Any] | None = None
        self._fake = fake.function if isinstance(fake, Activity) else fake

    def go_on(self) -> Outcome | None:
        """Calls the fake, or lets it go on; what a worker would answer, None where it would not, or not yet."""
        self.pause = None
        function, value = (self._begin(), self._payload.value) if self._steps is None else (self._next, None)
        activity: Activity[..., Any] = Activity(function, name=self.task.name, version=self.task.version)
        outcome = call(activity, value, self._context, self.cancellation)
        return outcome if self.pause is None else None

    def abandon(self) -> None:
        """Ends a fake whose task is no more."""
        if self._steps is not None:
            self._steps.close()

    def _begin(self) -> Callable[..., Any]:
        fake = self._fake

        @wraps(fake, assigned=(), updated=())  # for its signature alone
        def begin(*args: Any, **kwargs: Any) -> Any:
            with self._seen():
                result = fake(*args, **kwargs)
            if not lets_time_pass(result):
                return result
            self._steps = result
            return self._next()

        return (lambda value: begin(value)) if takes_anything(fake) else begin

    def _next(self) -> Any:
        assert self._steps is not None
        reason = self.cancellation.reason
        with self._seen():
            try:
                self.pause = (
                    next(self._steps) if reason is None else self._steps.throw(ActivityCanceled(reason))
                )
            except StopIteration as stop:
                return stop.value
        return None

    @contextmanager
    def _seen(self) -> Iterator[None]:
        try:
            yield
        except (AssertionError, KeyboardInterrupt) as error:
            self.trouble = error
            raise


def _canceled(service: Service, token: str) -> bool | None:
    """Whether the decider asked to cancel the activity; None where the task is no more."""
    task = service.tokens.read_task(token, TOKEN)
    if not is_started(service, task):
        return None
    run = service.runs.get(task.run)
    assert run is not None
    return bool(run.activities.by_event[task.scheduled_id].cancel_requested_id)
