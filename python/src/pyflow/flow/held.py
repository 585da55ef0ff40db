"""What every part of `self.swf` stands on."""

from __future__ import annotations

from pyflow.decider.execution import Execution


class Held:
    """A part of what workflow code holds, over its run's execution."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
