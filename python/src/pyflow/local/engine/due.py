"""What time will bring: the deadlines of a run, and which of them comes first."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

from pyflow.local.engine.run import Deadline, Kind, Run


def due(run: Run) -> Iterator[Deadline]:
    """Every live deadline of a run, derived from its state alone."""
    if not run.open:
        return
    if run.close_by is not None:
        yield Deadline(run.close_by, Kind.EXECUTION, 1)
    if run.deciding and run.deciding.answer_by is not None:
        yield Deadline(run.deciding.answer_by, Kind.DECISION_START_TO_CLOSE, run.deciding.scheduled_id)
    if run.waiting and run.waiting.start_by is not None:
        yield Deadline(run.waiting.start_by, Kind.DECISION_SCHEDULE_TO_START, run.waiting.scheduled_id)
    for task in run.activities.by_event.values():
        if task.close_by is not None:
            yield Deadline(task.close_by, Kind.ACTIVITY_SCHEDULE_TO_CLOSE, task.scheduled_id)
        if not task.started_id:
            if task.start_by is not None:
                yield Deadline(task.start_by, Kind.ACTIVITY_SCHEDULE_TO_START, task.scheduled_id)
            continue
        if task.answer_by is not None:
            yield Deadline(task.answer_by, Kind.ACTIVITY_START_TO_CLOSE, task.scheduled_id)
        if task.beat_by is not None:
            yield Deadline(task.beat_by, Kind.ACTIVITY_HEARTBEAT, task.scheduled_id)
    for function in run.lambdas.by_event.values():
        if function.answer_by is not None:
            yield Deadline(function.answer_by, Kind.LAMBDA_START_TO_CLOSE, function.scheduled_id)
    for timer in run.timers.by_event.values():
        yield Deadline(timer.fires_at, Kind.TIMER, timer.started_id)


def soonest(run: Run) -> Deadline | None:
    """The first of `due(run)`, at a cost that does not grow with what is open.

    `apply` pushes every deadline it sets on a heap; void ones are dropped here, when they come up.
    """
    heap = run.deadlines
    if len(heap) > 64 and len(heap) > 8 * _open_things(run):
        heap[:] = list(due(run))
        heapify(heap)
    while heap:
        first = heap[0]
        current = _current(run, first)
        if current == first.at:
            return first
        heappop(heap)
        if current is not None and first.kind == Kind.ACTIVITY_HEARTBEAT:
            heappush(heap, Deadline(current, first.kind, first.id))
    return None


def _open_things(run: Run) -> int:
    return 2 + 3 * len(run.activities) + len(run.timers) + len(run.lambdas)


def _current(run: Run, deadline: Deadline) -> int | None:
    """When the thing that a deadline was set for is due now; None once it is not."""
    kind, event_id = deadline.kind, deadline.id
    if kind == Kind.EXECUTION:
        return run.close_by if run.open else None
    if kind == Kind.DECISION_START_TO_CLOSE:
        decision = run.deciding
        return decision.answer_by if decision and decision.scheduled_id == event_id else None
    if kind == Kind.DECISION_SCHEDULE_TO_START:
        decision = run.waiting
        return decision.start_by if decision and decision.scheduled_id == event_id else None
    if kind == Kind.TIMER:
        timer = run.timers.by_event.get(event_id)
        return timer.fires_at if timer else None
    if kind == Kind.LAMBDA_START_TO_CLOSE:
        function = run.lambdas.by_event.get(event_id)
        return function.answer_by if function else None
    task = run.activities.by_event.get(event_id)
    if task is None:
        return None
    if kind == Kind.ACTIVITY_SCHEDULE_TO_START:
        return None if task.started_id else task.start_by
    if kind == Kind.ACTIVITY_SCHEDULE_TO_CLOSE:
        return task.close_by
    return task.answer_by if kind == Kind.ACTIVITY_START_TO_CLOSE else task.beat_by
