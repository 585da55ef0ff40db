"""The program of a run: an instance of its class, `run`, and what happens before it fails."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from pyflow import codec
from pyflow.decider.execution import Body, Execution
from pyflow.flow.batch import run_batch
from pyflow.flow.invocation import WorkflowInvocationHelper
from pyflow.flow.workflow import Workflow

logger = logging.getLogger("pyflow")


def body_of(
    workflow_class: type[Workflow],
    helper: Callable[[Execution], WorkflowInvocationHelper] = WorkflowInvocationHelper,
) -> Body:
    """What an execution of the class runs. helper: what its code gets as `self.swf`."""

    def body(execution: Execution, value: Any) -> Any:
        workflow = workflow_class(helper(execution))
        if isinstance(value, codec.Batch):
            return run_batch(workflow, value)
        try:
            return workflow.run(value)
        except Exception as error:
            _tell(workflow, execution, error)
            raise

    return body


def _tell(workflow: Workflow, execution: Execution, error: Exception) -> None:
    """What `on_error` raises is logged: the run fails with the error that it was told of."""
    try:
        workflow.on_error(error)
    except (Exception, SystemExit):
        if not execution.replaying:
            logger.exception("on_error of workflow %s %s raised too", *execution.run.type)
