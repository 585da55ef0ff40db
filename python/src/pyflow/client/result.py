"""Waiting for what a run comes to."""

from __future__ import annotations

from typing import Any

from pyflow import codec
from pyflow.client.runs import UnknownRun, newest_run
from pyflow.client.status import WorkflowStatus, get_workflow_status
from pyflow.errors import (
    PayloadException,
    WaitTimedOutException,
    WorkflowCanceledException,
    WorkflowException,
    WorkflowFailedException,
    WorkflowTerminatedException,
    WorkflowTimedOutException,
)
from pyflow.history.event import attributes_key
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.stores.shown import not_here, read_failure
from pyflow.stores.texts import open_text
from pyflow.swf.boto import client as boto_client
from pyflow.swf.faults import code_of, is_transient
from pyflow.swf.patience import REAL, Time, pauses


def get_workflow_result(
    domain: str,
    workflow_id: str,
    run_id: str | None = None,
    timeout: float | None = None,
    client: Any = None,
    *,
    payloads: Payloads = PLAIN,
    time: Time = REAL,
) -> Any:
    """Waits until the run has closed, and those that it continued as; returns the decoded result.

    run_id: without it the open run is meant, else the newest closed one. timeout: seconds, for ever if None.
    payloads: the keys and stores that the decider has (`pyflow.stores.Payloads`).
    Raises WorkflowFailedException, WorkflowTimedOutException, WorkflowCanceledException or
    WorkflowTerminatedException by how the last run ended; WaitTimedOutException after `timeout` seconds;
    UnknownExecutionException; PayloadException for a result that can't be read here: UnknownCodec and PayloadUnavailable
    say which key or store is missing.
    SWF is asked twenty times a second at first, and every two seconds later.
    """
    swf = client or boto_client()
    run_id = run_id or newest_run(swf, domain, workflow_id)
    end = None if timeout is None else time.monotonic() + timeout
    wait = pauses()
    while True:
        status = _status(swf, domain, workflow_id, run_id)
        if status is not None and status.exit_event is not None:
            if status.close_status != "CONTINUED_AS_NEW":
                return _outcome(status, workflow_id, run_id, payloads)
            run_id, wait = _attributes(status)["newExecutionRunId"], pauses()
            continue
        pause = next(wait)
        if end is not None:
            left = end - time.monotonic()
            if left <= 0:
                raise WaitTimedOutException(f"execution {workflow_id} is still open after {timeout:g} s")
            pause = min(pause, left)
        time.sleep(pause)


def _status(client: Any, domain: str, workflow_id: str, run_id: str) -> WorkflowStatus | None:
    """How the run stands; None where SWF is too busy to say."""
    try:
        status = get_workflow_status(domain, workflow_id, run_id, client)
    except Exception as error:
        if code_of(error) is not None and is_transient(error):
            return None
        raise
    if status is None:
        raise UnknownRun(domain, workflow_id, run_id)
    return status


def _outcome(status: WorkflowStatus, workflow_id: str, run_id: str, payloads: Payloads) -> Any:
    """The result. Raises what the run ended with instead."""
    if status.close_status == "COMPLETED":
        return _value(status.result, workflow_id, payloads)
    which = {"workflow_id": workflow_id, "run_id": run_id}
    reason, details = status.failure_reason, status.failure_details
    if status.close_status == "FAILED":
        raise WorkflowFailedException(
            reason, details, failure=read_failure(reason, details, payloads), **which
        )
    if status.close_status == "TIMED_OUT":
        raise WorkflowTimedOutException(_attributes(status).get("timeoutType"), **which)
    if status.close_status == "CANCELED":
        raise WorkflowCanceledException(None, details, **which)
    if status.close_status == "TERMINATED":
        cause = _attributes(status).get("cause")
        raise WorkflowTerminatedException(reason, details, cause=cause, **which)
    raise WorkflowException(status.close_status, **which)


def _value(text: str | None, workflow_id: str, payloads: Payloads) -> Any:
    try:
        return codec.decode(open_text(text or "", payloads), lenient=True)
    except PayloadException as error:
        raise not_here(f"result of {workflow_id}", error) from error


def _attributes(status: WorkflowStatus) -> dict[str, Any]:
    event = status.exit_event
    assert event is not None
    return event.get(attributes_key(event["eventType"])) or {}
