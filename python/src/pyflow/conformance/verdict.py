"""What came of a behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

State = Literal["passed", "failed", "skipped", "known to fail", "passes by now"]

BAD: tuple[State, ...] = ("failed", "passes by now")
"""What makes a run of the kit fail."""


@dataclass(frozen=True)
class Verdict:
    """One behaviour's.

    told: what was seen, or why it was skipped. reason: of one that is known to fail. refusals: of a vector, the worker's
    sentence by the form in which it was sent.
    """

    id: str
    section: str
    see: str
    sentence: str
    state: State
    told: str = ""
    seconds: float = 0.0
    reason: str | None = None
    refusals: Mapping[str, str] = field(default_factory=dict)

    def known(self, reasons: dict[str, str]) -> Verdict:
        """The verdict with regard to the list of those that are known to fail: reason by id."""
        if (reason := reasons.get(self.id)) is None or self.state == "skipped":
            return self
        state: State = "known to fail" if self.state == "failed" else "passes by now"
        return replace(self, state=state, reason=reason)
