"""Which run is meant by a workflow id alone: the open one, else the newest closed."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from pyflow.errors import PyflowException
from pyflow.swf.faults import UNKNOWN_RESOURCE, is_fault

EVER = {"oldestDate": datetime(2012, 1, 1, tzinfo=timezone.utc)}


class UnknownRun(PyflowException):
    """The domain has no such run of that workflow id."""

    def __init__(self, domain: str, workflow_id: str, run_id: str) -> None:
        super().__init__(
            f"domain {domain} has no run {run_id} of {workflow_id}: check the run id, and --domain"
        )


def newest_run(client: Any, domain: str, workflow_id: str) -> str:
    """The run id. Raises PyflowException where the domain has no such execution, or is unknown."""
    which = {"domain": domain, "startTimeFilter": EVER, "executionFilter": {"workflowId": workflow_id}}
    try:
        for listed in (client.list_open_workflow_executions, client.list_closed_workflow_executions):
            found = listed(**which, maximumPageSize=1)["executionInfos"]
            if found:
                return str(found[0]["execution"]["runId"])
    except Exception as error:
        if is_fault(error, UNKNOWN_RESOURCE):
            raise PyflowException(
                f"SWF knows no domain {domain} here: check --domain and the endpoint"
            ) from None
        raise
    raise PyflowException(
        f"domain {domain} has no execution {workflow_id}: check the workflow id, or it closed before the domain's"
        " retention period"
    )
