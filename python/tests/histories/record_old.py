"""Records what pyflow-swf 2.0.0 writes: `python -m histories.record_old PYTHON`, in python/tests.

PYTHON: of an environment with that release, as integration-tests makes one. It decides for the workflows of old.py
on a local SWF; activities and Lambda functions are done here.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from histories.record import write

from pyflow.swf.decision_client import DecisionClient
from pyflow.testing.local import LocalSWF, local_swf
from pyflow.testing.processes import LOCAL_ENVIRONMENT, Process

BY = "pyflow-swf 2.0.0"
HERE = Path(__file__).parent
RUNS: list[tuple[str, str, Any]] = [
    ("old-steps", "Steps", {"id": 7, "weight": 0.1}),
    ("old-side-by-side", "SideBySide", None),
    ("old-timed", "Timed", 600),
    ("old-timed-late", "Timed", 3),
    ("old-once", "Once", 3),
    ("old-parent", "Parent", True),
    ("old-lambdas", "Lambdas", "straße"),
    ("old-everything", "Everything", "text"),
]
DECIDE = """
import sys, json, boto3, old, pyflow
name, text = sys.argv[1:]
client = boto3.client("swf")
decider = pyflow.Decider([getattr(old, name), old.Child], "test", old.DECISIONS, "old", client=client)
decider.ensure_workflows_registered()
role = "arn:aws:iam::123456789012:role/swf"
print("ready", json.dumps(pyflow.start_workflow("test", name, "1", old.DECISIONS, role, input=text, client=client)))
sys.stdout.flush()
decider.poll_for_decision_tasks()
"""


def work(swf: LocalSWF, stop: threading.Event) -> None:
    client = swf.client()
    for name in ("echo", "fail", "doze", "hold"):
        client.register_activity_type(
            domain=swf.domain,
            name=name,
            version="1",
            defaultTaskHeartbeatTimeout="NONE",
            defaultTaskScheduleToStartTimeout="NONE",
            defaultTaskScheduleToCloseTimeout="NONE",
            defaultTaskStartToCloseTimeout="NONE",
        )
    dozing: list[threading.Timer] = []
    while not stop.is_set():
        task = client.poll_for_activity_task(domain=swf.domain, taskList={"name": "work"})
        if not task.get("taskToken"):
            continue
        name, token, value = task["activityType"]["name"], task["taskToken"], json.loads(task["input"])
        if name == "fail":
            client.respond_activity_task_failed(taskToken=token, reason=value["type"], details="no")
        elif name == "doze":
            done = {"taskToken": token, "result": '"dozed"'}
            dozing.append(threading.Timer(1, client.respond_activity_task_completed, kwargs=done))
            dozing[-1].start()
        elif name == "echo":
            client.respond_activity_task_completed(taskToken=token, result=task["input"])


def record(python: str) -> None:
    functions = {"upper": "functions:upper", "broken": "functions:broken"}
    for file, name, value in RUNS:
        os.chdir(HERE)
        with local_swf(clock="real", functions=functions, poll_seconds=1) as swf:
            stop = threading.Event()
            worker = threading.Thread(target=work, args=(swf, stop))
            worker.start()
            environment = {**LOCAL_ENVIRONMENT, "AWS_ENDPOINT_URL_SWF": swf.endpoint_url}
            with Process(
                "old", [python, "-c", DECIDE, name, json.dumps(value)], cwd=HERE, environment=environment
            ) as old:
                run = json.loads(old.wait_until_ready().removeprefix("ready "))
                execution = {key: run[key] for key in ("workflowId", "runId")}
                while True:
                    found = swf.client().describe_workflow_execution(domain=swf.domain, execution=execution)
                    if found["executionInfo"]["executionStatus"] == "CLOSED":
                        break
            stop.set()
            worker.join()
            client = DecisionClient(swf.domain, "deciders", None, swf.client())._client()
            events = client.get_workflow_execution_history(domain=swf.domain, execution=execution)["events"]
        kind = {"name": name, "version": "1"}
        history = {"workflows": "histories.old", "by": BY, "polled": False}
        write(file, {**history, "workflowExecution": execution, "workflowType": kind, "events": events})


if __name__ == "__main__":
    record(sys.argv[1])
