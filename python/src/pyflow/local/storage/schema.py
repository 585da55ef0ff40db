"""The store's file: its tables, its version, and what is refused when one is opened."""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path

VERSION = 1
CACHE_KIB = 65_536
"""Of pages that SQLite may keep, so that a file of many runs costs no more than a small one."""

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
    run INTEGER NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (run, id)
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
"""
"""`events` and `heartbeats` are the records; `runs` and `tasks` are indexes of them, kept in step."""


class StoreRefused(Exception):
    """The database can't be used; the message says why in one sentence."""


def opened(path: str) -> sqlite3.Connection:
    """A connection that alone holds the database, its tables made if it is new.

    path: a file, or `:memory:`. Raises StoreRefused.
    """
    if path != ":memory:" and not Path(path).resolve().parent.is_dir():
        raise StoreRefused(f"the folder of database {path} does not exist")
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0)
        _claim(connection, path)
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreRefused(f"database {path} is in use by another process") from error
        raise StoreRefused(f"database {path} can't be opened: {error}") from error
    except sqlite3.DatabaseError as error:
        raise StoreRefused(f"{path} is not a database: {error}") from error
    return connection


def _claim(connection: sqlite3.Connection, path: str) -> None:
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    new = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if not new and application_id != APPLICATION_ID:
        connection.close()
        raise StoreRefused(f"database {path} holds something other than pyflow's local SWF")
    if not new and version != VERSION:
        connection.close()
        raise StoreRefused(
            f"database {path} is of version {version}, this pyflow reads version {VERSION}: "
            "use another file, or the pyflow that wrote it"
        )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute("BEGIN IMMEDIATE")
    if new:
        for statement in TABLES.split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('secret', ?)", (secrets.token_bytes(32),))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")
