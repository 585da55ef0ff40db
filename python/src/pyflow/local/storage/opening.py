"""Opening the store's file: made if it is new, upgraded if it is old, and refused in one sentence if it can't be used."""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
from pathlib import Path
from typing import Literal, TypeAlias

from pyflow.local.storage.damage import damaged, failed
from pyflow.local.storage.schema import APPLICATION_ID, TABLES, VERSION, statements
from pyflow.local.storage.upgrades import INCREMENTAL, UPGRADES, upgrade

Durability: TypeAlias = Literal["normal", "full"]
"""What an acknowledged change survives: the end of the process, or a power cut as well."""

SYNCHRONOUS = {"normal": "NORMAL", "full": "FULL"}
"""With NORMAL the log is synced before pages are taken over from it, with FULL at each commit (SQLite, "WAL")."""

CACHE_KIB = 65_536
"""Of pages that SQLite may keep, so that a file of many runs costs no more than a small one."""

LOG_BYTES = 16 * 1024 * 1024
"""To which the log is cut where a large transaction made it longer."""


class StoreRefused(Exception):
    """The database can't be used; the message says why in one sentence."""


def opened(path: str, durability: Durability = "normal") -> sqlite3.Connection:
    """A connection that alone holds the database, its tables as the newest version has them.

    path: a file, or `:memory:`. Raises StoreRefused; what is refused is left as it was.
    """
    if path != ":memory:":
        _look(path)
    connection = None
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0)
        _claim(connection, path, durability)
    except (sqlite3.DatabaseError, StoreRefused) as error:
        if connection is not None:
            connection.close()
        if isinstance(error, StoreRefused):
            raise
        raise StoreRefused(_why(path, error)) from error
    return connection


def _look(path: str) -> None:
    """Refuse what SQLite would refuse in less plain words."""
    file = Path(path).resolve()
    if file.is_dir():
        raise StoreRefused(f"database {path} is a folder: name a file in it")
    if not file.parent.is_dir():
        raise StoreRefused(f"the folder of database {path} does not exist")
    for place in (file, file.parent):
        if place.exists() and not _writable(place):
            raise StoreRefused(
                f"database {path} can't be opened: let this user read and write {place}, or use another file"
            )


def _writable(place: Path) -> bool:
    # never by opening it: closing a file drops the locks that this process may hold on it (POSIX, fcntl)
    return os.access(place, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _claim(connection: sqlite3.Connection, path: str, durability: Durability) -> None:
    execute = connection.execute
    execute("PRAGMA locking_mode = EXCLUSIVE")
    new = not execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    version = execute("PRAGMA user_version").fetchone()[0]
    if not new:
        _recognise(path, execute("PRAGMA application_id").fetchone()[0], version)
    if version == VERSION:
        there = {name for (name,) in execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for name in re.findall(r"CREATE TABLE (\w+)", TABLES):
            if name not in there:
                raise sqlite3.DatabaseError(f"table {name} is missing")
    if new:
        execute(f"PRAGMA auto_vacuum = {INCREMENTAL}")  # before the first page, or never
    execute("PRAGMA journal_mode = WAL")
    execute(f"PRAGMA synchronous = {SYNCHRONOUS[durability]}")
    execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
    execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    execute("PRAGMA cell_size_check = ON")
    execute("BEGIN IMMEDIATE")
    if new:
        _make(connection)
    execute("COMMIT")
    if not new and version < VERSION:
        upgrade(connection, version)


def _recognise(path: str, application_id: int, version: int) -> None:
    if application_id != APPLICATION_ID:
        raise StoreRefused(f"database {path} holds something other than pyflow's local SWF")
    if version != VERSION and version not in UPGRADES:
        raise StoreRefused(
            f"database {path} is of version {version}, this pyflow reads versions 1 to {VERSION}: "
            "use another file, or the pyflow that wrote it"
        )


def _make(connection: sqlite3.Connection) -> None:
    for statement in statements(TABLES):
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('secret', ?)", (secrets.token_bytes(32),))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


_REASONS = {
    "locked": "is in use by another process",
    "full": "can't be opened, the disk is full: make room, or use a file elsewhere",
    "not a database": "is no SQLite database, or its beginning is damaged: use another file",
}
"""What SQLite says, in part, and what we make of it."""


def _why(path: str, error: sqlite3.DatabaseError) -> str:
    for said, reason in _REASONS.items():
        if said in str(error):
            return f"database {path} {reason}"
    return str(failed(path, error)) if damaged(error) else f"database {path} can't be opened: {error}"
