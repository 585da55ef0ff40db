"""Task lists: the tasks that wait, the polls that wait, and which meets which."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any, NamedTuple

from pyflow.local.engine.run import Activity, DecisionTask, Run
from pyflow.local.engine.settings import given
from pyflow.local.storage.rows import TaskRow


class Given(NamedTuple):
    """The task that a poll came to: its run's number, the events that scheduled and started it, and the answer
    but for its token and, of a decision task, the events `first` to the start."""

    run: int
    scheduled_id: int
    started_id: int
    document: dict[str, Any]
    first: int = 1


def decision_given(run: Run, task: DecisionTask) -> Given:
    """A decision task just started, as its poll is told. first: where startAtPreviousStartedEvent begins."""
    document = {
        "startedEventId": task.started_id,
        "workflowExecution": run.execution.document(),
        "workflowType": run.settings["workflowType"],
        "previousStartedEventId": run.previous_started_id,
    }
    return Given(run.key, task.scheduled_id, task.started_id, document, task.since_id)


def activity_given(run: Run, task: Activity) -> Given:
    """An activity task just started, as its poll is told."""
    document = {
        "activityId": task.scheduled["activityId"],
        "startedEventId": task.started_id,
        "workflowExecution": run.execution.document(),
        "activityType": task.scheduled["activityType"],
        **given(task.scheduled, "input"),
    }
    return Given(run.key, task.scheduled_id, task.started_id, document)


class Poll:
    """One long poll. wake: called once it has been given a task. alive: whether its client is still there."""

    __slots__ = ("alive", "given", "identity", "place", "wake")

    def __init__(
        self,
        identity: str | None = None,
        wake: Callable[[], None] | None = None,
        alive: Callable[[], bool] | None = None,
    ) -> None:
        self.identity = identity
        self.wake = wake
        self.alive = alive
        self.given: Given | None = None
        self.place: tuple[str, str, str] | None = None
        """The kind, domain and name of the task list it waits at."""


class TaskList:
    """One task list. Higher priorities first, then the order of scheduling; polls in the order they came."""

    __slots__ = ("_heap", "_rows", "polls")

    def __init__(self) -> None:
        self._rows: dict[tuple[int, int], TaskRow] = {}
        self._heap: list[tuple[int, int, int, int]] = []
        self.polls: deque[Poll] = deque()

    def __len__(self) -> int:
        """How many tasks wait."""
        return len(self._rows)

    def add(self, row: TaskRow) -> None:
        """A task comes."""
        self._rows[row.run, row.scheduled_id] = row
        heappush(self._heap, (-row.priority, row.place, row.run, row.scheduled_id))

    def discard(self, run: int, scheduled_id: int) -> None:
        """A task goes, however that came."""
        self._rows.pop((run, scheduled_id), None)

    def first(self) -> TaskRow | None:
        """The task whose turn it is; it stays until it is discarded."""
        while self._heap:
            row = self._rows.get(self._heap[0][2:])
            if row is not None:
                return row
            heappop(self._heap)
        return None

    def next_poll(self) -> Poll | None:
        """Take out the poll whose turn it is, passing over those whose client has gone."""
        while self.polls:
            poll = self.polls.popleft()
            if poll.alive is None or poll.alive():
                return poll
        return None
