"""Decisions about other runs: start a child, signal, request cancel. The outcome comes as news, later."""

from __future__ import annotations

from pyflow.local.engine.limits import OPEN_CHILDREN, OPEN_RUNS_OF_A_DOMAIN
from pyflow.local.engine.messages import (
    Answered,
    CancelRequested,
    Execution,
    Message,
    News,
    Opening,
    Signaled,
    Target,
)
from pyflow.local.engine.records import Attributes, Records
from pyflow.local.engine.registry import DEPRECATED, WORKFLOW, World
from pyflow.local.engine.run import Run
from pyflow.local.engine.run_ids import derived
from pyflow.local.engine.settings import WORKFLOW as WORKFLOW_SETTINGS
from pyflow.local.engine.settings import Undefined, given, resolve


def start_child(run: Run, world: World, attributes: Attributes, completed_id: int, now: int) -> Records:
    """StartChildWorkflowExecution."""
    document, workflow_id = attributes["workflowType"], attributes["workflowId"]
    type_ = world.registry.find(run.domain, WORKFLOW, document)
    cause, settings = None, {}
    if type_ is None:
        cause = "WORKFLOW_TYPE_DOES_NOT_EXIST"
    elif type_.status == DEPRECATED:
        cause = "WORKFLOW_TYPE_DEPRECATED"
    else:
        try:
            settings = resolve(WORKFLOW_SETTINGS, attributes, type_.defaults)
        except Undefined as undefined:
            cause = undefined.cause
        else:
            if len(run.children) >= OPEN_CHILDREN:
                cause = "OPEN_CHILDREN_LIMIT_EXCEEDED"
            elif _full(run, world):
                cause = "OPEN_WORKFLOWS_LIMIT_EXCEEDED"
            elif world.spent("StartChildWorkflowExecution"):
                cause = "CHILD_CREATION_RATE_EXCEEDED"
    subject = {"workflowId": workflow_id, "workflowType": document, **given(attributes, "control")}
    origin = {"decisionTaskCompletedEventId": completed_id}
    if cause is not None:
        failed = {**subject, "cause": cause, "initiatedEventId": 0, **origin}
        yield run.event("StartChildWorkflowExecutionFailed", now, failed)
        return
    shared = {**settings, **given(attributes, "input", "tagList")}
    initiated = run.event("StartChildWorkflowExecutionInitiated", now, {**subject, **shared, **origin})
    yield initiated
    started = {
        **shared,
        "workflowType": document,
        "parentWorkflowExecution": run.execution.document(),
        "parentInitiatedEventId": initiated.id,
    }
    child = Execution(workflow_id, derived(run.run_id, initiated.id))
    yield Opening(child, started, (Target(*run.execution), initiated.id))


def _full(run: Run, world: World) -> bool:
    """Whether the domain holds no more runs; the children that a batch has asked for so far count as well."""
    room = OPEN_RUNS_OF_A_DOMAIN - world.open_runs
    return len(run.children) >= room <= sum(not child.started_id for child in run.children.values())


def signal(run: Run, world: World, attributes: Attributes, completed_id: int, now: int) -> Records:
    """SignalExternalWorkflowExecution; a run may signal itself."""
    initiated_id = run.last_id + 1
    news = Signaled(attributes["signalName"], attributes.get("input"), run.execution, initiated_id)
    return _initiate(run, world, "Signal", attributes, completed_id, now, news)


def request_cancel(run: Run, world: World, attributes: Attributes, completed_id: int, now: int) -> Records:
    """RequestCancelExternalWorkflowExecution."""
    news = CancelRequested(run.execution, run.last_id + 1)
    return _initiate(run, world, "RequestCancel", attributes, completed_id, now, news)


_TOO_MANY = {
    "Signal": "SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_RATE_EXCEEDED",
    "RequestCancel": "REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_RATE_EXCEEDED",
}


def _initiate(
    run: Run, world: World, kind: str, attributes: Attributes, completed_id: int, now: int, news: News
) -> Records:
    origin = {"decisionTaskCompletedEventId": completed_id}
    target = given(attributes, "workflowId", "runId")
    if world.spent(f"{kind}ExternalWorkflowExecution"):
        failed = {**target, **given(attributes, "control"), "cause": _TOO_MANY[kind], "initiatedEventId": 0}
        yield run.event(f"{kind}ExternalWorkflowExecutionFailed", now, {**failed, **origin})
        return
    document = {**target, **given(attributes, "signalName", "input", "control"), **origin}
    event = run.event(f"{kind}ExternalWorkflowExecutionInitiated", now, document)
    yield event
    unknown = Answered(kind, event.id, cause="UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION")
    yield Message(
        Target(attributes["workflowId"], attributes.get("runId")),
        news,
        otherwise=Message(Target(*run.execution), unknown),
    )
