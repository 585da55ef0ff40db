"""A store of files: whole or not at all, below its root."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyflow.errors import PyflowException
from pyflow.stores import FileStore

KEY = "sha256/2c/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def test_what_is_put_is_there_at_the_path_that_its_key_is(tmp_path: Path) -> None:
    FileStore(tmp_path / "made" / "here").put(KEY, b"hello")
    assert (tmp_path / "made" / "here" / KEY).read_bytes() == b"hello"
    assert FileStore(tmp_path / "made" / "here").get(KEY, 5) == b"hello"


def test_it_is_written_once_and_leaves_nothing_else(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.put(KEY, b"hello")
    before = (tmp_path / KEY).stat().st_mtime_ns
    store.put(KEY, b"hello")
    assert (tmp_path / KEY).stat().st_mtime_ns == before
    assert [path.name for path in (tmp_path / KEY).parent.iterdir()] == [Path(KEY).name]


def test_a_key_without_a_file_has_nothing(tmp_path: Path) -> None:
    assert FileStore(tmp_path).get(KEY, 5) is None


def test_no_more_is_read_than_shows_that_it_is_too_much(tmp_path: Path) -> None:
    FileStore(tmp_path).put(KEY, bytes(1000))
    assert FileStore(tmp_path).get(KEY, 5) == bytes(6)


@pytest.mark.parametrize(
    "key", ["/etc/passwd", "../up", "a/../b", "a//b", "a/./b", ".", "..", "", "a/", "./a", "a/..", "a\n"]
)
def test_a_key_that_leads_elsewhere_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(PyflowException, match="is no path below the root"):
        FileStore(tmp_path).get(key, 5)
    with pytest.raises(PyflowException, match="is no path below the root"):
        FileStore(tmp_path).put(key, b"hello")


@pytest.mark.parametrize("key", [KEY, "a", "a.b/c=d", ".a/..b/c."])
def test_other_keys_are_paths(tmp_path: Path, key: str) -> None:
    FileStore(tmp_path).put(key, b"hello")
    assert FileStore(tmp_path).get(key, 5) == b"hello"
