"""Known-failing lists: behaviours that run, are expected to fail, and must leave the list once they pass."""

from __future__ import annotations

from pyflow.errors import PyflowException


def read(text: str, name: str) -> dict[str, str]:
    """Reason by id: each line is an id, and the comment above it says why. Raises PyflowException for one without a reason.

    An empty line ends what a comment is about.
    """
    entries: dict[str, str] = {}
    reason: list[str] = []
    for line in map(str.strip, text.splitlines()):
        if line.startswith("#"):
            reason.append(line.lstrip("# "))
        elif not line:
            reason = []
        elif not reason:
            raise PyflowException(f"{name}: {line} has no reason above it: write one after a #")
        else:
            entries[line] = " ".join(reason)
    return entries
