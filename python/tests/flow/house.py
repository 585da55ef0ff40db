"""A whole local SWF without a socket, whose clock jumps when everything waits for time, and a decider of classes."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pyflow
from pyflow.testing import local_service


class House:
    """Runs workflows to their end, deciding for them and doing what `activities` has a function for."""

    def __init__(self, swf, client, decider, activities):
        self.swf, self.client, self.decider, self.activities = swf, client, decider, activities

    def start(self, workflow_class, value=None, **options):
        return pyflow.start_workflow(
            self.swf.domain,
            workflow_class.NAME,
            workflow_class.VERSION,
            "deciders",
            input=json.dumps(value),
            client=self.client,
            **options,
        )

    def work(self):
        """One activity task or decision task; whether there was one."""
        return (bool(self.activities) and self.act()) or self.decider.step()

    def act(self):
        """One activity task; whether there was one."""
        task = self.client.poll_for_activity_task(domain=self.swf.domain, taskList={"name": "work"})
        if not task.get("taskToken"):
            return False
        value = json.loads(task["input"]) if task.get("input") else None
        result = self.activities[task["activityType"]["name"]](value)
        self.client.respond_activity_task_completed(taskToken=task["taskToken"], result=json.dumps(result))
        return True

    def settle(self):
        """Everything that can be done without time passing."""
        while self.work():
            pass

    def finish(self, run):
        """Lets time pass until the run has closed; its status."""
        while True:
            self.settle()
            status = pyflow.get_workflow_status(
                self.swf.domain, run["workflowId"], run["runId"], client=self.client
            )
            if status.execution_status == "CLOSED":
                return status
            assert self.swf.advance_to_next() is not None, "nothing is left that could happen"

    def result(self, workflow_class, value=None, **options):
        """What a new run of the class returns."""
        status = self.finish(self.start(workflow_class, value, **options))
        assert status.close_status == "COMPLETED", (status.failure_reason, status.failure_details)
        return json.loads(status.result)

    def signal(self, run, name, value=None):
        self.client.signal_workflow_execution(
            domain=self.swf.domain, workflowId=run["workflowId"], signalName=name, input=json.dumps(value)
        )

    def history(self, run):
        events, token = [], {}
        while True:
            page = self.client.get_workflow_execution_history(
                domain=self.swf.domain,
                execution={"workflowId": run["workflowId"], "runId": run["runId"]},
                **token,
            )
            events += page["events"]
            if not page.get("nextPageToken"):
                return events
            token = {"nextPageToken": page["nextPageToken"]}


@contextmanager
def house(*classes, max_resident_runs=1000, activities=None, **options):
    activities = activities or {}
    with local_service() as swf:
        client = swf.client()
        for name in activities:
            client.register_activity_type(
                domain=swf.domain,
                name=name,
                version="1",
                defaultTaskList={"name": "work"},
                defaultTaskHeartbeatTimeout="NONE",
                defaultTaskScheduleToStartTimeout="NONE",
                defaultTaskScheduleToCloseTimeout="NONE",
                defaultTaskStartToCloseTimeout="NONE",
            )
        decider = pyflow.Decider(
            classes,
            swf.domain,
            "deciders",
            "me",
            client=client,
            max_resident_runs=max_resident_runs,
            **options,
        )
        decider.ensure_workflows_registered()
        yield House(swf, client, decider, activities)
