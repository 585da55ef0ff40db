"""The parts in which the answer to one turn goes to SWF. Source: protocol/history.md, "Answers"."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pyflow.decider.asked import Asked

DECISIONS = 100
BYTES = 900_000  # of JSON; SWF takes requests of 1 MB
ESCAPED = 6  # bytes that a character takes at most in JSON
BESIDE = 400  # bytes of a decision besides its longest texts, at most


def first_part(decisions: Sequence[Asked]) -> int:
    """How many of them go in the next answer; fewer than all leave room for the timer of a split."""
    if len(decisions) <= DECISIONS and _at_most(decisions) <= BYTES:
        return len(decisions)
    size = 0
    for count, asked in enumerate(decisions):
        size += len(json.dumps(asked.decision()))
        if count == DECISIONS - 1 or (size > BYTES - BESIDE and count > 0):
            return count
    return len(decisions)


def _at_most(decisions: Sequence[Asked]) -> int:
    size = 0
    for asked in decisions:
        size += BESIDE
        for value in asked.attributes.values():
            if isinstance(value, str):
                size += ESCAPED * len(value)
    return size
