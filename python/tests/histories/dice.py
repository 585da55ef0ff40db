"""The run's own dice, its state in the execution context, how long its history is, and work before it fails."""

from __future__ import annotations

import pyflow


class Dice(pyflow.Workflow):
    NAME = "Dice"
    echo = pyflow.ActivityDescriptor("echo", "1")

    def run(self, value):
        self.swf.set_state({"at": "first"})
        self.echo([self.swf.random.random(), self.swf.random.randint(1, 6)]).result()
        self.swf.set_state({"at": "second"})
        self.echo([str(self.swf.uuid4()), self.swf.history_length]).result()
        self.swf.set_state(None)
        self.echo([self.swf.random.random(), str(self.swf.uuid4())]).result()
        raise LookupError("nothing here")

    def on_error(self, exception):
        self.echo(["told of", str(exception)]).result()


CLASSES = (Dice,)


def record(stage):
    stage.register("echo")
    run = stage.start(Dice)
    stage.finish(run)
    return {"dice": run}
