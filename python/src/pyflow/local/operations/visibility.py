"""Lists and counts of executions. They are never behind, as SWF's may be."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pyflow.local.engine.accept.visibility import Query, closed_runs, open_runs
from pyflow.local.engine.records import Request
from pyflow.local.operations.paging import size
from pyflow.local.service.runs import retained_from
from pyflow.local.service.service import Answer, Service
from pyflow.local.storage.rows import RunRow


def list_open(service: Service, request: Request, now: int) -> Answer:
    """ListOpenWorkflowExecutions, newest first."""
    return _list(service, "ListOpenWorkflowExecutions", request, _open(service, request), now)


def list_closed(service: Service, request: Request, now: int) -> Answer:
    """ListClosedWorkflowExecutions, newest first by the time that is filtered by."""
    return _list(service, "ListClosedWorkflowExecutions", request, _closed(service, request, now), now)


def count_open(service: Service, request: Request, now: int) -> Answer:
    """CountOpenWorkflowExecutions, exactly."""
    return {"count": service.store.count(_open(service, request)), "truncated": False}


def count_closed(service: Service, request: Request, now: int) -> Answer:
    """CountClosedWorkflowExecutions, exactly."""
    return {"count": service.store.count(_closed(service, request, now)), "truncated": False}


def _open(service: Service, request: Request) -> Query:
    query = open_runs(request)
    service.registry.domain(query.domain)
    return query


def _closed(service: Service, request: Request, now: int) -> Query:
    query = closed_runs(request)
    return replace(query, closed_after=retained_from(service.retention(query.domain), now))


def _list(service: Service, operation: str, request: Request, query: Query, now: int) -> Answer:
    limit = size(request)
    position = service.tokens.read_page(operation, request, now)
    rows = service.store.select(query, limit + 1, None if position is None else (position[0], position[1]))
    answer: dict[str, Any] = {"executionInfos": [info(row) for row in rows[:limit]]}
    if len(rows) > limit:
        last = rows[limit - 1]
        position = [getattr(last, query.by), last.key]
        answer["nextPageToken"] = service.tokens.page(operation, request, position, now)
    return answer


def info(row: RunRow) -> dict[str, Any]:
    """SWF's WorkflowExecutionInfo."""
    document: dict[str, Any] = {
        "execution": {"workflowId": row.workflow_id, "runId": row.run_id},
        "workflowType": {"name": row.type_name, "version": row.type_version},
        "startTimestamp": row.started_at / 1000,
        "executionStatus": "OPEN" if row.close_status is None else "CLOSED",
        "cancelRequested": bool(row.cancel_requested),
    }
    if row.closed_at is not None:
        document["closeTimestamp"] = row.closed_at / 1000
        document["closeStatus"] = row.close_status
    if row.parent is not None:
        document["parent"] = json.loads(row.parent)
    if row.tags is not None:
        document["tagList"] = json.loads(row.tags)
    return document
