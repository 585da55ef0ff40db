"""Ids are counted, never drawn, so that replay yields them again: protocol/history.md, "Ids"."""

from __future__ import annotations

import hashlib


class Ids:
    """Counts the calls of one line of a workflow's code, each kind from 1. path: what all its ids begin with."""

    __slots__ = ("_counts", "path")

    def __init__(self, path: str = "") -> None:
        self._counts: dict[str, int] = {}
        self.path = path

    def next(self, kind: str) -> str:
        """`activity1`, then `activity2`: unique within the run."""
        count = self._counts.get(kind, 0) + 1
        self._counts[kind] = count
        return f"{self.path}{kind}{count}"


def scope_of(run_id: str) -> str:
    """What makes an id of a run unique in the domain, and is free of what SWF forbids in names."""
    return hashlib.sha256(run_id.encode()).hexdigest()[:16]
