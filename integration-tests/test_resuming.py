"""An attempt goes on from the last heartbeat of the one that was lost, in each language, in the clear and encrypted."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deadline import until
from servers import Server
from worker_processes import LANGUAGES, Worker

import pyflow
from pyflow.stores import Payloads
from pyflow.stores.configuration import configured

LOST = {"row": 7, "card": "4111"}


class Resume(pyflow.Workflow):
    """Tries an activity twice: the first attempt beats once and is lost."""

    NAME = "Resume"
    VERSION = "1"

    resume = pyflow.ActivityDescriptor(
        "resume",
        "1",
        timeout=60,
        task_list="given when called",
        heartbeat_timeout=1,
        envelope=True,
        retry=pyflow.RetryPolicy(2, first=0),
    )

    def run(self, task_list):
        return self.resume.using(task_list=task_list)({"seconds": 3}).result()


@pytest.fixture(params=["in the clear", "encrypted"])
def options(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, ...]:
    """Of the worker."""
    if request.param == "in the clear":
        return ()
    key = b64encode(bytes(range(32))).decode()
    (tmp_path / "keys.json").write_text(json.dumps({"encrypt_with": "2026", "keys": {"2026": key}}))
    return "--key-file", str(tmp_path / "keys.json")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_next_attempt_reads_the_last_heartbeat(
    language: str, local_swf: Server, launched: Callable[..., Worker], options: tuple[str, ...]
) -> None:
    payloads = configured(options[1]) if options else Payloads()
    worker = launched(language, local_swf, arguments=options)
    client, domain = local_swf.client, worker.domain
    decider = pyflow.Decider([Resume], domain, "deciders", None, client=client, payloads=payloads)
    decider.ensure_workflows_registered()
    execution = pyflow.start_workflow(
        domain, "Resume", "1", "deciders", None, json.dumps(worker.task_list), client, payloads=payloads
    )

    def closed() -> Any:
        decider.step()
        events = client.get_workflow_execution_history(domain=domain, execution=execution)["events"]
        return events if events[-1]["eventType"].startswith("WorkflowExecution") and len(events) > 3 else None

    events = until(closed, "the run is closed")
    result = events[-1]["workflowExecutionCompletedEventAttributes"]["result"]
    assert payloads.read(result).value == LOST
    assert ("4111" in json.dumps(events, default=str)) == (not options), "in the history"
