"""Asking how an execution stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyflow.errors import PayloadException
from pyflow.history.context import read_context
from pyflow.history.event import Event, attributes_key
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.stores.shown import not_here, open_events
from pyflow.swf.boto import client as boto_client
from pyflow.swf.faults import UNKNOWN_RESOURCE, is_fault

CLOSING_EVENTS = frozenset(
    {
        "WorkflowExecutionCompleted",
        "WorkflowExecutionFailed",
        "WorkflowExecutionCanceled",
        "WorkflowExecutionTerminated",
        "WorkflowExecutionContinuedAsNew",
        "WorkflowExecutionTimedOut",
    }
)


@dataclass
class WorkflowStatus:
    """How an execution stands. execution_status: `OPEN` or `CLOSED`; workflow_description: all that SWF says.

    Closed: close_status is SWF's (`COMPLETED`, `FAILED`, …), result the encoded result, failure_reason and
    failure_details those of a failed or terminated run, exit_event the event that closed it.
    state: what the workflow gave to `set_state` last, decoded; None before, and where it can't be read here: then
    state_unreadable says why, and what would help.
    parked, parked_since: why no decider at hand could decide the run, and since when (RFC 3339); None when it goes on.
    """

    execution_status: str
    workflow_description: dict[str, Any]
    close_status: str | None = None
    latest_activity_timestamp: datetime | None = None
    result: str | None = None
    failure_reason: str | None = None
    failure_details: str | None = None
    exit_event: Event | None = None
    state: Any = None
    state_unreadable: str | None = None
    parked: str | None = None
    parked_since: str | None = None


def get_workflow_status(
    domain: str, workflow_id: str, run_id: str, client: Any = None, *, payloads: Payloads = PLAIN
) -> WorkflowStatus | None:
    """The status of a run, open or closed; None where SWF knows no such run.

    payloads: the keys and stores that the decider has (`pyflow.stores.Payloads`); what they open is there as a reader
    without them would take it: result and failure_details, exit_event, state.
    """
    swf = client or boto_client()
    try:
        description = swf.describe_workflow_execution(
            domain=domain, execution={"workflowId": workflow_id, "runId": run_id}
        )
    except Exception as error:
        if is_fault(error, UNKNOWN_RESOURCE):
            return None
        raise
    info = description["executionInfo"]
    status = WorkflowStatus(
        execution_status=info["executionStatus"],
        workflow_description=description,
        latest_activity_timestamp=description.get("latestActivityTaskTimestamp"),
    )
    _say(status, description.get("latestExecutionContext"), payloads)
    if status.execution_status != "CLOSED":
        return status
    status.close_status = info.get("closeStatus")
    for event in history(swf, domain, workflow_id, run_id, newest_first=True):
        if event["eventType"] in CLOSING_EVENTS:
            [event] = open_events([event], payloads)
            attributes = event[attributes_key(event["eventType"])]
            status.exit_event = event
            status.result = attributes.get("result")
            status.failure_reason = attributes.get("reason")
            status.failure_details = attributes.get("details")
            break
    return status


def _say(status: WorkflowStatus, text: str | None, payloads: Payloads) -> None:
    """Adds what the decider left in the execution context; another framework's says nothing."""
    context = read_context(text)
    if context.void:
        status.parked, status.parked_since = context.reason or "no reason was given", context.since
    try:
        status.state = payloads.read(context.state).value
    except PayloadException as error:
        status.state_unreadable = str(not_here("state", error))


def history(
    client: Any, domain: str, workflow_id: str, run_id: str, *, newest_first: bool = False
) -> Iterator[Event]:
    """The events of a run, page by page as they are asked for."""
    token: dict[str, str] = {}
    while True:
        page = client.get_workflow_execution_history(
            domain=domain,
            execution={"workflowId": workflow_id, "runId": run_id},
            reverseOrder=newest_first,
            **token,
        )
        yield from page["events"]
        if not page.get("nextPageToken"):
            return
        token = {"nextPageToken": page["nextPageToken"]}
