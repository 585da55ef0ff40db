"""Which executions a list or count is of, and which combinations of filters SWF refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyflow.local.engine.fault import invalid
from pyflow.local.engine.records import Request


@dataclass(frozen=True)
class Query:
    """Runs of a domain. Times are in milliseconds, both ends included.

    by: `started_at` or `closed_at`, which the times and the order are of. closed_after: None for open runs,
    else those that closed later than this.
    """

    domain: str
    by: str
    ascending: bool
    oldest: int
    latest: int | None
    closed_after: int | None = None
    workflow_id: str | None = None
    type_name: str | None = None
    type_version: str | None = None
    tag: str | None = None
    close_status: str | None = None


def open_runs(request: Request) -> Query:
    """ListOpenWorkflowExecutions, CountOpenWorkflowExecutions."""
    return Query(by="started_at", **_shared(request, request["startTimeFilter"]))


def closed_runs(request: Request) -> Query:
    """ListClosedWorkflowExecutions, CountClosedWorkflowExecutions: exactly one time filter.

    Whatever closed; `closed_after` may then leave out what is no longer retained.
    """
    started, closed = request.get("startTimeFilter"), request.get("closeTimeFilter")
    if started is None and closed is None:
        raise invalid("Must specify time filter")
    if started is not None and closed is not None:
        raise invalid("Cannot specify both a startTimeFilter and a closeTimeFilter")
    by = "closed_at" if started is None else "started_at"
    shared = _shared(request, started or closed)
    return Query(by=by, closed_after=0, **shared)


def _shared(request: Request, times: Any) -> dict[str, Any]:
    exclusive = [
        name
        for name in ("closeStatusFilter", "executionFilter", "typeFilter", "tagFilter")
        if name in request
    ]
    if len(exclusive) > 1:
        names = ", ".join(exclusive)
        raise invalid(f"Cannot specify more than one exclusive filters in the same query: [{names}]")
    type_ = request.get("typeFilter", {})
    latest = times.get("latestDate")
    return {
        "domain": request["domain"],
        "ascending": bool(request.get("reverseOrder")),
        "oldest": round(times["oldestDate"] * 1000),
        "latest": None if latest is None else round(latest * 1000),
        "workflow_id": request.get("executionFilter", {}).get("workflowId"),
        "type_name": type_.get("name"),
        "type_version": type_.get("version"),
        "tag": request.get("tagFilter", {}).get("tag"),
        "close_status": request.get("closeStatusFilter", {}).get("status"),
    }
