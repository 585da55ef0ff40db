"""What the outside asks of executions: start, signal, request cancel, terminate."""

from __future__ import annotations

from pyflow.local.engine.accept.closing import terminate as terminated
from pyflow.local.engine.accept.waking import waking
from pyflow.local.engine.fault import Fault, throttled, type_text
from pyflow.local.engine.limits import OPEN_RUNS_OF_A_DOMAIN
from pyflow.local.engine.records import Attributes, Records, Request
from pyflow.local.engine.registry import DEPRECATED, WORKFLOW, World
from pyflow.local.engine.run import Run
from pyflow.local.engine.settings import WORKFLOW as WORKFLOW_SETTINGS
from pyflow.local.engine.settings import Undefined, given, resolve
from pyflow.local.engine.tasks import DECISION


def started(world: World, domain: str, request: Request, already_open: bool) -> Attributes:
    """The WorkflowExecutionStarted that StartWorkflowExecution asks for, checked in SWF's order."""
    record = world.registry.domain(domain)
    if record.status == DEPRECATED:
        raise Fault("DomainDeprecatedFault", domain)
    document = request["workflowType"]
    type_ = world.registry.type(domain, WORKFLOW, document)
    if type_.status == DEPRECATED:
        raise Fault("TypeDeprecatedFault", type_text(WORKFLOW, type_.name, type_.version))
    try:
        settings = resolve(WORKFLOW_SETTINGS, request, type_.defaults)
    except Undefined as undefined:
        raise Fault("DefaultUndefinedFault", undefined.setting.name) from None
    if already_open:
        raise Fault("WorkflowExecutionAlreadyStartedFault", "Already Started")
    if world.open_runs >= OPEN_RUNS_OF_A_DOMAIN:
        raise Fault(
            "LimitExceededFault", f"open workflow executions in domain {domain}: {OPEN_RUNS_OF_A_DOMAIN}"
        )
    if world.crowded(DECISION, settings["taskList"]["name"]):
        raise throttled()
    return {
        **settings,
        "workflowType": type_.document,
        **given(request, "input", "tagList"),
        "parentInitiatedEventId": 0,
    }


def start(run: Run, attributes: Attributes, now: int) -> Records:
    """The first two events of a run, at one time."""
    return waking(run, run.event("WorkflowExecutionStarted", now, attributes), now)


def signal(run: Run, request: Request, now: int) -> Records:
    """SignalWorkflowExecution, to an open run."""
    attributes = {**given(request, "signalName", "input"), "externalInitiatedEventId": 0}
    return waking(run, run.event("WorkflowExecutionSignaled", now, attributes), now)


def request_cancel(run: Run, now: int) -> Records:
    """RequestCancelWorkflowExecution, to an open run; as often as it is asked for."""
    attributes = {"externalInitiatedEventId": 0}
    return waking(run, run.event("WorkflowExecutionCancelRequested", now, attributes), now)


def terminate(run: Run, request: Request, now: int) -> Records:
    """TerminateWorkflowExecution, of an open run."""
    attributes = given(request, "reason", "details")
    return terminated(run, "OPERATOR_INITIATED", now, attributes, request.get("childPolicy"))
