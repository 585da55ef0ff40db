"""Void answers: at the run's beginning, with news that comes meanwhile, several in a row, one that is woken by a signal."""

from __future__ import annotations

import pyflow


class Parked(pyflow.Workflow):
    NAME = "Parked"
    echo = pyflow.ActivityDescriptor("echo", "1")

    def run(self, value):
        first, second = self.echo(1), self.echo(2)
        done = self.swf.wait_for_any(first, second)
        self.swf.sleep(20)
        return [len(done), first.result(), second.result(), self.echo(3).result()]


CLASSES = (Parked,)


def record(stage):
    stage.register("echo")
    run = stage.start(Parked)
    stage.park(1, timer=True)
    stage.swf.advance_to_next()
    stage.park(2, timer=True)
    stage.signal(run, "pyflow.resume")
    stage.decide()
    stage.take_up()
    for own_id in ("activity1", "activity2"):
        stage.client.respond_activity_task_completed(taskToken=stage.tasks.pop(own_id), result='"done"')
        stage.park(3, timer=False)
    stage.swf.advance_to_next()
    stage.settle()
    stage.finish(run)
    return {"parked": run}
