"""A workflow of one activity that does nothing."""

import pyflow


@pyflow.activity(name="nothing", version="1", task_list="w")
def nothing(value):
    return value


class OneActivity(pyflow.Workflow):
    NAME = "OneActivity"
    nothing = nothing

    def run(self, value):
        return self.nothing(1).result()
