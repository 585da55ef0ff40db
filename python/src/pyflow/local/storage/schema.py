"""The tables of the store, as its newest version has them."""

from __future__ import annotations

VERSION = 2
"""A change of TABLES makes the next one, and needs a step in `upgrades`."""

APPLICATION_ID = 0x70795357
"""Marks a file as ours: `pySW`."""

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE domains (
    name TEXT PRIMARY KEY, retention TEXT NOT NULL, description TEXT, status TEXT NOT NULL, tags TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE types (
    domain TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
    created_at INTEGER NOT NULL, deprecated_at INTEGER, status TEXT NOT NULL, description TEXT,
    defaults TEXT NOT NULL, PRIMARY KEY (domain, kind, name, version)
) WITHOUT ROWID;
CREATE TABLE runs (
    key INTEGER PRIMARY KEY, domain TEXT NOT NULL, workflow_id TEXT NOT NULL, run_id TEXT NOT NULL,
    type_name TEXT NOT NULL, type_version TEXT NOT NULL, started_at INTEGER NOT NULL, closed_at INTEGER,
    close_status TEXT, cancel_requested INTEGER NOT NULL, parent TEXT, tags TEXT, due INTEGER
);
CREATE UNIQUE INDEX runs_of_an_id ON runs (domain, workflow_id, run_id);
CREATE UNIQUE INDEX open_runs_of_an_id ON runs (domain, workflow_id) WHERE closed_at IS NULL;
CREATE INDEX open_runs ON runs (domain, started_at, key) WHERE closed_at IS NULL;
CREATE INDEX closed_runs_by_start ON runs (domain, started_at, key) WHERE closed_at IS NOT NULL;
CREATE INDEX closed_runs_by_close ON runs (domain, closed_at, key) WHERE closed_at IS NOT NULL;
CREATE INDEX runs_by_deadline ON runs (due) WHERE due IS NOT NULL;
CREATE TABLE events (
    run INTEGER NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (run, id)
) WITHOUT ROWID;
CREATE TABLE heartbeats (
    run INTEGER NOT NULL, scheduled_id INTEGER NOT NULL, time INTEGER NOT NULL, details TEXT,
    PRIMARY KEY (run, scheduled_id)
) WITHOUT ROWID;
CREATE TABLE tasks (
    run INTEGER NOT NULL, scheduled_id INTEGER NOT NULL, kind TEXT NOT NULL, domain TEXT NOT NULL,
    list TEXT NOT NULL, priority INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (run, scheduled_id)
) WITHOUT ROWID;
CREATE INDEX tasks_of_a_list ON tasks (kind, domain, list);
CREATE TABLE removed (run INTEGER PRIMARY KEY);
"""
"""`events` and `heartbeats` are the records; `runs` and `tasks` are indexes of them, kept in step.

events.sum: the checksum of the body. removed: runs that nobody knows any more, whose events are still to be deleted.
"""


def statements(script: str) -> list[str]:
    """One by one, so that they can share a transaction; none of them holds a semicolon."""
    return [statement for statement in script.split(";\n") if statement.strip()]
