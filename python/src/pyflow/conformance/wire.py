"""What a worker says to the local SWF and hears from it: watched, and got in the way of where a behaviour asks for it."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pyflow.local.chaos.faults import NOTHING_DONE, Cut
from pyflow.local.engine.fault import Fault, throttled
from pyflow.local.http.app import Answering
from pyflow.local.service.service import Answer
from pyflow.local.wire.wire import Call

POLL = "PollForActivityTask"
HEARTBEAT = "RecordActivityTaskHeartbeat"
ANSWERS = ("RespondActivityTaskCompleted", "RespondActivityTaskFailed", "RespondActivityTaskCanceled")

REFUSALS: dict[str, Callable[[], Fault]] = {  # nothing of the call is done
    "throttled": throttled,
    "failed": lambda: Fault("InternalFailure", NOTHING_DONE),
    "unavailable": lambda: Fault("ServiceUnavailableException", NOTHING_DONE),
}
LOST = "lost"  # the call is done, and its answer does not arrive
AGAIN = "again"  # of a poll: its task is given to the next poll too
ABANDONED = "abandoned"  # of a poll: who asked has gone before the answer
FAULTS = (*REFUSALS, LOST, AGAIN)


@dataclass
class Seen:
    """A call of the worker's. at: seconds; about: the activity id, or of a poll its task list; fault: how it failed."""

    at: float
    operation: str
    about: str
    request: dict[str, Any]
    fault: str | None = None


@dataclass
class Wire:
    """Stands before the calls of one local SWF; its methods may be called from any thread."""

    _seen: dict[str, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    _orders: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    _tasks: dict[str, str] = field(default_factory=dict)  # task token: activity id
    _given: dict[str, float] = field(default_factory=dict)  # activity id: when its task was given
    _copies: dict[str, list[Answer]] = field(
        default_factory=lambda: defaultdict(list)
    )  # task list: tasks to give again
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, about: str, operation: str, faults: list[str]) -> None:
        """The next calls of the operation about an activity id, or a task list, meet these faults, one each."""
        with self._lock:
            self._orders[about, operation].extend(faults)

    def seen(self, about: str, *operations: str) -> list[Seen]:
        """The calls about an activity id, or a task list, in order."""
        with self._lock:
            return [it for it in self._seen[about] if it.operation in operations]

    def given_at(self, activity_id: str) -> float:
        """When a worker was given the activity's task."""
        with self._lock:
            return self._given[activity_id]

    def around(self, call: Answering) -> Answering:
        """The calls, watched."""

        async def watched(asked: Call, alive: Callable[[], bool], gone: list[Callable[[], None]]) -> Answer:
            about = self._about(asked)
            if about is None:
                return await call(asked, alive, gone)
            seen, fault = self._begin(asked, about)
            try:
                if fault in REFUSALS:
                    raise REFUSALS[fault]()
                if fault == AGAIN and self._copies[about]:
                    return self._copies[about].pop()
                answer = await call(asked, alive, gone)
            except Fault as refused:
                seen.fault = refused.type
                raise
            self._note(asked, answer)
            if asked.operation == POLL and not alive():
                seen.fault = ABANDONED
            if fault == LOST:
                seen.fault = LOST
                raise Cut
            return answer

        return watched

    def _about(self, asked: Call) -> str | None:
        if asked.operation == POLL:
            return str(asked.request["taskList"]["name"])
        if asked.operation == HEARTBEAT or asked.operation in ANSWERS:
            return self._tasks.get(asked.request["taskToken"], "a task that was never given")
        return None

    def _begin(self, asked: Call, about: str) -> tuple[Seen, str]:
        seen = Seen(time.monotonic(), asked.operation, about, asked.request)
        with self._lock:
            self._seen[about].append(seen)
            orders = self._orders[about, asked.operation]
            if asked.operation == POLL and self._copies[about]:
                return seen, AGAIN
            return seen, orders.pop(0) if orders else ""

    def _note(self, asked: Call, answer: Answer) -> None:
        if asked.operation != POLL or not isinstance(answer, dict) or "taskToken" not in answer:
            return
        activity = str(answer["activityId"])
        with self._lock:
            self._tasks[answer["taskToken"]] = activity
            self._given.setdefault(activity, time.monotonic())
            if orders := self._orders[activity, POLL]:
                orders.pop(0)
                self._copies[str(asked.request["taskList"]["name"])].append(answer)
