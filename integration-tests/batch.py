"""Many activity tasks at once, so that a matrix takes seconds: asked for together, looked at one by one."""

from __future__ import annotations

import contextlib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

import pytest
from bare_run import BareRun, Outcome, Task
from deadline import until
from worker_processes import Worker

AT_ONCE = 50  # tasks in one decision task; SWF takes a megabyte
OPEN = 500  # tasks in one run; SWF takes 1,000 open ones

T = TypeVar("T")


class Batch:
    """Tasks scheduled at a worker, each known by a key."""

    def __init__(self, worker: Worker, tasks: Mapping[Hashable, Task]) -> None:
        self._ids: dict[Hashable, str] = {}
        self._runs = [self._scheduled(worker, some) for some in _pieces(list(tasks.items()), OPEN)]

    def outcome(self, key: Hashable) -> Outcome:
        """How the key's task closed; looked at when all have, or when that takes too long."""
        assert self._ids[key] in self._outcomes, f"{key} is not closed"
        return self._outcomes[self._ids[key]]

    def _scheduled(self, worker: Worker, tasks: Sequence[tuple[Hashable, Task]]) -> BareRun:
        run = BareRun(worker.server, worker.domain)
        for some in _pieces(tasks, AT_ONCE):
            run.wake()
            ids = run.schedule(worker.task_list, [task for _, task in some])
            self._ids.update(zip((key for key, _ in some), ids, strict=True))
        return run

    @cached_property
    def _outcomes(self) -> dict[str, Outcome]:
        outcomes: dict[str, Outcome] = {}
        for run in self._runs:
            with contextlib.suppress(AssertionError):  # what is not closed fails its own test
                until(run.has_nothing_open, "all activities are closed", seconds=180)
            outcomes |= run.outcomes()
            run.close()
        return outcomes


def _pieces(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for first in range(0, len(things), size):
        yield things[first : first + size]


def chosen(request: pytest.FixtureRequest, parameter: str) -> list[Any]:
    """The parameter's values of all tests that are to be run."""
    specs = [getattr(item, "callspec", None) for item in request.session.items]
    return [spec.params[parameter] for spec in specs if spec and parameter in spec.params]
