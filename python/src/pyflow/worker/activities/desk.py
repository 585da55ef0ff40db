"""The tasks in a worker's hands: each gets exactly one answer, from the thread that runs it or from a shutdown."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pyflow.codec.model.refusals import sentence
from pyflow.declare.activity import Activity
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.swf.activity_client import ActivityTask
from pyflow.worker.activities.answer import Answers
from pyflow.worker.activities.call import read_input
from pyflow.worker.activities.cancellation import Cancellation
from pyflow.worker.activities.context import ActivityContext, ActivityInfo
from pyflow.worker.activities.heartbeat import Heartbeats
from pyflow.worker.activities.outcome import (
    Answer,
    Canceled,
    Completed,
    Deferred,
    Failed,
    Outcome,
    failed,
    raised,
    shut_down,
)
from pyflow.worker.activities.statistics import ActivityStatistics, TaskOutcome
from pyflow.worker.activities.types import ActivityTypes
from pyflow.worker.process.about import about

logger = logging.getLogger("pyflow.worker")

Call = Callable[[Activity[..., Any], Any, ActivityContext, Cancellation], Outcome | None]
"""Runs an activity on a value, and says what came of it; None where SWF must not be answered."""


@dataclass(eq=False)
class _Assignment:
    task: ActivityTask
    info: ActivityInfo
    cancellation: Cancellation = field(default_factory=Cancellation)
    claimed: bool = False  # somebody gives the answer


class ActivityDesk:
    """Takes tasks, has their activities called, gives their answers. Threads share it."""

    def __init__(
        self,
        types: ActivityTypes,
        call: Call,
        *,
        domain: str,
        task_list: str,
        slots: int,
        heartbeats: Heartbeats,
        answers: Answers,
        statistics: ActivityStatistics,
        payloads: Payloads = PLAIN,
    ) -> None:
        self._types = types
        self._call = call
        self._domain = domain
        self._task_list = task_list
        self._slots = slots
        self._heartbeats = heartbeats
        self._answers = answers
        self._statistics = statistics
        self._payloads = payloads
        self._lock = threading.Lock()
        self._held: set[_Assignment] = set()
        self._closed = False
        self.cut_short = 0  # activities that a shutdown ended or left behind

    @property
    def busy(self) -> int:
        """How many tasks wait for their answer."""
        return len(self._held)

    def work(self, task: ActivityTask) -> None:
        """Has the task's activity run and answers; never raises."""
        assignment = _Assignment(task, ActivityInfo.of(task, self._domain, self._task_list))
        with about(assignment.info.ids):
            with self._lock:
                late = self._closed
                if not late:
                    self._held.add(assignment)
            if late:
                self._give(task, shut_down(self._payloads))
                return
            try:
                self._run(assignment)
            except Exception as error:  # not the activity's, whose errors are outcomes
                logger.exception("%s could not be worked on", task)
                self._answer(assignment, raised(error, self._payloads))
            finally:
                with self._lock:
                    if len(self._held) == self._slots:
                        self._statistics.freed()
                    self._held.discard(assignment)

    def close(self) -> None:
        """Tells every activity to stop; tasks that come from now on are answered with `pyflow.WorkerShutdown`."""
        with self._lock:
            self._closed = True
            held = list(self._held)
        for assignment in held:
            if assignment.cancellation.cancel("worker_shutdown"):
                with about(assignment.info.ids):
                    logger.warning("%s is told to stop: the worker's time is over", assignment.task)

    def answer_the_rest(self) -> None:
        """Answers `pyflow.WorkerShutdown` for the activities that did not stop; theirs is not sent any more."""
        with self._lock:
            rest = list(self._held)
            self.cut_short += len(rest)
        for assignment in rest:
            with about(assignment.info.ids):
                if self._claim(assignment):
                    logger.error("%s is left behind: it did not stop", assignment.task)
                    self._give(assignment.task, shut_down(self._payloads))
                else:
                    logger.error("the answer to %s has not arrived", assignment.task)

    def _run(self, assignment: _Assignment) -> None:
        task = assignment.task
        activity = self._types.find(task.name, task.version)
        if activity is None:
            named = f"{task.name} {task.version}"
            message = sentence("activity-unknown", activity=named, known=self._types)
            logger.error("%s: %s", task, message)
            self._answer(assignment, failed("pyflow.UnknownActivityType", message, payloads=self._payloads))
            return
        payload = read_input(task.input, self._payloads)
        if isinstance(payload, Failed):
            logger.error("the input of %s can't be read: it is failed with %s", task, payload.reason)
            self._answer(assignment, payload)
            return
        headers = payload.headers
        beat = self._heartbeats.begin(
            task.token,
            str(task),
            timeout=_seconds(headers, "heartbeat_timeout", activity.heartbeat_timeout),
            auto=activity.heartbeat == "auto",
            cancellation=assignment.cancellation,
            about=assignment.info.ids,
        )
        try:
            context = ActivityContext(
                replace(assignment.info, headers=headers),
                assignment.cancellation,
                lambda details: self._heartbeats.tell(beat, self._payloads.heartbeat(details)),
            )
            began = time.monotonic()
            outcome = self._call(activity, payload.value, context, assignment.cancellation)
            self._statistics.took(task.name, time.monotonic() - began)
            patience = _seconds(headers, "start_to_close_timeout", activity.start_to_close_timeout)
            self._answer(assignment, outcome, patience)
        finally:
            self._heartbeats.end(beat)

    def _answer(
        self, assignment: _Assignment, outcome: Outcome | None, patience: float | None = None
    ) -> None:
        if not self._claim(assignment):
            return
        if outcome is None:
            logger.warning("%s is not answered: %s", assignment.task, assignment.cancellation.reason)
            self._statistics.task(assignment.task.name, "dropped")
        elif isinstance(outcome, Deferred):
            self._statistics.task(assignment.task.name, "deferred")
        else:
            if assignment.cancellation.reason == "worker_shutdown" and isinstance(outcome, Failed):
                with self._lock:
                    self.cut_short += 1
            self._give(assignment.task, outcome, patience)

    def _give(self, task: ActivityTask, answer: Answer, patience: float | None = None) -> None:
        taken = self._answers.give(task, answer, patience)
        self._statistics.task(task.name, _told(answer) if taken else "dropped")

    def _claim(self, assignment: _Assignment) -> bool:
        with self._lock:
            claimed, assignment.claimed = assignment.claimed, True
            return not claimed


def _told(answer: Answer) -> TaskOutcome:
    if isinstance(answer, Completed):
        return "completed"
    if isinstance(answer, Canceled):
        return "canceled"
    return "handed_back" if answer.reason == "pyflow.WorkerShutdown" else "failed"


def _seconds(headers: Mapping[str, Any], name: str, default: int | None) -> float | None:
    seconds = headers.get(name, default)
    return seconds if isinstance(seconds, int | float) else None
