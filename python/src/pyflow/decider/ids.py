"""Ids are counted, never drawn, so that replay yields them again."""

from __future__ import annotations

import hashlib


class Ids:
    """Counts the calls of each kind, from 1, in call order."""

    __slots__ = ("_counts", "_run_id")

    def __init__(self, run_id: str) -> None:
        self._counts: dict[str, int] = {}
        self._run_id = run_id

    def next(self, prefix: str) -> str:
        """`activity1`, then `activity2`: unique within the run."""
        count = self._counts.get(prefix, 0) + 1
        self._counts[prefix] = count
        return f"{prefix}{count}"

    def next_workflow_id(self, prefix: str) -> str:
        """`child_workflow1-` and a hash of the run id: unique in the domain, and free of what SWF forbids in names."""
        scope = hashlib.sha256(self._run_id.encode()).hexdigest()[:16]
        return f"{self.next(prefix)}-{scope}"
