"""The workflow whose step is the activity of the Spring bean."""

import pyflow


class Sale(pyflow.Workflow):
    NAME = "Sale"
    charge = pyflow.ActivityDescriptor("charge", "1", task_list="cards")

    def run(self, order):
        return self.charge(order).result()
