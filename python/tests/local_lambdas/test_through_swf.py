"""Lambda tasks as a decider sees them: what a function comes to is in the history, on a real local SWF."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from pyflow.testing.processes import local_swf_process

DOMAIN = "lambdas"
TYPE = {"name": "OneFunction", "version": "1"}
ROLE = "arn:aws:iam::123456789012:role/swf-lambda"

FUNCTIONS = """
import os, time

def double(event, context):
    return event * 2

def argument(event, context):
    return [event, context.function_name]

def refuse(event, context):
    raise LookupError("no such order")

def leave(event, context):
    os._exit(7)

def rubbish(event, context):
    return float("nan")

def bulk(event, context):
    return "x" * 40_000

def linger(event, context):
    time.sleep(600)
"""

NAMES = ("double", "argument", "refuse", "leave", "rubbish", "bulk", "linger")


@pytest.fixture(scope="module")
def swf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A boto3 client of a local SWF that hosts FUNCTIONS."""
    folder: Path = tmp_path_factory.mktemp("functions")
    (folder / "app.py").write_text(FUNCTIONS, "utf-8")
    hosted = [f"--lambda={name}=app:{name}" for name in NAMES]
    with local_swf_process("--domain", DOMAIN, *hosted, cwd=folder) as (_, endpoint):
        client: Any = boto3.client(
            "swf",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )
        client.register_workflow_type(domain=DOMAIN, **TYPE)
        yield client


def ending(
    swf: Any, name: str, payload: str | None = None, *, role: str | None = ROLE, **timeout: str
) -> Any:
    """Schedule one function in a run of its own; the event that its decider is woken by, attributes first."""
    about = uuid.uuid4().hex
    settings = {"taskStartToCloseTimeout": "60", "executionStartToCloseTimeout": "600"}
    swf.start_workflow_execution(
        domain=DOMAIN,
        workflowId=about,
        workflowType=TYPE,
        taskList={"name": about},
        childPolicy="TERMINATE",
        **settings,
        **({"lambdaRole": role} if role else {}),
    )
    task = swf.poll_for_decision_task(domain=DOMAIN, taskList={"name": about})
    attributes = {"id": "lambda1", "name": name, **({"input": payload} if payload else {})}
    swf.respond_decision_task_completed(
        taskToken=task["taskToken"],
        decisions=[
            {
                "decisionType": "ScheduleLambdaFunction",
                "scheduleLambdaFunctionDecisionAttributes": {**attributes, **timeout},
            }
        ],
    )
    woken = swf.poll_for_decision_task(domain=DOMAIN, taskList={"name": about}, reverseOrder=True)
    event = next(each for each in woken["events"] if "LambdaFunction" in each["eventType"])
    key = event["eventType"][0].lower() + event["eventType"][1:] + "EventAttributes"
    return event["eventType"], event[key]


def test_a_function_that_returns_completes_its_task(swf: Any) -> None:
    event_type, attributes = ending(swf, "double", "21")
    assert (event_type, attributes["result"]) == ("LambdaFunctionCompleted", "42")


def test_a_function_scheduled_without_input_is_given_the_empty_object(swf: Any) -> None:
    event_type, attributes = ending(swf, "argument")
    assert (event_type, json.loads(attributes["result"])) == ("LambdaFunctionCompleted", [{}, "argument"])


@pytest.mark.parametrize(
    ("name", "error_type"),
    [
        ("refuse", "LookupError"),
        ("leave", "Runtime.ExitError"),
        ("rubbish", "Runtime.MarshalError"),
        ("bulk", "Function.ResponseSizeTooLarge"),
    ],
)
def test_a_function_at_fault_fails_its_task_with_lambdas_document(
    swf: Any, name: str, error_type: str
) -> None:
    event_type, attributes = ending(swf, name, "1")
    assert (event_type, attributes["reason"]) == ("LambdaFunctionFailed", "UnhandledError")
    assert json.loads(attributes["details"])["errorType"] == error_type


def test_a_function_that_takes_too_long_times_out(swf: Any) -> None:
    event_type, attributes = ending(swf, "linger", "1", startToCloseTimeout="1")
    assert (event_type, attributes["timeoutType"]) == ("LambdaFunctionTimedOut", "START_TO_CLOSE")


def test_a_function_that_nobody_hosts_fails_its_task(swf: Any) -> None:
    event_type, attributes = ending(swf, "nobody", "1")
    assert (event_type, attributes["reason"]) == ("LambdaFunctionFailed", "ResourceNotFoundException")


def test_without_a_role_no_function_is_started(swf: Any) -> None:
    event_type, attributes = ending(swf, "double", "21", role=None)
    assert (event_type, attributes["cause"]) == ("StartLambdaFunctionFailed", "ASSUME_ROLE_FAILED")
