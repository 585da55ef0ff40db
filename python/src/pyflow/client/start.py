"""Starting workflow executions, once, however often it is asked for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from pyflow.client.already import same_run
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.stores.texts import seal_text
from pyflow.swf.boto import client as boto_client
from pyflow.swf.faults import ALREADY_STARTED, is_fault
from pyflow.swf.patience import REAL, Time
from pyflow.tracing.starting import with_current_span


def start_workflow(
    domain: str,
    workflow_name: str,
    workflow_version: str,
    task_list: str | None,
    lambda_role: str | None = None,
    input: str | None = None,
    client: Any = None,
    task_start_to_close_timeout: int | str | None = None,
    execution_start_to_close_timeout: int | str | None = None,
    task_priority: int | str | None = None,
    tag_list: Sequence[str] | None = None,
    child_policy: str | None = None,
    workflow_id: str | None = None,
    *,
    payloads: Payloads = PLAIN,
    time: Time = REAL,
) -> dict[str, str]:
    """Starts an execution; returns its `workflowId` and `runId`.

    task_list: where the decider polls. input: already encoded, as JSON text. Timeouts in seconds. workflow_id:
    `workflow_name@uuid4` unless given. What is None is left to the workflow type's defaults. payloads: the keys and stores
    that the decider has (`pyflow.stores.Payloads`): the input is encrypted, or stored where it does not fit.

    It is safe to ask again, which boto3 does by itself when an answer was lost. Where SWF says that an execution
    of the id is open already, an id made here can only be of this very call, and its run is returned. Of a given
    id the open run is returned if its type and input are the same, else WorkflowAlreadyStartedException is raised.
    Time passes, ten seconds at most, only until SWF lists a run that it says is there. Inside a span of OpenTelemetry an
    input that is an envelope says so: docs/tracing.md.
    """
    swf = client or boto_client()
    own_id = workflow_id or new_workflow_id(workflow_name)
    request = start_request(
        domain,
        own_id,
        workflow_name,
        workflow_version,
        taskList=task_list,
        input=with_current_span(_sealed(input, payloads, own_id)),
        lambdaRole=lambda_role,
        taskStartToCloseTimeout=task_start_to_close_timeout,
        executionStartToCloseTimeout=execution_start_to_close_timeout,
        taskPriority=task_priority,
        tagList=tag_list,
        childPolicy=child_policy,
    )
    try:
        run_id = swf.start_workflow_execution(**request)["runId"]
    except Exception as error:
        if not is_fault(error, ALREADY_STARTED):
            raise
        run_id = same_run(swf, request, ours=workflow_id is None, payloads=payloads, time=time)
    return {"workflowId": own_id, "runId": run_id}


def _sealed(text: str | None, payloads: Payloads, workflow_id: str) -> str | None:
    """The input as SWF is to hold it; without keys and stores it is the caller's, as it is."""
    if text is None or payloads.plain:
        return text
    return seal_text(text, payloads, what=f"input of {workflow_id}")


def new_workflow_id(workflow_name: str) -> str:
    """An id that nobody else has."""
    return f"{workflow_name}@{uuid.uuid4()}"


def start_request(
    domain: str, workflow_id: str, workflow_name: str, workflow_version: str, **settings: Any
) -> dict[str, Any]:
    """What StartWorkflowExecution is asked; settings have SWF's names, and None is left out."""
    return {
        "domain": domain,
        "workflowId": workflow_id,
        "workflowType": {"name": workflow_name, "version": workflow_version},
        **{key: _FORMS.get(key, str)(value) for key, value in settings.items() if value is not None},
    }


_FORMS: dict[str, Any] = {"taskList": lambda name: {"name": name}, "tagList": list}
