"""What it means that an execution of a workflow id is open already: it is the one asked for, or another."""

from __future__ import annotations

from itertools import islice
from typing import Any

from pyflow import codec
from pyflow.client.runs import newest_closed_run, open_run
from pyflow.errors import PayloadException, WorkflowAlreadyStartedException
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.stores.texts import open_text
from pyflow.swf.patience import Time, pauses
from pyflow.tracing.starting import without_span

LOOKS = 10


def same_run(
    client: Any, request: dict[str, Any], *, ours: bool, payloads: Payloads = PLAIN, time: Time
) -> str:
    """The id of the run that StartWorkflowExecution, asked for before or by another, has made of this request.

    ours: the workflow id is nobody else's, so that no comparison is needed and the run may be closed already.
    payloads: opens both inputs, since no two texts of one encrypted value are alike.
    Raises WorkflowAlreadyStartedException.
    """
    domain, workflow_id = request["domain"], request["workflowId"]
    for pause in islice(pauses(), LOOKS):
        run_id = open_run(client, domain, workflow_id)
        if run_id is not None and not ours:
            return _checked(client, request, run_id, payloads)
        run_id = run_id or (newest_closed_run(client, domain, workflow_id) if ours else None)
        if run_id is not None:
            return run_id
        time.sleep(pause)
    raise WorkflowAlreadyStartedException(
        f"an execution {workflow_id} was open in domain {domain} a moment ago and is not listed: start it again"
    )


def _checked(client: Any, request: dict[str, Any], run_id: str, payloads: Payloads) -> str:
    execution = {"workflowId": request["workflowId"], "runId": run_id}
    page = client.get_workflow_execution_history(
        domain=request["domain"], execution=execution, maximumPageSize=1
    )
    open_one = page["events"][0]["workflowExecutionStartedEventAttributes"]
    asked, kind = request["workflowType"], open_one["workflowType"]
    whose = f"execution {request['workflowId']} is open already (run {run_id})"
    if kind != asked:
        raise WorkflowAlreadyStartedException(
            f"{whose} and of type {kind['name']} {kind['version']}, not {asked['name']} {asked['version']}:"
            " choose another workflow id"
        )
    if _input(open_one.get("input"), payloads) != _input(request.get("input"), payloads):
        raise WorkflowAlreadyStartedException(
            f"{whose} with another input: choose another workflow id, or signal that execution"
        )
    return run_id


def _input(text: str | None, payloads: Payloads) -> str:
    """The input proper, without signals and spans that it may carry, opened; an absent one is an empty one."""
    try:
        text = None if text is None else open_text(text, payloads)
        start = codec.decode_start(text)
    except PayloadException:
        start = None
    return without_span(text if start is None else start.input) or ""
