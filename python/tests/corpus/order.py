"""The workflow of the histories in protocol/corpus: it stays as it is, whatever becomes of the code."""

from __future__ import annotations

import pyflow

GIVEN = {"value": {"card": "4111", "rows": [str(number**7) for number in range(8000)]}}


class Order(pyflow.Workflow):
    """Sends a value through the activity `echo` on each of some task lists."""

    NAME = "Order"
    VERSION = "1"

    def run(self, given):
        self.swf.set_state({"step": "sent"})
        value = given["value"]
        for task_list in given["through"]:
            value = self.swf.invoke_activity("echo", "1", value, task_list=task_list).result()
        return {"value": value, "through": len(given["through"])}


CLASSES = [Order]
