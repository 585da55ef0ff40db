"""Activity tasks: scheduled and canceled by deciders, started, answered and kept alive by workers."""

from __future__ import annotations

from pyflow.local.engine.accept.waking import waking
from pyflow.local.engine.fault import unknown_activity_task
from pyflow.local.engine.limits import OPEN_ACTIVITIES
from pyflow.local.engine.records import Attributes, Event, Heartbeat, Records, Request
from pyflow.local.engine.registry import ACTIVITY, DEPRECATED, World
from pyflow.local.engine.run import Activity, Run
from pyflow.local.engine.settings import ACTIVITY as ACTIVITY_SETTINGS
from pyflow.local.engine.settings import Undefined, given, resolve
from pyflow.local.engine.tasks import ACTIVITY as TASK


def schedule(run: Run, world: World, attributes: Attributes, completed_id: int, now: int) -> Records:
    """ScheduleActivityTask."""
    document, activity_id = attributes["activityType"], attributes["activityId"]
    type_ = world.registry.find(run.domain, ACTIVITY, document)
    cause, settings = None, {}
    if type_ is None:
        cause = "ACTIVITY_TYPE_DOES_NOT_EXIST"
    elif type_.status == DEPRECATED:
        cause = "ACTIVITY_TYPE_DEPRECATED"
    elif run.activities.named(activity_id):
        cause = "ACTIVITY_ID_ALREADY_IN_USE"
    else:
        try:
            settings = resolve(ACTIVITY_SETTINGS, attributes, type_.defaults)
        except Undefined as undefined:
            cause = undefined.cause
        else:
            if len(run.activities) >= OPEN_ACTIVITIES:
                cause = "OPEN_ACTIVITIES_LIMIT_EXCEEDED"
            elif world.spent("ScheduleActivityTask") or world.crowded(TASK, settings["taskList"]["name"]):
                cause = "ACTIVITY_CREATION_RATE_EXCEEDED"
    subject = {"activityType": document, "activityId": activity_id}
    origin = {"decisionTaskCompletedEventId": completed_id}
    if cause is not None:
        yield run.event("ScheduleActivityTaskFailed", now, {**subject, "cause": cause, **origin})
        return
    scheduled = {**subject, **given(attributes, "input", "control"), **settings, **origin}
    yield run.event("ActivityTaskScheduled", now, scheduled)


def request_cancel(run: Run, world: World, attributes: Attributes, completed_id: int, now: int) -> Records:
    """RequestCancelActivityTask: a task that nobody has started is canceled at once."""
    subject = {"activityId": attributes["activityId"]}
    origin = {"decisionTaskCompletedEventId": completed_id}
    task = run.activities.named(attributes["activityId"])
    if task is None:
        failed = {**subject, "cause": "ACTIVITY_ID_UNKNOWN", **origin}
        yield run.event("RequestCancelActivityTaskFailed", now, failed)
        return
    yield run.event("ActivityTaskCancelRequested", now, {**subject, **origin})
    if not task.started_id:
        yield run.event("ActivityTaskCanceled", now, _canceled(task))


def start(run: Run, scheduled_id: int, identity: str | None, now: int) -> Records:
    """A worker takes the task."""
    attributes: Attributes = {"scheduledEventId": scheduled_id}
    if identity is not None:
        attributes["identity"] = identity
    yield run.event("ActivityTaskStarted", now, attributes)


def started(run: Run, scheduled_id: int, started_id: int) -> Activity:
    """The started task that a worker's token names; UnknownResourceFault once it is closed."""
    task = run.activities.by_event.get(scheduled_id)
    if task is None or task.started_id != started_id:
        raise unknown_activity_task(scheduled_id)
    return task


def complete(run: Run, task: Activity, request: Request, now: int) -> Records:
    """RespondActivityTaskCompleted."""
    return waking(run, _answer(run, task, "Completed", given(request, "result"), now), now)


def fail(run: Run, task: Activity, request: Request, now: int) -> Records:
    """RespondActivityTaskFailed."""
    return waking(run, _answer(run, task, "Failed", given(request, "reason", "details"), now), now)


def cancel(run: Run, task: Activity, request: Request, now: int) -> Records:
    """RespondActivityTaskCanceled, also where no cancel was requested (SWF's reaction to that is not known)."""
    event = run.event("ActivityTaskCanceled", now, {**given(request, "details"), **_canceled(task)})
    return waking(run, event, now)


def heartbeat(run: Run, task: Activity, request: Request, now: int) -> Records:
    """RecordActivityTaskHeartbeat. Details stay until others replace them."""
    yield Heartbeat(task.scheduled_id, now, request.get("details", task.details))


def _answer(run: Run, task: Activity, outcome: str, attributes: Attributes, now: int) -> Event:
    links = {"scheduledEventId": task.scheduled_id, "startedEventId": task.started_id}
    return run.event("ActivityTask" + outcome, now, {**attributes, **links})


def _canceled(task: Activity) -> Attributes:
    links = {"scheduledEventId": task.scheduled_id, "startedEventId": task.started_id}
    if task.cancel_requested_id:
        links["latestCancelRequestedEventId"] = task.cancel_requested_id
    return links
