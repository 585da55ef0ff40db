"""Retries: failures, a timeout with a last heartbeat, jittered waits, and a child's attempts."""

from __future__ import annotations

import pyflow


class Attempts(pyflow.Workflow):
    NAME = "Attempts"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 86_400}
    retry = pyflow.RetryPolicy(4, first=5, jitter=0.5)
    charge = pyflow.ActivityDescriptor("charge", "1", timeout=30, retry=retry, envelope=True)
    now = pyflow.ActivityDescriptor("charge", "1", retry=pyflow.RetryPolicy(2, first=0))
    broken = pyflow.ChildWorkflowDescriptor("Broken", "1.0", retry=pyflow.RetryPolicy(2, first=3, jitter=0))

    def run(self, value):
        charged = self.charge("order").result()
        again = self.now("at once").result()
        try:
            self.broken().result()
        except pyflow.InvocationFailedException as error:
            return [charged, again, error.reason, error.attempts]


class Broken(pyflow.Workflow):
    NAME = "Broken"

    def run(self, value):
        raise pyflow.WorkflowFailedException("BROKEN", "as always")


CLASSES = (Attempts, Broken)


def record(stage):
    stage.register("charge")
    run = stage.start(Attempts)
    stage.settle()
    stage.fail("activity1", "Busy", "come back later")
    stage.pass_time()
    stage.take_up()
    stage.client.record_activity_task_heartbeat(
        taskToken=stage.tasks["activity1.attempt2"], details='{"at": 7}'
    )
    stage.pass_time()
    del stage.tasks["activity1.attempt2"]
    stage.pass_time()
    stage.fail("activity1.attempt3", "Busy")
    stage.pass_time()
    stage.complete("activity1.attempt4", "charged")
    stage.fail("activity2", "Busy")
    stage.complete("activity2.attempt2", "charged too")
    stage.finish(run)
    return {"attempts": run}
