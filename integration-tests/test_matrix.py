"""Scenarios × workers × encodings × the two implementations of SWF."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from bare_run import BareRun, Outcome, Task
from batch import Batch, chosen
from deadline import until
from scenario import Scenario, scenarios
from worker_processes import LANGUAGES, Worker


@dataclass(frozen=True)
class Cell:
    """One of the matrix."""

    language: str
    server: str
    encoding: str
    scenario: Scenario

    def __str__(self) -> str:
        return f"{self.language}-{self.server}-{self.encoding}-{self.scenario.name}"

    def task(self) -> Task:
        """What is asked of the worker."""
        return Task(self.scenario.activity, self.scenario.input(self.encoding), self.scenario.options)


CELLS = [
    Cell(language, server, encoding, scenario)
    for scenario, language in itertools.product(scenarios(), LANGUAGES)
    for server in scenario.servers()
    for encoding in scenario.encodings
]


@pytest.fixture(scope="module")
def batch(request: pytest.FixtureRequest, workers: Callable[[str, str], Worker]) -> Callable[[Cell], Batch]:
    """Gives the batch with a cell's task in it: all tasks for its worker, asked for together."""
    cells: list[Cell] = [cell for cell in chosen(request, "cell") if not cell.scenario.cancel]
    batches: dict[tuple[str, str], Batch] = {}

    def batch(cell: Cell) -> Batch:
        where = (cell.language, cell.server)
        if where not in batches:
            worker = workers(*where)
            _register_unknown_type(worker)
            its = [it for it in cells if (it.language, it.server) == where]
            batches[where] = Batch(worker, {str(it): it.task() for it in its})
        return batches[where]

    return batch


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_scenario(cell: Cell, batch: Callable[[Cell], Batch], workers: Callable[[str, str], Worker]) -> None:
    """What the activity answers is what the scenario expects."""
    if cell.scenario.cancel:
        outcome = _canceled(cell, workers(cell.language, cell.server))
    else:
        outcome = batch(cell).outcome(str(cell))
    cell.scenario.check(outcome, cell.language)


def _canceled(cell: Cell, worker: Worker) -> Outcome:
    """What comes of a task whose cancellation is requested once it has started."""
    run = BareRun(worker.server, worker.domain)
    [activity] = run.schedule(worker.task_list, [cell.task()])
    until(lambda: run.has_started(activity), "the activity has started")
    run.request_cancel(activity)
    return run.outcome(activity)


def _register_unknown_type(worker: Worker) -> None:
    """Registers with SWF, and with no worker, the type that nobody has."""
    client = worker.server.client
    client.register_activity_type(
        domain=worker.domain,
        name="nobody_has_it",
        version="1",
        defaultTaskScheduleToStartTimeout="NONE",
        defaultTaskStartToCloseTimeout="30",
        defaultTaskScheduleToCloseTimeout="NONE",
        defaultTaskHeartbeatTimeout="NONE",
    )
