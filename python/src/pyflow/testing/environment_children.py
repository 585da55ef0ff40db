"""Child workflows in a test environment: a workflow class whose code is a fake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyflow.flow.workflow import Workflow
from pyflow.testing.fakes import Call, Fake, lets_time_pass

LONGEST_TIMER = 99_999_999  # seconds; SWF holds eight digits


def faked_child(name: str, version: str, fake: Fake, called: Callable[[str, Call], None]) -> type[Workflow]:
    """A workflow type that does what the fake says; time that the fake lets pass is the child's own timers'."""

    class FakedChild(Workflow):
        NAME = name
        VERSION = version
        OPTIONS = {"defaultExecutionStartToCloseTimeout": 31_536_000}

        def run(self, workflow_input: Any) -> Any:
            """Once: a faked child stays in memory until it has closed."""
            called(self.swf.workflow_id, Call(name, workflow_input))
            result = fake(workflow_input)
            if not lets_time_pass(result):
                return result
            while True:
                try:
                    seconds = next(result)
                except StopIteration as stop:
                    return stop.value
                self.swf.sleep(min(seconds, LONGEST_TIMER))

    return FakedChild
