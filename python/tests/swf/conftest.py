"""A local SWF over HTTP with a type of each kind, and boto3 clients for it."""

from __future__ import annotations

import boto3
import pytest
from botocore.config import Config

from pyflow.testing import local_swf

TIMEOUTS = {
    "defaultTaskScheduleToStartTimeout": "300",
    "defaultTaskScheduleToCloseTimeout": "300",
    "defaultTaskStartToCloseTimeout": "300",
    "defaultTaskHeartbeatTimeout": "NONE",
}


def declare(client):
    """Registers what the tests start."""
    client.register_workflow_type(
        domain="test",
        name="one",
        version="1",
        defaultTaskList={"name": "shared"},
        defaultTaskStartToCloseTimeout="30",
        defaultExecutionStartToCloseTimeout="300",
        defaultChildPolicy="TERMINATE",
    )
    client.register_activity_type(
        domain="test", name="send", version="1", defaultTaskList={"name": "work"}, **TIMEOUTS
    )


def start(client):
    """Starts the one run of a test; its run id."""
    kind = {"name": "one", "version": "1"}
    return client.start_workflow_execution(domain="test", workflowId="w", workflowType=kind)["runId"]


def connected(swf, *, key="local", secret="local", token=None, **config):
    """A boto3 client that tries three times, without waiting much for an answer."""
    return boto3.Session().client(
        "swf",
        endpoint_url=swf.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(
            **{"read_timeout": 10, "retries": {"mode": "standard", "total_max_attempts": 3}, **config}
        ),
    )


@pytest.fixture
def swf():
    with local_swf(poll_seconds=0.0) as running:
        yield running


@pytest.fixture
def boto(swf):
    client = connected(swf)
    declare(client)
    return client
