"""What a decider has done since it was made, for metrics and tests."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds, upper ends


class DeciderStatistics:
    """Counts; any thread may count and read.

    decision_tasks: decided. decide_seconds: how many took up to each of BUCKETS, and longer; decide_seconds_sum: all
    together. replays: of runs that had been decided before, by reason (see residence). answers_lost: that SWF did not
    surely take. void_answers: that parked a run. polls: by list, `shared` and `private`. resident_runs, resident_bytes:
    now; the bytes are an estimate.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.decision_tasks = 0
        self.decide_seconds = [0] * (len(BUCKETS) + 1)
        self.decide_seconds_sum = 0.0
        self.replays: Counter[str] = Counter()
        self.answers_lost = 0
        self.void_answers = 0
        self.polls: Counter[str] = Counter()
        self.resident_runs = 0
        self.resident_bytes = 0

    def decided(self, seconds: float, *, void: bool) -> None:
        """A decision task was decided."""
        with self._lock:
            self.decision_tasks += 1
            self.decide_seconds[bisect_left(BUCKETS, seconds)] += 1
            self.decide_seconds_sum += seconds
            self.void_answers += void

    def replayed(self, reason: str) -> None:
        """A run was begun from its history."""
        with self._lock:
            self.replays[reason] += 1

    def polled(self, which: str) -> None:
        """A poll ended, with or without a task."""
        with self._lock:
            self.polls[which] += 1

    def lost(self) -> None:
        """An answer was not surely taken."""
        with self._lock:
            self.answers_lost += 1
