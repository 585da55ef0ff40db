"""Which run is meant: by a workflow id alone the open one, else the newest closed; and what to say of none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

from pyflow.errors import PyflowException, UnknownExecutionException
from pyflow.swf.faults import UNKNOWN_RESOURCE, is_fault

EVER = {"oldestDate": datetime(2012, 1, 1, tzinfo=timezone.utc)}


class UnknownRun(UnknownExecutionException):
    """The domain has no such run of that workflow id."""

    def __init__(self, domain: str, workflow_id: str, run_id: str) -> None:
        super().__init__(
            f"domain {domain} has no run {run_id} of {workflow_id}: check the run id, and --domain"
        )


def newest_run(client: Any, domain: str, workflow_id: str) -> str:
    """The run id. Raises UnknownExecutionException for none, PyflowException for an unknown domain."""
    run_id = open_run(client, domain, workflow_id) or newest_closed_run(client, domain, workflow_id)
    if run_id is None:
        raise UnknownExecutionException(
            f"domain {domain} has no execution {workflow_id}: check the workflow id, or it closed before the domain's"
            " retention period"
        )
    return run_id


def open_run(client: Any, domain: str, workflow_id: str) -> str | None:
    """The open run, as SWF lists it, which for a second or so may be too late."""
    return _first(client.list_open_workflow_executions, domain, workflow_id)


def newest_closed_run(client: Any, domain: str, workflow_id: str) -> str | None:
    """The closed run that started last."""
    return _first(client.list_closed_workflow_executions, domain, workflow_id)


def _first(listing: Any, domain: str, workflow_id: str) -> str | None:
    which = {"domain": domain, "startTimeFilter": EVER, "executionFilter": {"workflowId": workflow_id}}
    try:
        found = listing(**which, maximumPageSize=1)["executionInfos"]
    except Exception as error:
        if is_fault(error, UNKNOWN_RESOURCE):
            raise PyflowException(
                f"SWF knows no domain {domain} here: check --domain and the endpoint"
            ) from None
        raise
    return str(found[0]["execution"]["runId"]) if found else None


def which_run(workflow_id: str, run_id: str | None) -> dict[str, str]:
    """The members that name an open run in a request; without a run id it is whichever is open."""
    return {"workflowId": workflow_id, **({"runId": run_id} if run_id else {})}


@contextmanager
def of_an_open_run(domain: str, workflow_id: str, run_id: str | None = None) -> Iterator[None]:
    """Turns SWF's refusal, because no such run is open, into UnknownExecutionException."""
    try:
        yield
    except Exception as error:
        if not is_fault(error, UNKNOWN_RESOURCE):
            raise
        run = f"open run {run_id} of {workflow_id}" if run_id else f"open execution {workflow_id}"
        raise UnknownExecutionException(
            f"domain {domain} has no {run}: it closed, or check the workflow id, the domain and the endpoint"
        ) from None
