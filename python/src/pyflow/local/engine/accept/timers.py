"""StartTimer, CancelTimer, and RecordMarker beside them: decisions that concern nobody else."""

from __future__ import annotations

from pyflow.local.engine.limits import OPEN_TIMERS
from pyflow.local.engine.records import Attributes, Records
from pyflow.local.engine.registry import World
from pyflow.local.engine.run import Run
from pyflow.local.engine.settings import given


def start(run: Run, world: World, attributes: Attributes, completed_id: int, now: int) -> Records:
    """StartTimer."""
    timer_id = attributes["timerId"]
    origin = {"decisionTaskCompletedEventId": completed_id}
    cause = None
    if run.timers.named(timer_id):
        cause = "TIMER_ID_ALREADY_IN_USE"
    elif len(run.timers) >= OPEN_TIMERS:
        cause = "OPEN_TIMERS_LIMIT_EXCEEDED"
    elif world.spent("StartTimer"):
        cause = "TIMER_CREATION_RATE_EXCEEDED"
    if cause is not None:
        yield run.event("StartTimerFailed", now, {"timerId": timer_id, "cause": cause, **origin})
        return
    started = {**given(attributes, "timerId", "control", "startToFireTimeout"), **origin}
    yield run.event("TimerStarted", now, started)


def cancel(run: Run, world: World, attributes: Attributes, completed_id: int, now: int) -> Records:
    """CancelTimer."""
    timer_id = attributes["timerId"]
    origin = {"decisionTaskCompletedEventId": completed_id}
    timer = run.timers.named(timer_id)
    if timer is None:
        failed = {"timerId": timer_id, "cause": "TIMER_ID_UNKNOWN", **origin}
        yield run.event("CancelTimerFailed", now, failed)
        return
    canceled = {"timerId": timer_id, "startedEventId": timer.started_id, **origin}
    yield run.event("TimerCanceled", now, canceled)


def record_marker(run: Run, world: World, attributes: Attributes, completed_id: int, now: int) -> Records:
    """RecordMarker; it fails only for want of permission, which nobody lacks here."""
    recorded = {**given(attributes, "markerName", "details"), "decisionTaskCompletedEventId": completed_id}
    yield run.event("MarkerRecorded", now, recorded)
