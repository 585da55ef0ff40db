"""A history, as it arrives, in turns: what the decider learnt, and what SWF recorded of its answer.

News that lands while a decision is being made precedes its DecisionTaskCompleted but belongs to the next
turn. A decision task that timed out, or was answered void, leaves no turn; an answer that ends with the timer
of a split is gone on with by the next one, and both are of one turn. Source: protocol/history.md, "Turns".
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias

from pyflow.errors import DeciderException
from pyflow.history.context import NOTHING, read_context
from pyflow.history.event import Event
from pyflow.history.reserved import RESUME, SPLIT, VOID, WAKE
from pyflow.history.routes import ROUTES, Role

logger = logging.getLogger("pyflow")
_unknown_types: set[str] = set()

Time: TypeAlias = "datetime | float"
"""As the event has it: boto3 gives a datetime, the wire seconds since 1970."""


class Turn(NamedTuple):
    """One decision.

    started: the id of its DecisionTaskStarted. recorded: the answer's events in order; None for the turn that
    is to be decided now. whole: whether that is all of the answer; if not, the rest of it is asked for now.
    behaviour: the stamp of the answer, for a run's first one. parts: how many timers the run has had that end parts of
    answers. woken: whether the answer ends with a wake-up for news that came between its parts, in place of a close.
    """

    time: Time
    news: list[Event]
    recorded: list[Event] | None
    started: int = 0
    whole: bool = True
    behaviour: int | None = None
    parts: int = 0
    woken: bool = False


class Confirmation(NamedTuple):
    """What SWF recorded of the answer that was given last. whole: False where the next answer goes on with it."""

    recorded: list[Event]
    whole: bool = True
    parts: int = 0


@dataclass
class _Answered:
    """A turn whose answer is being collected. news: None for one that was given out to be decided."""

    started: Event
    news: list[Event] | None
    recorded: list[Event]
    behaviour: int | None


class TurnReader:
    """Groups the events of one run into turns, across as many decision tasks as it is given."""

    __slots__ = (
        "_answered",
        "_halfway",
        "_into",
        "_news",
        "_parts",
        "_seen",
        "_split",
        "_started",
        "_taken",
        "answers",
        "context_text",
        "last_event_id",
    )

    def __init__(self) -> None:
        self.last_event_id = 0
        self.context_text: str | None = None
        """The execution context that SWF holds."""
        self.answers = 0
        """How many answers that are not void the run has had."""
        self._news: list[Event] = []  # learnt, but not yet part of a turn
        self._seen = 0  # how much of the news the decision task in hand was shown
        self._started: Event | None = None  # DecisionTaskStarted of the task in hand
        self._taken = False  # whether that task was given out, to be answered by whoever reads
        self._answered: _Answered | None = None
        self._split = False  # whether the answers of that turn so far end with a split
        self._parts = 0
        self._halfway = False  # whether whoever reads is in the middle of a split answer
        self._into: list[Event] = []  # where the answer that is being recorded goes

    @property
    def behind(self) -> bool:
        """Whether there is news that no turn has had yet."""
        return bool(self._news)

    def read(self, events: Iterable[Event]) -> list[Turn | Confirmation]:
        """The turns that these events complete, then the one to decide, if the last event opens one.

        Events already read are passed over. Raises DeciderException where events are missing in between, or
        when a turn that was given out to be decided turns out to have had no answer.
        """
        steps: list[Turn | Confirmation] = []
        for event in events:
            event_id = event["eventId"]
            if event_id <= self.last_event_id:
                continue
            if event_id != self.last_event_id + 1:
                raise DeciderException(f"the events between {self.last_event_id} and {event_id} are missing")
            self.last_event_id = event_id
            self._take(event, steps)
        if self._started is not None and not self._taken:
            self._give_out(self._started, steps)
        return steps

    def _take(self, event: Event, steps: list[Turn | Confirmation]) -> None:
        event_type = event["eventType"]
        route = ROUTES.get(event_type)
        if route is None:
            if event_type not in _unknown_types:
                _unknown_types.add(event_type)
                logger.warning("event type %s is unknown to this pyflow and is skipped", event_type)
            return
        role = route.role
        if role is Role.PROGRESS:
            return
        if role is Role.NEWS:
            if event_type not in _MAY_BE_NOBODYS or not _is_nobodys(event, event_type):
                self._news.append(event)
        elif role is Role.ANSWER:
            self._into.append(event)
        elif role is Role.REFUSAL:
            if not _is_nobodys(event, event_type):
                self._news.append(event)
            # What was initiated and then could not be done has its answer already.
            if not event[route.attributes].get("initiatedEventId"):
                self._into.append(event)
        elif event_type == "DecisionTaskStarted":
            self._flush(steps)
            self._started, self._seen, self._taken = event, len(self._news), False
        elif event_type == "DecisionTaskCompleted":
            self._complete(event["decisionTaskCompletedEventAttributes"].get("executionContext"))
        else:
            if self._taken:
                raise DeciderException("the decision task that was answered last has timed out")
            self._started = None

    def _complete(self, context: str | None) -> None:
        """DecisionTaskCompleted: the task has been answered; the answers follow."""
        started, taken = self._started, self._taken
        if started is None:
            raise DeciderException("a DecisionTaskCompleted has no DecisionTaskStarted before it")
        self._started, self._taken = None, False
        said = NOTHING
        if context is not None:
            self.context_text = context
            said = read_context(context)
        if said.void:
            self._into = []  # nobody's
            if taken:
                raise DeciderException("another decider parked the run")
            return
        self.answers += 1
        if taken:
            self._answered = _Answered(started, None, [], None)
        elif self._halfway:
            raise DeciderException("another decider went on with the answer")
        elif not self._split or self._answered is None:
            shown, self._news = self._news[: self._seen], self._news[self._seen :]
            self._answered = _Answered(started, shown, [], said.behaviour)
        self._into = self._answered.recorded
        self._split, self._seen = False, 0

    def _flush(self, steps: list[Turn | Confirmation]) -> None:
        """Gives out the turn whose answer was collected, unless the next answer goes on with it."""
        answered = self._answered
        if answered is None or self._split:
            return
        ending = _ending(answered.recorded)
        if ending:
            answered.recorded.pop()
            self._parts += 1
        self._split = ending == SPLIT
        if answered.news is None:
            self._halfway = self._split
            steps.append(Confirmation(answered.recorded, not self._split, self._parts))
        elif self._split:
            return
        else:
            steps.append(self._turn(answered, whole=True, woken=ending == WAKE))
        self._answered, self._split, self._into = None, False, []  # no event is kept once it was given out

    def _give_out(self, started: Event, steps: list[Turn | Confirmation]) -> None:
        """The decision task in hand, as what is to be decided now."""
        self._taken = True
        if self._answered is not None:  # a turn whose answer was split, its last parts still to come
            steps.append(self._turn(self._answered, whole=False))
            self._answered, self._split = None, False
        elif not self._halfway:
            time, event_id = started["eventTimestamp"], started["eventId"]
            steps.append(Turn(time, self._news, None, event_id, parts=self._parts))
            self._news, self._seen = [], 0

    def _turn(self, answered: _Answered, *, whole: bool, woken: bool = False) -> Turn:
        started, behaviour = answered.started, answered.behaviour
        news, recorded = answered.news or [], answered.recorded
        time, event_id = started["eventTimestamp"], started["eventId"]
        return Turn(time, news, recorded, event_id, whole, behaviour, self._parts, woken)


def _ending(recorded: list[Event]) -> str:
    """Which of the runtime's timers ends a part of an answer; refused, it leads to the next task all the same."""
    if not recorded:
        return ""
    last = recorded[-1]
    event_type = last["eventType"]
    if event_type == "TimerStarted":
        timer: str = last["timerStartedEventAttributes"]["timerId"]
    elif event_type == "StartTimerFailed":
        timer = last["startTimerFailedEventAttributes"]["timerId"]
    else:
        return ""
    return SPLIT if timer.startswith(SPLIT) else WAKE if timer.startswith(WAKE) else ""


_MAY_BE_NOBODYS = frozenset({"TimerFired", "WorkflowExecutionSignaled"})


def _is_nobodys(event: Event, event_type: str) -> bool:
    """Whether an event is of a split, a void answer or a wake-up: it opens a decision task and says nothing."""
    if event_type == "TimerFired":
        timer: str = event["timerFiredEventAttributes"]["timerId"]
        return timer.startswith((SPLIT, WAKE, VOID))
    if event_type == "StartTimerFailed":
        refused: str = event["startTimerFailedEventAttributes"]["timerId"]
        return refused.startswith((SPLIT, WAKE, VOID))
    if event_type == "WorkflowExecutionSignaled":
        name: str = event["workflowExecutionSignaledEventAttributes"]["signalName"]
        return name == RESUME
    return False
