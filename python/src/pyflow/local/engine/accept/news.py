"""News from another run, as the run it is for records it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyflow.local.engine.accept.closing import terminate
from pyflow.local.engine.accept.waking import waking
from pyflow.local.engine.messages import (
    Answered,
    CancelRequested,
    ChildClosed,
    ChildNotStarted,
    ChildStarted,
    Message,
    News,
    PolicyApplied,
    Signaled,
    Target,
)
from pyflow.local.engine.records import Attributes, Records
from pyflow.local.engine.run import Run


def hear(run: Run, news: News, now: int) -> Records:
    """What an open run makes of news."""
    return _HEARD[type(news)](run, news, now)


def _signaled(run: Run, news: Signaled, now: int) -> Records:
    attributes: Attributes = {"signalName": news.name}
    if news.input is not None:
        attributes["input"] = news.input
    attributes |= {
        "externalWorkflowExecution": news.sender.document(),
        "externalInitiatedEventId": news.initiated_id,
    }
    yield from waking(run, run.event("WorkflowExecutionSignaled", now, attributes), now)
    yield Message(Target(*news.sender), Answered("Signal", news.initiated_id, run.execution))


def _cancel_requested(run: Run, news: CancelRequested, now: int) -> Records:
    attributes = {
        "externalWorkflowExecution": news.sender.document(),
        "externalInitiatedEventId": news.initiated_id,
    }
    yield from waking(run, run.event("WorkflowExecutionCancelRequested", now, attributes), now)
    yield Message(Target(*news.sender), Answered("RequestCancel", news.initiated_id, run.execution))


def _policy_applied(run: Run, news: PolicyApplied, now: int) -> Records:
    if news.policy == "TERMINATE":
        yield from terminate(run, "CHILD_POLICY_APPLIED", now, {})
        return
    attributes = {
        "externalWorkflowExecution": news.parent.document(),
        "externalInitiatedEventId": 0,
        "cause": "CHILD_POLICY_APPLIED",
    }
    yield from waking(run, run.event("WorkflowExecutionCancelRequested", now, attributes), now)


_TAKEN_AS = {
    "Signal": "ExternalWorkflowExecutionSignaled",
    "RequestCancel": "ExternalWorkflowExecutionCancelRequested",
}


def _answered(run: Run, news: Answered, now: int) -> Records:
    if news.execution is not None:
        attributes = {"workflowExecution": news.execution.document(), "initiatedEventId": news.initiated_id}
        yield from waking(run, run.event(_TAKEN_AS[news.kind], now, attributes), now)
        return
    initiated = run.externals[news.initiated_id].initiated
    names = ("workflowId", "runId", "control", "decisionTaskCompletedEventId")
    attributes = {name: initiated[name] for name in names if name in initiated}
    attributes |= {"cause": news.cause, "initiatedEventId": news.initiated_id}
    yield from waking(run, run.event(f"{news.kind}ExternalWorkflowExecutionFailed", now, attributes), now)


def _child_started(run: Run, news: ChildStarted, now: int) -> Records:
    attributes = {
        "workflowExecution": news.execution.document(),
        "workflowType": run.children[news.initiated_id].workflow_type,
        "initiatedEventId": news.initiated_id,
    }
    yield from waking(run, run.event("ChildWorkflowExecutionStarted", now, attributes), now)


def _child_not_started(run: Run, news: ChildNotStarted, now: int) -> Records:
    child = run.children[news.initiated_id]
    attributes: Attributes = {
        "workflowId": child.workflow_id,
        "workflowType": child.workflow_type,
        "cause": news.cause,
        "initiatedEventId": news.initiated_id,
        "decisionTaskCompletedEventId": child.completed_id,
    }
    if child.control is not None:
        attributes["control"] = child.control
    yield from waking(run, run.event("StartChildWorkflowExecutionFailed", now, attributes), now)


def _child_closed(run: Run, news: ChildClosed, now: int) -> Records:
    child = run.children[news.initiated_id]
    attributes = {
        "workflowExecution": news.execution.document(),
        "workflowType": child.workflow_type,
        **news.attributes,
        "initiatedEventId": news.initiated_id,
        "startedEventId": child.started_id,
    }
    yield from waking(run, run.event("ChildWorkflowExecution" + news.outcome, now, attributes), now)


_HEARD: dict[type, Callable[[Run, Any, int], Records]] = {
    Signaled: _signaled,
    CancelRequested: _cancel_requested,
    PolicyApplied: _policy_applied,
    Answered: _answered,
    ChildStarted: _child_started,
    ChildNotStarted: _child_not_started,
    ChildClosed: _child_closed,
}
