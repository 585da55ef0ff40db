"""Records on disk, and the few indexes that save folding them.

Changes gather in memory and go to SQLite by `flush`, in one transaction that `commit` ends. Whoever answers
a request commits first. Nothing here knows what a record means.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from pyflow.local.engine.accept.visibility import Query
from pyflow.local.engine.messages import Execution
from pyflow.local.engine.records import Event, Heartbeat
from pyflow.local.engine.registry import DomainRecord, Registration, TypeRecord
from pyflow.local.storage.damage import checksum, intact
from pyflow.local.storage.opening import Durability, opened
from pyflow.local.storage.rows import (
    RunRow,
    RunState,
    TaskRow,
    as_bytes,
    as_text,
    condition,
    encode,
    event_of,
    event_text,
    time_column,
)

SPARE_PAGES = 256
"""Free pages that the file keeps for what comes next; a mebibyte."""


class Store:
    """One database, held alone. path: a file, or `:memory:`. Raises StoreRefused.

    durability: whether a commit survives the end of the process (`normal`) or a power cut as well (`full`).
    """

    def __init__(self, path: str = ":memory:", durability: Durability = "normal") -> None:
        self.path = path
        self._db = opened(path, durability)
        self._events: list[tuple[int, int, str, int]] = []
        self._runs: dict[int, RunRow] = {}
        self._states: dict[int, RunState] = {}
        self._dues: dict[int, int | None] = {}
        self._heartbeats: dict[tuple[int, int], Heartbeat] = {}
        self._tasks: dict[tuple[int, int], TaskRow | None] = {}
        self._others: list[tuple[str, Sequence[Any]]] = []
        self._in_transaction = False
        self._events_gathered = 0
        self.events_written = 0
        """Events that commits since the start have made durable."""
        self.commits = 0
        self.secret: bytes = self._one("SELECT value FROM meta WHERE name = 'secret'")
        self.last_key: int = self._one(
            "SELECT max(ifnull((SELECT max(key) FROM runs), 0), "
            "ifnull((SELECT value FROM meta WHERE name = 'last_key'), 0))"
        )
        """The number of the newest run, known or not: tokens name runs by number, so none is used twice."""
        self.last_place: int = self._one("SELECT ifnull(max(place), 0) FROM tasks")

    # what is gathered

    @property
    def dirty(self) -> bool:
        """Whether a commit is owed."""
        return bool(
            self._in_transaction
            or self._events
            or self._runs
            or self._states
            or self._dues
            or self._heartbeats
            or self._tasks
            or self._others
        )

    def append(self, key: int, event: Event) -> None:
        """Add an event to a history."""
        text = event_text(event)
        self._events.append((key, event.id, text, checksum(text)))

    def beat(self, key: int, heartbeat: Heartbeat) -> None:
        """Keep an activity's latest heartbeat."""
        self._heartbeats[key, heartbeat.scheduled_id] = heartbeat

    def forget_beats(self, key: int) -> None:
        """Drop the heartbeats of a run that has closed."""
        self._others.append(("DELETE FROM heartbeats WHERE run = ?", (key,)))

    def add_run(self, row: RunRow) -> None:
        """Let look-ups know a new run."""
        self._runs[row.key] = row

    def set_state(self, key: int, state: RunState) -> None:
        """Let look-ups know that a run has closed, or was asked to cancel."""
        if key in self._runs:
            self._runs[key] = self._runs[key]._replace(**state._asdict())
        else:
            self._states[key] = state

    def set_due(self, key: int, due: int | None) -> None:
        """Index a run's next deadline."""
        if key in self._runs:
            self._runs[key] = self._runs[key]._replace(due=due)
        else:
            self._dues[key] = due

    def put_task(self, row: TaskRow) -> None:
        """Remember a task that waits."""
        self._tasks[row.run, row.scheduled_id] = row

    def drop_task(self, key: int, scheduled_id: int) -> None:
        """Forget a task that waits no more; one that was never written costs nothing."""
        place = (key, scheduled_id)
        if self._tasks.pop(place, None) is None:
            self._tasks[place] = None

    def register(self, record: Registration) -> None:
        """Write down a domain or type as it is from now on."""
        if isinstance(record, DomainRecord):
            values = (record.name, record.retention, record.description, record.status, encode(record.tags))
            self._others.append(("INSERT OR REPLACE INTO domains VALUES (?, ?, ?, ?, ?)", values))
        elif isinstance(record, TypeRecord):
            self._others.append(
                (
                    "INSERT OR REPLACE INTO types VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        record.domain,
                        record.kind,
                        record.name,
                        record.version,
                        record.created_at,
                        record.deprecated_at,
                        record.status,
                        record.description,
                        encode(record.defaults),
                    ),
                )
            )
        else:
            statement = "DELETE FROM types WHERE domain = ? AND kind = ? AND name = ? AND version = ?"
            self._others.append((statement, (record.domain, record.kind, record.name, record.version)))

    # what is removed, little by little

    @property
    def untidy(self) -> bool:
        """Whether there is anything to erase, or to give back."""
        return self._one("SELECT 1 FROM removed LIMIT 1") is not None or self._spare_pages() > 0

    def forget(self, keys: Sequence[int]) -> None:
        """Let no look-up find these closed runs; `erase` deletes what is left of them."""
        self.flush()
        rows = [(key,) for key in keys]
        self._write("DELETE FROM runs WHERE key = ?", rows)
        self._write("INSERT INTO removed VALUES (?)", rows)
        self._write("INSERT OR REPLACE INTO meta VALUES ('last_key', ?)", [(self.last_key,)])

    def erase(self, events: int) -> bool:
        """Delete about so many events of forgotten runs; False if there were none."""
        erased = False
        while events > 0 and (key := self._number("SELECT min(run) FROM removed")) is not None:
            last = self.last_event(key)
            self._write("DELETE FROM events WHERE run = ? AND id > ?", [(key, last - events)])
            if last <= events:
                self._write("DELETE FROM removed WHERE run = ?", [(key,)])
            events -= last + 1
            erased = True
        return erased

    def shrink(self, pages: int) -> bool:
        """Give so many free pages back, but not the spare ones; False if there were none."""
        surplus = self._spare_pages()
        if surplus <= 0:
            return False
        self._begin()
        self._db.execute(f"PRAGMA incremental_vacuum({min(pages, surplus)})").fetchall()
        return True

    def _spare_pages(self) -> int:
        return int(self._one("PRAGMA freelist_count")) - SPARE_PAGES

    def settle(self) -> None:
        """Take over into the file what the log holds, and cut both to what they need. Commit first."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    # what becomes of it

    def flush(self) -> None:
        """Hand what was gathered to SQLite, so that reads see it."""
        if self._events:
            self._write("INSERT INTO events VALUES (?, ?, ?, ?)", self._events)
            self._events_gathered += len(self._events)
            self._events.clear()
        if self._states:
            # before the new rows: a run that continues as new hands its workflow id to the next one
            rows = [(*state, key) for key, state in self._states.items()]
            self._write(
                "UPDATE runs SET closed_at = ?, close_status = ?, cancel_requested = ? WHERE key = ?", rows
            )
            self._states.clear()
        if self._runs:
            closed_first = sorted(self._runs.values(), key=lambda row: row.closed_at is None)
            self._write(f"INSERT INTO runs VALUES ({', '.join('?' * len(RunRow._fields))})", closed_first)
            self._runs.clear()
        if self._dues:
            dues = [(due, key) for key, due in self._dues.items()]
            self._write("UPDATE runs SET due = ? WHERE key = ?", dues)
            self._dues.clear()
        if self._heartbeats:
            beats = [(*place, beat.time, as_bytes(beat.details)) for place, beat in self._heartbeats.items()]
            self._write("INSERT OR REPLACE INTO heartbeats VALUES (?, ?, ?, CAST(? AS TEXT))", beats)
            self._heartbeats.clear()
        if self._tasks:
            self._flush_tasks()
        for statement, values in self._others:
            self._write(statement, [values])
        self._others.clear()

    def _flush_tasks(self) -> None:
        kept = [row for row in self._tasks.values() if row is not None]
        gone = [place for place, row in self._tasks.items() if row is None]
        if gone:
            self._write("DELETE FROM tasks WHERE run = ? AND scheduled_id = ?", gone)
        if kept:
            self._write("INSERT OR REPLACE INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?)", kept)
        self._tasks.clear()

    def _write(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        self._begin()
        self._db.executemany(statement, rows)

    def _begin(self) -> None:
        if not self._in_transaction:
            self._db.execute("BEGIN")
            self._in_transaction = True
        elif (
            not self._db.in_transaction
        ):  # what came next would be written by itself, and what came before is gone
            raise sqlite3.OperationalError("SQLite has given up the transaction")

    def commit(self) -> None:
        """Make everything gathered so far durable."""
        self.flush()
        if self._in_transaction:
            self._db.execute("COMMIT")
            self._in_transaction = False
            self.commits += 1
            self.events_written += self._events_gathered
            self._events_gathered = 0

    def rollback(self) -> None:
        """Drop everything gathered since the last commit."""
        self._events.clear()
        self._runs.clear()
        self._states.clear()
        self._dues.clear()
        self._heartbeats.clear()
        self._tasks.clear()
        self._others.clear()
        self._events_gathered = 0
        self._in_transaction = False
        if self._db.in_transaction:  # SQLite may have rolled back itself, as when the disk is full
            self._db.execute("ROLLBACK")

    def close(self) -> None:
        """Commit, and let go of the file."""
        self.commit()
        self._db.close()

    # what is read

    def _one(self, statement: str, *values: Any) -> Any:
        row = self._db.execute(statement, values).fetchone()
        return None if row is None else row[0]

    def _number(self, statement: str, *values: Any) -> int | None:
        found = self._one(statement, *values)
        return None if found is None else int(found)

    def registrations(self) -> Iterator[Registration]:
        """Every domain and type."""
        for name, retention, description, status, tags in self._db.execute("SELECT * FROM domains"):
            yield DomainRecord(name, retention, description, status, json.loads(tags))
        for row in self._db.execute("SELECT * FROM types"):
            domain, kind, name, version, created_at, deprecated_at, status, description, defaults = row
            yield TypeRecord(
                domain,
                kind,
                name,
                version,
                created_at,
                json.loads(defaults),
                description,
                status,
                deprecated_at,
            )

    def open_counts(self) -> dict[str, int]:
        """Open runs, by domain."""
        return dict(
            self._db.execute("SELECT domain, count(*) FROM runs WHERE closed_at IS NULL GROUP BY domain")
        )

    def open_runs(self) -> list[int]:
        """The numbers of all open runs."""
        self.flush()
        return [
            key for (key,) in self._db.execute("SELECT key FROM runs WHERE closed_at IS NULL ORDER BY key")
        ]

    def latest_close(self) -> int:
        """When the last run closed; 0 if none has."""
        self.flush()
        return self._number("SELECT max(closed_at) FROM runs") or 0

    def run(self, key: int) -> RunRow | None:
        """A run by its number."""
        self.flush()
        row = self._db.execute("SELECT * FROM runs WHERE key = ?", (key,)).fetchone()
        return None if row is None else RunRow(*row)

    def find(self, domain: str, execution: Execution) -> int | None:
        """The number of a run, open or closed."""
        self.flush()
        return self._number(
            "SELECT key FROM runs WHERE domain = ? AND workflow_id = ? AND run_id = ?", domain, *execution
        )

    def find_open(self, domain: str, workflow_id: str) -> int | None:
        """The number of the open run of a workflow id."""
        self.flush()
        return self._number(
            "SELECT key FROM runs WHERE domain = ? AND workflow_id = ? AND closed_at IS NULL",
            domain,
            workflow_id,
        )

    def history(self, key: int) -> Iterator[Event]:
        """All events of a run, in order."""
        self.flush()
        rows = self._db.execute("SELECT id, body, sum FROM events WHERE run = ? ORDER BY id", (key,))
        for _, text in intact(key, 1, 1, rows):
            yield event_of(text)

    def last_event(self, key: int) -> int:
        """The id of a history's newest event."""
        self.flush()
        return self._number("SELECT max(id) FROM events WHERE run = ?", key) or 0

    def heartbeats(self, key: int) -> list[Heartbeat]:
        """The latest heartbeat of each activity of a run that has one."""
        statement = "SELECT scheduled_id, time, CAST(details AS BLOB) FROM heartbeats WHERE run = ?"
        rows = self._db.execute(statement, (key,))
        return [Heartbeat(scheduled_id, time, as_text(details)) for scheduled_id, time, details in rows]

    def texts(self, key: int, first: int, last: int, reverse: bool, limit: int) -> Iterator[tuple[int, str]]:
        """Events `first` to `last` of a run, as they go over the wire, with their ids."""
        self.flush()
        order, begin, step = ("DESC", last, -1) if reverse else ("ASC", first, 1)
        statement = (
            "SELECT id, body, sum FROM events WHERE run = ? AND id BETWEEN ? AND ? "
            f"ORDER BY id {order} LIMIT ?"
        )
        return intact(key, begin, step, self._db.execute(statement, (key, first, last, limit)))

    def task_lists(self) -> set[tuple[str, str, str]]:
        """Kind, domain and name of every task list in which tasks wait."""
        self.flush()
        return set(self._db.execute("SELECT DISTINCT kind, domain, list FROM tasks"))

    def tasks(self, kind: str, domain: str | None = None, list: str = "") -> list[TaskRow]:
        """The tasks that wait in a task list, or all of a kind."""
        self.flush()
        statement, values = "SELECT * FROM tasks WHERE kind = ?", [kind]
        if domain is not None:
            statement, values = statement + " AND domain = ? AND list = ?", [kind, domain, list]
        return [TaskRow(*row) for row in self._db.execute(statement + " ORDER BY place", values)]

    def waiting(self) -> list[tuple[str, int, int, int]]:
        """Of each kind that has tasks waiting: how many, and the run and event that scheduled the oldest."""
        self.flush()
        # SQLite takes bare columns from the row of the min()
        statement = "SELECT kind, count(*), run, scheduled_id, min(place) FROM tasks GROUP BY kind"
        return [(kind, count, run, event) for kind, count, run, event, _ in self._db.execute(statement)]

    def next_due(self) -> int | None:
        """The earliest deadline of all open runs."""
        self.flush()
        return self._number("SELECT min(due) FROM runs WHERE due IS NOT NULL")

    def first_due(self, now: int) -> int | None:
        """The number of the run whose deadline is the earliest, if that has come."""
        self.flush()
        return self._number(
            "SELECT key FROM runs WHERE due IS NOT NULL AND due <= ? ORDER BY due, key LIMIT 1", now
        )

    def first_closed(self, domain: str) -> int | None:
        """When the first of a domain's closed runs closed."""
        self.flush()
        return self._number(
            "SELECT min(closed_at) FROM runs WHERE domain = ? AND closed_at IS NOT NULL", domain
        )

    def closed_until(self, domain: str, time: int, limit: int) -> list[int]:
        """The numbers of the first runs that closed at or before a time."""
        self.flush()
        rows = self._db.execute(
            "SELECT key FROM runs WHERE domain = ? AND closed_at <= ? ORDER BY closed_at LIMIT ?",
            (domain, time, limit),
        )
        return [key for (key,) in rows]

    def select(self, query: Query, limit: int, after: tuple[int, int] | None = None) -> list[RunRow]:
        """Runs that a query is for, in its order; after: the time and number of the last one seen."""
        self.flush()
        where, values = condition(query)
        time, key = time_column(query), "+key" if query.workflow_id else "key"
        order, beyond = ("ASC", ">") if query.ascending else ("DESC", "<")
        if after is not None:
            where, values = f"{where} AND ({time}, key) {beyond} (?, ?)", [*values, *after]
        statement = f"SELECT * FROM runs WHERE {where} ORDER BY {time} {order}, {key} {order} LIMIT ?"
        return [RunRow(*row) for row in self._db.execute(statement, (*values, limit))]

    def count(self, query: Query) -> int:
        """How many runs a query is for."""
        self.flush()
        where, values = condition(query)
        return int(self._one(f"SELECT count(*) FROM runs WHERE {where}", *values))
