"""The verb `worker` as a process, against moto's SWF: what it says, and how signals end it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

COMMAND = [sys.executable, "-c", "from pyflow.cli.worker import worker; worker()"]
HERE = Path(__file__).parent
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYFLOW_"))}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class Order:
    """One execution of a workflow type of its own, in a domain of its own, that the test decides for."""

    def __init__(self, endpoint: str, domain: str) -> None:
        self.swf = boto3.client(
            "swf",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )
        self.domain = domain
        kind = {"name": "Order", "version": "1"}
        self.swf.register_domain(name=domain, workflowExecutionRetentionPeriodInDays="1")
        self.swf.register_workflow_type(domain=domain, **kind)
        run_id = self.swf.start_workflow_execution(
            domain=domain,
            workflowId="order-7",
            workflowType=kind,
            taskList={"name": "deciders"},
            childPolicy="TERMINATE",
            executionStartToCloseTimeout="600",
            taskStartToCloseTimeout="60",
        )["runId"]
        self.execution = {"workflowId": "order-7", "runId": run_id}

    def schedule_gate(self, input: str) -> None:
        task = self.swf.poll_for_decision_task(domain=self.domain, taskList={"name": "deciders"})
        attributes = {
            "activityId": "activity1",
            "activityType": {"name": "gate", "version": "1"},
            "input": input,
        }
        decision: dict[str, Any] = {
            "decisionType": "ScheduleActivityTask",
            "scheduleActivityTaskDecisionAttributes": attributes,
        }
        self.swf.respond_decision_task_completed(taskToken=task["taskToken"], decisions=[decision])

    def outcome(self) -> dict[str, Any]:
        """The attributes of the event that closed the activity task."""
        events = self.swf.get_workflow_execution_history(domain=self.domain, execution=self.execution)[
            "events"
        ]
        (closing,) = [e for e in events if e["eventType"] in ("ActivityTaskCompleted", "ActivityTaskFailed")]
        return next(value for name, value in closing.items() if name.endswith("EventAttributes"))


def worker(
    *arguments: str, cwd: Path = HERE, environment: dict[str, str] | None = None
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=cwd,
        env={**CLEAN, "AWS_EC2_METADATA_DISABLED": "true", **(environment or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit status, the rest of stdout, stderr."""
    assert process.stdout is not None and process.stderr is not None
    process.wait(60)  # with stdin open, for an activity that reads it
    with process:
        return process.returncode, process.stdout.read(), process.stderr.read()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def read_until(sentence: str, process: subprocess.Popen[str]) -> None:
    """Reads the log up to the line with that sentence; the test's own timeout ends a wait in vain."""
    assert process.stderr is not None
    while sentence not in (said := process.stderr.readline()):
        assert said, f"the worker ended without saying {sentence}"


def let_through(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def running(endpoint: str, domain: str, *options: str) -> tuple[Order, subprocess.Popen[str]]:
    """A worker in the middle of the execution's one activity."""
    order = Order(endpoint, domain)
    process = worker(
        "gate_activities", "--domain", domain, "--task-list", "cards", "--endpoint-url", endpoint, *options
    )
    assert line(process) == "ready"
    order.schedule_gate('"kept"')
    assert line(process) == "running kept"
    return order, process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_mid_task_lets_the_activity_end_and_exits_0(endpoint, number):
    order, process = running(endpoint, f"drain-{number.name}")
    process.send_signal(number)
    let_through(process)
    status, _, err = ended(process)
    assert (status, order.outcome()["result"]) == (0, '"kept"')
    assert f"stopping: {number.name}" in err


def test_a_second_signal_tells_the_activity_and_a_third_leaves_it_behind(endpoint):
    order, process = running(endpoint, "hurry", "--graceful-timeout", "3600")
    for sentence in ("stopping: SIGTERM", "is told to stop"):
        process.send_signal(signal.SIGTERM)
        read_until(sentence, process)
    process.send_signal(signal.SIGTERM)
    status, _, err = ended(process)
    assert (status, order.outcome()["reason"]) == (1, "pyflow.WorkerShutdown")
    assert "activity1 (gate 1) of order-7 is left behind: it did not stop" in err


def test_without_patience_the_activity_is_failed_and_it_exits_1(endpoint):
    order, process = running(endpoint, "impatient", "--graceful-timeout", "0")
    process.terminate()
    read_until("is told to stop", process)
    process.terminate()
    status, _, _ = ended(process)
    assert (status, order.outcome()["reason"]) == (1, "pyflow.WorkerShutdown")


def test_the_endpoint_and_the_domain_may_come_from_the_environment(endpoint):
    Order(endpoint, "from-environment")
    process = worker(
        "gate_activities",
        "--task-list",
        "cards",
        environment={"AWS_ENDPOINT_URL_SWF": endpoint, "PYFLOW_DOMAIN": "from-environment"},
    )
    assert line(process) == "ready"
    process.terminate()
    assert ended(process)[0] == 0


NOWHERE = ["--domain", "shop", "--task-list", "cards", "--endpoint-url", "http://127.0.0.1:9"]
ON_AWS = ["--domain", "shop", "--task-list", "cards"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere", *NOWHERE], "pyflow: there is no module nowhere"),
        (["broken", *NOWHERE], "pyflow: module broken can't be imported: "),
        (["leaves", *NOWHERE], "pyflow: module leaves can't be imported: SystemExit: 0"),
        (
            ["empty", *NOWHERE],
            "pyflow: module empty has no activity: decorate a function with @pyflow.activity",
        ),
        (["gates", "--configure", "gates:nothing", *NOWHERE], "pyflow: module gates has no nothing"),
        (["gates", *NOWHERE], "pyflow: Could not connect to the endpoint URL: "),
        (["gates", *ON_AWS], "pyflow: no AWS region is configured: "),
        (["gates", *ON_AWS, "--region", "eu-west-1"], "pyflow: no AWS credentials were found: "),
        (["gates", "--domain", "a:b", "--task-list", "cards"], "pyflow: domain of the worker is 'a:b': "),
    ],
    ids=[
        "no module",
        "broken module",
        "leaving module",
        "no activity",
        "no function to configure",
        "no SWF",
        "no region",
        "no credentials",
        "bad domain",
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(tmp_path, arguments, sentence):
    (tmp_path / "broken.py").write_text("import no_such_thing_at_all\n")
    (tmp_path / "leaves.py").write_text("raise SystemExit(0)\n")
    (tmp_path / "empty.py").write_text("")
    (tmp_path / "gates.py").write_text((HERE / "gate_activities.py").read_text())
    status, out, err = ended(worker(*arguments, cwd=tmp_path, environment={"HOME": str(tmp_path)}))
    assert (status, out) == (2, "")
    assert err.startswith(sentence)
    assert err.count("\n") == 1


def test_an_unknown_domain_is_one_sentence_and_exit_2(endpoint):
    status, out, err = ended(
        worker("gate_activities", "--domain", "none", "--task-list", "cards", "--endpoint-url", endpoint)
    )
    assert (status, out) == (2, "")
    assert err.startswith("pyflow: SWF knows no domain none here: register it")
    assert err.count("\n") == 1


def test_strict_registration_ends_it_where_a_registered_type_differs(endpoint):
    order = Order(endpoint, "drifted")
    order.swf.register_activity_type(
        domain="drifted", name="gate", version="1", defaultTaskHeartbeatTimeout="30"
    )
    command = ["gate_activities", "--domain", "drifted", "--task-list", "cards", "--endpoint-url", endpoint]
    status, out, err = ended(worker(*command, "--strict-registration"))
    assert (status, out) == (2, "")
    assert err.startswith("pyflow: activity type gate 1 is registered with other defaults, and keeps them: ")
    assert "defaultTaskHeartbeatTimeout is 30, here NONE" in err
    assert err.count("\n") == 1


def test_its_log_is_json_if_asked_and_says_where_the_metrics_are(endpoint):
    _, process = running(endpoint, "logged", "--log-format", "json", "--metrics-port", "0")
    process.send_signal(signal.SIGTERM)
    let_through(process)
    status, _, err = ended(process)
    assert status == 0
    lines = [json.loads(line) for line in err.splitlines()]
    assert all(line.keys() >= {"time", "level", "message"} for line in lines)
    assert any(line["message"].startswith("metrics at http://127.0.0.1:") for line in lines)
    assert lines[-1]["message"] == "stopping: SIGTERM"
