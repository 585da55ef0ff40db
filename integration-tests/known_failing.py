"""known-failing.txt: tests that run, are expected to fail, and must leave the list once they pass.

An entry is a test's id as pytest prints it, `test_matrix.py::test_…[…]`; the lines of comment above it say why.
"""

from __future__ import annotations

from pathlib import Path

import pytest

LIST = Path(__file__).parent / "known-failing.txt"


def read(text: str) -> dict[str, str]:
    """Reason by test id. Raises UsageError for an entry without a reason."""
    entries: dict[str, str] = {}
    reason: list[str] = []
    for line in map(str.strip, text.splitlines()):
        if line.startswith("#"):
            reason.append(line.lstrip("# "))
        elif not line:
            reason = []
        elif not reason:
            raise pytest.UsageError(f"known-failing.txt: {line} has no reason above it")
        else:
            entries[line] = " ".join(reason)
    return entries


def mark(items: list[pytest.Item], *, whole: bool) -> None:
    """Marks the listed tests; an unexpected pass fails. Raises UsageError where a `whole` folder lacks a listed one."""
    entries = read(LIST.read_text())
    for item in items:
        if reason := entries.pop(item.nodeid, None):
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
    if whole and entries:
        raise pytest.UsageError(f"known-failing.txt names tests that are not there: {', '.join(entries)}")
