"""A fan-out of more activities and timers than may be open at a time: what waits goes out as others end."""

from __future__ import annotations

import pyflow


class Window(pyflow.Workflow):
    NAME = "Window"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 86_400}
    echo = pyflow.ActivityDescriptor("echo", "1")

    def run(self, value):
        activities = [self.echo(number) for number in range(1_005)]
        timers = [self.swf.start_timer(600 + number // 100) for number in range(985)]
        self.swf.wait_for_all(timers)
        return len(self.swf.wait_for_all(activities))


CLASSES = (Window,)


def record(stage):
    stage.register("echo")
    run = stage.start(Window)
    stage.finish(run)
    return {"window": run}
