"""Cancels of every kind: not sent yet, sent and started; by a future, a scope, a limit of time, and of the run."""

from __future__ import annotations

import pyflow


class Cancels(pyflow.Workflow):
    NAME = "Cancels"
    ON_CANCEL = "raise"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 86_400}
    echo = pyflow.ActivityDescriptor("echo", "1")
    leaf = pyflow.ChildWorkflowDescriptor("Leaf", "1.0")
    price = pyflow.LambdaDescriptor("price")

    def run(self, value):
        self.said = []
        self.unsent()
        self.sent()
        self.in_a_scope()
        self.in_time()
        try:
            self.swf.wait_for_all(self.echo("stays"), self.leaf("stays"), self.swf.spawn(self.line))
        except pyflow.WorkflowCanceled:
            with self.swf.shielded():
                self.said.append(self.echo("clean up").result())
            return self.said

    def line(self):
        self.swf.sleep(500)

    def all_kinds(self):
        return [
            self.swf.start_timer(50),
            self.price(1),
            self.echo("x"),
            self.leaf("x"),
            self.swf.spawn(self.line),
        ]

    def unsent(self):
        futures = self.all_kinds()
        for future in futures:
            future.cancel()
        self.swf.wait_for_all(futures)
        self.said.append([future.failed for future in futures])

    def sent(self):
        futures = self.all_kinds()
        now = self.echo("not waited for")
        self.swf.sleep(1)
        for future in futures:
            future.cancel()
        now.cancel(wait=False)
        self.swf.wait_for_all(futures, now)
        self.said.append([future.failed for future in [*futures, now]])

    def in_a_scope(self):
        with self.swf.scope() as scope:
            self.all_kinds()
            self.swf.sleep(1)
            scope.cancel("enough")
            self.swf.wait_until(lambda: False)
        self.said.append(scope.canceled)

    def in_time(self):
        try:
            with self.swf.timeout(3):
                self.swf.wait_for_all(self.all_kinds())
        except pyflow.WaitTimedOutException:
            self.said.append("late")


class Leaf(pyflow.Workflow):
    NAME = "Leaf"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 86_400}

    def run(self, value):
        self.swf.sleep(2_000)


class Stops(pyflow.Workflow):
    NAME = "Stops"
    echo = pyflow.ActivityDescriptor("echo", "1")

    def run(self, value):
        return self.echo().result()


CLASSES = (Cancels, Leaf, Stops)


def record(stage):
    stage.register("echo")
    run = stage.start(Cancels, lambda_role="arn:aws:iam::123456789012:role/swf")
    stage.settle()
    stage.take_up()
    stage.pass_time()
    stage.was_canceled("activity2")
    stage.complete("activity3", "too late")
    stage.pass_time()  # activity4 is not taken up by anybody: SWF cancels it at once
    stage.settle()
    stage.take_up()
    stage.pass_time()
    stage.complete("activity5", "all the same")
    stage.settle()
    stage.take_up()
    stage.cancel(run)
    stage.settle()
    stage.was_canceled("activity6")
    stage.complete("activity7", "clean")
    assert not stage.is_open(run)
    stopped = stage.start(Stops)
    stage.settle()
    stage.cancel(stopped)
    stage.settle()
    return {"cancels": run, "cancel-stops": stopped}
