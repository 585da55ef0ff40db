"""Databases that fail while they are used, above all those that hold what nobody wrote.

SQLite sees most damage by the structure of its pages; the checksum of an event sees what is left.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from zlib import crc32


class StoreFailed(Exception):
    """The database can't be used any longer; the message says why in one sentence."""


def checksum(text: str) -> int:
    """Of an event's text, which is all ASCII."""
    return crc32(text.encode())


def intact(
    key: int, first: int, step: int, rows: Iterable[tuple[int, str, int]]
) -> Iterator[tuple[int, str]]:
    """Id and text of a run's events from event `first` on, as they were written; DatabaseError at any that is not."""
    expected = first
    for event_id, text, sum in rows:
        if event_id != expected or checksum(text) != sum:
            raise sqlite3.DatabaseError(f"event {expected} of run {key} is not as it was written")
        yield event_id, text
        expected += step


def damaged(error: BaseException) -> bool:
    """Whether an error tells of damage, not of a disk that is full, a file that is gone, or our own mistake.

    Python makes DatabaseError itself, no class below it, of SQLITE_CORRUPT and SQLITE_NOTADB (CPython, _sqlite/util.c).
    """
    return type(error) is sqlite3.DatabaseError or "not decode to UTF-8" in str(error)


def failed(path: str, error: sqlite3.Error) -> StoreFailed:
    """What to say of an error of SQLite's."""
    if damaged(error):
        return StoreFailed(
            f"database {path} is damaged ({error}): put a copy in its place, or use another file"
        )
    return StoreFailed(f"database {path} can't be used: {error}")


@contextlib.contextmanager
def told(path: str) -> Iterator[None]:
    """Raise StoreFailed for whatever SQLite raises meanwhile."""
    try:
        yield
    except sqlite3.Error as error:
        raise failed(path, error) from error
