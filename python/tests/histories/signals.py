"""Signals: by name and in order, with ids that come twice, limits of time, to itself and to a workflow that is not there."""

from __future__ import annotations

import pyflow


class Signals(pyflow.Workflow):
    NAME = "Signals"

    def run(self, value):
        seen = []
        self.swf.signal("handled").on(seen.append)
        first = self.swf.signal("item").result()
        second = self.swf.signal("item").result(timeout=30)
        try:
            self.swf.signal("item").result(timeout=30)
        except pyflow.WaitTimedOutException:
            self.swf.signal_workflow(self.swf.workflow_id, "item", "from itself")
        third = self.swf.signal("item").result()
        try:
            self.swf.signal_workflow("nobody", "item").result()
        except pyflow.InvocationFailedException as error:
            self.swf.wait_until(lambda: len(seen) == 2, timeout=600)
            return [first, second, third, error.reason, seen]


CLASSES = (Signals,)


def record(stage):
    run = stage.start(Signals)
    once = '{"$pyflow":1,"value":"once","id":"e1"}'
    stage.signal(run, "item", once)
    stage.signal(run, "item", once)
    stage.settle()
    stage.signal(run, "handled", '"one"')
    stage.signal(run, "item", once)
    stage.settle()
    stage.signal(run, "item", '"twice"')
    stage.settle()
    stage.pass_time()
    stage.signal(run, "handled", '"two"')
    stage.finish(run)
    return {"signals": run}
