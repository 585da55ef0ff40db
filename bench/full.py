"""Databases that are full before a server starts on them.

Filled in this process, without HTTP: open executions and a long history by the service's own operations; closed
executions by SQL that copies the rows which the service wrote of one real one.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path
from typing import Any

from one_activity import ACTIVITY_TYPE, COMPLETE, DECIDERS, SCHEDULE, WORKERS, WORKFLOW, WORKFLOW_TYPE
from servers import DOMAIN

from pyflow.local.engine.messages import Execution
from pyflow.local.operations import ask
from pyflow.local.service.service import Service
from pyflow.local.storage.store import Store

LONG = "long"
SHARE = 1000  # operations in a commit
NUMBERS = "WITH RECURSIVE copies(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < :count)"
CHANGED = {"runs": {"key": "key + n", "workflow_id": "workflow_id || n"}, "events": {"run": "run + n"}}
"""The tables of which rows are copied, and the columns that a copy has of its own; `key` or `run` says whose a row is."""


class Full:
    """A database being filled; `with` closes it."""

    def __init__(self, path: Path) -> None:
        self.store = Store(str(path))
        self.service = Service(self.store)
        self.ask("RegisterDomain", name=DOMAIN, workflowExecutionRetentionPeriodInDays="1")
        self.ask("RegisterWorkflowType", domain=DOMAIN, **WORKFLOW_TYPE)
        self.ask("RegisterActivityType", domain=DOMAIN, **ACTIVITY_TYPE)

    def __enter__(self) -> Full:
        return self

    def __exit__(self, *error: object) -> None:
        self.service.commit()
        self.store.close()

    def ask(self, operation: str, **request: Any) -> Any:
        """One operation of the service, committed some time."""
        return ask(self.service, operation, request)

    def start(self, workflow_id: str, **options: Any) -> str:
        """Start an execution; its run id."""
        request = {"domain": DOMAIN, "workflowId": workflow_id, "workflowType": WORKFLOW, **options}
        return str(self.ask("StartWorkflowExecution", **request)["runId"])

    def open(self, count: int) -> None:
        """Executions that are open, their decision tasks on a list that nobody polls."""
        for number in range(count):
            self.start(f"open{number}", taskList={"name": "nobody"})
            if not number % SHARE:
                self.service.commit()

    def closed(self) -> int:
        """An execution of one activity that has closed; its number in the store."""
        run_id = self.start("closed")
        self._decide(SCHEDULE)
        token = self._token("PollForActivityTask", WORKERS)
        self.ask("RespondActivityTaskCompleted", taskToken=token, result="1")
        self._decide(COMPLETE)
        self.service.commit()
        key = self.store.find(DOMAIN, Execution("closed", run_id))
        assert key is not None
        return key

    def long(self, events: int) -> str:
        """An open execution, its decisions made, whose history has so many events, most of them signals; its run id."""
        run_id = self.start(LONG, taskList={"name": LONG})
        signal = {"domain": DOMAIN, "workflowId": LONG, "signalName": "news", "input": "x" * 100}
        for number in range(events - 4):
            self.ask("SignalWorkflowExecution", **signal)
            if not number % SHARE:
                self.service.commit()
        self._decide(task_list={"name": LONG}, maximumPageSize=1)
        return run_id

    def _decide(self, *decisions: Any, task_list: Any = DECIDERS, **options: Any) -> None:
        token = self._token("PollForDecisionTask", task_list, **options)
        self.ask("RespondDecisionTaskCompleted", taskToken=token, decisions=list(decisions))

    def _token(self, poll: str, task_list: Any, **options: Any) -> str:
        answer = self.ask(poll, domain=DOMAIN, taskList=task_list, **options)
        found = json.loads(answer) if isinstance(answer, str) else answer
        return str(found["taskToken"])


def copy(path: Path, key: int, count: int) -> None:
    """So many executions more, under ids of their own, with the rows of that one."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        for statement in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF"):
            database.execute(statement)
        for table, changed in CHANGED.items():
            names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            columns = ", ".join(changed.get(name, name) for name in names)
            database.execute(
                f"{NUMBERS} INSERT INTO {table} SELECT {columns} FROM copies, {table} WHERE {min(changed)} = :key",
                {"key": key, "count": count},
            )
