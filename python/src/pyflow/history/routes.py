"""The one table that says what each of SWF's event types means to a decider.

An event that AWS adds later has no route: `turns` logs its type once and skips it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from pyflow.history.event import attributes_key
from pyflow.history.kinds import KINDS, Kind


class Role(Enum):
    """What an event is to a run."""

    TURN = auto()  # opens or ends a decision task
    ANSWER = auto()  # what SWF made of one decision, in its batch
    REFUSAL = auto()  # an answer that is news too: the future of the call fails with it
    NEWS = auto()  # something the workflow may learn in its next turn
    PROGRESS = auto()  # tells a workflow nothing


class Change(Enum):
    """What news does to the operation it is about, or to the run."""

    COMPLETED = auto()
    FAILED = auto()
    TIMED_OUT = auto()
    CANCELED = auto()
    TERMINATED = auto()
    REFUSED = auto()  # SWF did not take the decision, or could not start the work
    STARTED_RUN = auto()
    CANCEL_REQUESTED = auto()
    CLOSE_REFUSED = auto()
    CHILD_STARTED = auto()
    SIGNALED = auto()


@dataclass(frozen=True, eq=False)
class Route:
    """How one event type is taken. origin: the attribute with the id of the event that opened the operation."""

    event_type: str
    role: Role
    change: Change | None = None
    origin: str = ""
    kind: Kind | None = None
    attributes: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "attributes", attributes_key(self.event_type))


SCHEDULED, INITIATED, STARTED = "scheduledEventId", "initiatedEventId", "startedEventId"

_NEWS = (
    ("WorkflowExecutionStarted", Change.STARTED_RUN, ""),
    ("WorkflowExecutionCancelRequested", Change.CANCEL_REQUESTED, ""),
    ("ActivityTaskCompleted", Change.COMPLETED, SCHEDULED),
    ("ActivityTaskFailed", Change.FAILED, SCHEDULED),
    ("ActivityTaskTimedOut", Change.TIMED_OUT, SCHEDULED),
    ("ActivityTaskCanceled", Change.CANCELED, SCHEDULED),
    ("LambdaFunctionCompleted", Change.COMPLETED, SCHEDULED),
    ("LambdaFunctionFailed", Change.FAILED, SCHEDULED),
    ("LambdaFunctionTimedOut", Change.TIMED_OUT, SCHEDULED),
    ("StartLambdaFunctionFailed", Change.REFUSED, SCHEDULED),
    ("TimerFired", Change.COMPLETED, STARTED),
    ("WorkflowExecutionSignaled", Change.SIGNALED, ""),
    ("ExternalWorkflowExecutionSignaled", Change.COMPLETED, INITIATED),
    ("ExternalWorkflowExecutionCancelRequested", Change.COMPLETED, INITIATED),
    ("ChildWorkflowExecutionStarted", Change.CHILD_STARTED, INITIATED),
    ("ChildWorkflowExecutionCompleted", Change.COMPLETED, INITIATED),
    ("ChildWorkflowExecutionFailed", Change.FAILED, INITIATED),
    ("ChildWorkflowExecutionTimedOut", Change.TIMED_OUT, INITIATED),
    ("ChildWorkflowExecutionCanceled", Change.CANCELED, INITIATED),
    ("ChildWorkflowExecutionTerminated", Change.TERMINATED, INITIATED),
)
_TURNS = ("DecisionTaskStarted", "DecisionTaskCompleted", "DecisionTaskTimedOut")
_PROGRESS = (
    "DecisionTaskScheduled",
    "ActivityTaskStarted",
    "LambdaFunctionStarted",
    "WorkflowExecutionTerminated",
    "WorkflowExecutionTimedOut",
)


def _routes() -> dict[str, Route]:
    routes = [Route(name, Role.NEWS, change, origin) for name, change, origin in _NEWS]
    routes += [Route(name, Role.TURN) for name in _TURNS]
    routes += [Route(name, Role.PROGRESS) for name in _PROGRESS]
    for kind in KINDS:
        routes.append(Route(kind.opened, Role.ANSWER, kind=kind))
        change = Change.CLOSE_REFUSED if kind.closes else Change.REFUSED
        routes.append(Route(kind.refused, Role.REFUSAL, change, INITIATED, kind))
    return {route.event_type: route for route in routes}


ROUTES = _routes()
