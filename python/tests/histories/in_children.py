"""A map whose items are done by children: the parent's history, and that of a child that has two of the items."""

from __future__ import annotations

import pyflow


class InChildren(pyflow.Workflow):
    NAME = "InChildren"
    echo = pyflow.ActivityDescriptor("echo", "1")

    def run(self, value):
        return self.swf.map(self.echo, ["a", "b", "c"], batch=2, width=1)


CLASSES = (InChildren,)


def record(stage):
    stage.register("echo")
    run = stage.start(InChildren)
    stage.finish(run)
    [started, *_] = [
        event["childWorkflowExecutionStartedEventAttributes"]["workflowExecution"]
        for event in stage.events(run)
        if event["eventType"] == "ChildWorkflowExecutionStarted"
    ]
    return {"in-children": run, "in-children-part": started}
