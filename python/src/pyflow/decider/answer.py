"""What a decider answers a decision task with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """Decisions as SWF's API takes them, in order.

    context: the execution context to send along; None where it is the one that SWF holds already.
    """

    decisions: list[dict[str, Any]] = field(default_factory=list)
    context: str | None = None
