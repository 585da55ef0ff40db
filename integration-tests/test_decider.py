"""Our decider with each worker on both implementations of SWF: the workflows of old_library/, ours alone."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deadline import until
from old_runs import HERE, PYFLOW
from worker_processes import LANGUAGES, Worker

import pyflow
from pyflow.testing.processes import Process

RUNS = {
    "Steps": ({"id": 7}, {"steps": [{"id": 7}, "CardDeclined"], "order": {"id": 7}}),
    "SideBySide": (None, [["first", "fast"], "dozed", "fast"]),
    "Once": (3, [3, True, "Exception raised while invoking callable", 42, "end"]),
    "Timed": (600, ["won", "between", "timed out", False]),
}


@pytest.mark.parametrize("server", ["local", "moto"])
def test_workflows_run_whatever_the_worker_and_the_server(
    server: str, workers: Callable[[str, str], Worker]
) -> None:
    with contextlib.ExitStack() as stack:
        begun = {language: _begin(stack, workers(language, server)) for language in LANGUAGES}
        ends = {
            language: until(results, f"runs of {language} are closed") for language, results in begun.items()
        }
    right = {name: result for name, (_, result) in RUNS.items()}
    assert ends == dict.fromkeys(LANGUAGES, right)


def _begin(stack: contextlib.ExitStack, worker: Worker) -> Callable[[], dict[str, Any] | None]:
    """Starts a decider and one run of each workflow; gives what asks for their results, None while one is open."""
    client, domain = worker.server.client, worker.domain
    decisions = f"decisions-{uuid.uuid4().hex[:8]}"
    command: list[str | Path] = [PYFLOW, "decider", *(f"workflows_of_both:{name}" for name in RUNS)]
    command += ["--domain", domain, "--task-list", decisions, "--endpoint-url", worker.server.endpoint]
    environment = {"ACTIVITIES": worker.task_list, "DECISIONS": decisions}
    decider = stack.enter_context(Process("decider", command, cwd=HERE, environment=environment))
    stack.callback(decider.kill)
    decider.wait_until_ready()
    runs = {
        name: pyflow.start_workflow(domain, name, "1", decisions, None, json.dumps(given), client)
        for name, (given, _) in RUNS.items()
    }

    def results() -> dict[str, Any] | None:
        ends = {
            name: pyflow.get_workflow_status(domain, run["workflowId"], run["runId"], client)
            for name, run in runs.items()
        }
        if not all(end and end.execution_status == "CLOSED" for end in ends.values()):
            return None
        return {name: json.loads(end.result or "null") for name, end in ends.items() if end}

    return results
