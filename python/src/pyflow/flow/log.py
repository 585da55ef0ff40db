"""The log of a workflow's code: each line once, though the code runs again."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from pyflow.decider.execution import Execution

if TYPE_CHECKING:
    Adapter = logging.LoggerAdapter[logging.Logger]
else:
    Adapter = logging.LoggerAdapter  # no generic before Python 3.11


class RunLogger(Adapter):
    """Silent on replay and when a run is let go; says whose line it is.

    Every line begins with the workflow id; its record has `workflow_id`, `run_id` and `workflow_type` (`Order 1.0`).
    A decision that has to be made again, since its answer was lost, logs again.
    """

    def __init__(self, execution: Execution) -> None:
        run = execution.run
        about = {
            "workflow_id": run.workflow_id,
            "run_id": run.run_id,
            "workflow_type": f"{run.name} {run.version}",
        }
        super().__init__(logging.getLogger("pyflow.workflow"), about)
        self._execution = execution

    def isEnabledFor(self, level: int) -> bool:
        """Whether a line of that level is written now."""
        execution = self._execution
        return not execution.replaying and not execution.over and super().isEnabledFor(level)

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        """The line, and what its record has besides."""
        about = dict(self.extra or {})
        kwargs["extra"] = {**about, **(kwargs.get("extra") or {})}
        workflow_id = str(about["workflow_id"]).replace("%", "%%")
        return f"{workflow_id}: {msg}", kwargs
