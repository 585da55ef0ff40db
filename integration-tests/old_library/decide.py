"""Runs under pyflow-swf 2.0.0: starts an execution, says `ready` with its ids, and takes so many decision tasks.

`decide.py DOMAIN WORKFLOW INPUT TASKS`; the endpoint and the task lists come from the environment. It ends after
TASKS answers, as a process that is stopped there would; what it uses of the library is what the library's README shows.
"""

import json
import sys

import boto3
import workflows_of_both as workflows
from botocore.config import Config

import pyflow


class Stopped(BaseException):
    """No Exception, so that the library does not take it for a failed answer."""


class CountingClient:
    """boto3's client, which stops the process once so many decision tasks are answered."""

    def __init__(self, client, tasks):
        self._client = client
        self._left = tasks

    def __getattr__(self, name):
        return getattr(self._client, name)

    def respond_decision_task_completed(self, **arguments):
        answer = self._client.respond_decision_task_completed(**arguments)
        self._left -= 1
        if self._left == 0:
            raise Stopped
        return answer


def main(domain, workflow, text, tasks):
    client = CountingClient(boto3.client("swf", config=Config(read_timeout=70)), int(tasks))
    decider = pyflow.Decider(
        [getattr(workflows, workflow), workflows.Child], domain, workflows.DECISIONS, "old", client=client
    )
    decider.ensure_workflows_registered()
    execution = pyflow.start_workflow(
        domain,
        workflow,
        "1",
        workflows.DECISIONS,
        "arn:aws:iam::123456789012:role/swf",
        input=text,
        client=client,
    )
    print(f"ready {json.dumps(execution)}")
    sys.stdout.flush()
    try:
        decider.poll_for_decision_tasks()
    except Stopped:
        return


if __name__ == "__main__":
    main(*sys.argv[1:])
