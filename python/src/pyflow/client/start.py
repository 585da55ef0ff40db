"""Starting workflow executions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from pyflow.swf.boto import client as boto_client


def start_workflow(
    domain: str,
    workflow_name: str,
    workflow_version: str,
    task_list: str,
    lambda_role: str | None = None,
    input: str | None = None,
    client: Any = None,
    task_start_to_close_timeout: int | str | None = None,
    execution_start_to_close_timeout: int | str | None = None,
    task_priority: int | str | None = None,
    tag_list: Sequence[str] | None = None,
    child_policy: str | None = None,
    workflow_id: str | None = None,
) -> dict[str, str]:
    """Starts an execution; returns its `workflowId` and `runId`.

    task_list: where the decider polls. input: already encoded, as JSON text. Timeouts in seconds. workflow_id:
    `workflow_name@uuid4` unless given. What is None is left to the workflow type's defaults.
    """
    settings = {
        "input": input,
        "lambdaRole": lambda_role,
        "taskStartToCloseTimeout": _text(task_start_to_close_timeout),
        "executionStartToCloseTimeout": _text(execution_start_to_close_timeout),
        "taskPriority": _text(task_priority),
        "tagList": list(tag_list) if tag_list is not None else None,
        "childPolicy": child_policy,
    }
    own_id = workflow_id or f"{workflow_name}@{uuid.uuid4()}"
    response = (client or boto_client()).start_workflow_execution(
        domain=domain,
        workflowId=own_id,
        workflowType={"name": workflow_name, "version": workflow_version},
        taskList={"name": task_list},
        **{key: value for key, value in settings.items() if value is not None},
    )
    return {"workflowId": own_id, "runId": response["runId"]}


def _text(value: int | str | None) -> str | None:
    return None if value is None else str(value)
