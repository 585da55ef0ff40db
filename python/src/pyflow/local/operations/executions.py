"""Executions from the outside: start, signal, request cancel, terminate, describe."""

from __future__ import annotations

from typing import Any

from pyflow.local.engine.accept import executions
from pyflow.local.engine.messages import Execution
from pyflow.local.engine.records import Request
from pyflow.local.engine.run import Run
from pyflow.local.engine.settings import given
from pyflow.local.operations.visibility import info
from pyflow.local.service.service import Answer, Service
from pyflow.local.storage.rows import run_row


def start(service: Service, request: Request, now: int) -> Answer:
    """StartWorkflowExecution."""
    domain, workflow_id = request["domain"], request["workflowId"]
    service.registry.domain(domain)
    already_open = service.runs.open(domain, workflow_id) is not None
    attributes = executions.started(service.world(domain), domain, request, already_open)
    execution = Execution(workflow_id, service.new_run_id())
    service.open_run(domain, execution, attributes, now)
    return {"runId": execution.run_id}


def signal(service: Service, request: Request, now: int) -> Answer:
    """SignalWorkflowExecution."""
    run = _open(service, request)
    service.admit("SignalWorkflowExecution", run.key)
    service.perform(run, executions.signal(run, request, now), now)
    return None


def request_cancel(service: Service, request: Request, now: int) -> Answer:
    """RequestCancelWorkflowExecution."""
    run = _open(service, request)
    service.admit("RequestCancelWorkflowExecution", run.key)
    service.perform(run, executions.request_cancel(run, now), now)
    return None


def terminate(service: Service, request: Request, now: int) -> Answer:
    """TerminateWorkflowExecution."""
    run = _open(service, request)
    service.perform(run, executions.terminate(run, request, now), now)
    return None


def describe(service: Service, request: Request, now: int) -> Answer:
    """DescribeWorkflowExecution, of an open or closed run."""
    domain, document = request["domain"], request["execution"]
    execution = Execution(document["workflowId"], document["runId"])
    run = service.runs.find(domain, execution, service.retention(domain), now)
    settings = run.settings
    counts = {
        "openActivityTasks": len(run.activities),
        "openDecisionTasks": int(run.open and bool(run.waiting or run.deciding)),
        "openTimers": len(run.timers) if run.open else 0,
        "openChildWorkflowExecutions": len(run.children) if run.open else 0,
        "openLambdaFunctions": len(run.lambdas) if run.open else 0,
    }
    configuration = given(
        settings,
        "taskStartToCloseTimeout",
        "executionStartToCloseTimeout",
        "taskList",
        "taskPriority",
        "childPolicy",
        "lambdaRole",
    )
    answer: dict[str, Any] = {
        "executionInfo": info(run_row(run, None)),
        "executionConfiguration": configuration,
        "openCounts": counts,
    }
    if run.latest_activity_at is not None:
        answer["latestActivityTaskTimestamp"] = run.latest_activity_at / 1000
    if run.context is not None:
        answer["latestExecutionContext"] = run.context
    return answer


def _open(service: Service, request: Request) -> Run:
    service.registry.domain(request["domain"])
    return service.runs.find_open(request["domain"], request["workflowId"], request.get("runId"))
