"""Runs by number and by name: folded from the store when first used, kept while they are in use."""

from __future__ import annotations

from collections import OrderedDict
from heapq import heapify

from pyflow.local.engine.apply import apply
from pyflow.local.engine.due import due
from pyflow.local.engine.fault import unknown_execution
from pyflow.local.engine.messages import Execution, Target
from pyflow.local.engine.run import Run
from pyflow.local.storage.rows import RunRow
from pyflow.local.storage.store import Store

RESIDENT = 10_000
"""Runs that are kept; the one unused for longest goes first, and is folded again when it is asked for."""

DAY = 24 * 3600 * 1000


class Runs:
    """The runs of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._resident: OrderedDict[int, Run] = OrderedDict()
        self._open: dict[tuple[str, str], int] = {}
        self.open_counts = store.open_counts()

    def create(self, domain: str, execution: Execution) -> Run:
        """A run without records yet."""
        self._store.last_key += 1
        run = Run(self._store.last_key, domain, *execution)
        self._resident[run.key] = run
        self._open[domain, run.workflow_id] = run.key
        self.open_counts[domain] = self.open_counts.get(domain, 0) + 1
        return run

    def closed(self, run: Run) -> None:
        """The run has closed: its workflow id is free."""
        self._open.pop((run.domain, run.workflow_id), None)
        self.open_counts[run.domain] -= 1

    def removed(self, key: int) -> None:
        """The closed run is no longer known."""
        self._resident.pop(key, None)

    def get(self, key: int) -> Run | None:
        """A run by its number; None where it is unknown."""
        run = self._resident.get(key)
        if run is None:
            run = self._fold(key)
            if run is not None:
                self._resident[key] = run
        else:
            self._resident.move_to_end(key)
        return run

    def _fold(self, key: int) -> Run | None:
        row = self._store.run(key)
        if row is None:
            return None
        run = Run(key, row.domain, row.workflow_id, row.run_id)
        for event in self._store.history(key):
            apply(run, event)
        for heartbeat in self._store.heartbeats(key):
            apply(run, heartbeat)
        run.deadlines[:] = due(run)
        heapify(run.deadlines)
        return run

    def trim(self) -> None:
        """Let go of the runs that are too many; only when every record is in the store."""
        while len(self._resident) > RESIDENT:
            _, run = self._resident.popitem(last=False)
            self._open.pop((run.domain, run.workflow_id), None)

    def open(self, domain: str, workflow_id: str) -> Run | None:
        """The open run of a workflow id."""
        key = self._open.get((domain, workflow_id))
        if key is None:
            key = self._store.find_open(domain, workflow_id)
            if key is None:
                return None
            self._open[domain, workflow_id] = key
        return self.get(key)

    def match(self, domain: str, target: Target) -> Run | None:
        """The open run that a message is for."""
        run = self.open(domain, target.workflow_id)
        if run is None or (target.run_id is not None and run.run_id != target.run_id):
            return None
        if target.child_of is not None:
            parent = run.parent
            if parent is None or (parent[0].run_id, parent[1]) != target.child_of:
                return None
        return run

    def find(self, domain: str, execution: Execution, retention: str, now: int) -> Run:
        """A run, open or closed and still retained; UnknownResourceFault without one."""
        run = self.open(domain, execution.workflow_id)
        if run is None or run.run_id != execution.run_id:
            key = self._store.find(domain, execution)
            run = None if key is None else self.get(key)
        if run is None or _forgotten(run.closed_at, retention, now):
            raise unknown_execution(*execution)
        return run

    def find_row(self, domain: str, execution: Execution, retention: str, now: int) -> RunRow:
        """The same without its state, so that nothing need be folded."""
        key = self._store.find(domain, execution)
        row = None if key is None else self._store.run(key)
        if row is None or _forgotten(row.closed_at, retention, now):
            raise unknown_execution(*execution)
        return row

    def find_open(self, domain: str, workflow_id: str, run_id: str | None) -> Run:
        """The open run of a workflow id, and of a run id if one is given; UnknownResourceFault without one."""
        run = self.open(domain, workflow_id)
        if run is None or run_id not in (None, run.run_id):
            raise unknown_execution(workflow_id, run_id)
        return run


def retained_from(retention: str, now: int) -> int:
    """Runs of a domain that closed at or before this time are no longer known. retention: days, or `NONE`."""
    return now - kept(retention)


def kept(retention: str) -> int:
    """Milliseconds that a closed run of a domain is known. retention: days, or `NONE`."""
    return 0 if retention == "NONE" else int(retention) * DAY


def _forgotten(closed_at: int | None, retention: str, now: int) -> bool:
    return closed_at is not None and closed_at <= retained_from(retention, now)
