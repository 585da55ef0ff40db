"""Tasks that somebody has taken: which they are, who took them, and whether they still are open."""

from __future__ import annotations

from collections.abc import Iterator

from pyflow.local.engine.run import Activity, DecisionTask, Run
from pyflow.local.service.service import Service
from pyflow.local.service.tokens import ACTIVITY, DECISION, TaskToken
from pyflow.local.storage.rows import event_of


def is_started(service: Service, task: TaskToken) -> bool:
    """Whether its worker may still answer it."""
    run = service.runs.get(task.run)
    if run is None or not run.open:
        return False
    found: Activity | DecisionTask | None
    found = run.deciding if task.kind == DECISION else run.activities.by_event.get(task.scheduled_id)
    return found is not None and (found.scheduled_id, found.started_id) == task[2:]


def started(service: Service, run: Run) -> Iterator[tuple[TaskToken, str | None]]:
    """The started tasks of an open run, each with the identity that its poll gave."""
    tasks = [] if run.deciding is None else [(DECISION, run.deciding.scheduled_id, run.deciding.started_id)]
    tasks += [
        (ACTIVITY, task.scheduled_id, task.started_id)
        for task in run.activities.by_event.values()
        if task.started_id
    ]
    for kind, scheduled_id, started_id in tasks:
        for _, text in service.store.texts(run.key, started_id, started_id, False, 1):
            yield (
                TaskToken(kind, run.key, scheduled_id, started_id),
                event_of(text).attributes.get("identity"),
            )
