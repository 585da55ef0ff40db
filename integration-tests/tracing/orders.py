"""What is traced: an order whose activities are in three languages, with a function, a child and a second run."""

from __future__ import annotations

from typing import Any

import pyflow


class Parcel(pyflow.Workflow):
    """The child."""

    NAME = "Parcel"

    def run(self, value: Any) -> str:
        return f"parcel of {value}"


class Order(pyflow.Workflow):
    """Its input is the task list of each language's worker, and how many runs are still to come."""

    NAME = "Order"

    def run(self, given: dict[str, Any]) -> list[Any]:
        echoes = [
            self.swf.invoke_activity("echo", "1", language, task_list=task_list, envelope=language != "java")
            for language, task_list in sorted(given["task_lists"].items())
        ]
        price = self.swf.invoke_lambda("price", 7)
        child = self.swf.invoke_child_workflow("Parcel", "1.0", 7, task_list="deciders")
        answers = [each.result() for each in (*echoes, price, child)]
        try:
            wrong = {"type": "NoStock", "message": "a secret"}
            self.swf.invoke_activity(
                "fail", "1", wrong, task_list=given["task_lists"]["ruby"], envelope=True
            ).result()
        except pyflow.InvocationFailedException as error:
            answers.append(error.type)
        if given["runs"]:
            self.swf.continue_as_new({**given, "runs": given["runs"] - 1})
        return answers


def price(event: Any, context: Any) -> int:
    """The Lambda function."""
    return 100
