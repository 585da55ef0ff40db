"""Code that changed twice under an open run: what it got to before, what it got to first since, and a call taken away."""

from __future__ import annotations

import pyflow


class Before(pyflow.Workflow):
    NAME = "Versions"
    echo = pyflow.ActivityDescriptor("echo", "1")

    def run(self, value):
        first = self.echo("first").result()
        second = self.echo("second").result()
        return [first, second]


class Between(Before):
    def run(self, value):
        way = ["new" if self.swf.patched("greeting") else "old", self.swf.version("price", 0, 2)]
        first = self.echo("first").result()
        way += ["new" if self.swf.patched("farewell") else "old", self.swf.version("tax", 0, 3, choose=2)]
        second = self.echo("second").result()
        self.swf.patched("farewell")
        self.swf.patched("taken away")
        third = self.echo("third").result()
        return [first, second, third, way]


class Versions(Before):
    def run(self, value):
        way = ["new" if self.swf.patched("greeting") else "old", self.swf.version("price", 0, 2)]
        first = self.echo("first").result()
        way += ["new" if self.swf.patched("farewell") else "old", self.swf.version("tax", 0, 3, choose=2)]
        second = self.echo("second").result()
        third = self.echo("third").result()
        if self.swf.patched("taken away"):
            way.append("passed over")
        return [first, second, third, way]


CLASSES = (Versions,)
DECIDED_BEFORE = 3


def record(stage):
    stage.register("echo")
    run = stage.start(Versions)
    stage.deploy(Before)
    stage.settle()
    stage.deploy(Between)
    stage.complete("activity1")
    stage.complete("activity2")
    stage.deploy(Versions)
    stage.finish(run)
    return {"versions": run}
