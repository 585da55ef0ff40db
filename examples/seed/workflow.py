"""The workflow that pyflow's first document shows."""

from typing import Any

import pyflow


class MyWorkflow(pyflow.Workflow):
    """Two Lambda functions, one after the other, with a little arithmetic between them."""

    NAME = "MyWorkflow"
    VERSION = "1.0"

    some_func = pyflow.LambdaDescriptor("some_lambda_func")
    other_func = pyflow.LambdaDescriptor("other_lambda_func")

    def run(self, input_arg: Any) -> Any:
        """The workflow's logic: ordinary Python."""
        if input_arg == "bad_input":
            raise pyflow.WorkflowFailedException("BAD_INPUT", "Received bad input")
        future1 = self.some_func(input_arg)
        x = future1.result() + 2
        future2 = self.other_func(x)
        return future2.result()
