"""A store in a folder, such as one that all workers mount."""

from __future__ import annotations

import os
import re
from pathlib import Path

from pyflow.errors import PyflowException

_KEY = re.compile(r"(?!/)(?:(?!\.{0,2}(?:/|\Z))[A-Za-z0-9_.=-]+(?:/(?=.)|\Z))+")


class FileStore:
    """Keeps each object in a file below `root`, at the path that its key is; the folder is made when it is written to.

    A file is there whole or not at all. Keys that would lead out of the root are refused.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self._root = Path(root)

    def put(self, key: str, data: bytes) -> None:
        """Writes the file, unless it is there; on the disk once this returns."""
        path = self._path(key)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{os.urandom(8).hex()}")
        try:
            with partial.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)

    def get(self, key: str, size: int) -> bytes | None:
        """What the file holds, not more than one byte beyond `size`; None without it."""
        try:
            with self._path(key).open("rb") as file:
                return file.read(size + 1)
        except FileNotFoundError:
            return None

    def _path(self, key: str) -> Path:
        if _KEY.fullmatch(key) is None:
            raise PyflowException(f"the key {key[:80]!r} is no path below the root of a store of files")
        return self._root / key

    def __str__(self) -> str:
        return str(self._root)
