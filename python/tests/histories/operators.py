"""Operators' orders: pause, a result and a failure while it is paused, resume, a retry now; one repeated, one forged."""

from __future__ import annotations

import pyflow
from pyflow import codec

OPERATOR_KEY = b"a key of the operators"


class Operators(pyflow.Workflow):
    NAME = "Operators"
    echo = pyflow.ActivityDescriptor("echo", "1")
    retried = pyflow.ActivityDescriptor("echo", "1", retry=pyflow.RetryPolicy(2, first=500, jitter=0))

    def run(self, value):
        first, second = self.echo(1), self.echo(2)
        said = [first.result()]
        try:
            second.result()
        except pyflow.InvocationFailedException as error:
            said += [error.reason, error.details]
        said.append(self.retried(3).result())
        self.swf.sleep(100)
        return said


CLASSES = (Operators,)


def record(stage):
    stage.register("echo")
    run = stage.start(Operators)
    stage.settle()

    def order(number, operation, target=None, value=None, key=OPERATOR_KEY):
        made = codec.Order(operation, "ada", f"nonce-{number:02}", target, value)
        stage.signal(run, "pyflow.operator", codec.encode_order(made, key, run["runId"]))

    order(1, "pause")
    stage.settle()
    order(2, "result", "activity1", '"by ada"')
    order(2, "result", "activity1", '"by ada"')
    stage.settle()
    order(3, "failure", "activity2", {"reason": "Lost", "details": "by ada"}, key=b"another key")
    order(4, "failure", "activity2", {"reason": "Lost", "details": "by ada"})
    order(5, "resume")
    stage.settle()
    stage.fail("activity3", "Busy")
    order(6, "retry", "activity3")
    stage.settle()
    stage.complete("activity3.attempt2", "done")
    order(7, "result", "sleep1", "null")
    stage.settle()
    assert not stage.is_open(run)
    return {"operators": run}
