"""What workflow code knows of its own execution."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from pyflow import codec
from pyflow.decider.dice import Dice, Uuid, dice, uuid4_of
from pyflow.flow.held import Held
from pyflow.flow.log import RunLogger

RENEW_AT = 10_000
"""Events from which a run should continue as new: SWF ends it at 25,000, and one more fan-out must fit."""

STATE_LIMIT = 12_000
"""Units of a state as payload text: doubled by JSON's escapes, it leaves room for why a run is parked."""


class About(Held):
    """The run, its clock, its dice, its log, and how far it is."""

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

    @property
    def history_length(self) -> int:
        """Events in the history when this decision began; SWF terminates a run that has 25,000."""
        return self._execution.history_length

    @property
    def should_continue_as_new(self) -> bool:
        """Whether the history is so long, 10,000 events, that the run had better `continue_as_new`."""
        return self._execution.history_length >= RENEW_AT

    @property
    def random(self) -> Dice:
        """A generator of the run's own: the same numbers on every replay, others in every run."""
        return self._dice("random")

    def uuid4(self) -> Uuid:
        """A random UUID, the same on every replay; it takes nothing from `random`."""
        return uuid4_of(self._dice("uuid4"))

    @property
    def logger(self) -> RunLogger:
        """Logs to `pyflow.workflow` what was not logged before: silent on replay. See RunLogger."""
        return RunLogger(self._execution)

    def workflow_time(self) -> datetime:
        """The workflow's clock, in UTC: constant between two waits, the same on replay."""
        time = self._execution.time
        if isinstance(time, datetime):
            return time.astimezone(timezone.utc)
        return datetime.fromtimestamp(time, timezone.utc)

    def set_state(self, value: Any) -> None:
        """Shows anybody who asks how far the run is: `pyflow status`, `WorkflowStatus.state`. None takes it back.

        It is the one that stood when this decision ended that is shown. Raises PayloadEncodeError, and
        PayloadTooLarge for one of more than 12,000 characters.
        """
        text = None
        if value is not None:
            text = codec.encode(value, what=f"state of {self.workflow_id}", limit=STATE_LIMIT)
        self._execution.state = text

    def _dice(self, purpose: str) -> Dice:
        memory = self._execution.memory
        if purpose not in memory:
            memory[purpose] = dice(self.run_id, purpose)
        found: Dice = memory[purpose]
        return found
