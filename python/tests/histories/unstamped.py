"""A run without a stamp: its decider answers what `process_decision_task` gives, and not as the polling loop does.

Its decider leaves an execution context that is its own.
"""

from __future__ import annotations

import pyflow


class Unstamped(pyflow.Workflow):
    NAME = "Unstamped"
    echo = pyflow.ActivityDescriptor("echo", "1")

    def run(self, value):
        first = self.echo("first")
        once = self.swf.invoke_once(lambda: "in the order in which it was asked for").result()
        done = self.swf.timed_wait_for_any(60, [first])
        return [once, len(done), first.result(), self.echo("second").result()]


CLASSES = (Unstamped,)
POLLED = False


def record(stage):
    stage.register("echo")
    run = stage.start(Unstamped)
    task = stage.poll()
    stage.decisions.respond(task, stage.answer(task).decisions, "its own context, of no meaning here")
    stage.finish(run)
    return {"unstamped": run}
