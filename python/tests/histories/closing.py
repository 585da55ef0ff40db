"""Closes: one that SWF refuses for unseen news and that is asked for again, beside work that is not started any more.

Before it, a decision task that timed out.
"""

from __future__ import annotations

import pyflow


class Closing(pyflow.Workflow):
    NAME = "Closing"
    echo = pyflow.ActivityDescriptor("echo", "1")

    def run(self, value):
        self.swf.sleep(1)
        self.echo("never")
        timer = self.swf.start_timer(9)
        timer.cancel()
        self.swf.signal_workflow(self.swf.workflow_id, "bye")
        return "bye"


CLASSES = (Closing,)


def record(stage):
    stage.register("echo")
    run = stage.start(Closing)
    stage.poll()  # by a decider that dies
    stage.swf.advance_to_next()
    stage.settle()
    stage.swf.advance_to_next()
    stage.decide(during=lambda: stage.signal(run, "late"))
    stage.settle()
    assert not stage.is_open(run)
    return {"closing": run}
