"""Children that SWF refuses for the moment, recorded where an account may have two open: they are asked for again."""

from __future__ import annotations

from unittest import mock

import pyflow


class Paced(pyflow.Workflow):
    NAME = "Paced"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 86_400}
    leaf = pyflow.ChildWorkflowDescriptor("Leaf", "1.0")

    def run(self, value):
        children = [self.leaf(number) for number in (5, 4, 9, 2)]
        self.swf.sleep(1)
        return [child.result() for child in children]


class Leaf(pyflow.Workflow):
    NAME = "Leaf"

    def run(self, seconds):
        self.swf.sleep(seconds)
        return seconds


CLASSES = (Paced, Leaf)


def record(stage):
    with mock.patch("pyflow.local.engine.accept.others.OPEN_CHILDREN", 2):
        run = stage.start(Paced)
        stage.finish(run)
    return {"paced": run}
