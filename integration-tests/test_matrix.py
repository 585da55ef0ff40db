"""Scenarios × workers × encodings × the two implementations of SWF."""

from __future__ import annotations

import itertools

import pytest
from bare_run import BareRun, Task
from deadline import until
from scenario import Scenario, scenarios
from worker_processes import LANGUAGES, Worker

MATRIX = [
    pytest.param((language, server), scenario, encoding, id=f"{language}-{server}-{encoding}-{scenario.name}")
    for scenario, language in itertools.product(scenarios(), LANGUAGES)
    for server in scenario.servers()
    for encoding in scenario.encodings
]


@pytest.mark.parametrize(("worker", "scenario", "encoding"), MATRIX, indirect=["worker"])
def test_scenario(worker: Worker, scenario: Scenario, encoding: str) -> None:
    """What the activity answers is what the scenario expects."""
    _register_unknown_type(worker)
    run = BareRun(worker.server, worker.domain)
    task = Task(scenario.activity, scenario.input(encoding), scenario.options)
    [activity] = run.schedule(worker.task_list, [task])
    if scenario.cancel:
        until(lambda: run.has_started(activity), "the activity has started")
        run.request_cancel(activity)
    scenario.check(run.outcome(activity), worker.language)
    run.close()


def _register_unknown_type(worker: Worker) -> None:
    """Registers with SWF, and with no worker, the type that nobody has."""
    client = worker.server.client
    try:
        client.register_activity_type(
            domain=worker.domain,
            name="nobody_has_it",
            version="1",
            defaultTaskScheduleToStartTimeout="NONE",
            defaultTaskStartToCloseTimeout="30",
            defaultTaskScheduleToCloseTimeout="NONE",
            defaultTaskHeartbeatTimeout="NONE",
        )
    except client.exceptions.TypeAlreadyExistsFault:
        return
