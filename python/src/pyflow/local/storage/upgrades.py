"""How a store of an older version becomes one of the newest: a step from each version to the next."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

from pyflow.local.storage.damage import checksum
from pyflow.local.storage.schema import VERSION, statements

INCREMENTAL = 2
"""SQLite's number for an auto_vacuum that gives free pages back when it is asked to."""


def upgrade(connection: sqlite3.Connection, version: int) -> None:
    """Make a store of `version` one of the newest: every step in one transaction, or none.

    A file that can't shrink is written anew first, by itself all or nothing; that takes as long as copying it.
    """
    if connection.execute("PRAGMA auto_vacuum").fetchone()[0] != INCREMENTAL:
        connection.execute(f"PRAGMA auto_vacuum = {INCREMENTAL}")
        connection.execute("VACUUM")
    connection.execute("BEGIN IMMEDIATE")
    for step in range(version, VERSION):
        UPGRADES[step](connection)
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


_TO_VERSION_2 = """
ALTER TABLE events RENAME TO events_1;
CREATE TABLE events (
    run INTEGER NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (run, id)
) WITHOUT ROWID;
INSERT INTO events SELECT run, id, body, checksum(body) FROM events_1;
DROP TABLE events_1;
CREATE TABLE removed (run INTEGER PRIMARY KEY);
"""


def _to_version_2(connection: sqlite3.Connection) -> None:
    """Events have checksums, and runs are removed little by little."""
    connection.create_function("checksum", 1, checksum, deterministic=True)
    for statement in statements(_TO_VERSION_2):
        connection.execute(statement)


UPGRADES: Mapping[int, Callable[[sqlite3.Connection], None]] = {
    1: _to_version_2,
}
"""Version -> what makes the next one of it. A step stays as it is, whatever later versions do to TABLES."""
