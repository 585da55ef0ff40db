"""A run of a workflow: what its records add up to. Only `apply` changes one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Generic, NamedTuple, TypeVar

from pyflow.local.engine.messages import Execution, Target
from pyflow.local.engine.records import Attributes, Event

T = TypeVar("T")


class Kind(IntEnum):
    """What a deadline is of; at equal times the smaller goes first (SWF's order is not known)."""

    EXECUTION = 0
    DECISION_START_TO_CLOSE = 1
    DECISION_SCHEDULE_TO_START = 2
    ACTIVITY_SCHEDULE_TO_START = 3
    ACTIVITY_START_TO_CLOSE = 4
    ACTIVITY_SCHEDULE_TO_CLOSE = 5
    ACTIVITY_HEARTBEAT = 6
    LAMBDA_START_TO_CLOSE = 7
    TIMER = 8


class Deadline(NamedTuple):
    """A time at which the service itself must act; id is the event that opened what is due."""

    at: int
    kind: Kind
    id: int


@dataclass(slots=True)
class DecisionTask:
    """A decision task, waiting (started_id 0) or started."""

    scheduled_id: int
    task_list: str
    priority: int
    start_by: int | None = None
    started_id: int = 0
    answer_by: int | None = None
    since_id: int = 1
    """Where startAtPreviousStartedEvent begins."""


@dataclass(slots=True)
class Activity:
    """An open activity task. scheduled: the attributes of its ActivityTaskScheduled."""

    scheduled_id: int
    scheduled: Attributes
    start_by: int | None
    close_by: int | None
    started_id: int = 0
    answer_by: int | None = None
    beat_by: int | None = None
    details: str | None = None
    cancel_requested_id: int = 0


@dataclass(slots=True)
class Timer:
    """An open timer."""

    timer_id: str
    started_id: int
    fires_at: int


@dataclass(slots=True)
class Child:
    """A child that is initiated (started_id 0) or started, and not closed."""

    initiated_id: int
    workflow_id: str
    workflow_type: Attributes
    control: str | None
    completed_id: int
    started_id: int = 0


@dataclass(slots=True)
class LambdaTask:
    """An open lambda task. scheduled: the attributes of its LambdaFunctionScheduled."""

    scheduled_id: int
    scheduled: Attributes
    started_id: int = 0
    answer_by: int | None = None


@dataclass(slots=True)
class External:
    """A signal or cancel request to another run that is not answered yet."""

    initiated_id: int
    initiated: Attributes


class Open(Generic[T]):
    """The open things of one sort, by the event that opened each and by the id its decider gave it."""

    __slots__ = ("by_event", "names")

    def __init__(self) -> None:
        self.by_event: dict[int, T] = {}
        self.names: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.by_event)

    def add(self, event_id: int, name: str, thing: T) -> None:
        """Open a thing."""
        self.by_event[event_id] = thing
        self.names[name] = event_id

    def close(self, event_id: int, name: str) -> None:
        """Close it; its id is free again."""
        del self.by_event[event_id]
        del self.names[name]

    def named(self, name: str) -> T | None:
        """The open thing with that id, or None."""
        event_id = self.names.get(name)
        return None if event_id is None else self.by_event[event_id]


@dataclass(slots=True, eq=False)
class Run:
    """One run. key: its number in the store."""

    key: int
    domain: str
    workflow_id: str
    run_id: str
    last_id: int = 0
    last_time: int = 0
    same_time_id: int = 1
    """The first event that carries last_time."""
    settings: Attributes = field(default_factory=dict)
    """The attributes of WorkflowExecutionStarted."""
    started_at: int = 0
    close_by: int | None = None
    closed_at: int | None = None
    close_status: str | None = None
    cancel_requested: bool = False
    waiting: DecisionTask | None = None
    """The decision task that is scheduled and not started."""
    deciding: DecisionTask | None = None
    """The decision task that is started."""
    previous_started_id: int = 0
    """The start of the last decision task that was completed."""
    latest_started_from: int = 1
    """The first event as late as the latest DecisionTaskStarted."""
    override: tuple[str, str] | None = None
    """Task list and schedule-to-start timeout (or "") of the decision tasks to come."""
    context: str | None = None
    latest_activity_at: int | None = None
    beaten: bool = False
    """Whether any of its activities ever sent a heartbeat."""
    activities: Open[Activity] = field(default_factory=Open)
    timers: Open[Timer] = field(default_factory=Open)
    lambdas: Open[LambdaTask] = field(default_factory=Open)
    children: dict[int, Child] = field(default_factory=dict)
    externals: dict[int, External] = field(default_factory=dict)
    deadlines: list[Deadline] = field(default_factory=list)
    """A heap that holds every live deadline and some that are void; `due.soonest` reads it."""

    @property
    def open(self) -> bool:
        """Whether the run has not closed."""
        return self.close_status is None

    @property
    def execution(self) -> Execution:
        """The run as SWF names it."""
        return Execution(self.workflow_id, self.run_id)

    @property
    def parent(self) -> tuple[Target, int] | None:
        """The parent run and the event that initiated this child, or None for a root."""
        parent = self.settings.get("parentWorkflowExecution")
        if parent is None:
            return None
        return Target(parent["workflowId"], parent["runId"]), self.settings["parentInitiatedEventId"]

    def event(self, type: str, now: int, attributes: Attributes) -> Event:
        """What would be the next event; a history's timestamps never decrease."""
        return Event(self.last_id + 1, type, max(now, self.last_time), attributes)
