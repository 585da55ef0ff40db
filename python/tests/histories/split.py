"""Answers of more than a hundred decisions and of more than a megabyte, the parts of each joined by timers of 0 s."""

from __future__ import annotations

import pyflow


class Split(pyflow.Workflow):
    NAME = "Split"
    echo = pyflow.ActivityDescriptor("echo", "1")

    def run(self, value):
        timers = [self.swf.start_timer(5) for _ in range(230)]
        marker = self.swf.invoke_once(lambda: "first of all")
        self.swf.wait_for_all(timers)
        long = [self.echo("x" * 30_000) for _ in range(35)]
        self.swf.wait_for_all(long)
        return [marker.result(), len(timers), len(long)]


CLASSES = (Split,)


def record(stage):
    stage.register("echo")
    run = stage.start(Split)
    stage.finish(run)
    return {"split": run}
