"""How a run ends, and who hears of it: its parent always, its children where the child policy says so."""

from __future__ import annotations

from pyflow.local.engine.messages import ChildClosed, Message, Opening, PolicyApplied, Target
from pyflow.local.engine.records import Attributes, Record, Records
from pyflow.local.engine.registry import DEPRECATED, WORKFLOW, World
from pyflow.local.engine.run import Run
from pyflow.local.engine.run_ids import derived
from pyflow.local.engine.settings import WORKFLOW as WORKFLOW_SETTINGS
from pyflow.local.engine.settings import Undefined, given, resolve

TOLD_TO_THE_PARENT = {
    "WorkflowExecutionCompleted": ("Completed", ("result",)),
    "WorkflowExecutionFailed": ("Failed", ("reason", "details")),
    "WorkflowExecutionCanceled": ("Canceled", ("details",)),
    "WorkflowExecutionTimedOut": ("TimedOut", ("timeoutType",)),
    "WorkflowExecutionTerminated": ("Terminated", ()),
}
"""Closing event -> the tail of the parent's event type, and the attributes it shares with it."""

CLOSING = frozenset(TOLD_TO_THE_PARENT) | {"WorkflowExecutionContinuedAsNew"}


def close(run: Run, type: str, attributes: Attributes, now: int, child_policy: str | None = None) -> Records:
    """The closing event and its messages; child_policy: the one to apply, None to leave the children alone."""
    yield run.event(type, now, attributes)
    parent = run.parent
    if parent is not None and type in TOLD_TO_THE_PARENT:
        target, initiated_id = parent
        outcome, names = TOLD_TO_THE_PARENT[type]
        yield Message(target, ChildClosed(initiated_id, run.execution, outcome, given(attributes, *names)))
    if child_policy in ("TERMINATE", "REQUEST_CANCEL"):
        for child in list(run.children.values()):
            target = Target(child.workflow_id, child_of=(run.run_id, child.initiated_id))
            yield Message(target, PolicyApplied(child_policy, run.execution))


def terminate(
    run: Run, cause: str, now: int, attributes: Attributes, child_policy: str | None = None
) -> Records:
    """Terminate a run. child_policy overrides the run's own; attributes: reason and details, if any."""
    policy = child_policy or run.settings["childPolicy"]
    document = {"childPolicy": policy, "cause": cause, **attributes}
    return close(run, "WorkflowExecutionTerminated", document, now, policy)


def complete(run: Run, world: World, attributes: Attributes, completed_id: int, now: int) -> Records:
    """CompleteWorkflowExecution."""
    return _decided(run, "Complete", "Completed", given(attributes, "result"), completed_id, now)


def fail(run: Run, world: World, attributes: Attributes, completed_id: int, now: int) -> Records:
    """FailWorkflowExecution."""
    return _decided(run, "Fail", "Failed", given(attributes, "reason", "details"), completed_id, now)


def cancel(run: Run, world: World, attributes: Attributes, completed_id: int, now: int) -> Records:
    """CancelWorkflowExecution; no cancel request need precede it."""
    return _decided(run, "Cancel", "Canceled", given(attributes, "details"), completed_id, now)


def _decided(
    run: Run, verb: str, outcome: str, attributes: Attributes, completed_id: int, now: int
) -> Records:
    if run.waiting is not None:
        yield _unhandled(run, verb + "WorkflowExecution", "UNHANDLED_DECISION", completed_id, now)
        return
    document = {**attributes, "decisionTaskCompletedEventId": completed_id}
    yield from close(run, "WorkflowExecution" + outcome, document, now)


def _unhandled(run: Run, decision: str, cause: str, completed_id: int, now: int) -> Record:
    return run.event(decision + "Failed", now, {"cause": cause, "decisionTaskCompletedEventId": completed_id})


def continue_as_new(run: Run, world: World, attributes: Attributes, completed_id: int, now: int) -> Records:
    """ContinueAsNewWorkflowExecution: every setting comes from the decision or the type, none from this run."""
    decision = "ContinueAsNewWorkflowExecution"
    if run.waiting is not None:
        yield _unhandled(run, decision, "UNHANDLED_DECISION", completed_id, now)
        return
    old_type = run.settings["workflowType"]
    version = attributes.get("workflowTypeVersion", old_type["version"])
    type_ = {"name": old_type["name"], "version": version}
    found = world.registry.find(run.domain, WORKFLOW, type_)
    cause, settings = None, {}
    if found is None:
        cause = "WORKFLOW_TYPE_DOES_NOT_EXIST"
    elif found.status == DEPRECATED:
        cause = "WORKFLOW_TYPE_DEPRECATED"
    else:
        try:
            settings = resolve(WORKFLOW_SETTINGS, attributes, found.defaults)
        except Undefined as undefined:
            cause = undefined.cause
        else:
            if world.spent(decision):
                cause = "CONTINUE_AS_NEW_WORKFLOW_EXECUTION_RATE_EXCEEDED"
    if cause is not None:
        yield _unhandled(run, decision, cause, completed_id, now)
        return
    shared = {**settings, "workflowType": type_, **given(attributes, "input", "tagList")}
    new_run_id = derived(run.run_id, run.last_id + 1)
    yield from close(
        run,
        "WorkflowExecutionContinuedAsNew",
        {**shared, "newExecutionRunId": new_run_id, "decisionTaskCompletedEventId": completed_id},
        now,
    )
    started = {
        **shared,
        **given(run.settings, "parentWorkflowExecution", "parentInitiatedEventId"),
        "continuedExecutionRunId": run.run_id,
    }
    yield Opening(run.execution._replace(run_id=new_run_id), started)
