"""The token buckets of the account that a service is: what has been called, decided and scheduled lately."""

from __future__ import annotations

from pyflow.local.engine.fault import throttled
from pyflow.local.engine.rates import (
    CALLS,
    CALLS_OF_A_RUN,
    DECISIONS,
    MADE,
    TASKS_OF_A_LIST,
    Bucket,
    Rate,
    full,
)

ROOM = 10_000
"""Buckets beyond which the full ones are forgotten: a bucket that is not known is full."""


class Throttle:
    """Counts and refuses. Kept in memory only: after a restart every bucket is full."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[object, ...], Bucket] = {}
        self._room = ROOM

    def admit(self, operation: str, run: int | None, now: int) -> None:
        """Count a call of the account, or about one run; ThrottlingException where there were too many.

        A call that is refused takes nothing from its bucket.
        """
        rate = CALLS[operation] if run is None else CALLS_OF_A_RUN[operation]
        if self._empty(("call", operation, run), rate, now):
            raise throttled()
        self._take(("call", operation, run), rate, now)

    def spent(self, decision: str, now: int) -> bool:
        """Whether the account may not make a decision of that type now."""
        return self._empty(("decision", decision), DECISIONS[decision], now)

    def made(self, event_type: str, now: int) -> None:
        """Count the decision that an event shows, if it shows one."""
        decision = MADE.get(event_type)
        if decision is not None:
            self._take(("decision", decision), DECISIONS[decision], now)

    def crowded(self, kind: str, domain: str, task_list: str, now: int) -> bool:
        """Whether no task may be scheduled on a list now; kind: `decision` or `activity`."""
        return self._empty(("task", kind, domain, task_list), TASKS_OF_A_LIST, now)

    def scheduled(self, kind: str, domain: str, task_list: str, now: int) -> None:
        """Count a task of a list."""
        self._take(("task", kind, domain, task_list), TASKS_OF_A_LIST, now)

    def _empty(self, key: tuple[object, ...], rate: Rate, now: int) -> bool:
        return self._bucket(key, rate, now).empty

    def _take(self, key: tuple[object, ...], rate: Rate, now: int) -> None:
        if len(self._buckets) >= self._room:
            self._buckets = {k: bucket for k, bucket in self._buckets.items() if not bucket.later(now).full}
            self._room = max(ROOM, 2 * len(self._buckets))
        self._buckets[key] = self._bucket(key, rate, now).less_one()

    def _bucket(self, key: tuple[object, ...], rate: Rate, now: int) -> Bucket:
        bucket = self._buckets.get(key)
        return full(rate, now) if bucket is None else bucket.later(now)
