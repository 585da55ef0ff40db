"""News from one run for another, delivered after the records that tell of its sending.

SWF does this asynchronously; here it happens in the same transaction, so no message is ever lost or kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class Execution(NamedTuple):
    """SWF's WorkflowExecution: which run of which workflow id."""

    workflow_id: str
    run_id: str

    def document(self) -> dict[str, str]:
        """As SWF writes it into events."""
        return {"workflowId": self.workflow_id, "runId": self.run_id}


class Target(NamedTuple):
    """Whom a message is for: an open run of the domain.

    run_id: None for the open run of that id. child_of: only a run whose parent is (run id, initiated event).
    """

    workflow_id: str
    run_id: str | None = None
    child_of: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Signaled:
    """A signal, from the run that decided to send it."""

    name: str
    input: str | None
    sender: Execution
    initiated_id: int


@dataclass(frozen=True, slots=True)
class CancelRequested:
    """A request to cancel, from the run that decided so."""

    sender: Execution
    initiated_id: int


@dataclass(frozen=True, slots=True)
class PolicyApplied:
    """The parent was terminated or timed out: its child policy, `TERMINATE` or `REQUEST_CANCEL`."""

    policy: str
    parent: Execution


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an external signal or cancel: `execution` took it, or `cause` says why none did."""

    kind: str
    initiated_id: int
    execution: Execution | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class ChildStarted:
    """The child is open."""

    initiated_id: int
    execution: Execution


@dataclass(frozen=True, slots=True)
class ChildNotStarted:
    """The child could not be opened."""

    initiated_id: int
    cause: str


@dataclass(frozen=True, slots=True)
class ChildClosed:
    """The child closed; outcome is the tail of the parent's event type, such as `Completed`."""

    initiated_id: int
    execution: Execution
    outcome: str
    attributes: dict[str, Any]


News = Signaled | CancelRequested | PolicyApplied | Answered | ChildStarted | ChildNotStarted | ChildClosed


@dataclass(frozen=True, slots=True)
class Message:
    """News for a target; `otherwise` goes back to the sender where no open run matches."""

    to: Target
    news: News
    otherwise: Message | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A run to open: a child, or what a run continues as.

    attributes: its WorkflowExecutionStarted. parent: who hears of it, as (target, initiated event), or None.
    """

    execution: Execution
    attributes: dict[str, Any]
    parent: tuple[Target, int] | None = None
