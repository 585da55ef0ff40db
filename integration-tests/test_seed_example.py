"""examples/seed: the first document's workflow, decider, start call and AWS CLI line, as the README has them."""

from __future__ import annotations

import ast
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from deadline import until
from snippets import shell_blocks

from pyflow import WorkflowStatus, get_workflow_status
from pyflow.swf.boto import client
from pyflow.testing.processes import Process

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "seed"
COMMANDS, OTHER_DECIDER, AWS_CLI = shell_blocks(EXAMPLE / "README.md")
LOCAL, DECIDER, START = COMMANDS.splitlines()
DOCUMENTED = "http://127.0.0.1:4599"
DOMAIN = "SWFSampleDomain"
BIN = Path(sys.executable).parent

Start = Callable[..., Process]


@pytest.fixture
def endpoint(start: Start) -> str:
    """The README's local SWF, and its decider for the AWS CLI line, which has registered the workflow type."""
    own = ["--port", "0", "--poll-seconds", "1"]  # seconds in which its deciders end
    swf = start("local-swf", [BIN / "pyflow", *shlex.split(LOCAL)[1:], *own], cwd=EXAMPLE)
    url = swf.ready_line.split()[1]
    decider = shlex.split(OTHER_DECIDER.replace(DOCUMENTED, url))
    start("decider", [BIN / "pyflow", *decider[1:]], cwd=EXAMPLE)
    return url


@pytest.fixture
def aws_cli() -> Path:
    """The folder of the AWS CLI, which has an environment of its own: it insists on one version of botocore."""
    found = shutil.which("aws", path=f"{ROOT / '.build/venv-awscli/bin'}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        pytest.skip("the AWS CLI is not installed: make setup")
    return Path(found).parent


def shell(lines: str, endpoint: str, *tools: Path) -> subprocess.CompletedProcess[str]:
    """Run lines of the README against an endpoint, as a reader would; the first that fails is the last."""
    path = os.pathsep.join([*map(str, tools), str(BIN), os.environ["PATH"]])
    done = subprocess.run(
        ["sh", "-e", "-c", lines.replace(DOCUMENTED, endpoint)],
        cwd=EXAMPLE,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done


def ending(endpoint: str, execution: Mapping[str, str]) -> WorkflowStatus:
    """How the execution stands once it has closed."""
    swf = client(endpoint_url=endpoint)

    def closed() -> WorkflowStatus | None:
        status = get_workflow_status(DOMAIN, execution["workflowId"], execution["runId"], swf)
        return status if status is not None and status.execution_status == "CLOSED" else None

    status = until(closed, f"{execution['workflowId']} has closed")
    assert status is not None
    return status


def test_the_start_call_runs_my_workflow(endpoint: str) -> None:
    environment = {"AWS_ENDPOINT_URL_SWF": endpoint}
    assert f"AWS_ENDPOINT_URL_SWF={DOCUMENTED} python decider.py" == DECIDER
    with Process("seed-decider", [sys.executable, "decider.py"], cwd=EXAMPLE, environment=environment):
        printed = shell(START, endpoint).stdout
        said = "Workflow started with workflow_id "
        assert printed.startswith(said)
        started = ast.literal_eval(printed.removeprefix(said))
        assert started["workflowId"].startswith("MyWorkflow@")
        status = ending(endpoint, started)
    assert (status.close_status, status.result) == ("COMPLETED", "42")


def test_the_aws_cli_line_runs_my_workflow(endpoint: str, aws_cli: Path) -> None:
    printed = shell(AWS_CLI, endpoint, aws_cli).stdout
    run_id = json.JSONDecoder().raw_decode(printed)[0]["runId"]
    status = ending(endpoint, {"workflowId": "my-unique-workflow-id", "runId": run_id})
    assert (status.close_status, status.result) == ("COMPLETED", "42")


def test_bad_input_fails_the_workflow_with_its_reason(endpoint: str) -> None:
    started = client(endpoint_url=endpoint).start_workflow_execution(
        domain=DOMAIN,
        workflowId="bad",
        workflowType={"name": "MyWorkflow", "version": "1.0"},
        taskList={"name": "string-transformer-decider"},
        lambdaRole="arn:aws:iam::528461152743:role/swf-lambda",
        input='"bad_input"',
    )
    status = ending(endpoint, {"workflowId": "bad", "runId": started["runId"]})
    assert (status.close_status, status.failure_reason) == ("FAILED", "BAD_INPUT")
    assert status.failure_details == "Received bad input"
