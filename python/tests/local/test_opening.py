"""Which files are opened, and which are refused in one sentence and left as they were."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from local.direct import Direct

from pyflow.local.storage.opening import StoreRefused, opened
from pyflow.local.storage.schema import VERSION

NOBODY = 65_534


def reason(path: str) -> str:
    """Why a database is refused."""
    with pytest.raises(StoreRefused) as refused:
        opened(path)
    return str(refused.value)


def refusal(path: str) -> str:
    """Why a file is refused; it is left as it was."""
    before = Path(path).read_bytes()
    said = reason(path)
    assert Path(path).read_bytes() == before
    return said


@pytest.fixture
def stored(file: str) -> str:
    """A database with a run, closed properly."""
    swf = Direct(file)
    swf.start()
    swf.service.store.close()
    return file


@pytest.mark.parametrize(("durability", "synchronous"), [("normal", 1), ("full", 2)])
def test_durability_is_when_sqlite_syncs_its_log(file: str, durability: str, synchronous: int) -> None:
    with closing(opened(file, durability)) as connection:  # type: ignore[arg-type]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (synchronous,)


@pytest.mark.parametrize("version", [0, VERSION + 1])
def test_a_file_of_an_unknown_version_is_refused(stored: str, version: int) -> None:
    with closing(sqlite3.connect(stored)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    assert refusal(stored) == (
        f"database {stored} is of version {version}, this pyflow reads versions 1 to {VERSION}: "
        "use another file, or the pyflow that wrote it"
    )


def test_a_file_that_is_no_database_is_refused(file: str) -> None:
    Path(file).write_text("a diary, and a long one, " * 100)
    assert refusal(file) == (
        f"database {file} is no SQLite database, or its beginning is damaged: use another file"
    )


def test_a_damaged_beginning_is_refused(stored: str) -> None:
    with Path(stored).open("r+b") as stream:
        stream.write(b"\xa5" * 100)
    assert refusal(stored) == (
        f"database {stored} is no SQLite database, or its beginning is damaged: use another file"
    )


def test_a_file_that_was_cut_short_is_refused(stored: str) -> None:
    os.truncate(stored, Path(stored).stat().st_size - 4096)
    assert refusal(stored) == (
        f"database {stored} is damaged (database disk image is malformed): "
        "put a copy in its place, or use another file"
    )


def test_a_file_without_one_of_the_tables_is_refused(stored: str) -> None:
    with closing(sqlite3.connect(stored)) as connection:
        connection.execute("DROP TABLE heartbeats")
    assert refusal(stored) == (
        f"database {stored} is damaged (table heartbeats is missing): put a copy in its place, or use another file"
    )


def test_a_database_of_somebody_else_is_refused(file: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    assert refusal(file) == f"database {file} holds something other than pyflow's local SWF"


def test_a_file_in_use_is_refused(file: str) -> None:
    swf = Direct(file)
    assert refusal(file) == f"database {file} is in use by another process"
    swf.service.store.close()
    opened(file).close()


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert reason(str(tmp_path)) == f"database {tmp_path} is a folder: name a file in it"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = str(tmp_path / "nowhere" / "swf.db")
    assert reason(path) == f"the folder of database {path} does not exist"


@pytest.fixture
def nobodys() -> Iterator[Path]:
    """A folder that everybody may look into; root, who may write anything, is nobody meanwhile."""
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        if root:
            os.seteuid(0)


def become_nobody() -> None:
    if os.geteuid() == 0:
        os.seteuid(NOBODY)


@pytest.mark.parametrize("mode", [0o444, 0o222, 0])
def test_a_file_that_this_user_may_not_read_and_write_is_refused(nobodys: Path, mode: int) -> None:
    path = nobodys / "swf.db"
    opened(str(path)).close()
    nobodys.chmod(0o777)
    path.chmod(mode)
    become_nobody()
    assert reason(str(path)) == (
        f"database {path} can't be opened: let this user read and write {path}, or use another file"
    )


def test_a_folder_that_this_user_may_not_write_is_refused(nobodys: Path) -> None:
    become_nobody()
    path = nobodys / "swf.db"
    assert reason(str(path)) == (
        f"database {path} can't be opened: let this user read and write {nobodys}, or use another file"
    )
