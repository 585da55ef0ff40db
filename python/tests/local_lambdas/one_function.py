"""One function, scheduled by a decider that is the test itself, on a local SWF that is a process."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

import boto3

DOMAIN = "lambdas"
TYPE = {"name": "OneFunction", "version": "1"}
ROLE = "arn:aws:iam::123456789012:role/swf-lambda"


class Story(NamedTuple):
    """The events of a lambda task, by type in order, and the attributes of the last."""

    events: list[str]
    attributes: dict[str, Any]


def client_of(endpoint: str) -> Any:
    """A boto3 client, with the workflow type registered."""
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    client: Any = boto3.client("swf", endpoint_url=endpoint, region_name="us-east-1", **keys)
    client.register_workflow_type(domain=DOMAIN, **TYPE)
    return client


def story_of(
    swf: Any, name: str, payload: str | None = None, *, role: str | None = ROLE, **attributes: str
) -> Story:
    """Schedule the function in a run of its own, and wait until the decider is told what came of it."""
    about = uuid.uuid4().hex
    swf.start_workflow_execution(
        domain=DOMAIN,
        workflowId=about,
        workflowType=TYPE,
        taskList={"name": about},
        childPolicy="TERMINATE",
        taskStartToCloseTimeout="60",
        executionStartToCloseTimeout="600",
        **({"lambdaRole": role} if role else {}),
    )
    task = swf.poll_for_decision_task(domain=DOMAIN, taskList={"name": about})
    scheduled = {"id": "lambda1", "name": name, **({"input": payload} if payload else {}), **attributes}
    decision = {
        "decisionType": "ScheduleLambdaFunction",
        "scheduleLambdaFunctionDecisionAttributes": scheduled,
    }
    swf.respond_decision_task_completed(taskToken=task["taskToken"], decisions=[decision])
    woken = swf.poll_for_decision_task(domain=DOMAIN, taskList={"name": about})
    events = [event for event in woken["events"] if "LambdaFunction" in event["eventType"]]
    last = events[-1]["eventType"]
    return Story(
        [event["eventType"] for event in events], events[-1][last[0].lower() + last[1:] + "EventAttributes"]
    )
