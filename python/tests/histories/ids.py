"""Ids: the main line, spawned functions and their own, maps of functions and of steps, and what a limit of time starts."""

from __future__ import annotations

import pyflow


class Ids(pyflow.Workflow):
    NAME = "Ids"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 86_400}
    echo = pyflow.ActivityDescriptor("echo", "1")
    leaf = pyflow.ChildWorkflowDescriptor("Leaf", "1.0")

    def run(self, value):
        spawned = [self.swf.spawn(self.line, 1), self.swf.spawn(self.line, 2)]
        self.swf.sleep(1)
        first = self.echo("main").result()
        mapped = self.swf.map(self.item, [3, 1, 2], width=2)
        steps = self.swf.map(self.echo, ["a", "b"])
        with self.swf.timeout(60):
            child = self.leaf("child").result()
        once = self.swf.invoke_once(lambda: "once").result()
        return [first, mapped, steps, child, once, [each.result() for each in spawned]]

    def line(self, number):
        inner = self.swf.spawn(self.item, number)
        done = self.echo(number).result()
        return [done, inner.result(), self.swf.invoke_once(lambda: number).result()]

    def item(self, seconds):
        self.swf.sleep(seconds)
        return seconds


class Leaf(pyflow.Workflow):
    NAME = "Leaf"

    def run(self, value):
        self.swf.sleep(1)
        return value


CLASSES = (Ids, Leaf)


def record(stage):
    stage.register("echo")
    run = stage.start(Ids)
    stage.finish(run)
    return {"ids": run}
