"""Continue as new: unread signals go along, one that comes while it is asked for too; the next run takes them first."""

from __future__ import annotations

import pyflow


class Renewed(pyflow.Workflow):
    NAME = "Renewed"

    def run(self, number):
        item = self.swf.signal("item").result()
        if number == 3:
            return item
        self.swf.sleep(1)
        self.swf.continue_as_new(number + 1)
        return None


CLASSES = (Renewed,)


def record(stage):
    run = stage.start(Renewed, 1)
    stage.settle()
    for text in ('"one"', '{"$pyflow":1,"value":"two","id":"e2"}'):
        stage.signal(run, "item", text)
    stage.settle()
    stage.swf.advance_to_next()
    stage.decide(during=lambda: stage.signal(run, "item", '"three"'))
    stage.settle()
    last = stage.events(run)[-1]["workflowExecutionContinuedAsNewEventAttributes"]
    second = {**run, "runId": last["newExecutionRunId"]}
    stage.finish(second)
    last = stage.events(second)[-1]["workflowExecutionContinuedAsNewEventAttributes"]
    third = {**run, "runId": last["newExecutionRunId"]}
    stage.finish(third)
    return {"renewed": run, "renewed-second": second, "renewed-third": third}
