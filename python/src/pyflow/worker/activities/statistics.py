"""What a worker counts: tasks, polls, heartbeats, answers. Threads share one."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from typing import Literal

BUCKETS = (0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0, 3600.0)
"""Upper ends, in seconds, of the counts of how long activities take; one more count is for all beyond."""

TaskOutcome = Literal["completed", "failed", "canceled", "dropped", "handed_back", "deferred"]


class ActivityStatistics:
    """Counts since the worker was made.

    tasks: by activity name and outcome: dropped ones were not answered since SWF had given them up, or took no answer;
    handed_back ones are for another worker, deferred ones are answered by somebody else. seconds: for each activity, counts
    by BUCKETS and one beyond; seconds_sum: their sum. polls: by `task`, `empty`, `failed`; heartbeats: `sent`, `failed`.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        self.tasks: Counter[tuple[str, str]] = Counter()
        self.seconds: dict[str, list[int]] = {}
        self.seconds_sum: dict[str, float] = {}
        self.polls: Counter[str] = Counter(task=0, empty=0, failed=0)
        self.heartbeats: Counter[str] = Counter(sent=0, failed=0)
        self.answer_retries = 0
        self.polled_at: float | None = None
        """When a poll last ended well."""
        self.free_since = clock()
        """Since when a slot has been free without a break."""

    def task(self, activity: str, outcome: TaskOutcome) -> None:
        """One more task has come to its end."""
        with self._lock:
            self.tasks[activity, outcome] += 1

    def took(self, activity: str, seconds: float) -> None:
        """An activity was called, and took so long."""
        with self._lock:
            if activity not in self.seconds:
                self.seconds_sum[activity] = 0.0
                self.seconds[activity] = [0] * (len(BUCKETS) + 1)
            counts = self.seconds[activity]
            counts[bisect_left(BUCKETS, seconds)] += 1
            self.seconds_sum[activity] += seconds

    def poll(self, outcome: Literal["task", "empty", "failed"]) -> None:
        """A poll has ended."""
        with self._lock:
            self.polls[outcome] += 1
            if outcome != "failed":
                self.polled_at = self._clock()

    def freed(self) -> None:
        """The first slot is free again, after all were busy."""
        self.free_since = self._clock()

    def heartbeat(self, outcome: Literal["sent", "failed"]) -> None:
        """A heartbeat has arrived, or has not."""
        with self._lock:
            self.heartbeats[outcome] += 1

    def retried(self) -> None:
        """An answer is sent once more."""
        with self._lock:
            self.answer_retries += 1
