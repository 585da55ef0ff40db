"""Workflows of N activities that do nothing, one after the other and all at once."""

import pyflow


@pyflow.activity(name="nothing", version="1", task_list="w")
def nothing(value):
    return value


class Line(pyflow.Workflow):
    NAME = "Line"
    nothing = nothing

    def run(self, count):
        return sum(self.nothing(1).result() for _ in range(count))


class Fan(pyflow.Workflow):
    NAME = "Fan"
    nothing = nothing

    def run(self, count):
        futures = [self.nothing(1) for _ in range(count)]
        self.swf.wait_for_all(futures)
        return sum(future.result() for future in futures)
