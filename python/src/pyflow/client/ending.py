"""Ending a run from outside: by asking it to, or at once."""

from __future__ import annotations

from typing import Any

from pyflow.client.runs import of_an_open_run, which_run
from pyflow.swf.boto import client as boto_client


def cancel_workflow(domain: str, workflow_id: str, run_id: str | None = None, client: Any = None) -> None:
    """Asks the open run to cancel; what it does about that is its own affair (`ON_CANCEL`).

    Raises UnknownExecutionException where no such run is open.
    """
    with of_an_open_run(domain, workflow_id, run_id):
        (client or boto_client()).request_cancel_workflow_execution(
            domain=domain, **which_run(workflow_id, run_id)
        )


def terminate_workflow(
    domain: str,
    workflow_id: str,
    run_id: str | None = None,
    client: Any = None,
    *,
    reason: str | None = None,
    details: str | None = None,
    child_policy: str | None = None,
) -> None:
    """Closes the open run at once; its code learns nothing of it.

    reason: at most 256 characters; details: at most 32 768. child_policy: `TERMINATE`, `REQUEST_CANCEL` or `ABANDON`
    its children; the run's own unless given. Raises UnknownExecutionException where no such run is open.
    """
    said = {"reason": reason, "details": details, "childPolicy": child_policy}
    with of_an_open_run(domain, workflow_id, run_id):
        (client or boto_client()).terminate_workflow_execution(
            domain=domain,
            **which_run(workflow_id, run_id),
            **{key: value for key, value in said.items() if value is not None},
        )
