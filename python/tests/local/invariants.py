"""What must hold of every history, of every run, and of the indexes beside them, whatever was asked."""

from __future__ import annotations

import json
from typing import Any

from local.direct import Document, attributes

from pyflow.local.engine.accept.waking import WAKING
from pyflow.local.engine.apply import apply
from pyflow.local.engine.due import due, soonest
from pyflow.local.engine.run import Run
from pyflow.local.engine.tasks import waiting
from pyflow.local.service.service import Service
from pyflow.local.storage.rows import event_text, run_row

ENDS = {
    "DecisionTaskScheduled": ("scheduledEventId", "DecisionTask", ("Completed", "TimedOut")),
    "ActivityTaskScheduled": (
        "scheduledEventId",
        "ActivityTask",
        ("Completed", "Failed", "TimedOut", "Canceled"),
    ),
    "LambdaFunctionScheduled": (
        "scheduledEventId",
        "",
        (
            "LambdaFunctionCompleted",
            "LambdaFunctionFailed",
            "LambdaFunctionTimedOut",
            "StartLambdaFunctionFailed",
        ),
    ),
    "TimerStarted": ("startedEventId", "Timer", ("Fired", "Canceled")),
    "StartChildWorkflowExecutionInitiated": (
        "initiatedEventId",
        "",
        (
            "StartChildWorkflowExecutionFailed",
            *(
                f"ChildWorkflowExecution{how}"
                for how in ("Completed", "Failed", "TimedOut", "Canceled", "Terminated")
            ),
        ),
    ),
    "SignalExternalWorkflowExecutionInitiated": (
        "initiatedEventId",
        "",
        ("ExternalWorkflowExecutionSignaled", "SignalExternalWorkflowExecutionFailed"),
    ),
    "RequestCancelExternalWorkflowExecutionInitiated": (
        "initiatedEventId",
        "",
        ("ExternalWorkflowExecutionCancelRequested", "RequestCancelExternalWorkflowExecutionFailed"),
    ),
}
"""What opens a thing: the member by which its ends name it, and the event types of those."""


def check_history(history: list[Document]) -> set[int]:
    """Assert what holds of any history; the events whose things are still open."""
    assert [event["eventId"] for event in history] == list(range(1, len(history) + 1)), "ids have gaps"
    times = [event["eventTimestamp"] for event in history]
    assert times == sorted(times), "times fall"
    scheduled, started, closed = 0, 0, False
    opened: dict[int, str] = {}
    awaited: float | None = None
    for event in history:
        type_, members = event["eventType"], attributes(event)
        assert not closed, f"{type_} behind the close"
        if awaited is not None and type_ != "DecisionTaskScheduled":
            assert event["eventTimestamp"] == awaited, "a decision task was due before this"
        if type_ == "DecisionTaskScheduled":
            scheduled, awaited = scheduled + 1, None
        elif type_ == "DecisionTaskStarted":
            scheduled, started = scheduled - 1, started + 1
        elif type_ == "DecisionTaskCompleted" or (
            type_ == "DecisionTaskTimedOut" and members["startedEventId"]
        ):
            started -= 1
        elif type_ == "DecisionTaskTimedOut":
            scheduled -= 1
        assert scheduled in (0, 1)
        assert started in (0, 1)
        if type_ in WAKING and not scheduled:
            awaited = event["eventTimestamp"]
        if type_ in ENDS:
            opened[event["eventId"]] = type_
        for opening, (member, subject, how) in ENDS.items():
            if type_.startswith(subject) and type_.removeprefix(subject) in how and members[member]:
                assert opened.pop(members[member], None) == opening, f"{type_} of what is not open"
        closed = type_.startswith("WorkflowExecution") and not type_.endswith(
            ("Started", "Signaled", "CancelRequested")
        )
    assert awaited is None or closed, "nobody asked the decider"
    return set(opened)


def check_service(service: Service) -> None:
    """Assert what holds between the records, the runs and the indexes, once everything is settled."""
    store = service.store
    store.flush()
    rows = store._db.execute("SELECT key FROM runs ORDER BY key").fetchall()
    dues: list[int] = []
    offered: set[tuple[int, int, str, str, int]] = set()
    for (key,) in rows:
        run = service.runs.get(key)
        assert run is not None
        folded = Run(key, run.domain, run.workflow_id, run.run_id)
        for record in [*store.history(key), *store.heartbeats(key)]:
            apply(folded, record)
        found = differing(folded, run)
        assert not found, f"the stored records and the run disagree: {found}"
        assert store.run(key) == run_row(run, earliest(run)), "the look-ups and the run disagree"
        assert soonest(run) == min(due(run), default=None), "the heap and the state disagree"
        history = [json.loads(event_text(event)) for event in store.history(key)]
        still_open = check_history(history)
        if run.open:
            check_open(service, run, still_open)
            dues += [deadline.at for deadline in due(run)]
        offered |= {(key, o.scheduled_id, o.kind, o.task_list, o.priority) for o in waiting(run)}
    check_indexes(service, {key for (key,) in rows}, offered)
    assert store.next_due() == min(dues, default=None), "the next deadline is not the first of all"
    assert service.next_due is None or not dues or service.next_due <= min(dues), (
        "a deadline would be slept through"
    )


def check_open(service: Service, run: Run, still_open: set[int]) -> None:
    """An open run holds open exactly what its history leaves open; nothing else stays so."""
    assert not run.externals, "another run was told, and did not answer"
    decisions = {task.scheduled_id for task in (run.waiting, run.deciding) if task is not None}
    held = [run.activities.by_event, run.timers.by_event, run.lambdas.by_event, run.children]
    assert decisions.union(*held) == still_open
    for child in run.children.values():
        assert child.started_id, "a child was neither started nor refused"
        other = service.runs.open(run.domain, child.workflow_id)
        assert other is not None, "a child closed and its parent was not told"
        parent = other.parent
        assert parent is not None
        assert (parent[0], parent[1]) == ((run.workflow_id, run.run_id, None), child.initiated_id)


def check_indexes(service: Service, keys: set[int], offered: set[tuple[int, int, str, str, int]]) -> None:
    """Tasks are those that wait; nothing is left of runs that are not there but what is to be erased."""
    store = service.store
    tasks = [row for kind in ("decision", "activity", "lambda") for row in store.tasks(kind)]
    assert {(t.run, t.scheduled_id, t.kind, t.list, t.priority) for t in tasks} == offered
    assert len({t.place for t in tasks}) == len(tasks), "two tasks have the same turn"
    for (kind, domain, name), task_list in service._lists.items():
        rows = {(t.run, t.scheduled_id) for t in store.tasks(kind, domain, name)}
        assert set(task_list._rows) == rows, "a task list and the store disagree"
    removed = {run for (run,) in store._db.execute("SELECT run FROM removed")}
    assert not removed & keys
    for table in ("events", "heartbeats"):
        found = {run for (run,) in store._db.execute(f"SELECT DISTINCT run FROM {table}")}
        assert found <= keys | removed, f"{table} of a run that nobody knows"
    open_keys = {key for key in keys if (run := service.runs.get(key)) is not None and run.open}
    assert {run for (run,) in store._db.execute("SELECT DISTINCT run FROM heartbeats")} <= open_keys
    assert sum(service.runs.open_counts.values()) == len(open_keys)


def earliest(run: Run) -> int | None:
    """When a run's next deadline is."""
    return min((deadline.at for deadline in due(run)), default=None)


def differing(one: Run, other: Run) -> dict[str, Any]:
    """The members in which two runs differ, and how."""
    here, there = state(one), state(other)
    assert isinstance(here, dict)
    assert isinstance(there, dict)
    return {name: (here[name], there[name]) for name in here if here[name] != there[name]}


def state(thing: object) -> object:
    """Everything a run is made of, in a form that compares; of a closed one what its events tell, not its heartbeats."""
    if hasattr(thing, "by_event"):
        return [state(thing.by_event), thing.names]
    if isinstance(thing, Run) and not thing.open:
        rest = {
            name: state(getattr(thing, name)) for name in thing.__dataclass_fields__ if name not in _BEATING
        }
        return {**rest, "activities": dict(thing.activities.names)}
    if hasattr(thing, "__dataclass_fields__"):
        return {
            name: state(getattr(thing, name)) for name in thing.__dataclass_fields__ if name != "deadlines"
        }
    if isinstance(thing, dict):
        return {key: state(value) for key, value in thing.items()}
    return thing


_BEATING = ("deadlines", "beaten", "activities")


def snapshot(service: Service) -> dict[str, Any]:
    """All that is stored, row by row, and all that is in memory; equal where nothing has changed."""
    store = service.store
    store.flush()
    tables = [name for (name,) in store._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    store._db.text_factory = bytes  # details of heartbeats need be no Unicode
    try:
        rows = {name: store._db.execute(f"SELECT * FROM {name}").fetchall() for name in tables}
    finally:
        store._db.text_factory = str
    return {
        **rows,
        "states": [state(service.runs.get(row[0])) for row in rows["runs"]],
        "domains in use": dict(service.registry.domains),
        "types in use": {place: dict(types) for place, types in service.registry._types.items() if types},
        "open": {domain: count for domain, count in service.runs.open_counts.items() if count},
    }
