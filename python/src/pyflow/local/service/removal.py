"""Removal: closed runs are forgotten when their retention is over, and leave the file little by little.

Look-ups know nothing of a run from the instant that its retention is over (`runs.retained_from`). What is
done here comes later, in bites small enough to go between requests.
"""

from __future__ import annotations

from pyflow.local.engine.registry import Registry
from pyflow.local.engine.run import Run
from pyflow.local.service.runs import Runs, kept, retained_from
from pyflow.local.storage.store import Store

RUNS, EVENTS, PAGES = 32, 64, 16
"""The most that one bite takes: some tenths of a millisecond, a few where events are as long as they may be."""


class Removal:
    """What is to be removed from a store, and when the next of it is."""

    def __init__(self, store: Store, registry: Registry, runs: Runs) -> None:
        self._store = store
        self._registry = registry
        self._runs = runs
        self.next: int | None = 0 if store.untidy else self._earliest()
        """When there is something to do, at the earliest; None where nothing will be."""
        self.shrunk = False
        """Whether the file can be cut now."""

    def closed(self, run: Run) -> None:
        """A run has closed, and will be forgotten."""
        if run.closed_at is not None:
            at = self._forgotten_at(run.domain, run.closed_at)
            self.next = at if self.next is None else min(self.next, at)

    def bite(self, now: int) -> bool:
        """Forget a few runs, delete a few events, or give back a few pages; False if there is nothing to do."""
        if self.next is None or self.next > now:
            return False
        forgotten = self._forgotten(now)
        if forgotten:
            self._store.forget(forgotten)
            for key in forgotten:
                self._runs.removed(key)
            return True
        if self._store.erase(EVENTS):
            return True
        if self._store.shrink(PAGES):
            self.shrunk = True
            return True
        self.next = self._earliest()
        return False

    def _forgotten(self, now: int) -> list[int]:
        for name, domain in self._registry.domains.items():
            keys = self._store.closed_until(name, retained_from(domain.retention, now), RUNS)
            if keys:
                return keys
        return []

    def _earliest(self) -> int | None:
        firsts = ((name, self._store.first_closed(name)) for name in self._registry.domains)
        return min((self._forgotten_at(name, at) for name, at in firsts if at is not None), default=None)

    def _forgotten_at(self, domain: str, closed_at: int) -> int:
        return closed_at + kept(self._registry.domain(domain).retention)
