"""Records and runs as rows and texts: what the store keeps, and what goes over the wire as it is kept."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from pyflow.local.engine.accept.visibility import Query
from pyflow.local.engine.records import Event
from pyflow.local.engine.run import Run

encode = json.JSONEncoder(separators=(",", ":")).encode
"""Compact JSON text, all ASCII: lone surrogates and NUL survive any encoding."""


def as_bytes(text: str | None) -> bytes | None:
    """A text that may hold lone surrogates, for which Python's SQLite has no text."""
    return None if text is None else text.encode("utf-8", "surrogatepass")


def as_text(data: bytes | None) -> str | None:
    """The text of `as_bytes`."""
    return None if data is None else data.decode("utf-8", "surrogatepass")


class TaskRow(NamedTuple):
    """A task that waits: place is its turn among equals."""

    run: int
    scheduled_id: int
    kind: str
    domain: str
    list: str
    priority: int
    place: int


class RunRow(NamedTuple):
    """What lists and look-ups know of a run without its history."""

    key: int
    domain: str
    workflow_id: str
    run_id: str
    type_name: str
    type_version: str
    started_at: int
    closed_at: int | None
    close_status: str | None
    cancel_requested: int
    parent: str | None
    tags: str | None
    due: int | None


class RunState(NamedTuple):
    """Those members of a RunRow that change."""

    closed_at: int | None
    close_status: str | None
    cancel_requested: int


def event_text(event: Event) -> str:
    """An event as it goes over the wire, SWF's HistoryEvent."""
    type_ = event.type
    return encode(
        {
            "eventId": event.id,
            "eventTimestamp": event.time / 1000,
            "eventType": type_,
            f"{type_[0].lower()}{type_[1:]}EventAttributes": event.attributes,
        }
    )


def event_of(text: str) -> Event:
    """The event of a text that `event_text` made."""
    document = json.loads(text)
    type_ = document["eventType"]
    attributes = document[f"{type_[0].lower()}{type_[1:]}EventAttributes"]
    return Event(document["eventId"], type_, round(document["eventTimestamp"] * 1000), attributes)


def run_state(run: Run) -> RunState:
    """What of a run's row may have changed."""
    return RunState(run.closed_at, run.close_status, int(run.cancel_requested))


def run_row(run: Run, due: int | None) -> RunRow:
    """The row of a run."""
    settings = run.settings
    parent, tags = settings.get("parentWorkflowExecution"), settings.get("tagList")
    return RunRow(
        run.key,
        run.domain,
        run.workflow_id,
        run.run_id,
        settings["workflowType"]["name"],
        settings["workflowType"]["version"],
        run.started_at,
        *run_state(run),
        encode(parent) if parent else None,
        encode(tags) if tags else None,
        due,
    )


def time_column(query: Query) -> str:
    """The column of a query's time; the sign keeps SQLite from that index where the workflow id has a better one."""
    return f"+{query.by}" if query.workflow_id else query.by


def condition(query: Query) -> tuple[str, list[Any]]:
    """The SQL of a query: what follows WHERE, and its values."""
    sign = "+" if query.workflow_id else ""
    where = [
        "domain = ?",
        f"{sign}closed_at IS NOT NULL" if query.closed_after is not None else "closed_at IS NULL",
    ]
    values: list[Any] = [query.domain]
    for column, value in (
        (f"{time_column(query)} >=", query.oldest),
        (f"{time_column(query)} <=", query.latest),
        (f"{sign}closed_at >", query.closed_after),
        ("workflow_id =", query.workflow_id),
        ("type_name =", query.type_name),
        ("type_version =", query.type_version),
        ("close_status =", query.close_status),
    ):
        if value is not None:
            where.append(f"{column} ?")
            values.append(value)
    if query.tag is not None:
        where.append("EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)")
        values.append(query.tag)
    return " AND ".join(where), values
