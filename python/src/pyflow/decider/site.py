"""Where in an author's code a decision was asked for: `order.py:31`, relative to where Python found the module."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path
from types import FrameType

OWN = str(Path(__file__).parent.parent) + os.sep
_is_own: dict[str, bool] = {}


class Site:
    """A place in the code; its text is made when somebody reads it."""

    __slots__ = ("_filename", "_line")

    def __init__(self, frame: FrameType) -> None:
        self._filename = frame.f_code.co_filename
        self._line = frame.f_lineno

    def __str__(self) -> str:
        return f"{relative(self._filename)}:{self._line}"


def site() -> Site | None:
    """The innermost place on the stack that is not pyflow's own; None where there is none, as in a callback."""
    frame: FrameType | None = sys._getframe(2)  # those who ask are pyflow's own
    while frame is not None:
        filename = frame.f_code.co_filename
        own = _is_own.get(filename)
        if own is None:
            own = _is_own[filename] = filename.startswith(OWN)
        if not own:
            return Site(frame)
        frame = frame.f_back
    return None


@lru_cache(maxsize=1024)
def relative(filename: str) -> str:
    """A file's path below the longest entry of sys.path that leads to it; its name alone below none."""
    path = Path(filename)
    found: Path | None = None
    for entry in sys.path:
        root = Path(entry or ".").absolute()
        deeper = found is None or len(root.parts) > len(found.parts)
        if deeper and len(root.parts) > 1 and path.is_relative_to(root):
            found = root
    return str(path.relative_to(found)) if found is not None else path.name
