"""What workflow code knows of its own execution."""

from __future__ import annotations

from datetime import datetime, timezone

from pyflow.flow.held import Held


class About(Held):
    """The run, its clock, and how far it is."""

    @property
    def run_id(self) -> str:
        """The run id of this execution."""
        return self._execution.run.run_id

    @property
    def workflow_id(self) -> str:
        """The workflow id of this execution."""
        return self._execution.run.workflow_id

    @property
    def lambda_role(self) -> str | None:
        """The IAM role as which SWF invokes Lambda functions for this execution."""
        return self._execution.lambda_role

    @property
    def is_replaying(self) -> bool:
        """Whether the current statement ran before, in a decision that SWF has recorded."""
        return self._execution.replaying

    def workflow_time(self) -> datetime:
        """The workflow's clock, in UTC: constant between two waits, the same on replay."""
        time = self._execution.time
        if isinstance(time, datetime):
            return time.astimezone(timezone.utc)
        return datetime.fromtimestamp(time, timezone.utc)
