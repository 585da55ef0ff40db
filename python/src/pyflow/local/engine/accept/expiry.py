"""What the service does when a deadline has come."""

from __future__ import annotations

from collections.abc import Callable

from pyflow.local.engine.accept import lambdas
from pyflow.local.engine.accept.closing import close
from pyflow.local.engine.accept.waking import waking
from pyflow.local.engine.records import Attributes, Records
from pyflow.local.engine.run import Deadline, Kind, Run


def expire(run: Run, deadline: Deadline, now: int) -> Records:
    """The records of a deadline that has come; its events carry the time it was acted on."""
    return _EXPIRED[deadline.kind](run, deadline, now)


def _execution(run: Run, deadline: Deadline, now: int) -> Records:
    policy = run.settings["childPolicy"]
    attributes = {"timeoutType": "START_TO_CLOSE", "childPolicy": policy}
    return close(run, "WorkflowExecutionTimedOut", attributes, now, policy)


def _decision(run: Run, deadline: Deadline, now: int) -> Records:
    task = run.deciding if deadline.kind == Kind.DECISION_START_TO_CLOSE else run.waiting
    assert task is not None
    attributes = {
        "timeoutType": deadline.kind.name.removeprefix("DECISION_"),
        "scheduledEventId": task.scheduled_id,
        "startedEventId": task.started_id,
    }
    return waking(run, run.event("DecisionTaskTimedOut", now, attributes), now)


def _activity(run: Run, deadline: Deadline, now: int) -> Records:
    task = run.activities.by_event[deadline.id]
    attributes: Attributes = {
        "timeoutType": deadline.kind.name.removeprefix("ACTIVITY_"),
        "scheduledEventId": task.scheduled_id,
        "startedEventId": task.started_id,
    }
    if task.details is not None:
        attributes["details"] = task.details
    return waking(run, run.event("ActivityTaskTimedOut", now, attributes), now)


def _lambda(run: Run, deadline: Deadline, now: int) -> Records:
    return lambdas.time_out(run, run.lambdas.by_event[deadline.id], now)


def _timer(run: Run, deadline: Deadline, now: int) -> Records:
    timer = run.timers.by_event[deadline.id]
    attributes = {"timerId": timer.timer_id, "startedEventId": timer.started_id}
    return waking(run, run.event("TimerFired", now, attributes), now)


_EXPIRED: dict[Kind, Callable[[Run, Deadline, int], Records]] = {
    Kind.EXECUTION: _execution,
    Kind.DECISION_START_TO_CLOSE: _decision,
    Kind.DECISION_SCHEDULE_TO_START: _decision,
    Kind.ACTIVITY_SCHEDULE_TO_START: _activity,
    Kind.ACTIVITY_START_TO_CLOSE: _activity,
    Kind.ACTIVITY_SCHEDULE_TO_CLOSE: _activity,
    Kind.ACTIVITY_HEARTBEAT: _activity,
    Kind.LAMBDA_START_TO_CLOSE: _lambda,
    Kind.TIMER: _timer,
}
