"""Decision tasks from the decider's side."""

from __future__ import annotations

from typing import Any

from pyflow.local.engine.accept import decisions
from pyflow.local.engine.records import Request
from pyflow.local.engine.tasks import DECISION
from pyflow.local.operations.activities import holder
from pyflow.local.operations.history import spliced
from pyflow.local.operations.paging import event_page, size
from pyflow.local.service.queues import Given, Poll, decision_given
from pyflow.local.service.service import Answer, Service
from pyflow.local.service.tokens import DECISION as DECISION_TOKEN
from pyflow.local.service.tokens import TaskToken


def join(service: Service, request: Request, poll: Poll) -> None:
    """Let a poll wait at the task list that PollForDecisionTask names."""
    service.registry.domain(request["domain"])
    service.join(DECISION, request["domain"], request["taskList"]["name"], poll)


def answer(service: Service, request: Request, poll: Poll, now: int) -> Answer:
    """What PollForDecisionTask answers: the task and its first page, or SWF's sign of an empty poll."""
    given = poll.given
    if given is None:
        return {"previousStartedEventId": 0, "startedEventId": 0}
    return _page(service, request, given, None, now)


def continued(service: Service, request: Request, now: int) -> Answer:
    """A further page of a decision task that is still started; it starts nothing."""
    service.registry.domain(request["domain"])
    position = service.tokens.read_page("PollForDecisionTask", request, now)
    key, scheduled_id, started_id, begin = position
    run = holder(service, TaskToken(DECISION_TOKEN, key, scheduled_id, started_id))
    task = decisions.started(run, scheduled_id, started_id)
    return _page(service, request, decision_given(run, task), begin, now)


def poll_at_once(service: Service, request: Request, now: int) -> Answer:
    """PollForDecisionTask, of what waits already."""
    if request.get("nextPageToken"):
        return continued(service, request, now)
    poll = Poll(request.get("identity"))
    join(service, request, poll)
    service.settle(now)
    service.leave(poll)
    return answer(service, request, poll, now)


def completed(service: Service, request: Request, now: int) -> Answer:
    """RespondDecisionTaskCompleted."""
    token = service.tokens.read_task(request["taskToken"], DECISION_TOKEN)
    run = holder(service, token)
    task = decisions.started(run, token.scheduled_id, token.started_id)
    service.perform(run, decisions.respond(run, service.world(run.domain), task, request, now), now)
    return None


def count_pending(service: Service, request: Request, now: int) -> Answer:
    """CountPendingDecisionTasks: those that wait, exactly."""
    service.registry.domain(request["domain"])
    count = service.count_waiting(DECISION, request["domain"], request["taskList"]["name"])
    return {"count": count, "truncated": False}


def _page(service: Service, request: Request, given: Given, begin: int | None, now: int) -> Answer:
    """One page of a task's history, which ends with the start of the task whatever came later."""
    reverse = bool(request.get("reverseOrder"))
    first = given.first if request.get("startAtPreviousStartedEvent") else 1
    last = given.started_id
    if begin is not None:
        first, last = (first, begin) if reverse else (begin, last)
    texts, following = event_page(service, given.run, (first, last), reverse, size(request))
    token = TaskToken(DECISION_TOKEN, given.run, given.scheduled_id, given.started_id)
    document: dict[str, Any] = {"taskToken": service.tokens.task(token), **given.document}
    if following is not None:
        position = [given.run, given.scheduled_id, given.started_id, following]
        document["nextPageToken"] = service.tokens.page("PollForDecisionTask", request, position, now)
    return spliced(document, texts)
