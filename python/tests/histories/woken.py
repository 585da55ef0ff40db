"""News between the parts of an answer: the last part wakes the run for it, and leaves a close out."""

from __future__ import annotations

import pyflow


class Woken(pyflow.Workflow):
    NAME = "Woken"

    def run(self, value):
        self.swf.signal_workflow(self.swf.workflow_id, "go")
        timers = [self.swf.start_timer(500) for _ in range(120)]
        self.swf.signal("go").result()
        self.swf.signal_workflow(self.swf.workflow_id, "stop")
        for timer in timers:
            timer.cancel()
        return "woken"


CLASSES = (Woken,)


def record(stage):
    run = stage.start(Woken)
    stage.finish(run)
    return {"woken": run}
