"""Many activity tasks of one run, so that a matrix takes seconds: asked for together, looked at one by one."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cached_property

import pytest
from bare_run import BareRun, Outcome, Task
from deadline import until
from worker_processes import Worker

AT_ONCE = 50  # tasks in one decision task; SWF takes a megabyte


class Batch:
    """Tasks scheduled at a worker, each known by a key."""

    def __init__(self, worker: Worker, tasks: Mapping[Hashable, Task]) -> None:
        self.run = BareRun(worker.server, worker.domain)
        keys, self._ids = list(tasks), dict[Hashable, str]()
        for first in range(0, len(keys), AT_ONCE):
            if first:
                self.run.wake()
            some = keys[first : first + AT_ONCE]
            ids = self.run.schedule(worker.task_list, [tasks[key] for key in some])
            self._ids.update(zip(some, ids, strict=True))

    def outcome(self, key: Hashable) -> Outcome:
        """How the key's task closed; looked at when all have, or when that takes too long."""
        assert self._ids[key] in self._outcomes, f"{key} is not closed"
        return self._outcomes[self._ids[key]]

    @cached_property
    def _outcomes(self) -> dict[str, Outcome]:
        try:
            until(lambda: self.run.open_activities() == 0, "all activities are closed", seconds=90)
        except AssertionError:
            pass  # what is not closed fails its own test
        outcomes = self.run.outcomes()
        self.run.close()
        return outcomes


def chosen(request: pytest.FixtureRequest, parameter: str) -> list[object]:
    """The parameter's values of all tests that are to be run."""
    specs = [getattr(item, "callspec", None) for item in request.session.items]
    return [spec.params[parameter] for spec in specs if spec and parameter in spec.params]
