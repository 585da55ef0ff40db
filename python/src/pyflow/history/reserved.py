"""Names that are the runtime's own: protocol/history.md, "Reserved names"."""

from __future__ import annotations

PREFIX = "pyflow."
SPLIT = "pyflow.split"
"""Of the timer that ends an answer which the next one goes on with."""
PACE = "pyflow.pace"
"""Of the timer that waits after a refusal which passes by itself."""
WAKE = "pyflow.wake"
"""Of the timer behind an answer in parts, for the news that came meanwhile."""
VOID = "pyflow.void"
"""Of the timer that wakes a parked run."""
PATCHED = "pyflow.patched."
VERSION = "pyflow.version."
OPERATOR = "pyflow.operator"
RESUME = "pyflow.resume"


def is_reserved(name: object) -> bool:
    """Whether a timer, marker or signal of that name is the runtime's."""
    return isinstance(name, str) and name.startswith(PREFIX)
