"""Plays one run with two libraries: pyflow-swf 2.0.0 takes its first decision tasks, ours the rest."""

from __future__ import annotations

import json
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deadline import until
from worker_processes import Worker

import pyflow
from pyflow.testing.processes import Process

HERE = Path(__file__).parent / "old_library"
OLD_PYTHON = Path(__file__).parents[1] / ".build/venv-2.0.0/bin/python"
PYFLOW = Path(sys.executable).with_name("pyflow")
ALL = 0  # tasks: the old library takes the whole run


@dataclass(frozen=True)
class Case:
    """A workflow and its input, how many decision tasks the old library takes of it, and the right result."""

    workflow: str
    given: Any
    result: Any
    tasks: int

    def __str__(self) -> str:
        who = "by the old one alone" if self.tasks == ALL else f"after {self.tasks}"
        return f"{self.workflow} {json.dumps(self.given)[:10]} {who}"


@dataclass(frozen=True)
class Ending:
    """How a run closed, and which library took each of its decision tasks: `old` or `new`."""

    status: pyflow.WorkflowStatus
    deciders: tuple[str, ...]


def play(case: Case, worker: Worker) -> Ending:
    """Runs the case on a decision task list of its own."""
    decisions = f"decisions-{uuid.uuid4().hex[:8]}"
    environment = {
        "AWS_ENDPOINT_URL_SWF": worker.server.endpoint,
        "ACTIVITIES": worker.task_list,
        "DECISIONS": decisions,
    }
    command: list[str | Path] = [
        OLD_PYTHON,
        "decide.py",
        worker.domain,
        case.workflow,
        json.dumps(case.given),
        str(case.tasks),
    ]
    with Process("old-decider", command, cwd=HERE, environment=environment) as old:
        execution = json.loads(old.wait_until_ready().removeprefix("ready "))
        if case.tasks == ALL:
            return _ending(worker, execution)
        assert old.wait() == 0, f"the old library takes {case.tasks} tasks: {old.said()}"
    command = [PYFLOW, "decider", *(f"workflows_of_both:{name}" for name in (case.workflow, "Child"))]
    command += ["--domain", worker.domain, "--task-list", decisions, "--identity", "new"]
    with Process("decider", command, cwd=HERE, environment=environment) as new:
        new.wait_until_ready()
        try:
            return _ending(worker, execution)
        except AssertionError as error:
            raise AssertionError(f"{error}; the decider said: {new.said()[-2000:]}") from None


def _ending(worker: Worker, execution: dict[str, str]) -> Ending:
    client, domain = worker.server.client, worker.domain

    def closed() -> pyflow.WorkflowStatus | None:
        status = pyflow.get_workflow_status(domain, execution["workflowId"], execution["runId"], client)
        return status if status and status.execution_status == "CLOSED" else None

    status = until(closed, f"{execution['workflowId']} is closed")
    history = client.get_workflow_execution_history(domain=domain, execution=execution)["events"]
    started = [event for event in history if event["eventType"] == "DecisionTaskStarted"]
    return Ending(status, tuple(e["decisionTaskStartedEventAttributes"]["identity"] for e in started))
