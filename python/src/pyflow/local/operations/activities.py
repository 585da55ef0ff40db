"""Activity tasks from the worker's side."""

from __future__ import annotations

from collections.abc import Callable

from pyflow.local.engine.accept import activities
from pyflow.local.engine.fault import Fault, unknown_execution
from pyflow.local.engine.records import Records, Request
from pyflow.local.engine.run import Activity, Run
from pyflow.local.engine.tasks import ACTIVITY
from pyflow.local.service.queues import Poll
from pyflow.local.service.service import Answer, Service
from pyflow.local.service.tokens import ACTIVITY as ACTIVITY_TOKEN
from pyflow.local.service.tokens import TaskToken


def join(service: Service, request: Request, poll: Poll) -> None:
    """Let a poll wait at the task list that PollForActivityTask names."""
    service.registry.domain(request["domain"])
    service.join(ACTIVITY, request["domain"], request["taskList"]["name"], poll)


def answer(service: Service, request: Request, poll: Poll, now: int) -> Answer:
    """What PollForActivityTask answers: the task, or SWF's sign of an empty poll, a missing token."""
    given = poll.given
    if given is None:
        return {"startedEventId": 0}
    token = TaskToken(ACTIVITY_TOKEN, given.run, given.scheduled_id, given.started_id)
    return {"taskToken": service.tokens.task(token), **given.document}


def poll_at_once(service: Service, request: Request, now: int) -> Answer:
    """PollForActivityTask, of what waits already."""
    poll = Poll(request.get("identity"))
    join(service, request, poll)
    service.settle(now)
    service.leave(poll)
    return answer(service, request, poll, now)


def completed(service: Service, request: Request, now: int) -> Answer:
    """RespondActivityTaskCompleted."""
    return _respond(service, request, now, activities.complete)


def failed(service: Service, request: Request, now: int) -> Answer:
    """RespondActivityTaskFailed."""
    return _respond(service, request, now, activities.fail)


def canceled(service: Service, request: Request, now: int) -> Answer:
    """RespondActivityTaskCanceled."""
    return _respond(service, request, now, activities.cancel)


def heartbeat(service: Service, request: Request, now: int) -> Answer:
    """RecordActivityTaskHeartbeat: whether the decider asked for this activity to be canceled."""
    run, task = _started(service, request)
    service.admit("RecordActivityTaskHeartbeat", run.key)
    service.perform(run, activities.heartbeat(run, task, request, now), now)
    return {"cancelRequested": bool(task.cancel_requested_id)}


def count_pending(service: Service, request: Request, now: int) -> Answer:
    """CountPendingActivityTasks: those that wait, exactly."""
    service.registry.domain(request["domain"])
    count = service.count_waiting(ACTIVITY, request["domain"], request["taskList"]["name"])
    return {"count": count, "truncated": False}


def _respond(
    service: Service,
    request: Request,
    now: int,
    accept: Callable[[Run, Activity, Request, int], Records],
) -> Answer:
    run, task = _started(service, request)
    service.perform(run, accept(run, task, request, now), now)
    return None


def _started(service: Service, request: Request) -> tuple[Run, Activity]:
    token = service.tokens.read_task(request["taskToken"], ACTIVITY_TOKEN)
    run = holder(service, token)
    return run, activities.started(run, token.scheduled_id, token.started_id)


def holder(service: Service, token: TaskToken) -> Run:
    """The open run of a task token; UnknownResourceFault once it has closed."""
    run = service.runs.get(token.run)
    if run is None:
        raise Fault("UnknownResourceFault", "Unknown execution: closed, and its retention is over")
    if not run.open:
        raise unknown_execution(*run.execution)
    return run
