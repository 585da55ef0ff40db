"""What is counted for those who watch: calls by operation and outcome, how long they took, who was turned away."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from itertools import accumulate

CALLS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
POLLS = (0.01, 0.1, 0.5, 1.0, 5.0, 15.0, 30.0, 60.0)
"""Upper ends, in seconds, of what durations are sorted into; polls are held, and would drown the rest."""

OK = "ok"
CUT = "cut"
"""Outcomes of a call that was accepted, and of one whose answer chaos kept from the client."""

UNKNOWN = "unknown"
"""Operation of a request that is none of SWF's."""


class Durations:
    """How many took how long, by upper ends of seconds."""

    def __init__(self, ends: tuple[float, ...]) -> None:
        self.ends = ends
        self.total = 0.0
        self._counts = [0] * (len(ends) + 1)

    def add(self, seconds: float) -> None:
        """One that took so long."""
        self._counts[bisect_left(self.ends, seconds)] += 1
        self.total += seconds

    def cumulative(self) -> list[int]:
        """How many took no longer than each end; and in all."""
        return list(accumulate(self._counts))


class Tally:
    """Counts since the start. Its keys are operations of SWF and types of faults: bounded, whatever clients send."""

    def __init__(self) -> None:
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.calls: defaultdict[str, Durations] = defaultdict(lambda: Durations(CALLS))
        self.polls: defaultdict[str, Durations] = defaultdict(lambda: Durations(POLLS))
        self.full = 0
        """Connections closed at once, since there were enough."""
        self.slow = 0
        """Connections closed since a request was not whole in time."""

    def took(self, operation: str, seconds: float, *, held: bool) -> None:
        """A call was answered, one way or the other. held: it was a poll."""
        (self.polls if held else self.calls)[operation].add(seconds)
